"""Asking a sender whom we cannot place which unit he writes for, where the office wants it (`replies.unregistered`)."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from intake.mail.compose import compose_hold_notice
from intake.office import Campaign, Office
from intake.settle import answered
from storage import outbox
from storage.tables import LetterRow, MailRow


def ask_which_unit(office: Office, session: Session, campaign: Campaign | None, mail: MailRow, now: datetime) -> None:
    """Queue one letter to the sender of a held mail; at most one for each address and notice."""
    key = f"hold-notice:{campaign.notice.id if campaign else ''}:{mail.from_address}"
    letter = compose_hold_notice(
        key=f"{office.instance}:{key}",
        office=office.letterhead,
        notice=campaign.notice if campaign else None,
        to=mail.from_address,
        answered=[answered(mail)],
        now=now,
        tz=office.tz,
        loop_token=office.instance,
    )
    row = outbox.enqueue(
        session,
        LetterRow(
            key=key,
            kind="hold-notice",
            message_id=letter.message_id,
            notice=campaign.notice.id if campaign else None,
            to=mail.from_address,
            subject=letter.subject,
            raw=office.blobs.write(letter.raw, office.spool),
            state="approval" if office.config.replies.mode == "approve" else "waiting",
            created_at=now,
            due=now + office.config.schedule.quiet_period,
        ),
    )
    mail.letter_id = row.id if row is not None else None
