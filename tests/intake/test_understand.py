"""From leaves to attachments: decoration dropped, paths unique, one budget for all archives of a mail."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from intake import readers, understand
from intake.mail.level import Leaf
from intake.mail.message import Attachment, Message, Unparsed
from intake.mail.parse import Parsed
from rules.facts import ArchiveFacts, ImageFacts, Unreadable
from tests.intake.readers.samples import Samples


def leaf(spool: Path, name: str, data: bytes, *, path: str = "", inline: bool = False, named: bool = True) -> Leaf:
    file = f"{len(list(spool.iterdir())) + 1:04}.bin"
    (spool / file).write_bytes(data)
    return Leaf(
        name=name,
        path=path or name,
        size=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        content_type="application/octet-stream",
        spool=file,
        inline=inline,
        named=named,
    )


def attachments(spool: Path, *leaves: Leaf) -> list[Attachment]:
    parsed = Parsed(message=Message(message_id="<1@unit.example>", subject=""), leaves=leaves)
    message = understand.understand(spool / "raw", spool, parse=lambda raw, folder: parsed)
    assert isinstance(message, Message)
    return list(message.attachments)


@pytest.mark.parametrize(
    ("size", "inline", "name", "kept"),
    [
        ((99, 400), True, "", False),
        ((400, 40), True, "", False),
        ((239, 400), True, "", False),
        ((240, 240), True, "", True),
        ((239, 400), True, "image001.png", False),
        ((240, 320), True, "image001.png", True),
        ((50, 50), True, "启动仪式", True),
        ((50, 50), False, "", True),
        ((50, 50), False, "image001.png", True),
    ],
)
def test_decoration(tmp_path: Path, size: tuple[int, int], inline: bool, name: str, kept: bool) -> None:
    picture = leaf(tmp_path, name or "图片1.jpg", Samples.picture(size), inline=inline, named=bool(name))
    found = attachments(tmp_path, picture)
    assert [isinstance(one.facts, ImageFacts) for one in found] == [True] * kept


def test_a_large_file_with_a_short_side_is_no_logo(tmp_path: Path) -> None:
    data = Samples.picture((200, 400)) + bytes(60_000)
    assert attachments(tmp_path, leaf(tmp_path, "图片1.jpg", data, inline=True, named=False))


def test_paths_are_unique(tmp_path: Path) -> None:
    archive = Samples.zip(("a.txt", b"x"), ("说明", b"y"))
    leaves = [leaf(tmp_path, "材料.zip", archive), leaf(tmp_path, "a.txt", b"z", path="材料.zip/a.txt")]
    leaves.append(leaf(tmp_path, "材料.zip", archive))
    paths = [one.path for one in attachments(tmp_path, *leaves)]
    assert paths == [
        "材料.zip", "材料.zip/a.txt", "材料.zip/说明", "材料.zip/a~2.txt",
        "材料~2.zip", "材料~2.zip/a.txt", "材料~2.zip/说明",
    ]  # fmt: skip


def test_one_budget_for_all_archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(understand, "ROOM", 1500)
    monkeypatch.setattr(understand, "PLACES", 3)
    archive = Samples.zip(("a", bytes(500)), ("b", bytes(500)))
    found = attachments(tmp_path, *[leaf(tmp_path, f"{number}.zip", archive) for number in range(3)])
    facts = [one.facts for one in found if one.name.endswith(".zip")]
    assert isinstance(facts[0], ArchiveFacts) and facts[0].members == ("a", "b")
    assert isinstance(facts[1], ArchiveFacts) and facts[1].skipped == ("b: too many members",)
    assert isinstance(facts[2], Unreadable)


def test_unparsed_goes_through(tmp_path: Path) -> None:
    unparsed = Unparsed(reason="头部过大")
    assert understand.understand(tmp_path / "raw", tmp_path, parse=lambda raw, spool: unparsed) == unparsed


def test_members_carry_damage_and_depth_of_their_archive(tmp_path: Path) -> None:
    def read(path: Path, name: str, spool: Path, room: int, places: int) -> tuple[str, readers.Reading]:
        return readers.read(path, name, spool, room=room, places=places)

    whole = leaf(tmp_path, "材料.zip", Samples.zip(("附件/a.txt", b"x")))
    parsed = Parsed(
        message=Message(message_id="", subject=""),
        leaves=(Leaf(**{key: getattr(whole, key) for key in whole.__struct_fields__} | {"damaged": True, "depth": 1}),),
    )
    message = understand.understand(tmp_path / "raw", tmp_path, parse=lambda raw, spool: parsed, read=read)
    assert isinstance(message, Message)
    member = message.attachments[1]
    assert (member.name, member.path, member.depth, member.damaged) == ("a.txt", "材料.zip/附件/a.txt", 2, True)
