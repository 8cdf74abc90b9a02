"""The ladders of reminders of one notice: a rung for each step and deadline, on the calendar of the office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from intake.calendar import workdays
from intake.config import Config
from intake.office import Campaign, Office
from rules.outline import Owing
from rules.remind import Reminder, Rung, Workdays, due, rungs, working_days

LOOK_BACK = timedelta(days=90)
"""How far before the deadline the calendar is asked for; the longest ladder fits well within."""
_SLACK = 40
"""Days beyond the last overdue rung: a long holiday, and the time for which it is still made up for."""


class Ladders(msgspec.Struct, frozen=True, kw_only=True):
    """The rungs of a notice by the deadline they count from: the notice's, those of single requirements and units."""

    steps: Mapping[datetime, tuple[Rung, ...]]
    workdays: Workdays
    warnings: tuple[str, ...]

    def is_last(self, rung: Rung) -> bool:
        """True for the last one before its deadline, after which nothing reminds in time."""
        return not any(step.fires_at > rung.fires_at and not step.overdue for step in self.steps.get(rung.deadline, ()))


def ladders(office: Office, campaign: Campaign, standing: Sequence[Owing]) -> Ladders:
    """One ladder for each deadline that any unit has for anything."""
    owed = (one.due for verdict in standing for one in verdict.standings if one.due)
    return ladders_of(office.config, {campaign.notice.deadline, *owed})


def ladders_of(config: Config, deadlines: Iterable[datetime]) -> Ladders:
    """One ladder for each of these deadlines. ValueError when the calendar has no working days around one."""
    schedule, ends = config.schedule, sorted(set(deadlines))
    days = [deadline.astimezone(config.tz).date() for deadline in ends]
    furthest = max((working_days(name) for name in schedule.reminders), default=0)
    beyond = timedelta(days=2 * furthest + _SLACK if furthest > 0 else 0)
    calendar, warnings = workdays(schedule.holidays, schedule.workdays, days[0] - LOOK_BACK, days[-1] + beyond)
    return Ladders(
        steps={last: rungs(last, schedule.reminders, calendar, schedule.remind_at, config.tz) for last in ends},
        workdays=calendar,
        warnings=warnings,
    )


def due_at(
    office: Office,
    campaign: Campaign,
    ladder: Ladders,
    standing: Sequence[Owing],
    sent: set[tuple[str, str]],
    now: datetime,
) -> list[Reminder]:
    """The reminders that are due at that moment by where the units stand; `sent` are (unit, `Rung.key`)."""
    found = due(campaign.notice, standing, sent, now, ladder.steps, ladder.workdays, office.tz)
    return [one for one in found if not _bygone(office, one.rung.fires_at, now)]


def _bygone(office: Office, fired_at: datetime, now: datetime) -> bool:
    """A rung of an earlier day that fired before the service was first started: it is not made up for."""
    return fired_at < office.since and fired_at.astimezone(office.tz).date() != now.astimezone(office.tz).date()
