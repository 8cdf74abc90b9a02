"""Whom to remind (催报) of what, and when: counted in working days before the deadline.

The calendar comes in as a value, so that nothing here knows a calendar library or a clock.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

import msgspec

from rules.notice import Notice
from rules.verdict import Verdict

_RUNG = re.compile(r"([0-9]{1,3})d")
# No country closes for so long: a calendar with no working day in it is a mistake, not a holiday.
_LONGEST_CLOSURE = 60


class Workdays(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar: Monday to Friday, less public holidays, plus make-up workdays (调休)."""

    holidays: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """True when offices work on that day; a make-up workday wins over everything."""
        if day in self.extra_workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def before(self, day: date, count: int) -> date:
        """The `count`-th working day before `day`; for 0 the day itself, or the last working day before it.

        ValueError when the calendar has no working day for two months.
        """
        if count == 0 and self.is_workday(day):
            return day
        for _ in range(max(count, 1)):
            start = day
            day -= timedelta(days=1)
            while not self.is_workday(day):
                day -= timedelta(days=1)
                if (start - day).days > _LONGEST_CLOSURE:
                    raise ValueError(f"no working day in the {_LONGEST_CLOSURE} days before {start}")
        return day


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the ladder of reminders."""

    name: str
    """As in the configuration: `7d` is seven working days before the deadline day."""
    fires_at: datetime
    """From this moment on, aware, in the office's time zone."""


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that is due: which unit, which rung, what the unit still owes."""

    unit: str
    rung: str
    owed: tuple[str, ...]
    """Requirement ids in the order of the notice."""


def rungs(deadline: datetime, names: Sequence[str], workdays: Workdays, at: time, tz: tzinfo) -> tuple[Rung, ...]:
    """The ladder, earliest first. Rungs that fall on one day are one (the nearest to the deadline).

    `deadline` is the last moment that is in time; midnight belongs to the day that ends. A rung that would
    fire after the deadline is left out. ValueError for a name that is not like `7d`.
    """
    last_day = (deadline - timedelta(microseconds=1)).astimezone(tz).date()
    by_day: dict[date, Rung] = {}
    for name in sorted(set(names), key=_working_days, reverse=True):
        day = workdays.before(last_day, _working_days(name))
        fires_at = datetime.combine(day, at, tz)
        if fires_at <= deadline:
            by_day[day] = Rung(name=name, fires_at=fires_at)
    return tuple(sorted(by_day.values(), key=lambda rung: rung.fires_at))


def _working_days(name: str) -> int:
    match = _RUNG.fullmatch(name)
    if match is None:
        raise ValueError(f"a reminder is written like 7d, not {name!r}")
    return int(match[1])


def due(
    notice: Notice,
    verdicts: Iterable[Verdict],
    sent: Collection[tuple[str, str]],
    now: datetime,
    rungs: Sequence[Rung],
    workdays: Workdays,
    tz: tzinfo,
) -> list[Reminder]:
    """The reminders to send at `now`: to units that owe, of the latest rung that has fired, once.

    Rungs that were missed (the program was off) are not made up for once a later one has fired. Nothing goes
    out on a day off, before the hour of the rung, or after the last rung's deadline day has passed. `sent`
    holds (unit code, rung name); `verdicts` may be of several notices, only those of `notice` count. For a
    unit with a later deadline of its own, call with the notice and the rungs of that deadline.
    """
    local = now.astimezone(tz)
    rung = _latest(rungs, now)
    if rung is None or now > notice.deadline or not workdays.is_workday(local.date()):
        return []
    if local.time() < rung.fires_at.astimezone(tz).time():
        return []
    done = {unit for unit, name in sent if name == rung.name}
    reminders = []
    for verdict in verdicts:
        if verdict.notice == notice.id and verdict.owed and verdict.unit not in done:
            done.add(verdict.unit)
            reminders.append(Reminder(unit=verdict.unit, rung=rung.name, owed=tuple(s.id for s in verdict.owed)))
    return reminders


def _latest(rungs: Sequence[Rung], now: datetime) -> Rung | None:
    fired = sorted((rung for rung in rungs if rung.fires_at <= now), key=lambda rung: rung.fires_at)
    return fired[-1] if fired else None
