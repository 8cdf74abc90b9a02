"""From the journal to the rows of a new database, as they were; what raw mails tell is left for its readers to fill."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session, SQLModel

from storage.changes import DERIVED, Changes, tables
from storage.durable import sync_file, sync_folder
from storage.errors import DataTooNew, on_disk
from storage.journal import Journal
from storage.seal import ENDING
from storage.tables import SCHEMA_VERSION
from storage.utctime import UtcTime

BESIDE = ("-wal", "-shm", ENDING)
"""Files beside that of a database."""
BATCH = 1000
"""Rows inserted at once."""
BLANK = {"text": "", "facts": "{}", "verdict": "", "outline": "", "polled_at": None}
"""What stands in the derived columns until they are computed."""


def known_changes(journal: Journal) -> Changes:
    """All rows that the journal tells of. Damaged when it cannot be relied on, DataTooNew from a newer program."""
    found = journal.read()
    if (journal.schema() or 0) > SCHEMA_VERSION:
        raise DataTooNew(f"日志 {journal.path.name} 由更新版本的程序写成。请升级程序。")
    return found


def restore(session: Session, found: Changes) -> None:
    """Enter these rows, under the keys they had. A column that is younger than a row has its default."""
    for name, table in tables().items():
        blank = _blank(table)
        rows = [_values(table, blank, one) for (of, _), one in found.items() if of == name and one is not None]
        if name == "meta":
            rows = [row for row in rows if row["key"] != "schema"]  # the new database has its own
        for start in range(0, len(rows), BATCH):
            session.connection().execute(table.insert(), rows[start : start + BATCH])


def _values(table: Table, blank: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    values = {**blank, **columns}
    for column in table.columns:
        if isinstance(column.type, UtcTime) and isinstance(values[column.name], str):
            values[column.name] = datetime.fromisoformat(values[column.name])
    return values


def _blank(table: Table) -> dict[str, Any]:
    """What each column holds where nothing is known, by the defaults of its row."""
    (row,) = (one.class_ for one in SQLModel._sa_registry.mappers if one.local_table is table)
    derived = DERIVED.get(table.name, ())
    fields = row.model_fields
    return {
        name: BLANK[name] if name in derived else fields[name].default
        for name in (column.name for column in table.columns)
        if name in derived or not fields[name].is_required()
    }


def put_in_place(made: Path, file: Path, old: str) -> None:
    """Swap the database `made` in for `file`, which is kept under the name `old`; broken off, there is none at all.

    What SQLite and we keep beside a database goes along with it: beside another one it would be poison.
    """
    with on_disk(file):
        sync_file(made)
        for ending in ("", *BESIDE):
            source = file.with_name(file.name + ending)
            if source.exists():
                source.replace(file.with_name(old + ending))
        made.with_name(made.name + ENDING).unlink(missing_ok=True)
        made.replace(file)
        sync_folder(file.parent)
