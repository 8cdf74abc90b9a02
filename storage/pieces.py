"""The files of mails: entered when a mail was read, looked up for a verdict, a letter or the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, func
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from storage.tables import MailRow, PieceRow

_OF_MAILS = col(PieceRow.mail_id).in_(bindparam("mails", expanding=True))
_PIECES = (
    select(PieceRow)
    .options(defer(PieceRow.facts))  # type: ignore[arg-type]  # sqlmodel types a column as its value
    .where(_OF_MAILS)
    .order_by(col(PieceRow.seq))
)
_LENGTHS = select(func.length(PieceRow.facts), PieceRow.id).where(_OF_MAILS)
_HAVING = select(PieceRow.mail_id).where(_OF_MAILS).distinct()
_AT_ONCE = 500
"""Mails asked for in one statement."""


def set_pieces(session: Session, mail_id: int, pieces: Iterable[PieceRow]) -> None:
    """Enter the files of a mail; a second reading of the same mail replaces the first."""
    before = session.exec(_PIECES, params={"mails": [mail_id]}).all()
    for old in before:
        session.delete(old)
    if before:
        session.flush()  # the new ones may have the same paths
    session.add_all(list(pieces))


def pieces_of(session: Session, mails: Sequence[MailRow]) -> dict[int, list[PieceRow]]:
    """The files of these mails, by mail, in their order within the mail, without the facts."""
    found: dict[int, list[PieceRow]] = {mail.id: [] for mail in mails if mail.id is not None}
    ids = list(found)
    for start in range(0, len(ids), _AT_ONCE):
        chunk = ids[start : start + _AT_ONCE]
        for piece in session.exec(_PIECES, params={"mails": chunk}):
            found[piece.mail_id].append(piece)
    return found


def facts_within(session: Session, mails: Iterable[int], room: int) -> dict[int, str]:
    """The facts of the files of these mails, as JSON by row id; the longest are left out beyond `room` characters."""
    ids, lengths = list(mails), list[tuple[int, int]]()
    for start in range(0, len(ids), _AT_ONCE):
        rows = session.exec(_LENGTHS, params={"mails": ids[start : start + _AT_ONCE]})
        lengths += [(length, id) for length, id in rows if id is not None]
    chosen = []
    for length, id in sorted(lengths):
        room -= length
        if room < 0:
            break
        chosen.append(id)
    return facts_of(session, chosen)


def with_files(session: Session, mails: Sequence[MailRow]) -> set[int]:
    """Those of these mails, by id, that brought a file or a link."""
    found: set[int] = set()
    for start in range(0, len(mails), _AT_ONCE):
        chunk = [mail.id for mail in mails[start : start + _AT_ONCE]]
        found.update(session.exec(_HAVING, params={"mails": chunk}))
    return found


def all_pieces(session: Session) -> dict[int, list[PieceRow]]:
    """Every file of the ledger by mail, in its order within the mail, without the facts (they can be long)."""
    found: dict[int, list[PieceRow]] = {}
    query = select(PieceRow).options(defer(PieceRow.facts))  # type: ignore[arg-type]  # sqlmodel types a column as its value
    for piece in session.exec(query.order_by(col(PieceRow.mail_id), col(PieceRow.seq))):
        found.setdefault(piece.mail_id, []).append(piece)
    return found


def link_facts(session: Session) -> dict[str, str]:
    """The facts of all cloud attachments, as JSON, by the digest of their URL."""
    return dict(session.exec(select(PieceRow.digest, PieceRow.facts).where(PieceRow.kind == "link")).all())


def facts_of(session: Session, piece_ids: Sequence[int]) -> dict[int, str]:
    """The facts of these files, as JSON, by the row's id."""
    found: dict[int, str] = {}
    for start in range(0, len(piece_ids), _AT_ONCE):
        chunk = piece_ids[start : start + _AT_ONCE]
        rows = session.exec(select(PieceRow.id, PieceRow.facts).where(col(PieceRow.id).in_(chunk)))
        found.update({id: facts for id, facts in rows if id is not None})
    return found
