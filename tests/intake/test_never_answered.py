"""Sixty-odd kinds of mail that are never answered and those that only look so: raw bytes through the whole line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl import load_workbook

from intake.mail.answer import MAIL_GATES, MOMENT_GATES
from rules.unit import Unit
from tests.desk import Desk
from tests.intake.answer_cases import ALIAS, ANSWERED, NEVER, TRUSTED, Kind

KINDS = (*ANSWERED, *NEVER)
ROSTER = 114
"""Units; the last kinds share theirs with others that get no letter."""
ELSEWHERE = {16, 17, 20}
"""Conditions of the moment, which tests of caps and cycles hold."""


class Ran:
    """What the whole line did with all kinds at once."""

    def __init__(self, desk: Desk, units: dict[str, Unit], ids: dict[str, str]) -> None:
        self.mails: list[dict[str, Any]] = desk.command("mails")
        self.receivers = [str(letter["To"]) for letter in desk.letters]
        self.units, self.ids = units, ids
        sheet = load_workbook(desk.folder / "data/tracker/台账.xlsx")["邮件"]
        self.sheet = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)

    def mail(self, kind: Kind) -> dict[str, Any]:
        """The row of `mails --json`."""
        (row,) = [row for row in self.mails if row["sha256"] == self.ids[kind.name]]
        return row


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    with Desk(tmp_path_factory.mktemp("kinds"), roster=ROSTER) as desk:
        desk.configure('folder = "INBOX"', f'folder = "INBOX"\nauthserv_id = "{TRUSTED}"')
        desk.configure("[imap]", f'aliases = ["{ALIAS}"]\n[imap]')
        desk.configure('not_older_than = "30d"', 'not_older_than = "7d"')
        with desk.office() as office:
            ours = f"<{'0' * 31}7@{office.domain}>"
        units, ids = {}, {}
        shared = [*desk.units, *desk.units[len(ANSWERED) :]]
        for number, (kind, unit) in enumerate(zip(KINDS, shared, strict=False)):
            raw = kind.raw(unit, number, ours)
            desk.server.deliver(raw, desk.now - kind.age)
            units[kind.name], ids[kind.name] = unit, hashlib.sha256(raw).hexdigest()
        desk.now = desk.now.replace(hour=11)
        desk.command("run", "--once")
        desk.command("run", "--once")
        yield Ran(desk, units, ids)


@pytest.mark.parametrize("kind", NEVER, ids=[f"{kind.condition:02d} {kind.name}" for kind in NEVER])
def test_condition(ran: Ran, kind: Kind) -> None:
    assert not set(ran.receivers) & set(ran.units[kind.name].addresses)
    row = ran.mail(kind)
    assert row["letters"] == []
    assert row["no_reply"]["condition"] == kind.condition, row["no_reply"]
    assert f"不答复：{row['no_reply']['why']}" in ran.sheet


@pytest.mark.parametrize("kind", ANSWERED, ids=[kind.name for kind in ANSWERED])
def test_near_miss(ran: Ran, kind: Kind) -> None:
    assert ran.receivers.count(ran.units[kind.name].addresses[0]) == 1, ran.mail(kind)["no_reply"]
    assert ran.mail(kind)["no_reply"] is None


def test_nobody_else_got_a_letter_and_every_condition_was_tried(ran: Ran) -> None:
    assert set(ran.receivers) == {ran.units[kind.name].addresses[0] for kind in ANSWERED}
    assert len(NEVER) >= 66 and len(ANSWERED) >= 20
    declared = {gate.number for gate in MAIL_GATES} | {gate.number for gate in MOMENT_GATES}
    assert {kind.condition for kind in NEVER} == declared - ELSEWHERE
