"""Database and journal, opened together: what a crash left is settled, an older database never taken for whole."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from storage import inbox, outbox
from storage.changes import Changes, all_rows
from storage.database import Database, open_database
from storage.errors import Temporary
from storage.journal import Journal
from storage.tables import DecisionRow, LetterRow

NOW = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)


def opened(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'x.db'}", NOW, folder / "journal.jsonl")


def held(base: Database) -> Changes:
    with base.reading() as session:
        return {row: columns for one in all_rows(session) for row, columns in one.items()}


def decide(base: Database, note: str) -> None:
    with base.writing() as session:
        session.add(DecisionRow(at=NOW, kind="accept", note=note))


def letter(base: Database, state: str) -> None:
    with base.writing() as session:
        row = session.exec(select(LetterRow)).first()
        if row is None:
            outbox.enqueue(
                session,
                LetterRow(key="k", kind="reply", message_id="<1@x>", to="u@x", subject="s", raw="b" * 64,
                          created_at=NOW, due=NOW, state=state),
            )  # fmt: skip
        else:
            row.state, row.tried_at = state, NOW


def kept(folder: Path) -> Path:
    """The database as of now, set by; what is written afterwards is lost with it."""
    base = opened(folder)
    base.settle_down()
    base.close()
    return Path(shutil.copy(folder / "x.db", folder / "before.db"))


def lose(folder: Path, before: Path) -> None:
    """Put the database of that moment back; as after a crash it is not sealed."""
    shutil.copy(before, folder / "x.db")
    (folder / "x.db-seal").unlink(missing_ok=True)


def agree(folder: Path) -> Changes:
    """What both tell when they are opened."""
    base = opened(folder)
    told = held(base)
    base.close()
    assert Journal(folder / "journal.jsonl").read() == told
    return told


def test_a_line_whose_commit_never_came_is_taken_back(tmp_path: Path) -> None:
    before = kept(tmp_path)
    base = opened(tmp_path)
    decide(base, "一")
    base.close()
    lose(tmp_path, before)
    assert not [row for row in agree(tmp_path) if row[0] == "decision"]
    base = opened(tmp_path)
    decide(base, "二")
    base.close()
    assert [row["note"] for (table, _), row in agree(tmp_path).items() if table == "decision" and row] == ["二"]


def test_a_letter_that_may_be_on_its_way_stays_so(tmp_path: Path) -> None:
    base = opened(tmp_path)
    letter(base, "waiting")
    base.close()
    before = kept(tmp_path)
    base = opened(tmp_path)
    letter(base, "sending")
    base.close()
    lose(tmp_path, before)
    agree(tmp_path)
    base = opened(tmp_path)
    with base.reading() as session:
        row = session.exec(select(LetterRow)).one()
    assert (row.state, row.tried_at) == ("sending", NOW)
    base.close()


def test_an_older_database_is_refused(tmp_path: Path) -> None:
    before = kept(tmp_path)
    base = opened(tmp_path)
    decide(base, "一")
    decide(base, "二")
    base.close()
    lose(tmp_path, before)
    for _ in range(2):
        with pytest.raises(Temporary, match="shouqi rebuild"):
            opened(tmp_path)
    assert len([row for row in Journal(tmp_path / "journal.jsonl").read() if row[0] == "decision"]) == 2


def test_a_write_ahead_log_that_is_gone_is_found_out(tmp_path: Path) -> None:
    kept(tmp_path)
    base = opened(tmp_path)
    decide(base, "一")
    decide(base, "二")
    shutil.copytree(tmp_path, tmp_path / "killed")  # as the files lie when the program is killed
    base.close()
    agree(tmp_path / "killed")
    lose(tmp_path / "killed", tmp_path / "before.db")
    with pytest.raises(Temporary, match="-wal"):
        opened(tmp_path / "killed")


def test_a_journal_that_lost_its_last_lines_begins_anew_with_everything(tmp_path: Path) -> None:
    base, path = opened(tmp_path), tmp_path / "journal.jsonl"
    with base.writing() as session:
        inbox.own(session, sha256="a" * 64, size=1, received_at=NOW, kept_at=NOW)
    decide(base, "一")
    before = held(base)
    base.close()
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    assert agree(tmp_path) == before
    assert (tmp_path / "journal-20221008-010000.jsonl").exists()


def test_a_journal_that_had_just_begun_is_taken_up(tmp_path: Path) -> None:
    base = opened(tmp_path)
    decide(base, "一")
    base.close()
    before = kept(tmp_path)
    (tmp_path / "journal.jsonl").write_bytes(b"")  # so it begins anew
    opened(tmp_path).close()
    name = Journal(tmp_path / "journal.jsonl").head()["name"]
    lose(tmp_path, before)
    agree(tmp_path)
    assert Journal(tmp_path / "journal.jsonl").head()["name"] == name
    base = opened(tmp_path)
    decide(base, "二")
    base.close()
    lose(tmp_path, before)
    with pytest.raises(Temporary, match="不是一对"):
        opened(tmp_path)
