"""Structured logs for the maintainer: one JSON line an event, rotated, never a mail body, never a secret."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog

from storage.durable import make_folder

MAX_BYTES = 10_000_000
KEPT = 20


def silence() -> None:
    """Until a log file is open nothing is logged: structlog's default prints on stdout, which belongs to results."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), cache_logger_on_first_use=False)


def start_logging(folder: Path) -> None:
    """Write the log into `folder`. Warnings of libraries go there too, below that they stay silent."""
    make_folder(folder)
    handler = RotatingFileHandler(folder / "shouqi.log", maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(message)s"))
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, RotatingFileHandler)]:
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
