"""Telling a unit that asked something that a person will answer, where the office wants it. Never an answer itself."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from intake import letterwords as words
from intake.calendar import within_hours
from intake.mail.answer import moment_gates
from intake.mail.compose import about
from intake.mail.occasion import Occasion
from intake.mail.short import compose_short
from intake.mailing import answered, deliverable, enqueue
from intake.office import Campaign, Office
from rules.unit import Unit
from storage.tables import MailRow


def acknowledge(office: Office, session: Session, campaign: Campaign, unit: Unit, mail: MailRow, now: datetime) -> None:
    """Queue one letter about this question; at most one a day for each unit and notice."""
    replies = office.config.replies
    permission = moment_gates(
        Occasion(mode=replies.mode, received_at=mail.received_at, now=now, not_older_than=replies.not_older_than)
    )
    to = mail.from_address if mail.from_address in unit.addresses else deliverable(session, unit)
    if not replies.acknowledge_questions or not permission.yes or not to:
        return
    notice = campaign.notice
    letter = compose_short(
        "question",
        {
            "subject": about([answered(mail)]) or words.clean(notice.title),
            "when": words.minute(mail.received_at, office.tz),
        },
        key=f"{office.instance}:question-notice:{notice.id}:{unit.code}:{now.astimezone(office.tz).date()}",
        kind="question-notice",
        office=office.letterhead,
        to=to,
        whom=unit.name,
        now=now,
        tz=office.tz,
        loop_token=office.instance,
        notice=notice,
        thread=answered(mail),
    )
    due = within_hours(office.config, now, exempt=(notice.deadline,))
    row = enqueue(office, session, letter, due=due, now=now, notice=notice.id, unit=unit.code)
    mail.letter_id = row.id if row is not None else None
