"""A consistent copy of the database while others use it: what a rehearsal may change without touching anything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.errors import Refused


def copy_database(url: str, target: Path) -> str:
    """Copy into the file `target`; returns its address. Refused for a database that is not SQLite."""
    if not url.startswith("sqlite:///"):
        raise Refused("演练需要复制一份数据库，目前只支持 SQLite。请用数据库自带的工具复制后，以另一份配置演练。")
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return f"sqlite:///{target.as_posix()}"
