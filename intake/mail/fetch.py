"""Fetching: every mail of the folder becomes ours, once, and nothing on the server changes.

Raw bytes are streamed to disk in partial fetches (`BODY.PEEK[]<offset.size>`), made durable under
their digest, and only then entered in the ledger. Identity on the server is account + folder +
UIDVALIDITY + UID; the digest of the bytes is the second line.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from intake.mail import copies
from intake.mail.imap import examine
from storage import inbox
from storage.blobs import Blobs
from storage.database import Database
from storage.durable import make_folder
from storage.errors import on_disk
from storage.tables import MailboxRow

CHUNK = 1 << 20
"""Bytes asked for at once."""
LISTED = 200
"""Mails whose size and date are asked for in one command."""


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll brought."""

    mailbox: str
    new: int
    """Mails that are ours since this poll."""
    on_server: int
    complete: bool
    """False when the poll was told to stop before it was through."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One mail on the server, before its body was fetched."""

    uid: int
    size: int
    received_at: datetime
    message_id: str


@dataclass(frozen=True, slots=True)
class Store:
    """Where mails are put."""

    database: Database
    blobs: Blobs
    spool: Path


class _Gone(Exception):
    """The server no longer has this UID: somebody removed it between listing and fetching."""


class _Stopped(Exception):
    """We were told to stop in the middle of a mail; what came of it so far is thrown away."""


def poll(
    client: IMAPClient,
    account: str,
    folder: str,
    store: Store,
    now: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Polled:
    """Bring the ledger up to the server. Constant number of round trips when there is nothing new."""
    answer = examine(client, folder)
    validity, exists = int(answer[b"UIDVALIDITY"]), int(answer[b"EXISTS"])
    with store.database.writing() as session:
        mailbox = inbox.open_mailbox(session, account, folder, validity)
        mailbox.on_server, mailbox.polled_at = exists, now()
        assert mailbox.id is not None  # noqa: S101  # a flushed row has its key
        present = inbox.present_count(session, mailbox.id)
        moved = mailbox.next_uid == 1 and mailbox.id != 1
    wanted = _new_uids(client, mailbox, answer.get(b"UIDNEXT"))
    if exists != present + len(wanted):
        wanted = _reconcile(client, store.database, mailbox.id)
    new = gone = done = 0
    for mail in _list(client, wanted, with_message_id=moved, now=now):
        if stop():
            return Polled(f"{account}/{folder}", new, exists, complete=False)
        try:
            new += _take(client, mailbox, mail, store, now, stop)
        except _Gone:
            gone += 1
        except _Stopped:
            return Polled(f"{account}/{folder}", new, exists, complete=False)
        done += 1
        progress(done, len(wanted))
    with store.database.writing() as session:
        row = session.get_one(MailboxRow, mailbox.id)
        row.next_uid = max(row.next_uid, int(answer.get(b"UIDNEXT") or 1), *(uid + 1 for uid in wanted[-1:]))
        row.on_server = exists - gone - (len(wanted) - done)
        session.add(row)
    return Polled(f"{account}/{folder}", new, exists - gone, complete=True)


def _new_uids(client: IMAPClient, mailbox: MailboxRow, uidnext: int | None) -> list[int]:
    if uidnext is not None and uidnext <= mailbox.next_uid:
        return []
    # `n:*` always names the last mail, even when its UID is below n (RFC 3501, 6.4.8)
    found = client.search(["UID", f"{mailbox.next_uid}:*"])
    return sorted(uid for uid in found if uid >= mailbox.next_uid)


def _reconcile(client: IMAPClient, database: Database, mailbox_id: int) -> list[int]:
    """The counts disagree: compare UID by UID, note removals, and return all UIDs that are not ours yet."""
    on_server = set(client.search(["ALL"]))
    with database.writing() as session:
        known = inbox.known_uids(session, mailbox_id)
        inbox.mark_present(session, mailbox_id, on_server)
    return sorted(on_server - known)


def _list(
    client: IMAPClient, uids: list[int], *, with_message_id: bool, now: Callable[[], datetime]
) -> Iterator[Listed]:
    """Size and INTERNALDATE first; what the server leaves out of its answer has been removed meanwhile."""
    items = ["RFC822.SIZE", "INTERNALDATE", *([copies.MESSAGE_ID] if with_message_id else [])]
    for start in range(0, len(uids), LISTED):
        chunk = uids[start : start + LISTED]
        answer: dict[int, dict[bytes, Any]] = client.fetch(chunk, items)
        for uid in chunk:
            if uid not in answer:
                continue
            data = answer[uid]
            received = data.get(b"INTERNALDATE")
            yield Listed(
                uid=uid,
                size=int(data.get(b"RFC822.SIZE", 0)),
                received_at=received.astimezone(UTC) if isinstance(received, datetime) else now(),
                message_id=copies.message_id_of(data),
            )


def _take(
    client: IMAPClient,
    mailbox: MailboxRow,
    mail: Listed,
    store: Store,
    now: Callable[[], datetime],
    stop: Callable[[], bool],
) -> int:
    """Make one mail ours; 1 when it was not known before, 0 when only its place is new."""
    if mail.message_id:
        with store.database.writing() as session:
            same = inbox.find_same(session, mail.message_id, mail.size, mail.received_at)
            if same is not None:
                inbox.locate(session, mailbox, mail.uid, same)
                return 0
    digest, size = keep_stream(_body(client, mail.uid, stop), store)
    with store.database.writing() as session:
        before = inbox.find_mail(session, digest)
        row = before or inbox.own(session, sha256=digest, size=size, received_at=mail.received_at, kept_at=now())
        inbox.locate(session, mailbox, mail.uid, row)
    return int(before is None)


def _body(client: IMAPClient, uid: int, stop: Callable[[], bool]) -> Iterator[bytes]:
    """The raw mail in pieces of at most CHUNK bytes. The size the server announced is not relied on."""
    offset = 0
    while True:
        if offset and stop():  # a large mail over a slow line
            raise _Stopped
        answer = client.fetch([uid], [f"BODY.PEEK[]<{offset}.{CHUNK}>"])
        if uid not in answer:
            raise _Gone
        data: dict[bytes, Any] = answer[uid]
        piece = data.get(f"BODY[]<{offset}>".encode())
        if piece is None and offset == 0:
            piece = data.get(b"BODY[]")  # a server that ignores partial fetches sends everything
            if piece is not None:
                yield piece
                return
        if piece:
            yield piece
        if piece is None or len(piece) < CHUNK:
            return
        offset += len(piece)


def keep_stream(pieces: Iterable[bytes], store: Store) -> tuple[str, int]:
    """Write raw bytes aside while hashing, then durably under their digest. Returns (digest, size).

    Temporary when the disk does not take them. What goes wrong with `pieces` themselves goes through.
    """
    aside = store.spool / f"{uuid.uuid4().hex}.eml"
    digest, size = hashlib.sha256(), 0
    with on_disk(store.spool):
        make_folder(store.spool)
        file = aside.open("xb", buffering=0)
    try:
        with file:
            for piece in pieces:
                with on_disk(store.spool):
                    _write_all(file, piece)
                digest.update(piece)
                size += len(piece)
        with on_disk(store.blobs.root):
            store.blobs.keep(aside, digest.hexdigest())
    finally:
        aside.unlink(missing_ok=True)
    return digest.hexdigest(), size


def _write_all(file: RawIOBase, piece: bytes) -> None:
    """Unbuffered, so that a full disk is told here and not when the file is closed."""
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest) or 0 :]
