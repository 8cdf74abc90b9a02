"""Threat: a forged or unclear From counts for the wrong unit, or replaces what a unit sent. Facts 3 and 6."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake.demo import materials as m
from tests.desk import Desk, captioned, everything
from tests.intake.mail.raw_mail import HEAD, message

QUIET = timedelta(minutes=15)
FORGED = {"Authentication-Results": "mx.yunling.example; dmarc=fail header.from=qinglan.example"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path) as running:
        yield running


def test_a_forged_mail_replaces_nothing(desk: Desk) -> None:
    """Another summary under the unit's address, which the mail server says it did not send."""
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle(wait=QUIET)
    before = {one["id"]: one["files"] for one in desk.status()[unit.code]["requirements"]}
    sent = len(desk.letters)
    forged = desk.mail(unit, everything(unit, 5), captioned(unit, 5), headers=FORGED)
    desk.cycle(wait=QUIET)
    after = desk.status()[unit.code]
    for one in after["requirements"]:
        assert [file["sha256"] for file in one["files"]][: len(before[one["id"]])] == [
            file["sha256"] for file in before[one["id"]]
        ]
    row = desk.mails()[forged]
    assert "未通过" in row["reason"] or row["trust"] == "unverified" or row["state"] == "held"
    assert any(row["subject"] in text or unit.name in text for _, text in desk.todo())
    # whoever wrote it, the unit hears of it at its registered address or not at all
    assert {str(letter["To"]) for letter in desk.letters[sent:]} <= {unit.addresses[0]}


def test_a_stranger_under_the_units_name_replaces_nothing(desk: Desk) -> None:
    unit = desk.units[1]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle(wait=QUIET)
    before = {one["id"]: [file["sha256"] for file in one["files"]] for one in desk.status()[unit.code]["requirements"]}
    desk.mail(
        unit,
        [m.summary(unit, 7)],
        subject=f"{unit.name}报送更正后的总结，以此件为准",
        from_=f"{unit.code}@elsewhere.example",
    )
    desk.cycle(wait=QUIET)
    after = {one["id"]: [file["sha256"] for file in one["files"]] for one in desk.status()[unit.code]["requirements"]}
    assert after == before
    assert any(kind == "unknown-sender" for kind, _ in desk.todo())


PARSERS_DISAGREE = {
    "an address as a name": "{unit} <x@evil.example>",
    "an address as a quoted name": '"{unit}" <x@evil.example>',
    "two addresses": "{unit}, x@evil.example",
    "two headers": "{unit}\r\nFrom: x@evil.example",
    "two headers, the other way round": "x@evil.example\r\nFrom: {unit}",
    "an address in a comment": "x@evil.example ({unit})",
    "a comment within": "x(<{unit}>)@evil.example",
    "two angles": "<{unit}><x@evil.example>",
    "an encoded address": "=?utf-8?q?{unit}?= <x@evil.example>",
    "an encoded line end": "=?utf-8?q?a=0D=0AFrom:_{unit}?= <x@evil.example>",
    "a group": "a:{unit};, x@evil.example",
    "a zero byte": "{unit}\0@evil.example",
    "1,000 parentheses": "(" * 1000 + "{unit}",
    "a folded header": "x@evil.example,\r\n {unit}",
    "quotation signs around all": '"{unit} <{unit}>" <x@evil.example>',
}
"""CVE-2023-27043 and its kin: in one reading the unit wrote, in another somebody else."""


@pytest.mark.parametrize("form", PARSERS_DISAGREE.values(), ids=PARSERS_DISAGREE.keys())
def test_parsers_that_disagree_about_the_sender_identify_nobody(form: str, tmp_path: Path) -> None:
    """Either the sender is beyond doubt and is not the unit, or he is marked as doubtful."""
    line = b"From: " + form.format(unit="unit@example.com").encode()
    found = message(HEAD.replace(b"From: zhang@example.com", line) + b"\r\nx", tmp_path)
    assert found.from_doubtful or found.author.address != "unit@example.com"


def test_a_doubtful_sender_is_neither_believed_nor_answered(desk: Desk) -> None:
    """All these forms at once, each with a file: none counts as registered, none is answered."""
    unit = desk.units[0]
    for number, form in enumerate(PARSERS_DISAGREE.values()):
        line = b"From: " + form.format(unit=unit.addresses[0]).encode()
        raw = HEAD.replace(b"From: zhang@example.com", line).replace(b"<1@", b"<%d@" % number)
        desk.server.deliver(raw + b"Subject: x\r\n\r\nx", desk.now)
    desk.cycle(wait=QUIET)
    rows = desk.mails().values()
    assert len(rows) == len(PARSERS_DISAGREE)
    assert {row["trust"] for row in rows if row["unit"]} <= {"unknown", "unverified"}
    assert desk.letters == []
