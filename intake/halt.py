"""The main switch of sending: when the program stops writing to the units by itself, and how a person lets it go on.

Two things stop it. A first start on a mailbox that has long been in use: everything is stored and judged, the letters
are prepared, and a person sees to whom they would go before the first one leaves. And the breaker: more answers to one
notice in a day than its units can have asked for is a loop, whatever its mails look like. While it is stopped only
letters to the coordinator leave; mails are fetched and judged as always. The state is kept over restarts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from sqlmodel import Session, func, select

from intake.office import Office
from intake.reports.alarms import ring, ringing, silence
from intake.reports.letter import REPORT
from storage import board, inbox, outbox
from storage.tables import LetterRow

FACT = "halt"
RESUMED = "resumed"
"""When a person last said that sending goes on: caps count from there."""
LOOKED = "first-look"
"""Whether the mailbox was new or full when it was first read through."""
ALARM = "halt"
"""Key of the alarm, and of its line in 待办."""
REFUSED_ALARM = "refused"
"""Key of the alarm that the mail server refuses us."""
REMEDY = "请看 shouqi outbox 中“待发”的信；确认可以发出，请在台账“待办”该行的“处理”中选“同意”，或执行 shouqi resume。"


class Halt(msgspec.Struct, frozen=True, kw_only=True):
    """Sending is stopped."""

    cause: Literal["first-start", "breaker"]
    since: datetime
    what: str
    """In half a sentence, Chinese."""
    detail: str
    """What was found, a sentence."""


def halted(session: Session) -> Halt | None:
    """Why sending is stopped now; None when it is not."""
    kept = board.known_fact(session, FACT)
    return msgspec.json.decode(kept, type=Halt) if kept else None


def stop_sending(office: Office, session: Session, halt: Halt) -> None:
    """Stop sending until a person lets it go on, and alarm the coordinator."""
    if halted(session) is None:
        board.set_fact(session, FACT, msgspec.json.encode(halt).decode())
        ring(office, session, ALARM, halt.since, what=halt.what, detail=halt.detail, remedy=REMEDY)


def resume(office: Office, session: Session, now: datetime) -> Halt | None:
    """Sending goes on, and the caps begin to count anew; what had stopped it, None when nothing had."""
    found = halted(session)
    board.set_fact(session, RESUMED, now.isoformat())
    if found is not None:
        board.set_fact(session, FACT, "")
        silence(office, session, ALARM, now)
    return found


def resumed_at(session: Session) -> datetime | None:
    """When a person last let sending go on."""
    known = board.known_fact(session, RESUMED)
    return datetime.fromisoformat(known) if known else None


def server_refuses(office: Office, now: datetime, told: str) -> timedelta:
    """The mail server says a lasting no to all our letters: they wait and are tried again, and she hears of it.

    `told`: what it said, a sentence. Returns for how long it has refused us by now.
    """
    with office.database.writing() as session:
        ring(
            office,
            session,
            REFUSED_ALARM,
            now,
            what="发件服务器拒绝本邮箱发信",
            detail=f"{told}待发的信都在等候，没有作废。",
            remedy="请向邮箱管理员或服务商核实本邮箱能否发信（停用、限额、被列为垃圾邮件），并核对设置 smtp.mail_from；"
            "恢复后自动发出，不必重发。",
        )
        return now - ringing(session)[REFUSED_ALARM].since


def first_look(office: Office, now: datetime, *, complete: bool) -> bool:
    """Judge the mailbox when it was first read through. False while that has not happened: nothing may leave yet.

    It is full when at least `replies.full_mailbox` of its mails, and more than half of them, are older than
    `replies.not_older_than`: it was in use long before this program.
    """
    replies = office.config.replies
    with office.database.writing() as session:
        if board.known_fact(session, LOOKED) is not None:
            return True
        if not complete:
            return False
        total, old = inbox.ages(session, now - replies.not_older_than)
        full = bool(replies.full_mailbox) and old >= replies.full_mailbox and old * 2 > total
        known = session.exec(select(func.count()).select_from(LetterRow).where(LetterRow.state == "sent")).one()
        board.set_fact(session, LOOKED, f"{'full' if full else 'new'} {total} {old}")
        if full and not known:
            stop_sending(office, session, _first_start(office, session, now, total, old))
    return True


def _first_start(office: Office, session: Session, now: datetime, total: int, old: int) -> Halt:
    days = office.config.replies.not_older_than.days
    age = f"{days} 天" if days else f"{office.config.replies.not_older_than.seconds // 3600} 小时"
    letters = outbox.prepared(session, REPORT)
    receivers = len({letter.to for letter in letters})
    return Halt(
        cause="first-start",
        since=now,
        what="首次启用，发信等您确认",
        detail=(
            f"收件箱里原有 {total} 封邮件，其中 {old} 封早于 {age}（replies.not_older_than），只登记、不答复。"
            f"其余已核对完毕，备好 {len(letters)} 封信，将发往 {receivers} 个邮箱，尚未发出。"
        ),
    )
