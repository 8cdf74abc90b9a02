"""Letters whose sending was interrupted: they went out or did not, and the copy in our own mailbox tells which.

It is looked up by the Message-ID. Only when the copy is not there after a wait is the letter sent again, under the
same Message-ID.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from imapclient import IMAPClient

from intake.mail.copies import carried
from intake.office import Office
from intake.post import TRIES, record
from storage import inbox, outbox
from storage.tables import LetterRow

BLIND_TRIES = 3
"""Most tries of a letter without copies: each may have arrived, and nobody shall get it for days on end."""
UNKNOWN = "；没有密送副本（smtp.copy_to_self），不知是否已送达"


def wait_for(seconds: float, stop: Callable[[], bool]) -> bool:
    """Sleep, looking at `stop` often; False when we were told to stop before the time was over."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if stop():
            return False
        time.sleep(min(left, 0.2))
    return not stop()


def resolve(
    office: Office, client: IMAPClient | None, now: datetime, *, stop: Callable[[], bool] = lambda: False
) -> None:
    """Find out what became of letters whose sending was interrupted. Needs the mailbox when copies are kept.

    One whose copy is not there stays `sending` until it is due again, so that a slow copy has that time too.
    """
    with office.database.reading() as session:
        letters = outbox.unfinished(session)
    copies = office.config.smtp.copy_to_self
    for letter in letters:
        with office.database.reading() as session:
            known = inbox.has_message_id(session, letter.message_id)
        if known:  # the copy came in earlier, wherever it lies now
            record(office, letter, state="sent", now=letter.tried_at or now)
            continue
        if copies and client is None:
            continue  # without the mailbox nobody can tell; better late than twice
        if letter.due <= now and not _waited(office, letter, now, stop):
            return
        if copies and client is not None and carried(client, office.config.imap.folder, letter.message_id):
            record(office, letter, state="sent", now=letter.tried_at or now)
        elif letter.due <= now:
            _again(office, letter, blind=not copies)


def _waited(office: Office, letter: LetterRow, now: datetime, stop: Callable[[], bool]) -> bool:
    """Give the copy of a letter the time to arrive; False when we were told to stop meanwhile."""
    wait = timedelta(seconds=office.config.smtp.lookup_after_seconds)
    left = wait - max(now - (letter.tried_at or now), timedelta())
    return wait_for(left.total_seconds(), stop)


def _again(office: Office, letter: LetterRow, *, blind: bool) -> None:
    """It did not go out, or nobody can know: it is due again, until it was tried too often."""
    met_fault = letter.last_error != ""  # else we were killed, which says nothing about server and letter
    with office.database.writing() as session:
        row = session.get_one(LetterRow, letter.id)
        row.state = "waiting"
        if met_fault and letter.attempts >= (BLIND_TRIES if blind else TRIES):
            row.state, row.last_error = "failed", f"{letter.last_error}{UNKNOWN if blind else ''}"
        session.add(row)
