"""The journal: every change of the database that raw mails cannot tell, as lines of a file beside it.

Each transaction is one line, `CRC32 JSON`, appended before the database commits: so the journal never knows less than
the database, and a database that is gone or damaged is made anew from it and the raw mails. JSON is a list of
`[table, primary key, changed columns]`; null instead of the columns tells that the row was deleted. What raw mails tell
(`storage.changes.DERIVED`) is left out. The first line names the schema and the journal; `["begun"]` follows the rows
it began with.

The same transaction notes in the database how far the journal reaches (`Place`). What stands beyond was not committed,
and is cut off; see `storage.paired` for what the two tell of each other when they are opened.

Lines with letters, decisions or facts are synced before the commit. Those about mails alone are not: the raw mail
itself is durable, and is found again on the server.
"""

from __future__ import annotations

import json
import os
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from storage.changes import Changes
from storage.durable import sync_folder
from storage.errors import Refused, on_disk
from storage.tables import SCHEMA_VERSION

SYNCED = ("letter", "decision", "contact", "meta")
"""Tables whose rows nothing else could tell."""
_BEGUN = ["begun"]


class Place(NamedTuple):
    """How far a journal reaches: its name and its length in bytes."""

    name: str
    end: int


class Damaged(Refused):
    """The journal cannot be relied on; says at which line."""


class Journal:
    """The file, see the module. Whoever appends holds the write lock of the database."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, changes: Changes, place: Place) -> Place:
        """Write what a transaction is about to commit behind `place`; returns the new place."""
        entries = [[table, list(key), columns] for (table, key), columns in changes.items()]
        line = _line(entries)
        with on_disk(self.path), self.path.open("r+b", buffering=0) as file:
            file.truncate(place.end)
            file.seek(place.end)
            try:
                if file.write(line) != len(line):
                    raise OSError(28, "disk full", str(self.path))
                if any(table in SYNCED for table, _ in changes):
                    os.fsync(file.fileno())
            except OSError:
                file.truncate(place.end)
                raise
        return Place(place.name, place.end + len(line))

    def cut(self, place: Place) -> None:
        """Take away what stands behind `place`: the database did not commit it."""
        with on_disk(self.path):
            os.truncate(self.path, place.end)

    def begin(self, rows: Iterator[Changes], old_name: str, before: Place | None) -> Place:
        """Start anew with all rows there are; a journal that is there already is kept under `old_name`.

        `before`: the place that the database knew until now.
        """
        aside = self.path.with_name(f".{self.path.name}.new")
        head = {"schema": SCHEMA_VERSION, "name": uuid.uuid4().hex[:12], "before": before}
        with on_disk(self.path):
            aside.unlink(missing_ok=True)
            aside.touch(mode=0o600)
            with aside.open("wb") as file:
                file.write(_line(head))
                for changes in rows:
                    file.write(_line([[table, list(key), columns] for (table, key), columns in changes.items()]))
                file.write(_line([_BEGUN]))
                file.flush()
                os.fsync(file.fileno())
                end = file.tell()
            if self.path.exists():
                self.path.replace(self.path.with_name(old_name))
            aside.replace(self.path)
            sync_folder(self.path.parent)
        return Place(str(head["name"]), end)

    def head(self) -> dict[str, Any]:
        """What the first line says: `schema`, `name`, `before`; {} when there is none that could be read."""
        try:
            with self.path.open("rb") as file:
                head = _parsed(file.readline())
        except OSError:
            return {}
        return head if isinstance(head, dict) else {}

    def whole(self) -> Place:
        """How far its whole lines reach; its name is "" when it is from before there were places."""
        with on_disk(self.path):
            end = self.path.read_bytes().rfind(b"\n") + 1
        return Place(self.head().get("name", ""), end)

    def just_begun(self) -> bool:
        """True when no transaction was written since it began."""
        marker = _line([_BEGUN])
        with on_disk(self.path), self.path.open("rb") as file:
            file.seek(-min(len(marker), file.seek(0, os.SEEK_END)), os.SEEK_END)
            return file.read() == marker

    def beyond(self, place: Place) -> list[list[Any]] | None:
        """The entries of each whole line behind `place`; None when no line ends there, or one is not as it was."""
        with on_disk(self.path), self.path.open("rb") as file:
            if place.end > file.seek(0, os.SEEK_END) or place.end < 1:
                return None
            file.seek(place.end - 1)
            if file.read(1) != b"\n":
                return None
            lines = [_parsed(line) for line in file if line.endswith(b"\n")]
        return None if None in lines else lines

    def schema(self) -> int | None:
        """By which schema it was written, None when there is none that could be read."""
        return self.head().get("schema")

    def read(self) -> Changes:
        """What all lines together say of every row. Damaged when one of them is not as it was written.

        A last line that was broken off belongs to a transaction that never was.
        """
        if self.schema() is None:
            raise Damaged(f"日志 {self.path.name} 不见了或开头已损坏。请从备份恢复。")
        found: Changes = {}
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if number == 1 or not line.endswith(b"\n"):
                    continue
                entries = _parsed(line)
                if entries is None:
                    raise Damaged(f"日志 {self.path.name} 第 {number} 行已损坏。请从备份恢复。")
                if entries == [_BEGUN]:
                    continue
                for table, key, columns in entries:
                    row = (table, tuple(key))
                    found[row] = None if columns is None else {**(found.get(row) or {}), **columns}
        return {row: columns for row, columns in found.items() if columns is not None}


def _line(content: Any) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return f"{zlib.crc32(text):08x} ".encode() + text + b"\n"


def _parsed(line: bytes) -> Any:
    """The content of a line, None when its checksum does not agree."""
    check, _, text = line.rstrip(b"\n").partition(b" ")
    return json.loads(text) if check == f"{zlib.crc32(text):08x}".encode() else None
