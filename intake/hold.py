"""Asking a sender whom we cannot place which unit he writes for, where the office wants it (`replies.unregistered`)."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from intake.mail.compose import compose_hold_notice
from intake.mailing import answered, enqueue
from intake.office import Campaign, Office
from storage.tables import MailRow


def ask_which_unit(office: Office, session: Session, campaign: Campaign | None, mail: MailRow, now: datetime) -> None:
    """Queue one letter to the sender of a held mail; at most one for each address and notice."""
    notice = campaign.notice if campaign else None
    letter = compose_hold_notice(
        key=f"{office.instance}:hold-notice:{notice.id if notice else ''}:{mail.from_address}",
        office=office.letterhead,
        notice=notice,
        to=mail.from_address,
        answered=[answered(mail)],
        now=now,
        tz=office.tz,
        loop_token=office.instance,
    )
    due = now + office.config.schedule.quiet_period
    row = enqueue(office, session, letter, due=due, now=now, notice=notice.id if notice else None)
    mail.letter_id = row.id if row is not None else None
