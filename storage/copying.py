"""A consistent copy of the database while others use it: for a backup, an upgrade, a rehearsal."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.durable import sync_file, sync_folder
from storage.errors import Refused

_OF_THE_DISK = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}


def copy_file(file: Path, target: Path) -> None:
    """Copy a SQLite database as of one moment. OSError about `target` when its disk does not take it."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as copy:
        try:
            source.backup(copy)
        except sqlite3.Error as error:
            number = _OF_THE_DISK.get(error.sqlite_errorcode & 0xFF)
            if number is None:
                raise
            raise OSError(number, str(error), str(target)) from error


def copy_whole(file: Path, target: Path) -> None:
    """The same, durably, and under its name only once it is whole. What an attempt left that was killed is removed."""
    half = target.with_name(f".{file.name}.copying")
    half.with_name(half.name + "-journal").unlink(missing_ok=True)
    half.unlink(missing_ok=True)
    try:
        copy_file(file, half)
        sync_file(half)
    except OSError:
        half.unlink(missing_ok=True)
        raise
    half.replace(target)
    sync_folder(target.parent)


def copy_database(url: str, target: Path) -> str:
    """Copy into the file `target`; returns its address. Refused for a database that is not SQLite."""
    if not url.startswith("sqlite:///"):
        raise Refused("演练需要复制一份数据库，目前只支持 SQLite。请用数据库自带的工具复制后，以另一份配置演练。")
    copy_file(Path(url.removeprefix("sqlite:///")), target)
    return f"sqlite:///{target.as_posix()}"
