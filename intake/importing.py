"""`import PATH…`: mails from files, folders, mbox and Maildir, through the same line as those of the mailbox."""

from __future__ import annotations

import mailbox
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from intake.mail.fetch import CHUNK, keep_stream
from intake.office import Office
from storage import inbox

HEADERS = 256 * 1024
"""Bytes looked at to find the date of an imported mail."""


def import_paths(office: Office, paths: Iterable[Path], now: datetime, *, reply: bool) -> tuple[int, int]:
    """Keep every mail found under `paths`. Returns (new, already known). Processing is the caller's next step."""
    new = known = 0
    for received_at, pieces in _mails(paths):
        digest, size = keep_stream(pieces, office.store)
        with office.database.writing() as session:
            if inbox.find_mail(session, digest) is not None:
                known += 1
                continue
            inbox.own(session, sha256=digest, size=size, received_at=received_at, kept_at=now, imported=not reply)
            new += 1
    return new, known


def _mails(paths: Iterable[Path]) -> Iterator[tuple[datetime, Iterable[bytes]]]:
    for path in paths:
        if path.is_dir():
            yield from _mails(sorted(p for p in path.iterdir() if not p.name.startswith(".") and p.name != "tmp"))
        elif _is_mbox(path):
            yield from _mbox(path)
        else:
            yield _date(path), _pieces(path)


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _mbox(path: Path) -> Iterator[tuple[datetime, Iterable[bytes]]]:
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            with box.get_file(key) as file:
                head = BytesHeaderParser().parsebytes(file.read(HEADERS))
            with box.get_file(key) as file:
                yield (
                    _date_of(head, datetime.fromtimestamp(path.stat().st_mtime, UTC)),
                    iter(lambda file=file: file.read(CHUNK), b""),  # type: ignore[misc]  # bound per mail
                )
    finally:
        box.close()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def _date(path: Path) -> datetime:
    with path.open("rb") as file:
        head = BytesHeaderParser().parsebytes(file.read(HEADERS))
    return _date_of(head, datetime.fromtimestamp(path.stat().st_mtime, UTC))


def _date_of(head: Message, otherwise: datetime) -> datetime:
    """When it arrived: the topmost Received, else Date, else the time of the file. All UTC."""
    received = str(head.get("Received", "")).rpartition(";")[2]
    for text in (received, str(head.get("Date", ""))):
        try:
            found = parsedate_to_datetime(text.strip())
        except (ValueError, TypeError, IndexError):
            continue
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    return otherwise
