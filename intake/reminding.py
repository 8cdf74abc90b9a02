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
from intake.settle import deadline_of, digest_of
from intake.todo import several_key
from intake.units.identify import SEVERAL
from rules.judge import judge
from rules.notice import Notice
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
    """Names of what is owed."""


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """The rungs for those units of a notice that share one deadline."""

    notice: Notice
    """With the deadline of these units."""
    rungs: tuple[Rung, ...]
    workdays: Workdays
    warnings: tuple[str, ...]
    verdicts: tuple[Verdict, ...]

    def fired(self, rung: str) -> datetime:
        """When a rung fires."""
        return next(step.fires_at for step in self.rungs if step.name == rung)


def ladders(office: Office, session: Session, campaign: Campaign) -> list[Ladder]:
    """One ladder for the notice's deadline, one more for each deadline that was granted to single units."""
    groups: dict[datetime, list[Verdict]] = {}
    decided = board.all_decisions(session, campaign.notice.id)
    granted = {row.unit: [one for one in decided if one.unit == row.unit] for row in decided}
    for verdict in verdicts(session, campaign):
        groups.setdefault(deadline_of(campaign, granted.get(verdict.unit, [])), []).append(verdict)
    return [_ladder(office, campaign, deadline, members) for deadline, members in sorted(groups.items())]


def _ladder(office: Office, campaign: Campaign, deadline: datetime, members: Sequence[Verdict]) -> Ladder:
    schedule, last = office.config.schedule, deadline.astimezone(office.tz).date()
    days, warnings = workdays(schedule.holidays, schedule.workdays, last - LOOK_BACK, last)
    return Ladder(
        notice=campaign.notice.model_copy(update={"deadline": deadline}),
        rungs=rungs(deadline, schedule.reminders, days, schedule.remind_at, office.tz),
        workdays=days,
        warnings=warnings,
        verdicts=tuple(members),
    )


def verdicts(session: Session, campaign: Campaign) -> list[Verdict]:
    """Where every unit of the roster stands, those that never wrote included."""
    known = board.boards(session, campaign.notice.id)
    blank: Verdict | None = None
    result = []
    for code, unit in campaign.units.items():
        row = known.get(code)
        if row is not None and row.verdict:
            result.append(msgspec.json.decode(row.verdict, type=Verdict))
        else:
            # nothing but the code tells one silent unit from another: twenty thousand of them cost one judgement
            blank = blank or judge(campaign.notice, unit, (), forms=campaign.forms)
            result.append(msgspec.structs.replace(blank, unit=code))
    return result


def queue_reminders(office: Office, now: datetime) -> list[Reminder]:
    """Write the reminders that are due now into the outbox. A rung is served by any letter sent since it fired."""
    queued: list[Reminder] = []
    if office.config.replies.mode == "off":
        return queued
    for campaign in office.campaigns.values():
        with office.database.writing() as session:
            sent = outbox.reminded(session, campaign.notice.id)
            unclear = _unclear(session, campaign)
            for ladder in ladders(office, session, campaign):
                owing = {verdict.unit: verdict for verdict in ladder.verdicts}
                for reminder in _due(office, ladder, sent, now):
                    fired_at = ladder.fired(reminder.rung)
                    if reminder.unit in unclear:
                        continue
                    if outbox.told_since(session, campaign.notice.id, reminder.unit, fired_at):
                        continue
                    if _queue(office, session, campaign, ladder.notice, reminder, owing[reminder.unit], now):
                        queued.append(reminder)
            queue_link_alarms(office, session, campaign, verdicts(session, campaign), now)
    return queued


def _due(office: Office, ladder: Ladder, sent: set[tuple[str, str]], now: datetime) -> list[Reminder]:
    found = due(ladder.notice, ladder.verdicts, sent, now, ladder.rungs, ladder.workdays, office.tz)
    return [reminder for reminder in found if not _bygone(office, ladder.fired(reminder.rung), now)]


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
    notice: Notice,
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
        key=f"{office.instance}:reminder:{campaign.notice.id}:{unit.code}:{reminder.rung}",
        office=office.letterhead,
        notice=campaign.notice,
        unit=unit,
        to=to,
        verdict=verdict,
        rung=reminder.rung,
        now=now,
        tz=office.tz,
        loop_token=office.instance,
        thread=answered(newest) if newest is not None else None,
        deadline=notice.deadline,
    )
    written = enqueue(
        office,
        session,
        letter,
        due=now,
        now=now,
        notice=campaign.notice.id,
        unit=unit.code,
        rung=reminder.rung,
        verdict_digest=digest_of(verdict),
    )
    return written is not None


def preview(office: Office, now: datetime) -> tuple[list[Planned], list[str]]:
    """Who would get what at every rung from now until the deadline, if nothing more came; and calendar warnings."""
    planned: list[Planned] = []
    notes: list[str] = []
    for campaign in office.campaigns.values():
        with office.database.reading() as session:
            steps = ladders(office, session, campaign)
            sent = outbox.reminded(session, campaign.notice.id)
            dead = board.undeliverable(session)
            ending = endings(session, campaign, verdicts(session, campaign))
        planned += [_planned_alarm(office, campaign, one, dead, now) for one in ending if _is_ahead(one, sent, now)]
        for ladder in steps:
            notes.extend(warning for warning in ladder.warnings if warning not in notes)
            moments = [(now, _due(office, ladder, sent, now))]
            moments += [
                (at, due(ladder.notice, ladder.verdicts, sent, at, ladder.rungs, ladder.workdays, office.tz))
                for at in (rung.fires_at for rung in ladder.rungs)
                if at > now
            ]
            planned += [_planned(campaign, reminder, at, dead) for at, found in moments for reminder in found]
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
        rung=reminder.rung,
        fires_at=at,
        unit=unit.code,
        name=unit.name,
        to=next((address for address in unit.addresses if address not in dead), ""),
        owed=tuple(campaign.notice.requirement(id).name for id in reminder.owed),
    )
