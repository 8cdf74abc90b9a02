"""Whom to remind (催报) of what, and when: counted in working days before the deadline, or after it (逾期).

The calendar comes in as a value, so that nothing here knows a calendar library or a clock.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

import msgspec

from rules.notice import Notice
from rules.outline import Owing

_RUNG = re.compile(r"([0-9]{1,3})d|\+([1-9][0-9]{0,2})d")
# No country closes for so long: a calendar with no working day in it is a mistake, not a holiday.
_LONGEST_CLOSURE = 60
_STAYS = 5
"""Working days for which an overdue rung that was missed (the program was off) is still made up for."""


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
        return self._step(day, max(count, 1), timedelta(days=-1))

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; ValueError when the calendar has none for two months."""
        return self._step(day, count, timedelta(days=1))

    def _step(self, day: date, count: int, step: timedelta) -> date:
        for _ in range(count):
            start = day
            day += step
            while not self.is_workday(day):
                day += step
                if abs(start - day).days > _LONGEST_CLOSURE:
                    raise ValueError(f"no working day within {_LONGEST_CLOSURE} days of {start}")
        return day


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the ladder of reminders."""

    name: str
    """As in the configuration: `7d` is seven working days before the deadline day, `+1d` the first one after it."""
    fires_at: datetime
    """From this moment on, aware, in the office's time zone."""
    deadline: datetime
    """What it counts from."""
    until: datetime
    """Afterwards it is not made up for: the deadline, or for an overdue rung some working days later."""

    @property
    def overdue(self) -> bool:
        """True for a rung after the deadline."""
        return self.name.startswith("+")

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

    `deadline` is the last moment that is in time; midnight belongs to the day that ends. A rung before the deadline
    that would fire after it is left out. ValueError for a name that is neither like `7d` nor like `+1d`.
    """
    last_day = _last_day(deadline, tz)
    by_day: dict[date, Rung] = {}
    for name in sorted(set(names), key=working_days):
        offset = working_days(name)
        day = workdays.after(last_day, offset) if offset > 0 else workdays.before(last_day, -offset)
        fires_at = datetime.combine(day, at, tz)
        until = datetime.combine(workdays.after(day, _STAYS), time.max, tz) if offset > 0 else deadline
        if fires_at <= until:
            by_day[day] = Rung(name=name, fires_at=fires_at, deadline=deadline, until=until)
    return tuple(sorted(by_day.values(), key=lambda rung: rung.fires_at))


def _last_day(deadline: datetime, tz: tzinfo | None) -> date:
    return (deadline - timedelta(microseconds=1)).astimezone(tz).date()


def working_days(name: str) -> int:
    """Working days from the deadline day to the rung: 0 and less before it, more than 0 after it.

    >>> working_days("7d"), working_days("0d"), working_days("+3d")
    (-7, 0, 3)
    """
    match = _RUNG.fullmatch(name)
    if match is None:
        raise ValueError(f"a reminder is written like 7d or +1d, not {name!r}")
    return int(match[2]) if match[2] else -int(match[1])


def due(
    notice: Notice,
    verdicts: Iterable[Owing],
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
    out on a day off, before the hour of the rung, or after it has lapsed (`Rung.until`). `sent`
    holds (unit code, `Rung.key`); `verdicts` may be of several notices, only those of `notice` count.
    """
    if not workdays.is_workday(now.astimezone(tz).date()):
        return []
    done = set(sent)
    reminders = []
    for one in fired(notice, verdicts, now, ladders):
        if (one.unit, one.rung.key) not in done and not _too_early(one.rung, now, tz):
            done.add((one.unit, one.rung.key))
            reminders.append(one)
    return reminders


def fired(
    notice: Notice, verdicts: Iterable[Owing], now: datetime, ladders: Mapping[datetime, Sequence[Rung]]
) -> Iterator[Reminder]:
    """For each unit that owes, the newest rung that has fired and not lapsed, whether or not it was served."""
    live = {last: rung for last, steps in ladders.items() if (rung := _latest(steps, now))}
    for verdict in verdicts:
        if verdict.notice != notice.id:
            continue
        steps = {one.id: live[last] for one in verdict.owed if (last := one.due or notice.deadline) in live}
        if steps:
            rung = max(steps.values(), key=lambda step: (step.fires_at, -step.deadline.timestamp()))
            yield Reminder(unit=verdict.unit, rung=rung, owed=tuple(steps))


def _too_early(rung: Rung, now: datetime, tz: tzinfo) -> bool:
    """Also on the days after it fired nothing leaves before its hour."""
    return now.astimezone(tz).time() < rung.fires_at.astimezone(tz).time()


def _latest(rungs: Sequence[Rung], now: datetime) -> Rung | None:
    live = (rung for rung in rungs if rung.fires_at <= now <= rung.until)
    return max(live, key=lambda rung: rung.fires_at, default=None)
