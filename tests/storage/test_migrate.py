"""Data folders of earlier versions are brought up to this one after a copy; no table changes without a migration."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel, create_engine, select

from storage.board import stored_outlines
from storage.changes import all_rows
from storage.database import open_database
from storage.errors import Refused
from storage.journal import Journal
from storage.tables import SCHEMA_VERSION, DecisionRow, LetterRow, MailRow, MetaRow
from tests.storage.schemas.make import FOLDER

ROOT = Path(__file__).parents[2]
NOW = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)
FILES = sorted(FOLDER.glob("*.db"))


def copied(source: Path, folder: Path) -> Path:
    return Path(shutil.copy(source, folder / "shouqi.db"))


@pytest.mark.parametrize("source", FILES, ids=lambda path: path.stem)
def test_a_database_of_any_schema_becomes_exactly_that_of_a_new_one(source: Path, tmp_path: Path) -> None:
    """Fails when a table was changed without a migration: raise SCHEMA_VERSION, add a file in
    storage/migrations/versions, and run `python -m tests.storage.schemas.make`."""
    file = copied(source, tmp_path)
    open_database(f"sqlite:///{file}", NOW).close()
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    engine.dispose()
    assert differences == []


def test_every_schema_has_a_file_and_a_migration() -> None:
    numbers = {int(re.match(r"\d+", path.stem)[0]) for path in FILES}  # type: ignore[index]  # all begin with one
    assert numbers == set(range(1, SCHEMA_VERSION + 1))
    made = sorted((ROOT / "storage" / "migrations" / "versions").glob("r*.py"))
    assert [int(path.stem[1:5]) for path in made] == list(range(1, SCHEMA_VERSION + 1))


@pytest.mark.parametrize("source", [one for one in FILES if one.stem.startswith("1")], ids=lambda path: path.stem)
def test_its_rows_stay_and_the_old_file_is_kept_with_the_date(source: Path, tmp_path: Path) -> None:
    file = copied(source, tmp_path)
    base = open_database(f"sqlite:///{file}", NOW)
    with base.reading() as session:
        assert session.get_one(MetaRow, "schema").value == str(SCHEMA_VERSION)
        assert session.exec(select(MailRow.subject)).one() == "材料"
        assert session.exec(select(LetterRow.cc)).one() == ""
        assert session.exec(select(DecisionRow)).one().note == "同意"
    base.close()
    with closing(sqlite3.connect(tmp_path / "shouqi-schema1-20221008-010000.db")) as old:
        assert old.execute("select value from meta where key='schema'").fetchone() == ("1",)


def test_a_verdict_of_schema_4_stands_in_for_its_outline(tmp_path: Path) -> None:
    file = copied(FOLDER / "4.db", tmp_path)
    with closing(sqlite3.connect(file)) as old, old:
        old.execute("update board set verdict = '{}'")
    base = open_database(f"sqlite:///{file}", NOW)
    with base.reading() as session:
        assert stored_outlines(session, "n") == {"A01": "{}"}
    base.close()


def test_half_a_copy_that_a_killed_upgrade_left_is_made_anew(tmp_path: Path) -> None:
    file = copied(FOLDER / "1.db", tmp_path)
    (tmp_path / ".shouqi.db.copying").write_bytes(file.read_bytes()[:5000])
    open_database(f"sqlite:///{file}", NOW).close()
    assert not (tmp_path / ".shouqi.db.copying").exists()
    with closing(sqlite3.connect(tmp_path / "shouqi-schema1-20221008-010000.db")) as old:
        assert old.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert old.execute("select value from meta where key='schema'").fetchone() == ("1",)


def test_without_a_date_for_the_copy_nothing_is_upgraded(tmp_path: Path) -> None:
    file = copied(FOLDER / "1.db", tmp_path)
    with pytest.raises(Refused, match="结构是旧的"):
        open_database(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as old:
        assert old.execute("select value from meta where key='schema'").fetchone() == ("1",)


def test_after_an_upgrade_the_journal_begins_anew_and_the_old_one_is_kept(tmp_path: Path) -> None:
    file, path = copied(FOLDER / "1.db", tmp_path), tmp_path / "journal.jsonl"
    path.write_bytes(b'e1b2ab85 {"schema":1}\n')
    base = open_database(f"sqlite:///{file}", NOW, path)
    with base.reading() as session:
        held = {row: columns for one in all_rows(session) for row, columns in one.items()}
    base.close()
    assert Journal(path).schema() == SCHEMA_VERSION
    assert Journal(path).read() == held
    assert (tmp_path / "journal-20221008-010000.jsonl").read_bytes().endswith(b'{"schema":1}\n')


def test_nothing_of_alembic_is_imported_while_no_upgrade_is_due(tmp_path: Path) -> None:
    code = "import sys, storage.database as d; d.open_database(sys.argv[1]); assert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, f"sqlite:///{tmp_path / 'x.db'}"], check=True, cwd=ROOT)


@pytest.mark.skipif("SHOUQI_TEST_POSTGRES" not in os.environ, reason="SHOUQI_TEST_POSTGRES names no empty database")
def test_under_postgresql_too() -> None:
    """The tables of schema 1 are made there by hand: without the columns that came later."""
    url = os.environ["SHOUQI_TEST_POSTGRES"]
    base = open_database(url, NOW)
    with base.writing() as session:
        session.connection().exec_driver_sql("DROP TABLE also")
        later = ("letter.cc", "decision.by", "decision.seen", "piece.notice")
        for column in (*later, "mail.routed_by", "mail.routing", "mail.may_answer"):
            table, _, name = column.partition(".")
            session.connection().exec_driver_sql(f'ALTER TABLE {table} DROP COLUMN "{name}"')
        session.get_one(MetaRow, "schema").value = "1"
    base.close()
    base = open_database(url, NOW)
    with base.reading() as session:
        assert compare_metadata(MigrationContext.configure(session.connection()), SQLModel.metadata) == []
        assert session.get_one(MetaRow, "schema").value == str(SCHEMA_VERSION)
    base.close()


@pytest.mark.parametrize("source", FILES, ids=lambda path: path.stem)
def test_an_upgrade_that_was_broken_off_changes_nothing_and_is_done_the_next_time(source: Path, tmp_path: Path) -> None:
    """The process ends when all tables are changed, before the commit."""
    file = copied(source, tmp_path)
    with closing(sqlite3.connect(file)) as old:
        before = list(old.execute("select * from sqlite_master"))
    code = (
        "import os, sys, storage.migrate as m\n"
        "from datetime import datetime, UTC\n"
        "from storage.database import open_database\n"
        "done = m.upgrade\n"
        "def upgrade(*arguments):\n    done(*arguments)\n    os._exit(9)\n"
        "m.upgrade = upgrade\n"
        "open_database(sys.argv[1], datetime.now(UTC)).close()"
    )
    ran = subprocess.run([sys.executable, "-c", code, f"sqlite:///{file}"], cwd=ROOT, check=False)
    newest = source.stem == str(SCHEMA_VERSION)
    assert ran.returncode == (0 if newest else 9)
    with closing(sqlite3.connect(file)) as old:
        assert list(old.execute("select * from sqlite_master")) == before
    base = open_database(f"sqlite:///{file}", NOW)
    with base.reading() as session:
        assert session.get_one(MetaRow, "schema").value == str(SCHEMA_VERSION)
        assert session.exec(select(MailRow.subject)).one() == "材料"
    base.close()
