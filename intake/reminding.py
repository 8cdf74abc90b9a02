"""Reminders (催报): the rungs that are due now become letters; the dry run shows every rung until the deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlmodel import Session, col, select

from intake.calendar import workdays
from intake.link_alarm import Ending, endings, queue_link_alarms
from intake.mail.compose import compose_reminder
from intake.mailing import answered, deliverable, enqueue
from intake.office import Campaign, Office
from intake.replying import digest_of
from intake.todo import several_key
from intake.units.identify import SEVERAL
from rules.judge import judge
from rules.remind import Reminder, Rung, Workdays, due, rungs
from rules.verdict import Verdict
from storage import board, outbox
from storage.outbox import LINK_RUNG
from storage.tables import MailRow

LOOK_BACK = timedelta(days=90)
"""How far before the deadline the calendar is asked for; the longest ladder fits well within."""


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


class Ladders(msgspec.Struct, frozen=True, kw_only=True):
    """The rungs of a notice by the deadline they count from: the notice's, those of single requirements and units."""

    steps: Mapping[datetime, tuple[Rung, ...]]
    workdays: Workdays
    warnings: tuple[str, ...]


def ladders(office: Office, campaign: Campaign, standing: Sequence[Verdict]) -> Ladders:
    """One ladder for each deadline that any unit has for anything."""
    schedule = office.config.schedule
    deadlines = {campaign.notice.deadline, *(one.due for verdict in standing for one in verdict.standings if one.due)}
    ends = [deadline.astimezone(office.tz).date() for deadline in deadlines]
    days, warnings = workdays(schedule.holidays, schedule.workdays, min(ends) - LOOK_BACK, max(ends))
    return Ladders(
        steps={last: rungs(last, schedule.reminders, days, schedule.remind_at, office.tz) for last in deadlines},
        workdays=days,
        warnings=warnings,
    )


def verdicts(session: Session, campaign: Campaign) -> list[Verdict]:
    """Where every unit of the roster stands, those that never wrote included."""
    known = board.boards(session, campaign.notice.id)
    blank: dict[str, Verdict] = {}
    result = []
    for code, unit in campaign.units.items():
        row = known.get(code)
        if row is not None and row.verdict:
            result.append(msgspec.json.decode(row.verdict, type=Verdict))
        else:
            # but for the code, silent units of a class are alike: twenty thousand of them cost a few judgements
            if unit.category not in blank:
                blank[unit.category] = judge(campaign.notice, unit, (), forms=campaign.forms)
            result.append(msgspec.structs.replace(blank[unit.category], unit=code))
    return result


def queue_reminders(office: Office, now: datetime) -> list[Reminder]:
    """Write the reminders that are due now into the outbox. A rung is served by any letter sent since it fired."""
    queued: list[Reminder] = []
    if office.config.replies.mode == "off":
        return queued
    for campaign in office.campaigns.values():
        with office.database.writing() as session:
            standing = verdicts(session, campaign)
            owing = {verdict.unit: verdict for verdict in standing}
            unclear = _unclear(session, campaign)
            sent = outbox.reminded(session, campaign.notice.id)
            for reminder in _due(office, campaign, ladders(office, campaign, standing), standing, sent, now):
                if reminder.unit in unclear or _bygone(office, reminder.rung.fires_at, now):
                    continue
                if outbox.told_since(session, campaign.notice.id, reminder.unit, reminder.rung.fires_at):
                    continue
                if _queue(office, session, campaign, reminder, owing[reminder.unit], now):
                    queued.append(reminder)
            queue_link_alarms(office, session, campaign, standing, now)
    return queued


def _due(
    office: Office,
    campaign: Campaign,
    ladder: Ladders,
    standing: Sequence[Verdict],
    sent: set[tuple[str, str]],
    now: datetime,
) -> list[Reminder]:
    return due(campaign.notice, standing, sent, now, ladder.steps, ladder.workdays, office.tz)


def _bygone(office: Office, fired_at: datetime, now: datetime) -> bool:
    """A rung of an earlier day that fired before the service was first started: it is not made up for."""
    return fired_at < office.since and fired_at.astimezone(office.tz).date() != now.astimezone(office.tz).date()


def _unclear(session: Session, campaign: Campaign) -> set[str]:
    """Units with a mail that nobody has understood yet: it may hold what they owe, so they are not reminded.

    Another unit's mail that speaks of them too may hold it as well, until the coordinator has dealt with that.
    """
    open_mails = session.exec(select(MailRow).where(col(MailRow.state).in_(("received", "held", "stuck")))).all()
    senders = {mail.from_address for mail in open_mails if mail.from_address}
    guesses = [msgspec.json.decode(mail.candidates, type=list[str]) for mail in open_mails]
    named = {code for codes in guesses if len(codes) <= 2 for code in codes}  # more is no more than a guess
    both = session.exec(
        select(MailRow).where(
            MailRow.state == "processed", MailRow.notice == campaign.notice.id, MailRow.candidates != "[]"
        )
    ).all()
    done = {row.value for row in board.all_decisions(session, campaign.notice.id) if row.kind == "done"}
    for mail in both:
        if mail.identified_by != SEVERAL and several_key(mail) not in done:
            named.update(msgspec.json.decode(mail.candidates, type=list[str]))
    return {code for code, unit in campaign.units.items() if code in named or senders & set(unit.addresses)}


def _queue(
    office: Office,
    session: Session,
    campaign: Campaign,
    reminder: Reminder,
    verdict: Verdict,
    now: datetime,
) -> bool:
    unit = campaign.units[reminder.unit]
    to = deliverable(session, unit)
    if not to:
        return False
    newest = session.exec(
        select(MailRow)
        .where(MailRow.notice == campaign.notice.id, MailRow.unit == unit.code, MailRow.state == "processed")
        .where(MailRow.from_address == to)
        .order_by(col(MailRow.received_at).desc())
    ).first()
    letter = compose_reminder(
        key=f"{office.instance}:reminder:{campaign.notice.id}:{unit.code}:{reminder.rung.key}",
        office=office.letterhead,
        notice=campaign.notice,
        unit=unit,
        to=to,
        verdict=verdict,
        asked=reminder.owed,
        rung=reminder.rung.name,
        now=now,
        tz=office.tz,
        loop_token=office.instance,
        thread=answered(newest) if newest is not None else None,
    )
    written = enqueue(
        office,
        session,
        letter,
        due=now,
        now=now,
        notice=campaign.notice.id,
        unit=unit.code,
        rung=reminder.rung.key,
        verdict_digest=digest_of(verdict),
    )
    return written is not None


def preview(office: Office, now: datetime) -> tuple[list[Planned], list[str]]:
    """Who would get what at every rung from now until the deadline, if nothing more came; and calendar warnings."""
    planned: list[Planned] = []
    notes: list[str] = []
    for campaign in office.campaigns.values():
        with office.database.reading() as session:
            standing = verdicts(session, campaign)
            sent = outbox.reminded(session, campaign.notice.id)
            dead = board.undeliverable(session)
            ending = endings(session, campaign, standing)
        planned += [_planned_alarm(office, campaign, one, dead, now) for one in ending if _is_ahead(one, sent, now)]
        ladder = ladders(office, campaign, standing)
        notes.extend(warning for warning in ladder.warnings if warning not in notes)
        ahead = {step.fires_at for steps in ladder.steps.values() for step in steps if step.fires_at > now}
        for at in (now, *sorted(ahead)):
            found = _due(office, campaign, ladder, standing, sent, at)
            if at == now:
                found = [one for one in found if not _bygone(office, one.rung.fires_at, now)]
            planned += [_planned(campaign, one, at, dead) for one in found]
            sent |= {(one.unit, one.rung.key) for one in found}
    return sorted(planned, key=lambda one: one.fires_at), notes


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


def _planned(campaign: Campaign, reminder: Reminder, at: datetime, dead: Mapping[str, str]) -> Planned:
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
    )
