"""What a transaction changes, row by row, for the journal: watched as the session flushes, or noted as rows enter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, event, inspect
from sqlmodel import Session, SQLModel

DERIVED: Mapping[str, tuple[str, ...]] = {
    "mail": ("text",),
    "piece": ("facts",),
    "board": ("verdict",),
    "outline": ("outline",),
    "mailbox": ("polled_at",),
}
"""Columns that are computed anew from raw mails, or that tell nothing after the moment."""
PLACE = "journal"
"""Key of the fact that holds the place; the journal does not tell of it."""

Row = tuple[str, tuple[Any, ...]]
"""A row by its table and primary key."""
Changes = dict[Row, dict[str, Any] | None]
"""What became of rows: changed columns as JSON values, None for a row that is gone."""


def tables() -> dict[str, Table]:
    """Every table by name, those first that others refer to."""
    return {table.name: table for table in SQLModel.metadata.sorted_tables}


def kept(table: Table) -> list[str]:
    """The columns of a table that the journal keeps."""
    return [column.name for column in table.columns if column.name not in DERIVED.get(table.name, ())]


def plain(value: Any) -> Any:
    """A value of a column as JSON has it: times as ISO 8601 in UTC."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


class Watched(Session):
    """A session that tells what it flushed. Statements that change rows unseen are not allowed."""

    def __init__(self, bind: Engine | Connection, **settings: Any) -> None:
        super().__init__(bind, **settings)
        self.changes: Changes = {}


@event.listens_for(Watched, "after_flush")
def _flushed(session: Watched, context: Any) -> None:
    for row in (*session.new, *session.dirty):
        _note(session.changes, row, whole=row in session.new)
    for row in session.deleted:
        session.changes[_key(row)] = None


def merge(before: Changes, after: Changes) -> None:
    """Add later changes to `before`."""
    for key, columns in after.items():
        before[key] = None if columns is None else {**(before.get(key) or {}), **columns}


def _key(row: SQLModel) -> Row:
    state = inspect(row)
    return state.mapper.local_table.name, tuple(plain(value) for value in state.mapper.primary_key_from_instance(row))


def _note(changes: Changes, row: SQLModel, *, whole: bool) -> None:
    state = inspect(row)
    columns = {
        name: plain(getattr(row, name))
        for name in kept(state.mapper.local_table)
        if whole or state.attrs[name].history.has_changes()
    }
    if columns:
        merge(changes, {_key(row): columns})


def enter(session: Session, table: Table, rows: Sequence[Mapping[str, Any]], which: ColumnElement[bool]) -> None:
    """Enter many new rows by one statement, which takes a tenth of what the session takes, and note them.

    `which` is true for just these. The session must be one that is `Watched`.
    """
    assert isinstance(session, Watched)  # noqa: S101  # as all of `Database.writing` are
    if rows:
        session.execute(table.insert(), rows)
        for key, columns in _rows(session, table, which):
            merge(session.changes, {key: columns})


def all_rows(session: Session) -> Iterator[Changes]:
    """Every row of the database, as if it were new."""
    for table in tables().values():
        for key, columns in _rows(session, table):
            if key != ("meta", (PLACE,)):
                yield {key: columns}


def _rows(session: Session, table: Table, *which: ColumnElement[bool]) -> Iterator[tuple[Row, dict[str, Any]]]:
    columns = [table.c[one] for one in kept(table)]
    keys = [column.name for column in table.primary_key.columns]
    for row in session.connection().execute(table.select().where(*which).with_only_columns(*columns)).mappings():
        yield (table.name, tuple(plain(row[key]) for key in keys)), {column: plain(row[column]) for column in row}
