"""`import PATH…`: mails from files, folders, mbox and Maildir, through the same line as those of the mailbox."""

from __future__ import annotations

import codecs
import mailbox
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from intake.mail.download import CHUNK
from intake.mail.keep import keep_stream
from intake.mail.outlook import MAGIC, headers_of
from intake.office import Office
from storage import inbox
from storage.errors import Refused

HEADERS = 256 * 1024
"""Bytes looked at to find the date of an imported mail."""
BEGIN = re.compile(rb"\s*(?:From |[!-9;-~]+[ \t]*:)")
"""The first line of a mail, or of an mbox."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    new: int
    known: int
    """Mails that were ours already."""
    skipped: tuple[Path, ...]
    """Files in the folders that are no mails."""


def import_paths(office: Office, paths: Iterable[Path], now: datetime, *, reply: bool) -> Imported:
    """Keep every mail found under `paths`. Processing is the caller's next step.

    Refused, before anything is kept, when one of the paths themselves is no mail.
    """
    wanted = list(paths)
    for path in wanted:
        if not path.is_dir() and not is_mail(path):
            raise Refused(f"{path} 不是邮件（应为 .eml 或 .msg 原件、mbox、Maildir 或邮件文件夹）。请核对路径。")
    new = known = 0
    skipped: list[Path] = []
    for received_at, pieces in _mails(wanted, skipped):
        digest, size = keep_stream(pieces, office.store)
        with office.database.writing() as session:
            if inbox.find_mail(session, digest) is not None:
                known += 1
                continue
            inbox.own(session, sha256=digest, size=size, received_at=received_at, kept_at=now, imported=not reply)
            new += 1
    return Imported(new, known, tuple(skipped))


def is_mail(path: Path) -> bool:
    """True when the file begins as a mail does: with a header line (RFC 5322, 2.2) or the line of an mbox."""
    if not path.is_file():  # a pipe would never end
        return False
    with path.open("rb") as file:
        start = file.read(1024)
    return BEGIN.match(start.removeprefix(codecs.BOM_UTF8)) is not None or _is_outlook(path, start)


def _is_outlook(path: Path, start: bytes) -> bool:
    """A mail that somebody dragged out of Outlook."""
    return path.suffix.lower() == ".msg" and start.startswith(MAGIC)


def _mails(paths: Iterable[Path], skipped: list[Path]) -> Iterator[tuple[datetime, Iterable[bytes]]]:
    for path in paths:
        if path.is_dir():
            yield from _mails(_inside(path), skipped)
        elif not is_mail(path):
            skipped.append(path)
        elif _is_mbox(path):
            yield from _mbox(path)
        else:
            yield _date(path), _pieces(path)


def _inside(folder: Path) -> list[Path]:
    """What may hold mails in there; of a Maildir that is `cur`, `new` and its folders, not the server's own files."""
    inside = sorted(folder.iterdir())
    if (folder / "cur").is_dir() and (folder / "new").is_dir():
        return [p for p in inside if p.is_dir() and p.name != "tmp"]
    return [p for p in inside if not p.name.startswith(".")]


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
        start = file.read(HEADERS)
    head = BytesHeaderParser().parsebytes(headers_of(path) if _is_outlook(path, start) else start)
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
