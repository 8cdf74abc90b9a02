"""Whom to remind (催报) of what, and when: counted in working days before the deadline.

The calendar comes in as a value, so that nothing here knows a calendar library or a clock.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    deadline: datetime
    """What it counts from."""

    @property
    def key(self) -> str:
        """`7d@2022-10-12`: a deadline that is moved has a ladder of its own."""
        return f"{self.name}@{_last_day(self.deadline, self.fires_at.tzinfo):%Y-%m-%d}"


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that is due: which unit, which rung, what the unit still owes."""

    unit: str
    rung: Rung
    """The newest that has fired for it; of several the one whose deadline is nearest."""
    owed: tuple[str, ...]
    """Requirement ids in the order of the notice: those whose own ladder has begun."""


def rungs(deadline: datetime, names: Sequence[str], workdays: Workdays, at: time, tz: tzinfo) -> tuple[Rung, ...]:
    """The ladder, earliest first. Rungs that fall on one day are one (the nearest to the deadline).

    `deadline` is the last moment that is in time; midnight belongs to the day that ends. A rung that would
    fire after the deadline is left out. ValueError for a name that is not like `7d`.
    """
    last_day = _last_day(deadline, tz)
    by_day: dict[date, Rung] = {}
    for name in sorted(set(names), key=_working_days, reverse=True):
        day = workdays.before(last_day, _working_days(name))
        fires_at = datetime.combine(day, at, tz)
        if fires_at <= deadline:
            by_day[day] = Rung(name=name, fires_at=fires_at, deadline=deadline)
    return tuple(sorted(by_day.values(), key=lambda rung: rung.fires_at))


def _last_day(deadline: datetime, tz: tzinfo | None) -> date:
    return (deadline - timedelta(microseconds=1)).astimezone(tz).date()


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
    ladders: Mapping[datetime, Sequence[Rung]],
    workdays: Workdays,
    tz: tzinfo,
) -> list[Reminder]:
    """The reminders to send at `now`: to units that owe, of the newest rung that has fired for what they owe, once.

    `ladders`: the rungs by deadline. A requirement goes by the ladder of its own deadline (`Standing.due`), so an
    extended unit and a requirement that is due later each have theirs; rungs that coincide make one letter. What
    is due only later, and whose ladder has not begun, is left out.
    Rungs that were missed (the program was off) are not made up for once a later one has fired. Nothing goes
    out on a day off, before the hour of the rung, or after the deadline that it counts from. `sent`
    holds (unit code, `Rung.key`); `verdicts` may be of several notices, only those of `notice` count.
    """
    if not workdays.is_workday(now.astimezone(tz).date()):
        return []
    fired = {last: rung for last, steps in ladders.items() if now <= last and (rung := _latest(steps, now))}
    done = set(sent)
    reminders = []
    for verdict in verdicts:
        if verdict.notice != notice.id:
            continue
        steps = {one.id: fired[last] for one in verdict.owed if (last := one.due or notice.deadline) in fired}
        rung = max(steps.values(), key=lambda step: (step.fires_at, -step.deadline.timestamp()), default=None)
        if rung is None or (verdict.unit, rung.key) in done or _too_early(rung, now, tz):
            continue
        done.add((verdict.unit, rung.key))
        reminders.append(Reminder(unit=verdict.unit, rung=rung, owed=tuple(steps)))
    return reminders


def _too_early(rung: Rung, now: datetime, tz: tzinfo) -> bool:
    """Also on the days after it fired nothing leaves before its hour."""
    return now.astimezone(tz).time() < rung.fires_at.astimezone(tz).time()


def _latest(rungs: Sequence[Rung], now: datetime) -> Rung | None:
    return max((rung for rung in rungs if rung.fires_at <= now), key=lambda rung: rung.fires_at, default=None)
