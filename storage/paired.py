"""Do database and journal belong together? Asked when they are opened, and settled with each transaction.

The database knows the place in the journal up to which it has committed. What a crash, a power cut, a lost write-ahead
log or an older copy put in its place did to the two shows by that.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session

from storage.changes import PLACE
from storage.errors import Temporary
from storage.journal import Journal, Place
from storage.tables import SCHEMA_VERSION, LetterRow, MetaRow
from storage.utctime import UtcTime

OLDER = (
    "数据库比日志 {name} 旧：可能被换成了较早的一份，或丢了尚未并入的 -wal 文件。为免重复答复，没有继续。"
    "请停止程序，执行 shouqi rebuild，以日志为准重建。"
)
_FEW = 1 << 16
"""Bytes of a journal that may tell of passing facts only; more are not read through."""
STRANGE = (
    "日志 {name} 与数据库不是一对，其中一个被换过。为免重复答复，没有继续。数据库被换过的，请执行 shouqi rebuild，"
    "以日志为准重建；日志被换过的，请把它移到别处，再运行一次。"
)


def place_of(session: Session) -> Place | None:
    """Up to where the database has committed what the journal tells; None when it never kept one."""
    # asked in every transaction: the ORM would take ten times as long
    value = str(session.connection().exec_driver_sql(f"SELECT value FROM meta WHERE key = '{PLACE}'").scalar() or "")  # noqa: S608  # our own word
    name, _, end = value.partition(":")
    return Place(name, int(end)) if end.isdecimal() else None


def nothing_new(session: Session, journal: Journal, since: Place, apart: Collection[str]) -> bool:
    """True when behind that place nothing was committed but facts whose keys begin with one of `apart`."""
    place = place_of(session)
    if place is None or place.name != since.name or not 0 <= place.end - since.end <= _FEW:
        return False
    lines = journal.beyond(since) or [] if place != since else []
    facts = (key[0] if table == MetaRow.__tablename__ else "" for line in lines for table, key, _ in line)
    return (place == since or bool(lines)) and all(key.startswith(tuple(apart)) for key in facts)


def note_place(session: Session, place: Place) -> None:
    """Write the place down, with whatever else this transaction commits."""
    # the one row that is changed by a statement: the journal does not tell of it
    value = f"{place.name}:{place.end}"
    run = session.connection().exec_driver_sql
    if not run(f"UPDATE meta SET value = '{value}' WHERE key = '{PLACE}'").rowcount:  # noqa: S608  # hex digits and a number
        run(f"INSERT INTO meta (key, value) VALUES ('{PLACE}', '{value}')")  # noqa: S608  # same


def agree(session: Session, journal: Journal) -> bool:
    """True when the journal ends where the database has committed."""
    place, head = place_of(session), journal.head()
    return (
        place is not None
        and (head.get("name"), head.get("schema")) == (place.name, SCHEMA_VERSION)
        and journal.path.stat().st_size == place.end
    )


def settle(session: Session, journal: Journal) -> bool:
    """Bring the two together where they tell how; False when the journal must begin anew, because the database knows
    more. The caller holds the lock for writing. Temporary when the database is older than the journal."""
    place, head = place_of(session), journal.head()
    if head.get("schema") != SCHEMA_VERSION or not str(head.get("name", "")).isalnum():
        return False  # gone, of an earlier schema, or from before there were places
    if place is None or head["name"] != place.name:
        if head["before"] == (None if place is None else list(place)) and journal.just_begun():
            note_place(session, Place(head["name"], journal.path.stat().st_size))
            return True  # broken off between the new journal and the commit that knows of it
        raise Temporary(STRANGE.format(name=journal.path.name))
    lines = journal.beyond(place)
    if lines is None:
        return False  # a power cut took lines that were not synced
    if len(lines) > 1:
        raise Temporary(OLDER.format(name=journal.path.name))
    if lines and _told_again(session, lines[0]):
        note_place(session, Place(place.name, journal.path.stat().st_size))
    else:
        journal.cut(place)  # broken off between the line and its commit
    return True


def _told_again(session: Session, entries: list[Any]) -> bool:
    """Enter a last line that only changes letters: one that may be on its way is looked up rather than sent again."""
    rows = [session.get(LetterRow, key[0]) if table == LetterRow.__tablename__ else None for table, key, _ in entries]
    if None in rows:
        return False
    columns: Table = LetterRow.__table__  # type: ignore[attr-defined]  # sqlmodel does not declare it
    for row, (_, _, changed) in zip(rows, entries, strict=True):
        for name, value in (changed or {}).items():
            stamp = isinstance(columns.c[name].type, UtcTime) and isinstance(value, str)
            setattr(row, name, datetime.fromisoformat(value) if stamp else value)
    return True
