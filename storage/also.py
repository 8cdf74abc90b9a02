"""Mails that answer several notices, or bring material of several units: which of it counts where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from storage.tables import AlsoRow, MailRow, PieceRow

# asked for every mail, so put together once
_OF_MAIL = select(AlsoRow).where(AlsoRow.mail_id == bindparam("mail"))
_FOR_UNIT = select(AlsoRow).where(AlsoRow.notice == bindparam("notice"), AlsoRow.unit == bindparam("unit"))


def set_also(session: Session, mail_id: int, rows: Iterable[AlsoRow]) -> None:
    """Enter the further notices of a mail in the place of those that were told before."""
    drop_also(session, mail_id)
    session.add_all(list(rows))


def drop_also(session: Session, mail_id: int) -> list[AlsoRow]:
    """The mail answers one notice only; returns the further ones it answered before."""
    before = list(session.exec(_OF_MAIL, params={"mail": mail_id}))
    for row in before:
        session.delete(row)
    if before:
        session.flush()
    return before


def also_for(session: Session, notice: str, unit: str) -> dict[int, AlsoRow]:
    """The mails of other notices that bring this unit's material for this one too, by mail."""
    rows = session.exec(_FOR_UNIT, params={"notice": notice, "unit": unit}).all()
    return {row.mail_id: row for row in rows}


def also_of(session: Session) -> dict[int, list[AlsoRow]]:
    """Every further notice by mail."""
    found: dict[int, list[AlsoRow]] = {}
    for row in session.exec(select(AlsoRow).order_by(col(AlsoRow.mail_id), col(AlsoRow.notice))):
        found.setdefault(row.mail_id, []).append(row)
    return found


def notice_of(session: Session, message_ids: Sequence[str]) -> str | None:
    """The notice of the first of these mails that counts for one: what a unit adds to its own earlier mail."""
    if not message_ids:
        return None
    rows = session.exec(
        select(MailRow.message_id, MailRow.notice)
        .where(col(MailRow.message_id).in_(list(message_ids)), col(MailRow.notice).is_not(None))
        .where(col(MailRow.id).not_in(select(AlsoRow.mail_id)))
    ).all()
    found = dict(rows)
    return next((found[id] for id in message_ids if id in found), None)


def unshare(session: Session, mail_id: int) -> set[tuple[str | None, str]]:
    """All files of the mail count for its own notice and unit again.

    Returns the (notice, unit) that some of them counted for; None is the notice of the mail.
    """
    found: set[tuple[str | None, str]] = {(row.notice, row.unit) for row in drop_also(session, mail_id)}
    shared = col(PieceRow.unit).is_not(None) | col(PieceRow.notice).is_not(None)
    for piece in session.exec(select(PieceRow).where(PieceRow.mail_id == mail_id, shared)):
        found.add((piece.notice, piece.unit or ""))
        piece.unit = piece.trust = piece.notice = None
        session.add(piece)
    return {(notice, unit) for notice, unit in found if unit}
