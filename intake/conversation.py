"""The conversation with a unit, as its mail program shows it: what a letter that answers nothing is hung on to.

RFC 5322, 3.6.4: In-Reply-To names the newest message of the thread, References all before it.
"""

from __future__ import annotations

from email import message_from_bytes, policy

from sqlmodel import Session, col, select

from intake.mail.letter import Answered
from intake.mailing import answered
from intake.office import Office
from rules.unit import Unit
from storage.tables import LetterRow, MailRow


def latest(office: Office, session: Session, notice: str, unit: Unit, to: str) -> Answered | None:
    """The newest message of the conversation with the unit: its own mail, or our last letter to that address.

    None when neither side has written yet. A stranger's mail is no part of it: `to` never saw that.
    """
    mail = session.exec(
        select(MailRow)
        .where(MailRow.notice == notice, MailRow.unit == unit.code, MailRow.state == "processed")
        .where(MailRow.trust == "registered", MailRow.message_id != "")
        .order_by(col(MailRow.received_at).desc())
    ).first()
    letter = session.exec(
        select(LetterRow)
        .where(LetterRow.notice == notice, LetterRow.unit == unit.code, LetterRow.to == to, LetterRow.state == "sent")
        .order_by(col(LetterRow.sent_at).desc())
    ).first()
    if letter is None or letter.sent_at is None:
        return answered(mail) if mail is not None else None
    if mail is not None and mail.received_at > letter.sent_at:
        return answered(mail)
    head = message_from_bytes(office.blobs.read(letter.raw), policy=policy.default)
    return Answered(
        message_id=letter.message_id,
        references=tuple(str(head.get("References", "")).split()),
        subject=letter.subject,
        received_at=letter.sent_at,
    )
