"""What a database complains of, in words for people: damaged, locked, no room, another version's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, OperationalError

from storage.errors import Refused, Temporary
from storage.examine import damaged

DAMAGED = ("malformed", "not a database", "file is encrypted", "Could not decode")
"""What SQLite says of a file whose bytes are not its own."""
NO_ROOM = ("disk is full", "disk I/O error", "readonly database", "unable to open")
"""What it says when the disk does not let it write."""
LOCKED = ("is locked",)
"""What it says when another program kept its lock for longer than we wait."""
OTHER_TABLES = ("no such column", "no such table", "has no column")
"""What it says of a file whose tables are not those of this program."""


@contextmanager
def translated() -> Iterator[None]:
    """What the database complains of in the block, as errors that callers tell apart, with the remedy in Chinese."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:  # the driver's own, where it was asked without SQLAlchemy
        said = str(error.orig if isinstance(error, DatabaseError) else error)
        if any(word in said for word in DAMAGED):
            raise Temporary(damaged(said)) from error
        if any(word in said for word in NO_ROOM):
            raise Temporary(f"数据库写不进磁盘（{said}）。请检查磁盘空间和数据目录权限，稍后会自动重试。") from error
        if any(word in said for word in OTHER_TABLES):
            raise Refused(
                f"数据目录由另一版本的程序写成（{said}）。请改用那个版本，或另选 data_dir 从头开始。"
            ) from error
        if any(word in said for word in LOCKED):
            raise Temporary(
                "数据库被另一个程序锁住，等了许久仍未放开。请关闭打开着 shouqi.db 的程序（如数据库浏览器），"
                "或等正在进行的备份完成，再试一次。稍后会自动重试。"
            ) from error
        if isinstance(error, OperationalError | sqlite3.OperationalError):
            raise Temporary(f"数据库暂时不可用（{said}）。请确认没有其他程序占用，稍后会自动重试。") from error
        raise
