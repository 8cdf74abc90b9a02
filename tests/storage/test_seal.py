"""A sealed database file is compared byte by byte; the seal is broken by whoever writes, and put on by the last one."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import board
from storage.database import Database, open_database
from storage.errors import Temporary
from storage.seal import Seal

NOW = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)


def opened(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'x.db'}", NOW, folder / "journal.jsonl")


def test_it_is_broken_before_the_file_changes_and_put_on_by_the_last(tmp_path: Path) -> None:
    seal = Seal(tmp_path / "x.db")
    first = opened(tmp_path)
    assert seal.holds() is None
    second = opened(tmp_path)
    first.close()
    with second.writing() as session:
        board.set_fact(session, "a", "b")
    assert seal.holds() is None
    second.close()
    assert seal.holds() is True
    third = opened(tmp_path)
    with third.writing():
        assert seal.holds() is True  # nothing was written
    third.close()
    assert seal.holds() is True


def test_one_changed_byte_is_told_and_a_torn_seal_is_none(tmp_path: Path) -> None:
    opened(tmp_path).close()
    file, beside = tmp_path / "x.db", tmp_path / "x.db-seal"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(Temporary, match="shouqi rebuild"):
        opened(tmp_path)
    beside.write_text(beside.read_text("ascii")[:-3], "ascii")
    opened(tmp_path).close()
    assert Seal(file).holds() is True


def test_another_process_that_closes_leaves_our_log_to_us(tmp_path: Path) -> None:
    opened(tmp_path).close()
    ours = opened(tmp_path)
    with ours.writing() as session:
        board.set_fact(session, "a", "b")
    log = (tmp_path / "x.db-wal").stat()
    look = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM meta').fetchall(); c.close()"
    )
    subprocess.run([sys.executable, "-c", look, str(tmp_path / "x.db")], check=True)
    assert (tmp_path / "x.db-wal").stat().st_ino == log.st_ino
    ours.close()
    assert Seal(tmp_path / "x.db").holds() is True
