"""Mails that come in together: they are made durable together, and only then entered in the ledger, in one commit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from intake.mail.keep import Arrived, Store, keep
from storage import inbox
from storage.arrivals import Arrival, locate, own_all
from storage.tables import MailboxRow

BATCH, BATCH_SECONDS = 100, 2.0
"""When mails that arrived become ours: so many, or so long after the first of them."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One mail on the server, before its body was fetched."""

    uid: int
    size: int
    received_at: datetime
    message_id: str


class Batch:
    """Mails that arrived and become ours together: durable first, then in the ledger, in one transaction.

    They do so when they are many, when the first has waited, and when the block ends, by an error too.
    """

    def __init__(
        self, store: Store, mailbox: MailboxRow, now: Callable[[], datetime], progress: Callable[[int], None]
    ) -> None:
        self._store, self._mailbox, self._now, self._progress = store, mailbox, now, progress
        self._waiting: list[tuple[Listed, Arrived]] = []
        self._since = 0.0
        self.new = self.done = 0
        """Mails that were not known before; all that are through."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._settle()

    def is_known(self, mail: Listed) -> bool:
        """True for one that is ours already and only lies at another place, which is noted."""
        if not mail.message_id:
            return False
        with self._store.database.writing() as session:
            same = inbox.find_same(session, mail.message_id, mail.size, mail.received_at)
            if same is not None:
                locate(session, self._mailbox, {mail.uid: same})
                self.done += 1
            return same is not None

    def add(self, mail: Listed, arrived: Arrived) -> None:
        """One more mail."""
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append((mail, arrived))
        self._progress(self.done + len(self._waiting))
        if len(self._waiting) >= BATCH or time.monotonic() - self._since >= BATCH_SECONDS:
            self._settle()

    def _settle(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        keep([arrived for _, arrived in waiting], self._store)
        entries = [Arrival(mail.uid, one.digest, one.size, mail.received_at) for mail, one in waiting]
        with self._store.database.writing() as session:
            new = own_all(session, self._mailbox, entries, self._now())
        self.new, self.done = self.new + new, self.done + len(waiting)
