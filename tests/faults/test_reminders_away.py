"""The mail server is away when reminders are due: each unit is reminded once when it is back, on working days only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks.others import CHINA
from intake.config import load_config
from intake.doctor_quick import quick
from tests.desk import Desk, captioned, everything, letter
from tests.faults.smtp_script import DROP, ScriptedSmtp

HERS = "zhuren@yunling.example"
SECTIONS = f"""
[coordinator]
address = "{HERS}"

[schedule]
reminders = ["3d", "0d", "+2d"]
"""


def at(day: int, hour: int = 9, minute: int = 5) -> datetime:
    """A moment in October 2022. Deadline is Wednesday 12; rungs are on Sunday 9 (a working day), 12 and Friday 14."""
    return datetime(2022, 10, day, hour, minute, tzinfo=CHINA)


class Away(Desk):
    """An office whose SMTP server can be switched off; `arrived` is what it took, in order."""

    def __enter__(self) -> Desk:
        self.arrived: list[tuple[str, str]] = []
        self.smtp = ScriptedSmtp(self._take)
        self.smtp.__enter__()
        super().__enter__()
        head, _, tail = self.config.read_text("utf-8").partition("[smtp]")
        tail = tail.replace(f"port = {self.server.smtp_port}", f"port = {self.smtp.port}")
        self.config.write_text(f"{head}[smtp]{tail}", "utf-8")
        return self

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self.smtp.__exit__(None, None, None)

    def _take(self, raw: bytes, rcpt: tuple[str, ...]) -> None:
        parsed = letter(raw)
        self.arrived.append((str(parsed["To"]), str(parsed["Message-ID"])))

    def to(self, address: str) -> list[str]:
        return [id for to, id in self.arrived if to == address]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Away]:
    desk = Away(tmp_path, roster=2, sections=SECTIONS)
    with desk:
        desk.cycle()
        yield desk


def cycles(desk: Away, *moments: datetime) -> None:
    for moment in moments:
        desk.now = moment
        desk.cycle()


def test_away_for_hours(desk: Away) -> None:
    """The alarm is seen although no letter can tell it; what came meanwhile is not asked for."""
    one, two = desk.units
    desk.smtp.faults["CONNECT"] = DROP
    cycles(desk, *(at(9, hour) for hour in (9, 10, 11, 12)))
    assert desk.to(one.addresses[0]) == desk.to(two.addresses[0]) == []
    assert any("没有发出" in text for kind, text in desk.todo() if kind == "alarm")
    assert any(line.what == "警报" and "没有发出" in line.detail for line in quick(load_config(desk.config), desk.now))
    desk.mail(one, everything(one), captioned(one), at=at(9, 12, 30))
    desk.smtp.faults.clear()
    cycles(desk, *(at(9, hour) for hour in (13, 14, 15, 16)))
    assert len(desk.to(two.addresses[0])) == 1
    kinds = {row["message_id"]: row["kind"] for row in desk.outbox()}
    assert [kinds[id] for id in desk.to(one.addresses[0])] == ["reply"]
    assert not [text for kind, text in desk.todo() if kind == "alarm"]


def test_away_over_night_it_is_written_anew(desk: Away) -> None:
    two = desk.units[1]
    desk.smtp.faults["CONNECT"] = DROP
    cycles(desk, at(9), at(9, 15), at(10), at(10, 12))
    desk.smtp.faults.clear()
    cycles(desk, at(10, 13), at(10, 14), at(11))
    assert len(desk.to(two.addresses[0])) == 1
    reminders = [row["state"] for row in desk.outbox() if row["kind"] == "reminder" and row["unit"] == two.code]
    assert reminders.count("sent") == 1 and set(reminders) == {"sent", "dropped"}


def test_back_on_a_day_off_it_waits_for_the_next_working_day(desk: Away) -> None:
    two = desk.units[1]
    cycles(desk, at(12), at(13))
    before = len(desk.to(two.addresses[0]))
    desk.smtp.faults["CONNECT"] = DROP
    cycles(desk, at(14), at(14, 15))
    desk.smtp.faults.clear()
    cycles(desk, at(15, 10), at(16, 10))
    assert len(desk.to(two.addresses[0])) == before
    cycles(desk, at(17, 8, 50), at(17), at(17, 12), at(18))
    assert len(desk.to(two.addresses[0])) == before + 1
