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

from storage.errors import DataTooNew, Refused, Temporary
from storage.tables import SCHEMA_VERSION, MetaRow

BUSY_SECONDS = 30
DAMAGED = ("malformed", "not a database", "file is encrypted", "Could not decode")
"""What SQLite says of a file whose bytes are not its own."""
NO_ROOM = ("disk is full", "disk I/O error", "readonly database", "unable to open")
"""What it says when the disk does not let it write."""

OTHER_TABLES = ("no such column", "no such table", "has no column")
"""What it says of a file whose tables are not those of this program."""


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


def damaged(why: str) -> str:
    """What to tell people about a damaged database."""
    return f"数据库文件已损坏（{' '.join(why.split())[:80]}）。原始邮件仍在，请停止程序并从备份恢复。"


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        said = str(error.orig)
        if any(word in said for word in DAMAGED):
            raise Temporary(damaged(said)) from error
        if any(word in said for word in NO_ROOM):
            raise Temporary(f"数据库写不进磁盘（{said}）。请检查磁盘空间和数据目录权限，稍后会自动重试。") from error
        if any(word in said for word in OTHER_TABLES):
            raise Refused(
                f"数据目录由另一版本的程序写成（{said}）。请改用那个版本，或另选 data_dir 从头开始。"
            ) from error
        if isinstance(error, OperationalError):
            raise Temporary(f"数据库暂时不可用（{said}）。请确认没有其他程序占用，稍后会自动重试。") from error
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
    """Open, and create what is missing. DataTooNew when a newer program wrote it; Temporary when it is away,
    Refused when what it takes to speak with it is not installed."""
    file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            file.touch(mode=0o600)
    try:
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS} if file is not None else {})
    except ModuleNotFoundError as error:
        raise Refused(f'没有安装 {error.name}。请执行 pip install "psycopg[binary]"，或改用 SQLite。') from error
    if file is not None:
        _prepare_sqlite(engine)
    database = Database(engine)
    try:
        _prepare(database, file)
    except BaseException:
        database.close()
        raise
    return database


def _prepare(database: Database, file: Path | None) -> None:
    """Create the tables of a new database; look through an old one, so that no wrong answer comes of a broken file."""
    if file is not None:
        with database.reading() as session:
            connection = session.connection()
            page = int(connection.exec_driver_sql("PRAGMA page_size").scalar() or 1)
            answer = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if answer != "ok":
            raise Temporary(damaged(str(answer)))
        if file.stat().st_size % page:  # its last page is not whole, which SQLite reads as zeros
            raise Temporary(damaged("文件不完整"))
    with database.writing() as session:
        SQLModel.metadata.create_all(session.connection())
        version = session.get(MetaRow, "schema")
        if version is None:
            session.add(MetaRow(key="schema", value=str(SCHEMA_VERSION)))
        elif int(version.value) > SCHEMA_VERSION:
            raise DataTooNew(
                f"数据目录由更新版本的程序写成（结构 {version.value}，本程序为 {SCHEMA_VERSION}）。请升级程序。"
            )
