"""The seal of a database at rest: its size and checksum, noted beside it by the last one that closes it.

SQLite finds out when the structure of a file is damaged, not when a byte within a value has changed. A sealed file is
compared byte by byte before anything is answered from it. The seal is broken before the first commit that changes the
file; so after a crash there is none, and SQLite's own examination must do.

Whoever closes a file drops all locks that its process has on it (POSIX), those of SQLite too, and another process may
then take away the write-ahead log of a connection that is in use. So the file is closed by us only while this process
has no connection to it.
"""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path
from typing import IO

from storage.durable import sync_folder

ENDING = "-seal"
SLICE = 1 << 20


class Seal:
    """The seal of one SQLite file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._path = file.with_name(file.name + ENDING)

    def holds(self) -> bool | None:
        """True when the file is as it was sealed, False when it has changed since; None when it is not sealed.

        To be asked before this process connects to it.
        """
        said = self._said()
        if said is None:
            return None
        with self._file.open("rb") as content:
            if said == _sum(content):
                return True
        # whoever writes meanwhile breaks the seal first
        return False if self._said() == said else None

    def break_open(self) -> None:
        """Take the seal away, durably: the file is about to change."""
        if self._path.exists():
            self._path.unlink(missing_ok=True)
            sync_folder(self._path.parent)

    def put_on(self) -> None:
        """Seal the file, if nobody else is writing to it and all is in this one file.

        To be asked when this process has given back its connections.
        """
        if self._said() is not None or not self._file.is_file():
            return
        log = self._file.with_name(f"{self._file.name}-wal")
        with (
            self._file.open("rb") as content,  # closed after the connection
            closing(sqlite3.connect(self._file, timeout=0, isolation_level=None)) as connection,
        ):
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.Error:
                return  # somebody is at work, who will seal it
            # a new file that is not yet in this mode is changed by the next one to open it
            ours = connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
            if ours and (not log.exists() or not log.stat().st_size):
                aside = self._path.with_name(f".{self._path.name}.tmp")
                aside.touch(mode=0o600)
                aside.write_text(_sum(content), "ascii")
                aside.replace(self._path)

    def _said(self) -> str | None:
        try:
            said = self._path.read_text("ascii", "replace")
        except OSError:
            return None
        return said if said.endswith("\n") else None  # cut off by a power cut


def _sum(content: IO[bytes]) -> str:
    size = check = 0
    while piece := content.read(SLICE):
        check = zlib.crc32(piece, check)
        size += len(piece)
    return f"{size} {check:08x}\n"
