"""What the service leaves for those who look after the machine, at the end of each cycle: figures, and tidy logs.

The figures are in the text format of Prometheus, as the textfile collector of its node_exporter takes them. What is
counted is counted by the database, so that a cycle with nothing new stays cheap.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import datetime

import structlog
from sqlmodel import Session, func, select

from intake import __version__
from intake.logs import tidy_logs
from intake.office import Office
from intake.reports import disk
from intake.reports.alarms import ringing
from intake.reports.watch import free_room
from storage.tables import LETTER_STATES, MAIL_STATES, BoardRow, LetterRow, MailboxRow, MailRow

log = structlog.get_logger()

Samples = Mapping[str, float]
"""Values by labels as they stand in the file: `{state="held"}`, "" for none."""


def upkeep(office: Office, now: datetime, seconds: float) -> None:
    """Write `metrics.prom` and tidy the logs. A disk that does not take it hinders no mail.

    `seconds`: how long the cycle took.
    """
    file = office.data_dir / "metrics.prom"
    aside = file.with_name(f".{file.name}")
    try:
        with office.database.reading() as session:
            aside.write_text("".join(_lines(office, session, now, seconds)), "utf-8")
        aside.replace(file)
        tidy_logs(office.config.logs_folder, now, office.config.logs.keep_days)
    except OSError as error:
        log.warning("upkeep not possible", why=str(error))


def _lines(office: Office, session: Session, now: datetime, seconds: float) -> Iterator[str]:
    for name, told, samples in _figures(office, session, now, seconds):
        yield f"# HELP shouqi_{name} {told}\n# TYPE shouqi_{name} gauge\n"
        yield from (f"shouqi_{name}{labels} {value:.17g}\n" for labels, value in samples.items())


def _figures(office: Office, session: Session, now: datetime, seconds: float) -> Iterator[tuple[str, str, Samples]]:
    free = free_room(office.data_dir)
    found = disk.forecast(disk.looks(session), free)
    days = found.days_left if found is not None else None
    polled = session.exec(select(func.max(MailboxRow.polled_at))).one()
    mails = dict(session.exec(select(MailRow.state, func.count()).group_by(MailRow.state)).all())
    letters = dict(session.exec(select(LetterRow.state, func.count()).group_by(LetterRow.state)).all())
    errors = session.exec(select(func.count()).where(BoardRow.error != "")).one()
    alarms = ringing(session)
    yield "info", "Version of the program.", {f'{{version="{__version__}"}}': 1}
    yield "mails", "Mails in the ledger by state.", _by("state", MAIL_STATES, mails)
    yield "letters", "Letters by state.", _by("state", LETTER_STATES, letters)
    waits = {
        "held": mails.get("held", 0),
        "stuck": mails.get("stuck", 0) + errors,
        "approval": letters.get("approval", 0),
        "failed": letters.get("failed", 0),
    }
    yield (
        "todo",
        "Mails and letters that wait for a person, by kind; questions and doubts are in the tracker.",
        _by("kind", tuple(waits), waits),
    )
    yield "alarms", "Alarms that are on, by key.", {f'{{key="{key}"}}': 1 for key in alarms} or {'{key=""}': 0}
    if polled is not None:
        yield "last_poll_timestamp_seconds", "When the mailbox was last read through.", {"": polled.timestamp()}
        yield (
            "last_poll_age_seconds",
            "How long ago that was at the end of the cycle.",
            {"": (now - polled).total_seconds()},
        )
    yield "last_cycle_timestamp_seconds", "When the last cycle began.", {"": now.timestamp()}
    yield "cycle_seconds", "How long it took.", {"": seconds}
    yield "process_cpu_seconds", "Processor time of the program itself.", {"": time.process_time()}
    yield "disk_free_bytes", "Free room on the disk of the data folder.", {"": free}
    if days is not None:
        yield "disk_days_left", "Days until that disk is full, at the pace of the last weeks.", {"": days}


def _by(label: str, known: tuple[str, ...], counted: Mapping[str, int]) -> Samples:
    """A value for each known word, also where there is none: a series that vanishes cannot be watched."""
    return {f'{{{label}="{word}"}}': counted.get(word, 0) for word in known}
