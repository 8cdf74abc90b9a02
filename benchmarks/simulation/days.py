"""The calendar of the simulation: chinesecalendar straight, so that it can disagree with the program's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from chinese_calendar import is_workday

from benchmarks.others import CHINA

OPENS, CLOSES = time(8, 30), time(17, 30)


def works(day: date) -> bool:
    """True when offices work on that day."""
    return bool(is_workday(day))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """That moment of the day, in China."""
    return datetime.combine(day, time(hour, minute), CHINA)


def days(first: date, last: date) -> Iterator[date]:
    """Both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def rung_day(day: date, name: str) -> date:
    """The day of a rung like `3d` (working days before `day`), `0d` (that day, or the last that is worked), `+1d`."""
    count, step = int(name.rstrip("d")), timedelta(days=1 if name.startswith("+") else -1)
    while not works(day) and step.days < 0:
        day += step
    for _ in range(count):
        day += step
        while not works(day):
            day += step
    return day


def in_office(moment: datetime) -> datetime:
    """That moment, or when the offices open next."""
    if works(moment.date()) and OPENS <= moment.time() <= CLOSES:
        return moment
    day = moment.date() if moment.time() < OPENS else moment.date() + timedelta(days=1)
    while not works(day):
        day += timedelta(days=1)
    return datetime.combine(day, OPENS, CHINA) + timedelta(minutes=moment.minute // 2)
