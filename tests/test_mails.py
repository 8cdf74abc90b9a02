"""The corpus of mails: each is read, classed and asked whether it may be answered, and held against its outcome.

The outcomes are written by tests/mailmaker from what it puts into the mails, never from what the program says.
"""

from __future__ import annotations

import hashlib
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from intake.mail.answer import may_answer
from intake.mail.classify import Own, classify
from intake.mail.message import Attachment, Message
from intake.mail.occasion import Occasion
from intake.mail.parse import Parsed, parse
from rules.facts import Unreadable
from tests.mailmaker.__main__ import FOLDER, cases
from tests.mailmaker.case import ANY, OFFICE, pairs

MAILS = sorted(path.stem for path in FOLDER.glob("*.eml"))
NOW = datetime(2022, 10, 10, 2, 0, tzinfo=UTC)
OWN = Own(addresses=frozenset({OFFICE}), domains_of_message_ids=frozenset({"shouqi.yunling.example"}))


def whole(found: Parsed) -> Message:
    """The message with its files, which the readers would fill in."""
    files = tuple(
        Attachment(
            name=leaf.name,
            path=leaf.path,
            size=leaf.size,
            digest=leaf.digest,
            content_type=leaf.content_type,
            kind="",
            facts=Unreadable(reason="unsupported"),
            spool=leaf.spool,
        )
        for leaf in found.leaves
    )
    return msgspec.structs.replace(found.message, attachments=files)


def may_reply(message: Message) -> bool:
    """Whether a unit's mail of this kind may be answered when nothing else speaks against it."""
    occasion = Occasion(
        received_at=NOW,
        now=NOW,
        klass=classify(message, OWN).klass,
        own_addresses=OWN.addresses,
        own_message_id_domain="shouqi.yunling.example",
        registered=True,
        has_new_files=bool(message.attachments or message.links),
    )
    return may_answer(message, occasion).yes


def outcome(found: Parsed, folder: Path) -> dict[str, Any]:
    """What the program says, in the words of the expected outcome."""
    message = whole(found)
    return {
        "subject": message.subject,
        "from_name": message.author.name,
        "from_address": message.author.address,
        "text": message.text,
        "class": classify(message, OWN).klass,
        "may_reply": may_reply(message),
        "failed": [list(each) for each in message.final_recipients],
        "links": [{"name": link.name, "url": link.facts.url} for link in message.links],
        "attachments": [
            {
                "path": leaf.path,
                "name": leaf.name,
                "size": leaf.size,
                "sha256": hashlib.sha256((folder / leaf.spool).read_bytes()).hexdigest(),
                "damaged": leaf.damaged,
            }
            for leaf in found.leaves
        ],
    }


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_of_the_corpus(name: str, tmp_path: Path) -> None:
    wanted: dict[str, Any] = {"attachments": [], "links": []}
    wanted |= tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    found = parse(FOLDER / f"{name}.eml", tmp_path)
    assert isinstance(found, Parsed), found
    said = outcome(found, tmp_path)
    quoted, defects = wanted.pop("quoted"), wanted.pop("defects")
    for file, other in zip(wanted["attachments"], said["attachments"], strict=False):
        file |= {key: other[key] for key in ("size", "sha256") if key not in file}  # bytes that were damaged on the way
    if wanted["text"] == ANY:
        del wanted["text"], said["text"]
    assert said == wanted
    for words in quoted:
        assert words in found.message.quoted and words not in found.message.text
    assert set(defects) <= set(found.message.defects)


def test_the_corpus_is_what_its_maker_makes() -> None:
    """`python -m tests.mailmaker` was run after the last change, and no pair was edited by hand."""
    made = pairs(cases())
    kept = {path.name: path.read_bytes() for path in FOLDER.glob("*.*")}
    assert sorted(made) == sorted(kept)
    assert [name for name in made if made[name] != kept[name]] == []
    assert sum(map(len, kept.values())) < 3_000_000
