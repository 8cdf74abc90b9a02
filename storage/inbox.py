"""The ledger of mails: what was seen where, what became of it, which files it carried."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, union
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from storage.tables import AlsoRow, LocationRow, MailboxRow, MailRow, PieceRow

# asked for every mail or unit, so put together once
_PROVEN = (
    select(MailRow.id)
    .where(MailRow.proof == "pass", MailRow.trust == "registered")
    .where(
        (col(MailRow.from_address) == bindparam("address"))
        | ((col(MailRow.notice) == bindparam("notice")) & (col(MailRow.unit) == bindparam("unit")))
    )
    .limit(1)
)
_OWN = select(MailRow.id).where(MailRow.notice == bindparam("notice"), MailRow.unit == bindparam("unit"))
_SHARED = (
    select(PieceRow.mail_id)
    .join(MailRow, col(MailRow.id) == col(PieceRow.mail_id))
    .where(PieceRow.unit == bindparam("unit"), col(PieceRow.notice).is_(None), MailRow.notice == bindparam("notice"))
)
_ALSO = select(AlsoRow.mail_id).where(AlsoRow.notice == bindparam("notice"), AlsoRow.unit == bindparam("unit"))
# three look-ups in indexes; "or" in their place reads the whole ledger, 100 ms a unit at 100,000 mails
_OF_UNIT = (
    select(MailRow)
    .where(MailRow.state == "processed", col(MailRow.id).in_(union(_OWN, _SHARED, _ALSO)))
    .order_by(col(MailRow.received_at), col(MailRow.id))
)


def known_mailbox(session: Session, account: str, folder: str, uidvalidity: int) -> MailboxRow | None:
    """The row of this generation of the folder."""
    query = select(MailboxRow).where(MailboxRow.account == account, MailboxRow.folder == folder)
    return session.exec(query.where(MailboxRow.uidvalidity == uidvalidity)).first()


def open_mailbox(session: Session, account: str, folder: str, uidvalidity: int) -> MailboxRow:
    """The row of this generation of the folder; a new UIDVALIDITY starts a new one (RFC 3501, 2.3.1.1)."""
    found = known_mailbox(session, account, folder, uidvalidity)
    if found is not None and found.current:
        return found
    for old in session.exec(select(MailboxRow).where(MailboxRow.account == account, MailboxRow.folder == folder)):
        old.current = False
    if found is None:
        found = MailboxRow(account=account, folder=folder, uidvalidity=uidvalidity)
    found.current = True
    session.add(found)
    session.flush()
    return found


def known_uids(session: Session, mailbox_id: int) -> set[int]:
    """Every UID of this mailbox that is in the ledger, also those no longer on the server."""
    return set(session.exec(select(LocationRow.uid).where(LocationRow.mailbox_id == mailbox_id)).all())


def present_count(session: Session, mailbox_id: int) -> int:
    """How many ledger entries should still be on the server."""
    return session.exec(
        select(func.count()).where(LocationRow.mailbox_id == mailbox_id, col(LocationRow.present))
    ).one()


def mark_present(session: Session, mailbox_id: int, on_server: set[int]) -> None:
    """Note which mails somebody removed from the server. The mails themselves stay in the ledger."""
    for location in session.exec(select(LocationRow).where(LocationRow.mailbox_id == mailbox_id)):
        location.present = location.uid in on_server
        session.add(location)


def find_mail(session: Session, sha256: str) -> MailRow | None:
    """The mail with exactly these bytes."""
    return session.exec(select(MailRow).where(MailRow.sha256 == sha256)).first()


def has_message_id(session: Session, message_id: str) -> bool:
    """True when a mail with this Message-ID was read."""
    return session.exec(select(MailRow.id).where(MailRow.message_id == message_id)).first() is not None


def find_same(session: Session, message_id: str, size: int, received_at: datetime) -> int | None:
    """The id of the same mail although its UID changed: Message-ID, size and INTERNALDATE agree."""
    if not message_id:
        return None
    return session.exec(
        select(MailRow.id).where(
            MailRow.message_id == message_id, MailRow.size == size, MailRow.received_at == received_at
        )
    ).first()


def own(
    session: Session,
    *,
    sha256: str,
    size: int,
    received_at: datetime,
    kept_at: datetime,
    imported: bool = False,
) -> MailRow:
    """Enter a mail whose raw bytes are durably kept; the same bytes are entered once."""
    mail = find_mail(session, sha256)
    if mail is None:
        mail = MailRow(sha256=sha256, size=size, received_at=received_at, kept_at=kept_at, imported=imported)
        session.add(mail)
        session.flush()
    return mail


def waiting_mails(session: Session, limit: int, after: tuple[datetime, int] | None = None) -> Sequence[MailRow]:
    """Mails that are ours but not yet processed, oldest first; `after` pages on."""
    query = select(MailRow).where(MailRow.state == "received")
    if after is not None:
        moment, row_id = after
        query = query.where(
            (col(MailRow.received_at) > moment) | ((col(MailRow.received_at) == moment) & (col(MailRow.id) > row_id))
        )
    return session.exec(query.order_by(col(MailRow.received_at), col(MailRow.id)).limit(limit)).all()


def confirm_sender(session: Session, notice: str, unit: str, address: str) -> None:
    """What this address sent for this unit is trusted from now on, its earlier mails too."""
    query = (
        select(MailRow)
        .where(MailRow.notice == notice, MailRow.unit == unit, MailRow.from_address == address)
        .where(MailRow.state == "processed", MailRow.trust == "unknown", col(MailRow.lent).is_(False))
    )
    for mail in session.exec(query):
        mail.trust = "registered"


def was_proven(session: Session, notice: str, unit: str, address: str) -> bool:
    """Whether a mail of this address, or of the unit for that notice, was ever shown to be its sender's."""
    asked = {"notice": notice, "unit": unit, "address": address}
    return session.exec(_PROVEN, params=asked).first() is not None


def mails_of_unit(session: Session, notice: str, unit: str) -> Sequence[MailRow]:
    """The mails that count for a unit of a notice, or some file of which does, oldest first."""
    return session.exec(_OF_UNIT, params={"notice": notice, "unit": unit}).all()


def all_mails(session: Session) -> Sequence[MailRow]:
    """The whole ledger, oldest first. The bodies stay in the database until one is asked for."""
    query = select(MailRow).options(defer(MailRow.text))  # type: ignore[arg-type]  # sqlmodel types a column as its value
    return session.exec(query.order_by(col(MailRow.received_at), col(MailRow.id))).all()


def places(session: Session) -> dict[int, tuple[str, int, int]]:
    """Where each mail lies: mail id to (account/folder, uid, uidvalidity), the newest generation winning."""
    rows = session.exec(
        select(LocationRow, MailboxRow)
        .join(MailboxRow, col(MailboxRow.id) == col(LocationRow.mailbox_id))
        .order_by(col(MailboxRow.current), col(LocationRow.id).desc())
    )
    return {place.mail_id: (f"{box.account}/{box.folder}", place.uid, box.uidvalidity) for place, box in rows}


def counts(session: Session) -> list[tuple[str, int, int, int]]:
    """For each current mailbox: name, on the server, in the ledger, missing from the ledger."""
    result = []
    for mailbox in session.exec(select(MailboxRow).where(col(MailboxRow.current)).order_by(col(MailboxRow.id))):
        assert mailbox.id is not None  # noqa: S101  # a stored row has its key
        ledger = present_count(session, mailbox.id)
        missing = max(0, mailbox.on_server - ledger)
        result.append((f"{mailbox.account}/{mailbox.folder}", mailbox.on_server, ledger, missing))
    return result


def strings(value: str) -> tuple[str, ...]:
    """A JSON list of strings as it is stored in a column."""
    return tuple(json.loads(value))


def waiting_count(session: Session) -> int:
    """How many mails are ours but not yet processed."""
    return session.exec(select(func.count()).where(MailRow.state == "received")).one()


def ages(session: Session, before: datetime) -> tuple[int, int]:
    """How many mails were fetched from the mailbox, and how many of them had come before that moment."""
    fetched = select(func.count()).select_from(MailRow).where(col(MailRow.imported).is_(False))
    return session.exec(fetched).one(), session.exec(fetched.where(MailRow.received_at < before)).one()


def newest_answered_by(session: Session, letter_id: int) -> MailRow | None:
    """The newest of the mails that a letter answers."""
    query = select(MailRow).where(MailRow.letter_id == letter_id).order_by(col(MailRow.received_at).desc())
    return session.exec(query).first()
