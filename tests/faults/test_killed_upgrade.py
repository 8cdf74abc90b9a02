"""Killed at any statement of an upgrade: the old database is whole, and the next start finishes the upgrade.

`test_kill_commands.py` does the same at system calls, which takes strace and longer.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from storage.changes import all_rows
from storage.database import open_database
from storage.journal import Journal
from storage.tables import SCHEMA_VERSION, MetaRow
from tests.storage.schemas.make import FOLDER

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)
SOURCES = [one for one in sorted(FOLDER.glob("*.db")) if one.stem != str(SCHEMA_VERSION)]
SHORT = ("1-late", str(SCHEMA_VERSION - 1))
"""Those that `make test` looks at."""
MOST = int(os.environ.get("SHOUQI_COMMAND_POINTS", "3"))
"""Kills for each earlier schema."""
KILLED = """
import itertools, os, shutil, signal, sys
from datetime import datetime
from pathlib import Path
from sqlalchemy import Engine, event
import storage.migrate
from storage.database import open_database

source, folder, now, most = Path(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3]), int(sys.argv[4])

def upgrade(name, at):
    here = folder / name
    here.mkdir()
    shutil.copy(source, here / "shouqi.db")
    done = itertools.count(1)
    def count(*arguments):
        if next(done) == at:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    open_database(f"sqlite:///{here / 'shouqi.db'}", now, here / "journal.jsonl").close()
    event.remove(Engine, "before_cursor_execute", count)
    event.remove(Engine, "commit", count)
    return next(done) - 1

steps = upgrade("0", 0)
for n in range(most):
    at = (2 * n + 1) * steps // (2 * most) + 1
    pid = os.fork()
    if pid == 0:
        upgrade(str(at), at)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
"""


def held(session: Session) -> dict[Any, Any]:
    """All rows, without the name of the journal, which is drawn anew each time."""
    return {row: columns for one in all_rows(session) for row, columns in one.items()}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
@pytest.mark.parametrize(
    "source",
    [pytest.param(one, id=one.stem, marks=() if one.stem in SHORT else pytest.mark.long) for one in SOURCES],
)
def test_killed_at_any_statement(source: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, source, tmp_path, NOW.isoformat(), str(MOST)], check=True, cwd=ROOT)
    whole, *killed = sorted(tmp_path.iterdir(), key=lambda one: int(one.name))
    assert killed
    base = open_database(f"sqlite:///{whole / 'shouqi.db'}")
    with base.reading() as session:
        wanted = held(session)
    base.close()
    for here in killed:
        file = here / "shouqi.db"
        shutil.copytree(here, tmp_path / "looked", dirs_exist_ok=True)  # SQLite itself would tidy up
        with closing(sqlite3.connect(tmp_path / "looked" / "shouqi.db")) as old:
            assert old.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ((version,),) = old.execute("select value from meta where key='schema'")
        shutil.rmtree(tmp_path / "looked")
        base = open_database(f"sqlite:///{file}", NOW, here / "journal.jsonl")
        with base.reading() as session:
            assert session.get_one(MetaRow, "schema").value == str(SCHEMA_VERSION)
            assert held(session) == wanted, here.name
        base.close()
        assert Journal(here / "journal.jsonl").read() == wanted, here.name
        kept = list(here.glob("shouqi-schema*.db"))
        assert len(kept) == 1 or version == str(SCHEMA_VERSION), here.name
