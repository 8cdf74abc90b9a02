"""Where each unit stands, what people decided, which addresses do not work, and facts about the data folder."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from storage.tables import AlsoRow, BoardRow, ContactRow, DecisionRow, LetterRow, MailRow, MetaRow, OutlineRow, PieceRow

# asked for every mail or letter, so put together once
_ABOUT_UNIT = (
    select(DecisionRow)
    .where(DecisionRow.notice == bindparam("notice"), DecisionRow.unit == bindparam("unit"))
    .order_by(col(DecisionRow.id))
)
_ROUTED = (
    select(DecisionRow.notice)
    .where(DecisionRow.mail == bindparam("mail"), col(DecisionRow.kind).in_(("assign", "route")))
    .order_by(col(DecisionRow.id).desc())
    .limit(1)
)
_CONFIRMED = (
    select(DecisionRow)
    .where(DecisionRow.kind == "assign", DecisionRow.value == bindparam("address"))
    .order_by(col(DecisionRow.id).desc())
)
_FACT = select(MetaRow.value).where(MetaRow.key == bindparam("key"))
_FACTS = select(MetaRow.key, MetaRow.value).where(
    func.substr(MetaRow.key, 1, bindparam("length")) == bindparam("prefix")
)


def touch(session: Session, notice: str, unit: str) -> None:
    """Ask for a new verdict of this unit."""
    row = session.get(BoardRow, (notice, unit)) or BoardRow(notice=notice, unit=unit)
    row.dirty = True
    session.add(row)


def dirty_units(session: Session) -> list[tuple[str, str]]:
    """(notice, unit) pairs that want a new verdict."""
    rows = session.exec(select(BoardRow.notice, BoardRow.unit).where(col(BoardRow.dirty))).all()
    return sorted((notice, unit) for notice, unit in rows)


def mark_failed(session: Session, notice: str, unit: str, error: str) -> None:
    """Judging this unit failed by our own mistake: shown to the coordinator, tried again next time."""
    row = session.get(BoardRow, (notice, unit)) or BoardRow(notice=notice, unit=unit)
    row.dirty, row.error = True, error
    session.add(row)


def mark_saved(session: Session, notice: str, saved: Mapping[str, str]) -> None:
    """Note which files of these units are saved, by unit code."""
    for unit, value in saved.items():
        session.get_one(BoardRow, (notice, unit)).saved = value


def boards(session: Session, notice: str) -> dict[str, BoardRow]:
    """The last verdicts of a notice by unit code."""
    return {row.unit: row for row in session.exec(select(BoardRow).where(BoardRow.notice == notice))}


def stored_verdicts(session: Session, notice: str) -> dict[str, str]:
    """The last verdicts of a notice as JSON by unit code, "" where there is none yet; without the rest of the rows."""
    return dict(session.exec(select(BoardRow.unit, BoardRow.verdict).where(BoardRow.notice == notice)).all())


def write_verdict(session: Session, row: BoardRow, verdict: str, outline: str) -> None:
    """Store a verdict and its outline, both as JSON, in the row of a unit."""
    row.verdict = verdict
    session.add(row)
    beside = session.get(OutlineRow, (row.notice, row.unit)) or OutlineRow(notice=row.notice, unit=row.unit)
    beside.outline = outline
    session.add(beside)


def stored_outlines(session: Session, notice: str) -> dict[str, str]:
    """The outlines of the last verdicts of a notice as JSON by unit code, "" or nothing where there is no verdict."""
    return dict(session.exec(select(OutlineRow.unit, OutlineRow.outline).where(OutlineRow.notice == notice)).all())


def board_of(session: Session, notice: str, unit: str) -> BoardRow | None:
    """The last verdict of one unit, None when there was none."""
    return session.get(BoardRow, (notice, unit))


def notices(session: Session) -> list[str]:
    """Ids of all notices under which anything was ever judged."""
    return sorted(session.exec(select(BoardRow.notice).distinct()).all())


def decisions(session: Session, notice: str, unit: str) -> Sequence[DecisionRow]:
    """What was decided about this unit, oldest first."""
    return session.exec(_ABOUT_UNIT, params={"notice": notice, "unit": unit}).all()


def decisions_about(session: Session, value: str) -> Sequence[DecisionRow]:
    """What was decided about one letter (its Message-ID) or one address, oldest first."""
    return session.exec(select(DecisionRow).where(DecisionRow.value == value).order_by(col(DecisionRow.id))).all()


def all_decisions(session: Session, notice: str) -> Sequence[DecisionRow]:
    """Every decision of a notice, oldest first."""
    return session.exec(select(DecisionRow).where(DecisionRow.notice == notice).order_by(col(DecisionRow.id))).all()


def deeds(session: Session, notice: str | None = None) -> Sequence[DecisionRow]:
    """What was decided about a notice, and about all of them at once; without a notice everything. Oldest first."""
    query = select(DecisionRow).order_by(col(DecisionRow.id))
    if notice is not None:
        query = query.where((col(DecisionRow.notice) == notice) | col(DecisionRow.notice).is_(None))
    return session.exec(query).all()


def routed(session: Session, mail: str) -> str | None:
    """The notice that a person gave this mail (SHA-256) last, None when nobody did."""
    return session.exec(_ROUTED, params={"mail": mail}).first()


def confirmed(session: Session, address: str) -> Sequence[DecisionRow]:
    """Decisions by which this address was confirmed as a unit's, newest first."""
    if not address:
        return ()
    return session.exec(_CONFIRMED, params={"address": address}).all()


def confirmed_addresses(session: Session, notice: str) -> dict[str, list[str]]:
    """Addresses confirmed for each unit of a notice; the newest decision about an address holds."""
    rows = session.exec(
        select(DecisionRow.value, DecisionRow.unit)
        .where(DecisionRow.kind == "assign", DecisionRow.notice == notice, DecisionRow.value != "")
        .order_by(col(DecisionRow.id))
    ).all()
    found: dict[str, list[str]] = {}
    for address, unit in dict(rows).items():
        found.setdefault(unit, []).append(address)
    return found


def undeliverable(session: Session) -> dict[str, str]:
    """Addresses that bounced, with the reason."""
    return {row.address: row.undeliverable for row in session.exec(select(ContactRow))}


def mark_undeliverable(session: Session, address: str, why: str, at: datetime) -> None:
    """Note that letters to this address come back."""
    row = session.get(ContactRow, address) or ContactRow(address=address, undeliverable=why, since=at)
    row.undeliverable, row.since = why, max(at, row.since)
    session.add(row)


def clear_undeliverable(session: Session, address: str, received_at: datetime) -> None:
    """A letter came from this address after the bounce: it is in use again."""
    row = session.get(ContactRow, address)
    if row is not None and row.since < received_at:
        session.delete(row)


def first_and_last(session: Session, notice: str) -> dict[str, tuple[datetime, datetime]]:
    """Time of the first and of the newest counted mail, by unit code."""
    times = (func.min(MailRow.received_at), func.max(MailRow.received_at))
    counted = (MailRow.notice == notice, MailRow.state == "processed")
    own = session.exec(
        select(MailRow.unit, *times).where(*counted, col(MailRow.unit).is_not(None)).group_by(col(MailRow.unit))
    ).all()
    shared = session.exec(
        select(PieceRow.unit, *times)
        .join(MailRow, col(MailRow.id) == col(PieceRow.mail_id))
        .where(*counted, col(PieceRow.unit).is_not(None), col(PieceRow.notice).is_(None))
        .group_by(col(PieceRow.unit))
    ).all()
    also = session.exec(
        select(AlsoRow.unit, *times)
        .join(MailRow, col(MailRow.id) == col(AlsoRow.mail_id))
        .where(AlsoRow.notice == notice, MailRow.state == "processed")
        .group_by(col(AlsoRow.unit))
    ).all()
    found: dict[str, tuple[datetime, datetime]] = {}
    for unit, first, last in (*own, *shared, *also):
        if unit is not None:
            before = found.get(unit, (first, last))
            found[unit] = (min(first, before[0]), max(last, before[1]))
    return found


def letters_sent(session: Session, notice: str) -> dict[str, tuple[int, list[datetime]]]:
    """Number of replies and times of reminders that left, by unit code."""
    rows = session.exec(
        select(LetterRow.unit, LetterRow.kind, LetterRow.sent_at)
        .where(LetterRow.notice == notice, LetterRow.state == "sent")
        .order_by(col(LetterRow.sent_at))
    ).all()
    result: dict[str, tuple[int, list[datetime]]] = {}
    for unit, kind, sent_at in rows:
        if unit is None or sent_at is None:
            continue
        replies, reminders = result.get(unit, (0, []))
        if kind == "reminder":
            reminders.append(sent_at)
        else:
            replies += 1
        result[unit] = (replies, reminders)
    return result


def fact(session: Session, key: str, default: str) -> str:
    """A fact about the data folder; written down on first asking, so that it stays what it was."""
    row = session.get(MetaRow, key)
    if row is None:
        row = MetaRow(key=key, value=default)
        session.add(row)
        session.flush()
    return row.value


def known_fact(session: Session, key: str) -> str | None:
    """A fact about the data folder, None when it was never written down."""
    return session.exec(_FACT, params={"key": key}).first()


def facts(session: Session, prefix: str) -> dict[str, str]:
    """Every fact about the data folder whose key begins so."""
    return dict(session.exec(_FACTS, params={"prefix": prefix, "length": len(prefix)}).all())


def set_fact(session: Session, key: str, value: str) -> None:
    """Write a fact about the data folder."""
    row = session.get(MetaRow, key) or MetaRow(key=key, value=value)
    row.value = value
    session.add(row)


def drop_fact(session: Session, key: str) -> None:
    """Forget a fact about the data folder."""
    row = session.get(MetaRow, key)
    if row is not None:
        session.delete(row)


def instance(session: Session) -> str:
    """The random name of this data folder; it marks our letters so that we never answer ourselves."""
    return fact(session, "instance", secrets.token_hex(8))
