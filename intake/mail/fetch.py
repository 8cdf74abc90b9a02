"""Fetching: every mail of the folder becomes ours, once, and nothing on the server changes.

Raw bytes are streamed to disk in partial fetches (`intake.mail.download`), made durable under
their digest, and only then entered in the ledger. Identity on the server is account + folder +
UIDVALIDITY + UID; the digest of the bytes is the second line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from intake.mail import copies
from intake.mail.arrival import Batch, Listed
from intake.mail.download import Download, Gone, Stopped, Withheld
from intake.mail.imap import examine, hang_up
from intake.mail.keep import Store, arrive
from intake.mail.wire import understood
from storage import inbox
from storage.database import Database
from storage.errors import Temporary
from storage.tables import MailboxRow

log = structlog.get_logger()

LISTED = 200
"""Mails whose size and date are asked for in one command."""
MOST_WITHHELD = 20
"""After so many mails in a row that the server does not hand out, it is the server and not the mails."""


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll brought."""

    mailbox: str
    new: int
    """Mails that are ours since this poll."""
    on_server: int
    complete: bool
    """False when the poll was told to stop before it was through."""
    withheld: int = 0
    """Mails that the server has and does not hand out; each poll asks for them again."""


def poll(
    client: IMAPClient,
    account: str,
    folder: str,
    store: Store,
    now: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Polled:
    """Bring the ledger up to the server. One round trip when there is nothing new, however large the mailbox."""
    unchanged = _unchanged(client, account, folder, store, now)
    if unchanged is not None:
        return Polled(f"{account}/{folder}", 0, unchanged, complete=True)
    answer = examine(client, folder)
    validity, exists, uidnext = answer[b"UIDVALIDITY"], answer[b"EXISTS"], answer.get(b"UIDNEXT")
    with store.database.writing() as session:
        mailbox = inbox.open_mailbox(session, account, folder, validity)
        assert mailbox.id is not None  # noqa: S101  # a flushed row has its key
        present = inbox.present_count(session, mailbox.id)
        # mails were withheld then, or on their way when we were killed; what was removed since may make up for them
        lacking = mailbox.on_server != present
        mailbox.on_server, mailbox.polled_at = exists, now()
        # UIDNEXT never falls (RFC 3501, 2.3.1.1) unless the server was set back: UIDs may mean other mails now
        set_back = uidnext is not None and uidnext < mailbox.next_uid
        moved = (mailbox.next_uid == 1 and mailbox.id != 1) or set_back
    wanted = [] if set_back else _new_uids(client, mailbox, uidnext)
    if set_back or lacking or exists != present + len(wanted):
        wanted = _reconcile(client, store.database, mailbox.id, trust_known=not set_back)
    gone = withheld = in_a_row = 0
    stopped = False
    download = Download(client, stop)
    with Batch(store, mailbox, now, lambda done: progress(done, len(wanted))) as batch:
        for mail, then in _list(client, wanted, with_message_id=moved, now=now):
            stopped = stopped or stop()
            if stopped:
                break
            try:
                if not batch.is_known(mail):
                    batch.add(mail, arrive(download.body(mail.uid, mail.size, then), store))
                in_a_row = 0
            except Gone:
                gone += 1
            except Withheld as error:
                withheld, in_a_row = withheld + 1, in_a_row + 1
                log.warning("mail withheld", uid=mail.uid, why=str(error))
                if in_a_row >= MOST_WITHHELD:
                    raise Temporary(f"收件服务器不交出邮件（{error}）。稍后会自动重试。") from error
            except Stopped:
                stopped = True
                break
    if stopped:
        hang_up(client)  # a piece may be on its way still, over a slow line
        return Polled(f"{account}/{folder}", batch.new, exists, complete=False)
    download.rest()
    with store.database.writing() as session:
        row = session.get_one(MailboxRow, mailbox.id)
        row.next_uid = max(1 if set_back else row.next_uid, uidnext or 1, *(uid + 1 for uid in wanted[-1:]))
        row.on_server = exists - (len(wanted) - batch.done - withheld)
        session.add(row)
    return Polled(f"{account}/{folder}", batch.new, exists - gone, complete=True, withheld=withheld)


def _unchanged(client: IMAPClient, account: str, folder: str, store: Store, now: Callable[[], datetime]) -> int | None:
    """How many mails lie there, when STATUS (RFC 3501, 6.3.10) tells just what the ledger holds; else None.

    To open a large folder costs many servers far more, and it is done whenever the answer differs or lacks something.
    """
    try:
        with understood():
            told = client.folder_status(folder, ["MESSAGES", "UIDNEXT", "UIDVALIDITY"])
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        return None  # opening it will say why
    validity, next_uid, exists = (told.get(name) for name in (b"UIDVALIDITY", b"UIDNEXT", b"MESSAGES"))
    if not validity or not next_uid or exists is None:
        return None
    with store.database.writing() as session:
        mailbox = inbox.known_mailbox(session, account, folder, validity)
        if mailbox is None or not mailbox.current or mailbox.next_uid != next_uid:
            return None
        if not inbox.present_count(session, mailbox.id or 0) == mailbox.on_server == exists:
            return None
        mailbox.on_server, mailbox.polled_at = exists, now()
    return int(exists)


@understood()
def _new_uids(client: IMAPClient, mailbox: MailboxRow, uidnext: int | None) -> list[int]:
    if uidnext is not None and uidnext <= mailbox.next_uid:
        return []
    # `n:*` always names the last mail, even when its UID is below n (RFC 3501, 6.4.8)
    found = client.search(["UID", f"{mailbox.next_uid}:*"])
    return sorted({uid for uid in found if uid >= mailbox.next_uid})


def _reconcile(client: IMAPClient, database: Database, mailbox_id: int, *, trust_known: bool) -> list[int]:
    """The counts disagree: compare UID by UID, note removals, and return all UIDs that are not ours yet.

    All of them, where a UID that is known may mean another mail now.
    """
    with understood():
        on_server = set(client.search(["ALL"]))
    with database.writing() as session:
        known = inbox.known_uids(session, mailbox_id)
        inbox.mark_present(session, mailbox_id, on_server)
    return sorted(on_server - known if trust_known else on_server)


def _list(
    client: IMAPClient, uids: list[int], *, with_message_id: bool, now: Callable[[], datetime]
) -> Iterator[tuple[Listed, int | None]]:
    """Size and INTERNALDATE first; what the server leaves out of its answer has been removed meanwhile.

    With each the UID after it, as far as that is sure to be fetched before the server is asked anything else.
    """
    items = ["RFC822.SIZE", "INTERNALDATE", *([copies.MESSAGE_ID] if with_message_id else [])]
    for start in range(0, len(uids), LISTED):
        listed = _listed(client, uids[start : start + LISTED], items, now)
        following = [None if with_message_id else mail.uid for mail in listed[1:]]
        yield from zip(listed, [*following, None], strict=False)


@understood()
def _listed(client: IMAPClient, uids: list[int], items: list[str], now: Callable[[], datetime]) -> list[Listed]:
    answer: dict[int, dict[bytes, Any]] = client.fetch(uids, items)
    found = []
    for uid in uids:
        if uid in answer:
            received = answer[uid].get(b"INTERNALDATE")
            found.append(
                Listed(
                    uid=uid,
                    size=int(answer[uid].get(b"RFC822.SIZE", 0)),
                    received_at=received.astimezone(UTC) if isinstance(received, datetime) else now(),
                    message_id=copies.message_id_of(answer[uid]),
                )
            )
    return found
