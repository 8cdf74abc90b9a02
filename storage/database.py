"""Opening the database, and the two kinds of session: one that writes, one that reads.

SQLite: WAL, synchronous=FULL (a commit survives power loss), BEGIN IMMEDIATE for every writing
transaction, because a deferred one that reads first fails at once with "database is locked".
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect
from sqlmodel import Session, SQLModel, create_engine

from storage.changes import Changes, Watched, all_rows, merge
from storage.complaints import translated
from storage.copying import copy_whole
from storage.errors import Refused
from storage.examine import look_through, not_too_new
from storage.journal import Journal, Place
from storage.paired import agree, note_place, place_of, settle
from storage.seal import Seal
from storage.tables import SCHEMA_VERSION, MetaRow

BUSY_SECONDS = 30


class Database:
    """One database. `writing()` is one transaction that commits at its end, or nothing happens at all."""

    def __init__(self, engine: Engine, file: Path | None = None) -> None:
        self._seal = Seal(file) if file is not None else None
        self.journal: Journal | None = None
        """Where each transaction is written down before it commits; None for a copy that nobody relies on."""
        self._here = threading.local()
        """The transaction of this thread that others join."""
        self._reading = engine
        self._writing = engine.execution_options(shouqi_immediate=True)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction, or its part of the one that is `together`; Temporary when the database is locked or away."""
        whole = self._whole
        if whole is None:
            with self._transaction() as session:
                yield session
            return
        connection = whole.connection()
        part = Watched(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        with translated(), part:
            with self._joined(part):
                yield part
            part.commit()
        merge(whole.changes, part.changes)

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that this thread writes in the block is one transaction, whose promise costs the disk once.

        Each `writing` within is still all or nothing: one that fails takes back its own part alone. An exception that
        leaves the block takes back everything. A block within another is a part of that one.
        """
        with self.writing():
            yield

    @contextmanager
    def _transaction(self) -> Iterator[Watched]:
        """A transaction of its own: written down in the journal, then committed."""
        with translated(), Watched(self._writing, expire_on_commit=False) as session:
            # BEGIN now and not at the first statement: the journal relies on the lock
            sqlite: Any = session.connection().connection.driver_connection
            done = self._seal is not None and sqlite.total_changes
            with self._joined(session):
                yield session
            session.flush()
            before = self._write_down(session, session.changes)
            if self._seal is not None and sqlite.total_changes != done:
                self._seal.break_open()
            try:
                session.commit()
            except BaseException:
                try:
                    if self.journal is not None and before is not None:
                        self.journal.cut(before)
                finally:
                    session.invalidate()  # SQLite leaves the transaction open, which no later one could begin within
                raise

    @contextmanager
    def _joined(self, session: Watched) -> Iterator[None]:
        """What this thread writes and reads in the block is part of that session's transaction."""
        before, self._here.whole = self._whole, session
        try:
            yield
        finally:
            self._here.whole = before

    def _write_down(self, session: Session, changes: Changes) -> Place | None:
        """The transaction's line in the journal; the place before it, None when there is nothing to write."""
        if self.journal is None or not changes:
            return None
        before = place_of(session)
        assert before is not None  # noqa: S101  # opened with a journal, it has one
        note_place(session, self.journal.append(changes, before))
        return before

    @property
    def _whole(self) -> Watched | None:
        return getattr(self._here, "whole", None)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent view, also of what was written `together` so far; nothing is written."""
        whole = self._whole
        if whole is None:
            session = Session(self._reading, expire_on_commit=False)
        else:
            session = Session(whole.connection(), expire_on_commit=False, join_transaction_mode="rollback_only")
        with translated(), session:
            yield session

    def settle_down(self) -> None:
        """Bring all that SQLite wrote aside into its one file."""
        with translated(), self._reading.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give back all connections; the last one to do so seals the file."""
        self._reading.dispose()
        if self._seal is not None:
            with suppress(OSError, sqlite3.Error):  # without a seal the next opening looks through the file
                self._seal.put_on()


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


def open_database(url: str, now: datetime | None = None, journal: Path | None = None) -> Database:
    """Open, and create what is missing; tables of an earlier version are brought up to this one, after a copy of the
    file with the date of `now` in its name. Without `now` they are refused.

    `journal`: the file in which changes are kept. DataTooNew when a newer program wrote the database; Temporary when it
    is away, Refused when what it takes to speak with it is not installed.
    """
    file = sqlite_file(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            file.touch(mode=0o600)
        sealed = Seal(file).holds()
    try:
        # parameters are words of mails: they have no place in an error that may be logged
        arguments = {"timeout": BUSY_SECONDS} if file is not None else {}
        engine = create_engine(url, connect_args=arguments, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise Refused(f'没有安装 {error.name}。请执行 pip install "psycopg[binary]"，或改用 SQLite。') from error
    if file is not None:
        _prepare_sqlite(engine)
    database = Database(engine, file)
    try:
        if file is not None:
            with database.reading() as session:
                look_through(session.connection(), file, sealed)
        fresh = _prepare(database, file, now)
        if journal is not None:
            _keep_journal(database, Journal(journal), now, fresh=fresh)
    except BaseException:
        database.close()
        raise
    return database


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database, None for another one."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None


def _prepare(database: Database, file: Path | None, now: datetime | None) -> bool:
    """Create the tables of a new database, bring old ones up to date. True when it was new."""
    with database.reading() as session:  # who only looks needs no lock, and is not kept waiting by one
        if inspect(session.connection()).has_table("meta"):
            version = session.get(MetaRow, "schema")
            if version is not None and not_too_new(version.value) == SCHEMA_VERSION:
                return False
    with database.writing() as session:
        connection = session.connection()
        known = inspect(connection).has_table("meta")
        version = session.get(MetaRow, "schema") if known else None
        if version is None:
            SQLModel.metadata.create_all(connection)
            session.add(MetaRow(key="schema", value=str(SCHEMA_VERSION)))
            return True
        found = not_too_new(version.value)
        if found < SCHEMA_VERSION:
            if now is None:
                raise Refused(
                    f"数据库的结构是旧的（{found}，本程序为 {SCHEMA_VERSION}）。下次运行 shouqi run 时会先备份再升级。"
                )
            from storage.migrate import upgrade  # alembic takes long to import, and is wanted once in a version

            if file is not None:
                aside = file.with_name(f"{file.stem}-schema{found}-{now:%Y%m%d-%H%M%S}{file.suffix}")
                copy_whole(file, aside)
            upgrade(connection, found)
            version.value = str(SCHEMA_VERSION)
            session.add(version)
    return False


def _keep_journal(database: Database, journal: Journal, now: datetime | None, *, fresh: bool) -> None:
    """Write the journal from now on: the one that is there, or a new one with all that the database holds."""
    with database.reading() as session:
        agreed = not fresh and agree(session, journal)
    if not agreed:
        date = f"{now:%Y%m%d-%H%M%S}" if now is not None else "old"
        with database.writing() as session:  # nobody else writes meanwhile
            if fresh or not settle(session, journal):
                old_name = f"{journal.path.stem}-{date}{journal.path.suffix}"
                note_place(session, journal.begin(all_rows(session), old_name, place_of(session)))
    database.journal = journal
