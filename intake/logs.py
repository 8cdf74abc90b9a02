"""Structured logs for the maintainer: one JSON line an event, never a mail's words or subject, never a secret.

A file a month, which every process of the program only appends to: nothing is renamed under another's hands. Closed
months are compressed by the one that does the cycle, and kept, unless the settings say for how long.
"""

from __future__ import annotations

import gzip
import logging
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from storage.durable import make_folder, sync_file

_CLOSED = re.compile(r"shouqi-(\d{4}-\d\d)\.log(\.gz)?")
QUIET = timedelta(days=2)
"""A month is closed when nobody has written into its file for so long: a command may have begun in it."""


def silence() -> None:
    """Until a log file is open nothing is logged: structlog's default prints on stdout, which belongs to results."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), cache_logger_on_first_use=False)


class MonthlyFile(logging.FileHandler):
    """Appends to `shouqi-YYYY-MM.log` of the month (UTC) of each event."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        super().__init__(self._file(datetime.now(UTC)), encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one event, into another file when the month is another; a disk that does not take it stops nothing."""
        file = str(self._file(datetime.fromtimestamp(record.created, UTC)).absolute())
        if file != self.baseFilename:
            self.close()
            self.baseFilename, self.stream = file, None  # opened again by the next line
        try:
            super().emit(record)
        except OSError:  # the library opens the file before it minds errors
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """The terminal is for people: nothing is said there."""

    def _file(self, at: datetime) -> Path:
        return self._folder / f"shouqi-{at:%Y-%m}.log"


def start_logging(folder: Path) -> None:
    """Write the log into `folder`. Warnings of libraries go there too, below that they stay silent."""
    make_folder(folder)
    handler = MonthlyFile(folder)
    handler.setFormatter(logging.Formatter("%(message)s"))
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, MonthlyFile)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    own = logging.getLogger("shouqi")
    own.setLevel(logging.INFO)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *args: own,
        cache_logger_on_first_use=False,
    )


def tidy_logs(folder: Path, now: datetime, keep_days: int) -> None:
    """Compress the files of closed months, and delete those that ended more than `keep_days` ago; 0 keeps all."""
    for file in sorted(folder.glob("shouqi-*.log*")):
        named = _CLOSED.fullmatch(file.name)
        if named is None:
            continue
        begun = datetime.strptime(named[1], "%Y-%m").replace(tzinfo=UTC)
        ended = (begun + timedelta(days=32)).replace(day=1)
        if keep_days and now - ended > timedelta(days=keep_days):
            file.unlink()
        elif named[2] is None and now - ended > QUIET:
            _compress(file)


def _compress(file: Path) -> None:
    """`shouqi-….log` becomes `shouqi-….log.gz`, whole or not at all; what came later is added."""
    goal, aside = file.with_name(f"{file.name}.gz"), file.with_name(f".{file.name}.gz")
    try:
        with aside.open("wb") as new:
            if goal.exists():
                with goal.open("rb") as before:
                    shutil.copyfileobj(before, new)
            with file.open("rb") as source, gzip.open(new, "wb") as packed:  # many members, one stream: RFC 1952, 2.2
                shutil.copyfileobj(source, packed)
        sync_file(aside)
    except OSError:
        aside.unlink(missing_ok=True)  # on a full disk half a copy would take the room that is wanted
        raise
    aside.replace(goal)
    file.unlink()
