"""Working hours: answers wait for them, except near a deadline; the outbox says until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.others import CHINA
from intake.calendar import within_hours
from intake.commands import Setting
from intake.commands.showing import outbox
from intake.config import load_config
from tests.desk import Desk, captioned, everything

HOURS = 'hours = "08:30-18:00"\n'
DEADLINE = datetime(2022, 10, 12, 23, 59, 59, tzinfo=CHINA)


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        (at(11, 8, 29), at(11, 8, 30)),
        (at(11, 8, 30), at(11, 8, 30)),
        (at(11, 17, 59), at(11, 17, 59)),
        (at(10, 18, 0), at(11, 8, 30)),
        (at(30, 20, month=9), at(8, 8, 30)),  # National Day; Saturday 8 October is a working day (调休)
        (at(8, 19), at(9, 8, 30)),  # so is Sunday the 9th
        (at(14, 19), at(17, 8, 30)),  # Friday evening
        (at(12, 22), at(12, 22)),  # the day of the deadline
    ],
)
def test_the_first_working_moment(tmp_path: Path, moment: datetime, leaves: datetime) -> None:
    with Desk(tmp_path, roster=1, extra=HOURS) as desk:
        config = load_config(desk.config)
    assert within_hours(config, moment, exempt=[DEADLINE]) == leaves


def test_an_evening_mail_is_answered_in_the_morning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Desk(tmp_path, extra=HOURS) as desk:
        unit = desk.units[0]
        desk.now = datetime(2022, 9, 27, 17, 55, tzinfo=CHINA)
        desk.mail(unit, everything(unit), captioned(unit))
        desk.cycle(wait=timedelta(minutes=20))
        (waiting,) = desk.outbox()
        assert (waiting["state"], waiting["due"]) == ("waiting", "2022-09-28T08:30:00+08:00")
        outbox(Setting(config=desk.config, json=False, now=desk.now.isoformat()))
        assert "等到 09-28 08:30" in capsys.readouterr().out
        desk.cycle(wait=timedelta(hours=12))
        assert desk.letters == []
        desk.cycle(wait=timedelta(hours=2, minutes=20))
        assert unit.addresses[0] in [one["To"] for one in desk.letters]


def test_on_the_last_day_nothing_waits(tmp_path: Path) -> None:
    with Desk(tmp_path, extra=HOURS) as desk:
        unit = desk.units[0]
        desk.now = at(12, 21)
        desk.mail(unit, everything(unit), captioned(unit))
        desk.cycle()
        assert unit.addresses[0] in [one["To"] for one in desk.letters]


@pytest.mark.parametrize("written", ["8点到18点", "18:00-08:30", "08:30", "08:30-25:00", "08:30-08:30"])
def test_hours_written_wrongly_are_told(tmp_path: Path, written: str) -> None:
    with (
        Desk(tmp_path, roster=1, extra=f'hours = "{written}"\n') as desk,
        pytest.raises(Exception, match="08:30-18:00"),
    ):
        load_config(desk.config)
