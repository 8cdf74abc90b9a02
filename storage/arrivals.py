"""Mails that were kept durably become ours: many at once, by a handful of statements however many they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table
from sqlmodel import Session, col, select

from storage.changes import enter
from storage.tables import LocationRow, MailboxRow, MailRow

MAILS: Table = MailRow.__table__  # type: ignore[attr-defined]  # sqlmodel does not declare it
LOCATIONS: Table = LocationRow.__table__  # type: ignore[attr-defined]  # same


@dataclass(frozen=True, slots=True)
class Arrival:
    """One mail whose bytes are durable, and where it lies on the server."""

    uid: int
    sha256: str
    size: int
    received_at: datetime


def own_all(session: Session, mailbox: MailboxRow, arrivals: Sequence[Arrival], kept_at: datetime) -> int:
    """Enter the mails and where they lie, and that the mailbox was read up to there; returns how many were new.

    The same bytes are entered once, here and over time. A UID that was known means this mail now.
    """
    first: dict[str, Arrival] = {}
    for one in arrivals:
        first.setdefault(one.sha256, one)
    known = _ids(session, first)
    fresh = [one for digest, one in first.items() if digest not in known]
    rows = [
        {"sha256": one.sha256, "size": one.size, "received_at": one.received_at, "kept_at": kept_at} for one in fresh
    ]
    entered = [one.sha256 for one in fresh]
    enter(session, MAILS, rows, MAILS.c.sha256.in_(entered))
    known |= _ids(session, entered)
    locate(session, mailbox, {one.uid: known[one.sha256] for one in arrivals})
    return len(fresh)


def _ids(session: Session, digests: Iterable[str]) -> dict[str, int]:
    found = session.exec(select(MailRow.sha256, MailRow.id).where(col(MailRow.sha256).in_(list(digests))))
    return {digest: id for digest, id in found if id is not None}


def locate(session: Session, mailbox: MailboxRow, mails: dict[int, int]) -> None:
    """Note where mails lie, as their ids by UID, and that the mailbox was read up to there."""
    lying = (LocationRow.mailbox_id == mailbox.id, col(LocationRow.uid).in_(list(mails)))
    mailbox.next_uid = max(mailbox.next_uid, *(uid + 1 for uid in mails))
    session.add(mailbox)
    fresh = dict(mails)
    for row in session.exec(select(LocationRow).where(*lying)):
        row.mail_id, row.present = fresh.pop(row.uid), True  # the UID means this mail now
        session.add(row)
    rows = [{"mailbox_id": mailbox.id, "uid": uid, "mail_id": mail_id} for uid, mail_id in fresh.items()]
    enter(session, LOCATIONS, rows, (LOCATIONS.c.mailbox_id == mailbox.id) & LOCATIONS.c.uid.in_(list(fresh)))
