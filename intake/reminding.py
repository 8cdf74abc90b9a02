"""Reminders (催报): the rungs that are due now become letters, and letters that are no longer true are withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time

import msgspec
from sqlmodel import Session, col, select

from intake.conversation import latest
from intake.ladder import Ladders, due_at, ladders
from intake.link_alarm import queue_link_alarms
from intake.mail.compose import compose_reminder
from intake.mailing import deliverable, enqueue
from intake.office import Campaign, Office
from intake.replying import digest_of
from intake.superior import copied_to
from intake.todo import several_key
from intake.units.identify import SEVERAL
from intake.verdicts import outlines, verdict_now
from rules.outline import Outline
from rules.remind import Reminder, fired
from storage import board, outbox
from storage.tables import BoardRow, MailRow


def queue_reminders(office: Office, now: datetime, only: Sequence[Campaign] | None = None) -> list[Reminder]:
    """Write the reminders that are due now into the outbox, of these notices `only`, None = all.

    A rung is served by any letter sent since it fired. A unit that owes to several notices gets a letter for each, so
    that its answer finds the right one, the nearest deadline first, and never more a day than `per_sender_per_day`:
    the others come on the next working day.
    """
    queued: list[Reminder] = []
    if office.config.replies.mode == "off":
        return queued
    campaigns = office.campaigns.values() if only is None else only
    for campaign in sorted(campaigns, key=lambda one: one.notice.deadline):
        with office.database.writing() as session:
            standing = outlines(session, campaign)
            owing = {one.unit: one for one in standing}
            ladder = ladders(office, campaign, standing)
            _withdraw_untrue(office, session, campaign, ladder, owing, now)
            waits = not_to_remind(office, session, campaign, now)
            sent = outbox.reminded(session, campaign.notice.id)
            for reminder in due_at(office, campaign, ladder, standing, sent, now):
                if reminder.unit in waits:
                    continue
                if outbox.told_since(session, campaign.notice.id, reminder.unit, reminder.rung.fires_at):
                    continue
                if _queue(office, session, campaign, ladder, reminder, now):
                    queued.append(reminder)
            queue_link_alarms(office, session, campaign, standing, now)
    return queued


def _withdraw_untrue(
    office: Office,
    session: Session,
    campaign: Campaign,
    ladder: Ladders,
    owing: Mapping[str, Outline],
    now: datetime,
) -> None:
    """Withdraw reminders that have not left and are not true any more: all has come, more has come, a newer rung
    has fired, or what they say of “today” and of days left was said on another day.

    Where the rung is still due it is written anew, in the words of now.
    """
    today = now.astimezone(office.tz).date()
    waiting = outbox.reminders_waiting(session, campaign.notice.id)
    units = [one for letter in waiting if (one := owing.get(letter.unit or ""))]
    live = {one.unit: one.rung.key for one in fired(campaign.notice, units, now, ladder.steps)}
    untrue = []
    for letter in waiting:
        code = letter.unit or ""
        verdict = verdict_now(session, campaign, code) if code in owing else None
        said = (letter.tried_at or letter.due).astimezone(office.tz).date()
        of_another_day = letter.state == "waiting" and said < today
        changed = verdict is None or digest_of(verdict) != letter.verdict_digest
        if of_another_day or changed or live.get(letter.unit or "") != letter.rung:
            untrue.append(letter)
    outbox.drop_reminders(session, untrue, "情况有变，由新的催报取代或不再需要")


def not_to_remind(office: Office, session: Session, campaign: Campaign, now: datetime) -> dict[str, str]:
    """Units that are not reminded now, with the reason: something they sent waits at our side.

    A mail that nobody has understood yet may hold what they owe; so may another unit's mail that speaks of them too,
    until the coordinator has dealt with that; and what came within the quiet period has no verdict to be told yet.
    """
    quiet = now - office.config.schedule.quiet_period
    recent = select(MailRow.unit, MailRow.notice, MailRow.state).where(
        MailRow.received_at > quiet, MailRow.received_at <= now
    )  # by their time alone: with their state asked for too, SQLite reads all that were ever processed
    fresh = [
        unit for unit, notice, state in session.exec(recent) if (notice, state) == (campaign.notice.id, "processed")
    ]
    undone = session.exec(select(BoardRow.unit).where(BoardRow.notice == campaign.notice.id, col(BoardRow.dirty))).all()
    waits = {code: "刚有来信，等核对结果" for code in fresh if code and code in campaign.units}
    waits |= {code: "材料尚未核对完" for code in undone if code in campaign.units}
    return waits | dict.fromkeys(_unclear(session, campaign), "有来信等人工处理")


def _unclear(session: Session, campaign: Campaign) -> set[str]:
    """Units with a mail that nobody has understood yet: it may hold what they owe, so they are not reminded.

    Another unit's mail that speaks of them too may hold it as well, until the coordinator has dealt with that.
    """
    waiting = session.exec(select(MailRow).where(col(MailRow.state).in_(("received", "held", "stuck")))).all()
    open_mails = [mail for mail in waiting if _may_answer(mail, campaign.notice.id)]
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


def _enough_today(office: Office, session: Session, to: str, now: datetime) -> bool:
    midnight = datetime.combine(now.astimezone(office.tz).date(), time.min, office.tz)
    return outbox.reminded_since(session, to, midnight) >= office.config.replies.per_sender_per_day


def _may_answer(mail: MailRow, notice: str) -> bool:
    """What plainly concerns other notices only keeps nobody from being reminded of this one."""
    likely = {mail.notice} if mail.notice else set(msgspec.json.decode(mail.may_answer, type=list[str]))
    return not likely or notice in likely


def _queue(
    office: Office,
    session: Session,
    campaign: Campaign,
    ladder: Ladders,
    reminder: Reminder,
    now: datetime,
) -> bool:
    unit, rung = campaign.units[reminder.unit], reminder.rung
    verdict = verdict_now(session, campaign, unit.code)
    to = deliverable(session, unit)
    if not to or _enough_today(office, session, to, now):
        return False
    digest, day = digest_of(verdict), now.astimezone(office.tz).date()
    letter = compose_reminder(
        key=f"{office.instance}:reminder:{campaign.notice.id}:{unit.code}:{rung.key}:{day}:{campaign.basis}:{digest}",
        office=office.letterhead,
        notice=campaign.notice,
        unit=unit,
        to=to,
        verdict=verdict,
        asked=reminder.owed,
        rung=rung.name,
        last=ladder.is_last(rung),
        now=now,
        tz=office.tz,
        loop_token=office.instance,
        thread=latest(office, session, campaign.notice.id, unit, to),
        copy=copied_to(office, session, campaign.notice.id, unit, to),
    )
    written = enqueue(
        office,
        session,
        letter,
        due=now,
        now=now,
        notice=campaign.notice.id,
        unit=unit.code,
        rung=rung.key,
        verdict_digest=digest,
    )
    return written is not None
