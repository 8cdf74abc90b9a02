"""Opening the database, and the two kinds of session: one that writes, one that reads.

SQLite: WAL, synchronous=FULL (a commit survives power loss), BEGIN IMMEDIATE for every writing
transaction, because a deferred one that reads first fails at once with "database is locked".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import Session, SQLModel, create_engine

from storage.errors import DataTooNew, Temporary
from storage.tables import SCHEMA_VERSION, MetaRow

BUSY_SECONDS = 30


class Database:
    """One database. `writing()` is one transaction that commits at its end, or nothing happens at all."""

    def __init__(self, engine: Engine) -> None:
        self._reading = engine
        self._writing = engine.execution_options(shouqi_immediate=True)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction; Temporary when the database is locked or away."""
        with _translated(), Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent view; nothing is written."""
        with _translated(), Session(self._reading, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        """Give back all connections."""
        self._reading.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise Temporary(f"数据库暂时不可用（{error.orig}）。请确认没有其他程序占用，稍后会自动重试。") from error
    except DatabaseError as error:
        if "malformed" in str(error.orig) or "not a database" in str(error.orig):
            raise Temporary(f"数据库文件已损坏（{error.orig}）。原始邮件仍在，请停止程序并从备份恢复。") from error
        raise


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("shouqi_immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def open_database(url: str) -> Database:
    """Open, and create what is missing. DataTooNew when a newer program wrote it; Temporary when it is away."""
    sqlite = url.startswith("sqlite")
    if sqlite:
        file = Path(url.removeprefix("sqlite:///"))
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            file.touch(mode=0o600)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS} if sqlite else {})
    if sqlite:
        _prepare_sqlite(engine)
    database = Database(engine)
    with database.writing() as session:
        SQLModel.metadata.create_all(session.connection())
        version = session.get(MetaRow, "schema")
        if version is None:
            session.add(MetaRow(key="schema", value=str(SCHEMA_VERSION)))
        elif int(version.value) > SCHEMA_VERSION:
            raise DataTooNew(
                f"数据目录由更新版本的程序写成（结构 {version.value}，本程序为 {SCHEMA_VERSION}）。请升级程序。"
            )
    return database
