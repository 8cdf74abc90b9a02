"""Carrying out what the coordinator decided, by command or in her cells of the tracker. Each decision is kept."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from intake.office import Campaign
from rules.unit import Unit
from storage import board
from storage.errors import Refused
from storage.tables import DecisionRow, LetterRow, MailRow

LETTER_MOVES = {
    "approve": (("approval",), "waiting"),
    "drop": (("approval", "waiting", "failed"), "dropped"),
    "retry": (("failed", "dropped"), "waiting"),
}
"""From which states a letter may be moved, and to which."""


def assign_mail(session: Session, campaign: Campaign, unit: Unit, mail: MailRow, now: datetime) -> None:
    """The mail counts for `unit` from now on; both units, the earlier one too, want a new verdict."""
    if mail.state not in ("held", "processed", "ignored"):
        raise Refused(f"这封邮件的状态是 {mail.state}，还不能指定单位。")
    if mail.notice and mail.unit:
        board.touch(session, mail.notice, mail.unit)
    mail.state, mail.unit, mail.notice = "processed", unit.code, campaign.notice.id
    mail.trust, mail.identified_by = "registered", "人工指定"
    mail.reason, mail.candidates = f"计入{unit.name}（人工指定）", "[]"
    mail.reply_open = mail.reply_allowed
    session.add(mail)
    session.add(DecisionRow(at=now, kind="assign", notice=campaign.notice.id, unit=unit.code, mail=mail.sha256))
    board.touch(session, campaign.notice.id, unit.code)


def ignore_mail(session: Session, mail: MailRow, now: datetime) -> None:
    """The mail concerns nobody; it stays in the ledger."""
    if mail.notice and mail.unit:
        board.touch(session, mail.notice, mail.unit)
    mail.state, mail.reason, mail.unit, mail.reply_open = "ignored", "经办人：与报送无关", None, False
    session.add(mail)
    session.add(DecisionRow(at=now, kind="ignore", notice=mail.notice, mail=mail.sha256))


def move_letter(session: Session, letter: LetterRow, move: str, now: datetime) -> None:
    """approve, drop or retry a letter. Refused when its state does not allow that."""
    allowed, state = LETTER_MOVES[move]
    if letter.state not in allowed:
        raise Refused(f"信件 {letter.id} 的状态是 {letter.state}，不能这样处理。")
    letter.state, letter.due = state, now
    if move == "retry":
        letter.attempts = 0
    session.add(letter)
    session.add(
        DecisionRow(
            at=now, kind=f"letter-{move}", notice=letter.notice, unit=letter.unit or "", value=letter.message_id
        )
    )


def mark_done(session: Session, campaign: Campaign, key: str, word: str, now: datetime) -> None:
    """A thing to do is done: it leaves 待办. `key` is its `Todo.key`."""
    session.add(DecisionRow(at=now, kind="done", notice=campaign.notice.id, value=key, note=word))
