"""The line, from raw bytes to verdict and letter: read this file first.

    fetch → keep the raw bytes → COMMIT: it is ours            intake.mail.fetch
    → parse, and read every attachment, in a child process     intake.sandbox
    → which notice, which unit, may we reply?                  intake.take
    → COMMIT: pieces, the mail's state, "this unit wants a new verdict"
    → judge everything the unit has sent so far, compose       intake.settle
    → COMMIT: verdict and outgoing letter together
    → send → tracker                                           intake.post, intake.tracker

Every step can be run again after a crash: a mail stays `received` until it is taken, a unit stays
dirty until it is settled. A notice that is another than at the last run makes all its units dirty
(`intake.amending`). Several mails of one unit are judged once, so the cost does not grow with
the square of what a unit sends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from intake.amending import note_versions
from intake.newcomers import take_again
from intake.office import Office
from intake.rosters import note_rosters
from intake.sandbox import Job, Sandbox
from intake.settle import settle_safely
from intake.take import Taken, take_safely
from storage import board, inbox
from storage.tables import MailRow

BATCH = 200
"""Mails looked up at once."""
TOGETHER = 20
"""Units settled in one transaction."""


def process(
    office: Office,
    sandbox: Sandbox,
    now: datetime,
    *,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Taken]:
    """Bring everything that is ours to its conclusion. Returns what became of each mail, in order of arrival."""
    note_versions(office, now)
    note_rosters(office, now)
    take_again(office)
    taken: list[Taken] = []
    for mails in _waiting(office):
        by_key = {mail.sha256: mail for mail in mails}
        jobs = [
            Job(key, office.blobs.path(key), office.spool / key, None if mail.imported else mail.received_at)
            for key, mail in by_key.items()
        ]
        for ready in sandbox.understand_ready(jobs):
            with office.database.together():  # what is ready at once costs the disk one promise
                for job, understood in ready:
                    taken.append(take_safely(office, by_key[job.key], understood, job.spool, now))
                    progress(len(taken))
                    if stop():
                        return taken
    sandbox.rest()
    with office.database.reading() as session:
        dirty = board.dirty_units(session)
    for start in range(0, len(dirty), TOGETHER):
        with office.database.together():
            for notice, unit in dirty[start : start + TOGETHER]:
                if notice in office.campaigns and unit in office.campaigns[notice].units:
                    settle_safely(office, office.campaigns[notice], unit, now)
    return taken


def _waiting(office: Office) -> Iterator[list[MailRow]]:
    """Pages of mails that are ours but not processed, oldest first; a mail that stays behind is passed once."""
    after = None
    while True:
        with office.database.reading() as session:
            mails = list(inbox.waiting_mails(session, BATCH, after))
        if not mails:
            return
        yield mails
        last = mails[-1]
        assert last.id is not None  # noqa: S101  # a stored row has its key
        after = (last.received_at, last.id)
