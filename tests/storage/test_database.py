"""Transactions: all or nothing, aware times, a newer data folder refused, a locked database told as Temporary."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlmodel import select

from storage import board, database, inbox
from storage.database import Database, open_database
from storage.errors import DataTooNew, Refused, Temporary
from storage.tables import MailRow, MetaRow

NOW = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)


def opened(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'x.db'}")


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    base = opened(tmp_path)
    with pytest.raises(ZeroDivisionError), base.writing() as session:
        inbox.own(session, sha256="a" * 64, size=1, received_at=NOW, kept_at=NOW)
        _ = 1 / 0
    with base.reading() as session:
        assert session.exec(select(MailRow)).all() == []


def test_times_come_back_aware_and_equal_whatever_zone_they_were_given_in(tmp_path: Path) -> None:
    base = opened(tmp_path)
    china = datetime(2022, 10, 8, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    with base.writing() as session:
        inbox.own(session, sha256="a" * 64, size=1, received_at=china, kept_at=NOW)
    with base.reading() as session:
        stored = session.exec(select(MailRow)).one()
        assert stored.received_at == china
        assert stored.received_at.tzinfo is UTC


def test_a_naive_time_is_refused(tmp_path: Path) -> None:
    base = opened(tmp_path)
    with pytest.raises(Exception, match="without a zone"), base.writing() as session:
        inbox.own(session, sha256="a" * 64, size=1, received_at=datetime(2022, 1, 1), kept_at=NOW)  # noqa: DTZ001  # the point


def test_a_newer_data_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    base = opened(tmp_path)
    with base.writing() as session:
        session.get_one(MetaRow, "schema").value = "999"
    with pytest.raises(DataTooNew, match="999"):
        opened(tmp_path)


def test_a_database_locked_elsewhere_is_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    base = opened(tmp_path)
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Temporary, match="数据库"), base.writing() as session:
            board.set_fact(session, "a", "b")
    finally:
        other.close()


def test_a_file_that_is_no_database_is_told_not_used(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"this is not a database, not at all" * 100)
    with pytest.raises(Temporary, match="损坏"):
        opened(tmp_path)


def test_a_commit_survives_power_loss_by_the_settings_of_the_connection(tmp_path: Path) -> None:
    base = opened(tmp_path)
    with base.reading() as session:
        connection = session.connection()
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL


def test_the_instance_name_stays_what_it_was(tmp_path: Path) -> None:
    base = opened(tmp_path)
    with base.writing() as session:
        first = board.instance(session)
    with opened(tmp_path).writing() as session:
        assert board.instance(session) == first


@pytest.mark.skipif(find_spec("psycopg") is not None, reason="psycopg is installed here")
def test_a_database_that_needs_more_installed_is_refused_with_the_remedy() -> None:
    with pytest.raises(Refused, match=r"没有安装 psycopg。请执行 pip install"):
        open_database("postgresql+psycopg://localhost/shouqi")


def test_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with sqlite3.connect(tmp_path / "x.db") as raw:
        raw.execute("ALTER TABLE mail RENAME COLUMN subject TO topic")
    raw.close()
    (tmp_path / "x.db-seal").unlink()
    base = opened(tmp_path)
    with pytest.raises(Refused, match="另一版本"), base.reading() as session:
        session.exec(select(MailRow)).all()
    base.close()
