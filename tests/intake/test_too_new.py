"""A data folder of a newer program is refused by every command that opens it: status 2, one line, nothing changed."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from intake.demo import materials as m
from storage.tables import SCHEMA_VERSION
from tests.desk import Desk
from tests.intake.test_cli import Office

COMMANDS = (
    "run --once", "run --once --dry-run", "status", "mails", "outbox", "outbox show 1", "outbox drop 1", "tracker",
    "remind", "remind --dry-run", "report daily", "report closing", "export out", "backup b.zip", "import a.eml",
    "replay", "replay --send", "history", "resume", "assign a {unit}", "decide {unit} summary accept",
    "extend {unit} 2022-10-20", "rebuild", "doctor", "doctor --quick", "doctor --data",
)  # fmt: skip


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    with Desk(tmp_path, roster=2) as desk:
        desk.mail(desk.units[0], [m.summary(desk.units[0], 1)])
        desk.cycle()
        yield Office(desk, monkeypatch, capsys)


def make_new(folder: Path) -> dict[str, bytes]:
    """Make the data those of a program that is one schema ahead; database and journal as they are then."""
    with closing(sqlite3.connect(folder / "shouqi.db")) as base:
        base.execute("update meta set value=? where key='schema'", (str(SCHEMA_VERSION + 1),))
        base.commit()
        base.execute("pragma wal_checkpoint(truncate)")
    journal = folder / "journal.jsonl"
    _, _, rest = journal.read_bytes().partition(b"\n")
    head = json.dumps({"schema": SCHEMA_VERSION + 1}, separators=(",", ":")).encode()
    journal.write_bytes(f"{zlib.crc32(head):08x} ".encode() + head + b"\n" + rest)
    return {name: (folder / name).read_bytes() for name in ("shouqi.db", "journal.jsonl")}


def test_every_command(office: Office) -> None:
    desk, data = office.desk, office.desk.folder / "data"
    (desk.folder / "a.eml").write_bytes(b"From: a@b.example\r\nSubject: x\r\n\r\nx\r\n")
    before = make_new(data)
    for line in COMMANDS:
        done = office(*line.format(unit=desk.units[0].code).split(), "--now", desk.now.isoformat())
        assert done.status == 2, (line, done)
        said = done.out if line.startswith("doctor") else done.err
        assert "更新版本的程序" in said and "请升级程序" in said, (line, done)
        assert line.startswith("doctor") or done.err.count("\n") == 1, (line, done)
    assert {name: (data / name).read_bytes() for name in before} == before
    assert not (desk.folder / "b.zip").exists() and desk.letters == []


def test_a_journal_of_a_newer_program_alone_is_not_rebuilt_from(office: Office) -> None:
    data = office.desk.folder / "data"
    make_new(data)
    for file in data.glob("shouqi.db*"):
        file.unlink()
    done = office("rebuild", "--now", office.desk.now.isoformat())
    assert done.status == 2 and "更新版本的程序" in done.err
    shutil.rmtree(data / "spool", ignore_errors=True)
    assert not (data / "shouqi.db").exists()
