"""Is a database file what it should be? Asked before anything is answered from it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from storage.errors import DataTooNew, Temporary
from storage.tables import SCHEMA_VERSION


def damaged(why: str) -> str:
    """What to tell people about a damaged database."""
    said = " ".join(why.split())[:80]
    return f"数据库文件已损坏（{said}）。原始邮件仍在，请停止程序，执行 shouqi rebuild 重建，或从备份恢复。"


def not_lost(file: Path, blobs: Path) -> None:
    """Temporary when the database is gone or empty though mails are kept: a new one would answer them all again."""
    if not blobs.is_dir():
        return
    log = file.with_name(f"{file.name}-wal")  # without its database it is worth nothing
    size = file.stat().st_size + (log.stat().st_size if log.exists() else 0) if file.exists() else 0
    if not size and any(blobs.iterdir()):
        raise Temporary(
            f"数据库 {file} 不见了或是空的，而原始邮件仍在 {blobs}。请执行 shouqi rebuild 重建，"
            "或从备份恢复；确要从头开始，请先把整个数据目录移走。"
        )


def look_through(connection: Connection, file: Path, sealed: bool | None) -> None:
    """Look through a file, so that no wrong answer comes of a broken one. Temporary when it is.

    `sealed`: what its seal said before anybody connected, `storage.seal.Seal.holds`.
    """
    if sealed:
        return
    if sealed is False:
        not_too_new(_version(connection))  # whose program has ways of its own
        raise Temporary(damaged("内容与上次关闭时不同"))
    page = int(connection.exec_driver_sql("PRAGMA page_size").scalar() or 1)
    answer = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if answer != "ok":
        raise Temporary(damaged(str(answer)))
    if file.stat().st_size % page:  # its last page is not whole, which SQLite reads as zeros
        raise Temporary(damaged("文件不完整"))


def not_too_new(version: str) -> int:
    """The schema of a database as a number. DataTooNew when this program does not know it."""
    found = int(version) if version.isdecimal() else 0
    if found > SCHEMA_VERSION:
        raise DataTooNew(f"数据目录由更新版本的程序写成（结构 {found}，本程序为 {SCHEMA_VERSION}）。请升级程序。")
    return found


def _version(connection: Connection) -> str:
    try:
        return str(connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'schema'").scalar())
    except DatabaseError:
        return ""
