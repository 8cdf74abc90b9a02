"""Carrying out what the coordinator decided, by command or in her cells of the tracker. Each decision is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from intake.office import Campaign
from rules.unit import Unit
from storage import board, inbox
from storage.errors import Refused
from storage.tables import DecisionRow, LetterRow, MailRow

LETTER_MOVES = {
    "approve": (("approval",), "waiting"),
    "drop": (("approval", "waiting", "failed"), "dropped"),
    "retry": (("failed", "dropped"), "waiting"),
}
"""From which states a letter may be moved, and to which."""


def assign_mail(
    session: Session, campaign: Campaign, unit: Unit, mail: MailRow, now: datetime, *, learn: bool = True
) -> bool:
    """The mail, all of it, counts for `unit` from now on; every unit it counted for before wants a new verdict.

    With `learn` its address counts as the unit's own from then on, see `may_confirm`; True when it does.
    """
    if mail.state not in ("held", "processed", "ignored"):
        raise Refused(f"这封邮件的状态是 {mail.state}，还不能指定单位。")
    _touch_all(session, mail)
    confirms = learn and may_confirm(campaign, mail)
    mail.state, mail.unit, mail.notice = "processed", unit.code, campaign.notice.id
    mail.trust, mail.identified_by = "registered", "人工指定"
    mail.reason, mail.candidates = f"计入{unit.name}（人工指定）", "[]"
    mail.reply_open = mail.reply_allowed
    session.add(mail)
    address = mail.from_address if confirms else ""
    session.add(
        DecisionRow(at=now, kind="assign", notice=campaign.notice.id, unit=unit.code, mail=mail.sha256, value=address)
    )
    session.flush()
    if confirms:
        inbox.confirm_sender(session, campaign.notice.id, unit.code, address)
    board.touch(session, campaign.notice.id, unit.code)
    return confirms


def may_confirm(campaign: Campaign, mail: MailRow) -> bool:
    """Whether assigning this mail tells whose its address is.

    Not where the address is registered already, the sender is doubtful or a machine, or he sent it for another.
    """
    known = not mail.from_address or campaign.index.knows(mail.from_address)
    return not known and mail.trust != "unverified" and mail.klass == "person" and not mail.lent


def confirmed_unit(session: Session, campaigns: Mapping[str, Campaign], campaign: Campaign, address: str) -> str | None:
    """The unit whose address the coordinator confirmed this one to be: for this notice, else for another one.

    A decision for another notice holds only for the unit of the same code and name.
    """
    rows = board.confirmed(session, address)
    here = next((row.unit for row in rows if row.notice == campaign.notice.id), None)
    if here is not None:
        return here
    for row in rows:
        other = campaigns.get(row.notice or "")
        there = other.units.get(row.unit) if other is not None else None
        mine = campaign.units.get(row.unit)
        if there is not None and mine is not None and there.name == mine.name:
            return mine.code
    return None


def _touch_all(session: Session, mail: MailRow) -> None:
    """Every unit that the mail counted for wants a new verdict; its files belong together again."""
    units = {mail.unit} if mail.unit else set()
    if mail.id is not None:
        units |= inbox.unshare(session, mail.id)
    for code in units:
        if mail.notice and code:
            board.touch(session, mail.notice, code)


def ignore_mail(session: Session, mail: MailRow, now: datetime) -> None:
    """The mail concerns nobody; it stays in the ledger."""
    _touch_all(session, mail)
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
