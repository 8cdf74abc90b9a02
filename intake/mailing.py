"""Putting a composed letter into the outbox: the one place that knows when a letter waits, and for whom."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from intake.mail.letter import Answered, Letter
from intake.office import Office
from rules.unit import Unit
from storage import board, inbox, outbox
from storage.tables import LetterRow, MailRow


def enqueue(
    office: Office,
    session: Session,
    letter: Letter,
    *,
    due: datetime,
    now: datetime,
    notice: str | None,
    unit: str | None = None,
    rung: str = "",
    verdict_digest: str = "",
    ask: str = "",
) -> LetterRow | None:
    """Write a letter, to leave at `due`, or to wait for a person where the office wants that. None when it was
    written before: a letter is known by its key. `ask`: why this one waits, "" when only the office's mode decides."""
    replies = office.config.replies
    if not ask and letter.kind != "report" and replies.mode == "approve" and not replies.chooses:
        ask = "设置为每封信都先过目"
    return outbox.enqueue(
        session,
        LetterRow(
            key=letter.key,
            kind=letter.kind,
            message_id=letter.message_id,
            notice=notice,
            unit=unit,
            rung=rung,
            to=letter.to,
            cc=letter.cc,
            subject=letter.subject,
            raw=office.blobs.write(letter.raw, office.spool),
            verdict_digest=verdict_digest,
            state="approval" if ask else "waiting",
            last_error=ask,
            created_at=now,
            due=due,
        ),
    )


def deliverable(session: Session, unit: Unit) -> str:
    """The unit's first registered address that is not known to bounce, "" when there is none."""
    dead = board.undeliverable(session)
    return next((address for address in unit.addresses if address not in dead), "")


def answered(mail: MailRow) -> Answered:
    """What a reply needs to know of the mail it answers (RFC 5322, 3.6.4)."""
    return Answered(
        message_id=mail.message_id,
        references=inbox.strings(mail.refs),
        subject=mail.subject,
        received_at=mail.received_at,
    )
