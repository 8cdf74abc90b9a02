"""The outbox: a letter is written in the transaction of the verdict it tells, and leaves later, exactly once.

waiting ─→ sending ─→ sent          approval ─→ waiting | dropped
   ↑          │ └──→ failed         (a person decides)
   └──────────┘ only after a look-up showed that it did not go out
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import AlsoRow, LetterRow, MailRow

SUPERSEDED = "由包含最新材料的答复取代"
AMENDED = "通知已调整，由按新通知核对的答复取代"
"""`last_error` of a letter that was dropped, unsent, because a newer one took its place, and why."""

# asked for every mail or letter, so put together once
_BY_KEY = select(LetterRow).where(LetterRow.key == bindparam("key"))
_REPLIES = (
    LetterRow.notice == bindparam("notice"),
    LetterRow.unit == bindparam("unit"),
    LetterRow.kind == "reply",
)
_PENDING = select(LetterRow).where(*_REPLIES, col(LetterRow.state).in_(("waiting", "approval")))
_LAST_TOLD = (
    select(LetterRow.verdict_digest)
    .where(*_REPLIES, LetterRow.state != "dropped")
    .order_by(col(LetterRow.id).desc())
    .limit(1)
)
_SENT = select(func.count()).where(
    col(LetterRow.kind).in_(bindparam("kinds", expanding=True)),
    col(LetterRow.state).in_(("sent", "sending")),
    col(LetterRow.tried_at) >= bindparam("since"),
)
_SENT_TO = _SENT.where(LetterRow.to == bindparam("to"))
_SENT_ABOUT = _SENT.where(LetterRow.notice == bindparam("notice"))
_TRIED = (
    select(LetterRow.tried_at)
    .where(
        LetterRow.to == bindparam("to"),
        col(LetterRow.kind).in_(bindparam("kinds", expanding=True)),
        col(LetterRow.state).in_(("sent", "sending")),
    )
    .order_by(col(LetterRow.tried_at).desc())
    .limit(1)
)
_NAMED = (
    select(LetterRow)
    .where(col(LetterRow.message_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(LetterRow.id).desc())
    .limit(1)
)


def enqueue(session: Session, letter: LetterRow) -> LetterRow | None:
    """Write a letter; None when the same key was written before, unless it was superseded: then it is due again."""
    before = session.exec(_BY_KEY, params={"key": letter.key}).first()
    if before is not None:
        if not is_superseded(before):
            return None
        before.state, before.due, before.last_error = letter.state, letter.due, letter.last_error
        before.raw, before.verdict_digest, before.created_at = letter.raw, letter.verdict_digest, letter.created_at
        session.add(before)
        return before
    session.add(letter)
    session.flush()
    return letter


def pending_reply(session: Session, notice: str, unit: str) -> LetterRow | None:
    """The reply to this unit that has not left, tried in vain or not at all, if any: a newer verdict replaces it."""
    return session.exec(_PENDING, params={"notice": notice, "unit": unit}).first()


def last_told(session: Session, notice: str, unit: str) -> str:
    """Digest of the verdict that the unit was last told by a reply; "" when it was never told one."""
    return session.exec(_LAST_TOLD, params={"notice": notice, "unit": unit}).first() or ""


def withdraw(session: Session, letter: LetterRow, why: str = SUPERSEDED) -> None:
    """Drop a letter that a newer one replaces; the mails it would have answered wait for the newer one."""
    letter.state, letter.last_error = "dropped", why
    session.add(letter)
    for mail in session.exec(select(MailRow).where(MailRow.letter_id == letter.id)):
        mail.letter_id, mail.reply_open = None, True
    for also in session.exec(select(AlsoRow).where(AlsoRow.letter_id == letter.id)):
        also.letter_id, also.reply_open = None, True


def is_superseded(letter: LetterRow) -> bool:
    """True when a newer letter took its place before it left."""
    return letter.state == "dropped" and letter.last_error in (SUPERSEDED, AMENDED)


def replies_written(session: Session, notice: str) -> int:
    """How many replies were written for a notice, those not counted that a newer one replaced."""
    gone = (col(LetterRow.state) == "dropped") & col(LetterRow.last_error).in_((SUPERSEDED, AMENDED))
    query = select(func.count()).where(LetterRow.kind == "reply", LetterRow.notice == notice, ~gone)
    return session.exec(query).one()


def due_letters(session: Session, now: datetime, limit: int = 500) -> Sequence[LetterRow]:
    """Letters that may leave now, those first that were tried least or never heard of, then the longest waiting."""
    return session.exec(
        select(LetterRow)
        .where(LetterRow.state == "waiting", LetterRow.due <= now)
        .order_by(col(LetterRow.attempts), col(LetterRow.tried_at).is_not(None), col(LetterRow.due), col(LetterRow.id))
        .limit(limit)
    ).all()


def unfinished(session: Session) -> Sequence[LetterRow]:
    """Letters whose sending was begun and never concluded: look them up before anything else."""
    return session.exec(select(LetterRow).where(LetterRow.state == "sending").order_by(col(LetterRow.id))).all()


def sent_since(
    session: Session, since: datetime, *, kinds: Collection[str], to: str | None = None, notice: str | None = None
) -> int:
    """How many letters left, or are on their way, since that moment: to one address, or for one notice, or in all."""
    query = _SENT_TO if to is not None else _SENT_ABOUT if notice is not None else _SENT
    asked = {"kinds": list(kinds), "since": since, "to": to, "notice": notice}
    return session.exec(query, params=asked).one()


def last_tried(session: Session, to: str, kinds: Collection[str]) -> datetime | None:
    """When the newest letter of these kinds left, or began to leave, to this address."""
    return session.exec(_TRIED, params={"to": to, "kinds": list(kinds)}).first()


def prepared(session: Session, besides: str) -> Sequence[LetterRow]:
    """The letters that wait to leave, in the order in which they would, without those of the kind `besides`."""
    query = select(LetterRow).where(LetterRow.state == "waiting", LetterRow.kind != besides)
    return session.exec(query.order_by(col(LetterRow.due), col(LetterRow.id))).all()


def written_since(session: Session, since: datetime, kind: str, rung: str) -> int:
    """How many letters of this kind, whose rung begins so, were written since that moment."""
    query = select(func.count()).where(
        LetterRow.kind == kind, col(LetterRow.rung).startswith(rung), LetterRow.created_at >= since
    )
    return session.exec(query).one()


def newest_of(session: Session, kind: str, rung: str) -> LetterRow | None:
    """The newest letter of this kind whose rung begins so, in whatever state."""
    query = select(LetterRow).where(LetterRow.kind == kind, col(LetterRow.rung).startswith(rung))
    return session.exec(query.order_by(col(LetterRow.id).desc())).first()


LINK_RUNG = "link:"
"""Beginning of the rung of a letter about a link that ends; it says nothing about what is owed."""


def told_since(session: Session, notice: str, unit: str, since: datetime) -> bool:
    """True when a letter that tells what is owed waits for the unit, or left at or after that moment."""
    query = select(LetterRow.id).where(
        LetterRow.notice == notice,
        LetterRow.unit == unit,
        LetterRow.verdict_digest != "",
        col(LetterRow.state).in_(("waiting", "approval", "sending"))
        | ((col(LetterRow.state) == "sent") & (col(LetterRow.sent_at) >= since)),
    )
    return session.exec(query).first() is not None


def reminded(session: Session, notice: str) -> set[tuple[str, str]]:
    """The (unit, rung) pairs that have a reminder, in whatever state."""
    rows = session.exec(
        select(LetterRow.unit, LetterRow.rung).where(LetterRow.kind == "reminder", LetterRow.notice == notice)
    ).all()
    return {(unit, rung) for unit, rung in rows if unit is not None}


def reminded_since(session: Session, to: str, since: datetime) -> int:
    """Reminders of all notices that were written to an address since that moment, without those that did not go."""
    gone = col(LetterRow.state).in_(("dropped", "failed"))
    query = select(func.count()).where(LetterRow.kind == "reminder", LetterRow.to == to, LetterRow.created_at >= since)
    return session.exec(query.where(~gone)).one()


def drop_reminders(session: Session, letters: Iterable[LetterRow], why: str) -> None:
    """Drop reminders that have not left; their rungs may be due still, and are then written anew."""
    for letter in letters:
        letter.state, letter.rung, letter.last_error = "dropped", "", why
        session.add(letter)


def reminders_waiting(session: Session, notice: str) -> Sequence[LetterRow]:
    """Reminders of a rung that have not left: still waiting, for the server or for a person."""
    return session.exec(_rungs(notice).where(col(LetterRow.state).in_(("waiting", "approval")))).all()


def reminders_sent(session: Session, notice: str, unit: str) -> int:
    """How many rungs a unit was reminded by."""
    rows = session.exec(_rungs(notice).where(LetterRow.unit == unit, LetterRow.state == "sent")).all()
    return len(rows)


def _rungs(notice: str) -> SelectOfScalar[LetterRow]:
    return select(LetterRow).where(
        LetterRow.kind == "reminder",
        LetterRow.notice == notice,
        LetterRow.rung != "",
        col(LetterRow.rung).not_like(f"{LINK_RUNG}%"),
    )


def was_told(session: Session, notice: str, unit: str) -> bool:
    """True when a reply about this notice left for the unit, or is on its way."""
    query = select(LetterRow.id).where(
        LetterRow.notice == notice,
        LetterRow.unit == unit,
        LetterRow.kind == "reply",
        col(LetterRow.state).in_(("sent", "sending")),
    )
    return session.exec(query).first() is not None


def all_letters(session: Session) -> Sequence[LetterRow]:
    """The whole outbox in the order of writing."""
    return session.exec(select(LetterRow).order_by(col(LetterRow.id))).all()


def newest_to(session: Session, address: str, since: datetime, until: datetime) -> LetterRow | None:
    """The newest letter that left for this address in that span."""
    query = select(LetterRow).where(
        func.lower(LetterRow.to) == address,
        col(LetterRow.state).in_(("sent", "sending")),
        col(LetterRow.tried_at).between(since, until),
    )
    return session.exec(query.order_by(col(LetterRow.tried_at).desc(), col(LetterRow.id).desc())).first()


def find_by_message_id(session: Session, ids: Sequence[str]) -> LetterRow | None:
    """The newest of our letters that one of these Message-IDs names: the thread a mail belongs to. "" names none."""
    named = [id for id in ids if id]
    return session.exec(_NAMED, params={"ids": named}).first() if named else None
