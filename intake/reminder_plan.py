"""The calendar of reminders that is still ahead (`remind --dry-run`): who would get what and when, and which days off
are skipped. By where the units stand today; nothing is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

import msgspec

from intake.calendar import day_name
from intake.ladder import Ladders, due_at, ladders
from intake.link_alarm import Ending, endings
from intake.office import Campaign, Office
from intake.reminding import not_to_remind
from intake.verdicts import verdicts
from rules.remind import Reminder, Rung
from storage import board, outbox
from storage.outbox import LINK_RUNG


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """One reminder of the dry run."""

    notice: str
    rung: str
    fires_at: datetime
    unit: str
    name: str
    to: str
    owed: tuple[str, ...]
    """Names of what is owed, as far as its own ladder has begun."""
    deadline: datetime | None = None
    """What the rung counts from; None for an alarm about a link."""
    waits: str = ""
    """Why the unit would not be reminded as things are now: something of it waits at our side."""


class DayOff(msgspec.Struct, frozen=True, kw_only=True):
    """A day between now and the last rung that is not as the week says: skipped, or worked through (调休)."""

    day: date
    why: str
    works: bool


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is ahead."""

    reminders: tuple[Planned, ...]
    """Earliest first."""
    rungs: tuple[tuple[str, Rung], ...]
    """Every rung ahead with the id of its notice, also where nobody owes."""
    days_off: tuple[DayOff, ...]
    notes: tuple[str, ...]
    """What must be said about the calendar, Chinese."""


def preview(office: Office, now: datetime) -> Plan:
    """The plan from now to the last rung, if nothing more came."""
    planned: list[Planned] = []
    steps: list[tuple[str, Rung]] = []
    notes: list[str] = []
    off: dict[date, DayOff] = {}
    for campaign in office.campaigns.values():
        with office.database.reading() as session:
            standing = verdicts(session, campaign)
            sent = outbox.reminded(session, campaign.notice.id)
            dead = board.undeliverable(session)
            ending = endings(session, campaign, standing)
            waits = not_to_remind(office, session, campaign, now)
        planned += [_planned_alarm(office, campaign, one, dead, now) for one in ending if _is_ahead(one, sent, now)]
        ladder = ladders(office, campaign, standing)
        ahead = [rung for rungs in ladder.steps.values() for rung in rungs if rung.fires_at > now]
        steps += [(campaign.notice.id, rung) for rung in ahead]
        for at in _moments(office, ladder, ahead, now):
            found = due_at(office, campaign, ladder, standing, sent, at)
            planned += [_planned(campaign, one, at, dead, waits) for one in found]
            sent |= {(one.unit, one.rung.key) for one in found}
        notes.extend(note for note in (*ladder.warnings, *_merged(office, ladder)) if note not in notes)
        off |= {one.day: one for one in _days_off(office, ladder, ahead, now)}
    return Plan(
        reminders=tuple(sorted(planned, key=lambda one: one.fires_at)),
        rungs=tuple(sorted(steps, key=lambda one: one[1].fires_at)),
        days_off=tuple(off[day] for day in sorted(off)),
        notes=tuple(notes),
    )


def _moments(office: Office, ladder: Ladders, ahead: Iterable[Rung], now: datetime) -> list[datetime]:
    """Now, when a rung that was missed is made up for, and each rung ahead."""
    chance = now
    local = now.astimezone(office.tz)
    if not ladder.workdays.is_workday(local.date()) or local.time() < office.config.schedule.remind_at:
        today = local.time() < office.config.schedule.remind_at and ladder.workdays.is_workday(local.date())
        day = local.date() if today else ladder.workdays.after(local.date(), 1)
        chance = datetime.combine(day, office.config.schedule.remind_at, office.tz)
    return sorted({chance, *(rung.fires_at for rung in ahead)})


def _merged(office: Office, ladder: Ladders) -> Iterator[str]:
    """Rungs that have no day of their own before a deadline."""
    for last, rungs in ladder.steps.items():
        names = {rung.name for rung in rungs}
        gone = [name for name in office.config.schedule.reminders if name not in names]
        if gone:
            end = last.astimezone(office.tz)
            told = "、".join(gone)
            yield f"{end:%m-%d %H:%M} 的截止时间：第 {told} 档与更靠后的一档落在同一天，或晚于截止时间，不另发。"


def _days_off(office: Office, ladder: Ladders, ahead: Collection[Rung], now: datetime) -> Iterator[DayOff]:
    if not ahead:
        return
    day, last = now.astimezone(office.tz).date(), max(rung.fires_at for rung in ahead).date()
    schedule = office.config.schedule
    while day <= last:
        works = ladder.workdays.is_workday(day)
        if works != (day.weekday() < 5) or not works:
            own = "配置中的" if day in (*schedule.holidays, *schedule.workdays) else ""
            why = f"{own}{'上班日' if works else '放假日'}" if own else day_name(day)
            yield DayOff(day=day, why=why, works=works)
        day += timedelta(days=1)


def _is_ahead(one: Ending, sent: set[tuple[str, str]], now: datetime) -> bool:
    return one.ends > now and (one.unit, one.rung) not in sent


def _planned_alarm(office: Office, campaign: Campaign, one: Ending, dead: Mapping[str, str], now: datetime) -> Planned:
    unit = campaign.units[one.unit]
    return Planned(
        notice=campaign.notice.id,
        rung=LINK_RUNG.rstrip(":"),
        fires_at=max(one.ends - office.config.links.alarm, now),
        unit=unit.code,
        name=unit.name,
        to=next((address for address in unit.addresses if address not in dead), ""),
        owed=(f"{one.requirement}：链接“{one.name}”将到期",),
    )


def _planned(
    campaign: Campaign, reminder: Reminder, at: datetime, dead: Mapping[str, str], waits: Mapping[str, str]
) -> Planned:
    unit = campaign.units[reminder.unit]
    return Planned(
        notice=campaign.notice.id,
        rung=reminder.rung.name,
        deadline=reminder.rung.deadline,
        fires_at=at,
        unit=unit.code,
        name=unit.name,
        to=next((address for address in unit.addresses if address not in dead), ""),
        owed=tuple(campaign.notice.requirement(id).name for id in reminder.owed),
        waits=waits.get(unit.code, ""),
    )
