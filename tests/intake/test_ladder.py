"""The ladder on the real calendars of 2025 and 2026: make-up workdays, deadlines on Sundays and in holidays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from benchmarks.others import CHINA
from intake.calendar import workdays
from rules.remind import rungs

NAMES = ("7d", "3d", "1d", "0d", "+1d")


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        # a Sunday after a make-up Saturday: the last working day is both 1d and 0d
        ("2025-10-12", {"7d": "2025-09-26", "3d": "2025-10-09", "0d": "2025-10-11", "+1d": "2025-10-13"}),
        # within the National Day: back to 30 September, 3d on a make-up Sunday; on again on the 9th
        ("2025-10-03", {"7d": "2025-09-23", "3d": "2025-09-28", "0d": "2025-09-30", "+1d": "2025-10-09"}),
        # a make-up Saturday after the Spring Festival, the seventh day lies before it
        (
            "2026-02-28",
            {"7d": "2026-02-12", "3d": "2026-02-25", "1d": "2026-02-27", "0d": "2026-02-28", "+1d": "2026-03-02"},
        ),
        # the make-up Saturday before the Spring Festival: overdue only after it
        (
            "2026-02-14",
            {"7d": "2026-02-05", "3d": "2026-02-11", "1d": "2026-02-13", "0d": "2026-02-14", "+1d": "2026-02-24"},
        ),
        # a make-up Sunday in the new year, counted over the year's end
        (
            "2026-01-04",
            {"7d": "2025-12-23", "3d": "2025-12-29", "1d": "2025-12-31", "0d": "2026-01-04", "+1d": "2026-01-05"},
        ),
        # an ordinary Sunday
        ("2026-03-15", {"7d": "2026-03-05", "3d": "2026-03-11", "0d": "2026-03-13", "+1d": "2026-03-16"}),
    ],
)
def test_the_days_of_the_rungs(deadline: str, expected: dict[str, str]) -> None:
    day = date.fromisoformat(deadline)
    calendar, _ = workdays((), (), day - timedelta(days=90), day + timedelta(days=40))
    last = datetime.combine(day, time(23, 59, 59), CHINA)
    found = rungs(last, NAMES, calendar, time(9, 0), CHINA)
    assert {rung.name: f"{rung.fires_at:%Y-%m-%d}" for rung in found} == expected
    assert all(calendar.is_workday(rung.fires_at.date()) for rung in found)
