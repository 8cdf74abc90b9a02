"""What the doctor finds in the data folder: ledger, journal, blobs and database against each other, a line each.

Everything is read, nothing changed: every raw mail and every attachment goes through its digest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import closing

from sqlalchemy import func
from sqlmodel import Session, col, select

from intake.config import Config
from intake.doctor_machine import Line, refusal
from storage.blobs import Blobs
from storage.changes import all_rows
from storage.database import Database, open_database, sqlite_file
from storage.errors import DataTooNew, Refused, Temporary
from storage.examine import not_lost
from storage.journal import Damaged, Journal
from storage.tables import (
    LETTER_STATES,
    MAIL_STATES,
    DecisionRow,
    LetterRow,
    LocationRow,
    MailboxRow,
    MailRow,
    PieceRow,
)

SHOWN = 5
"""Things of one kind that are named."""
REBUILD = "请停止服务后执行 shouqi rebuild。"
RESTORE = "请从备份补回 blobs 文件夹里的这些文件。"


def data(config: Config) -> Iterator[Line]:
    """Examine the data folder of this configuration."""
    file, url = sqlite_file(config.database_url), config.database_url
    try:
        if file is not None:
            not_lost(file, config.blobs_dir)
        if file is not None and not file.exists():
            yield Line(ok="ok", what="数据库", detail="还没有，首次运行时新建")
            return
        opened = open_database(url)
    except (Temporary, Refused, DataTooNew) as error:
        yield refusal("数据库", error)
        return
    blobs = Blobs(config.blobs_dir)
    with closing(opened):
        if file is not None:
            yield _whole(opened)
        yield _journal(opened, Journal(config.journal_file))
        with opened.reading() as session:
            mails = set(session.exec(select(MailRow.sha256)))
            links = PieceRow.kind != "link"
            pieces = set(session.exec(select(PieceRow.digest).where(links)))
            thumbnails = {one for one in session.exec(select(PieceRow.thumbnail)) if one}
            letters = set(session.exec(select(LetterRow.raw)))
            edited = {
                d for note in session.exec(select(DecisionRow.note)) for d in re.findall(r"\b[0-9a-f]{64}\b", note)
            }
            yield _bytes(blobs, "邮件原件", mails, RESTORE)
            yield _bytes(blobs, "附件", pieces | thumbnails, "执行 shouqi rebuild 可由原件重新取出。")
            yield _bytes(blobs, "信件原文", letters, RESTORE)
            yield _states(session)
            yield _places(session)
        yield _unknown(blobs, mails | pieces | thumbnails | letters | edited)


def _line(what: str, wrong: Collection[str], good: str, remedy: str) -> Line:
    if not wrong:
        return Line(ok="ok", what=what, detail=good)
    named = "、".join(sorted(wrong)[:SHOWN])
    return Line(
        ok="fail", what=what, detail=f"{len(wrong)} 处有误：{named}{'等' * (len(wrong) > SHOWN)}", remedy=remedy
    )


def _whole(database: Database) -> Line:
    """SQLite's own examination, the long one, and every reference from row to row."""
    with database.reading() as session:
        run = session.connection().exec_driver_sql
        wrong = [str(row[0]) for row in run("PRAGMA integrity_check(5)") if row[0] != "ok"]
        wrong += [f"{row[0]} 第 {row[1]} 行指向不存在的 {row[2]}" for row in run("PRAGMA foreign_key_check")]
    return _line("数据库", wrong, "结构完好", REBUILD)


def _journal(database: Database, journal: Journal) -> Line:
    """The journal must tell the same as the database; while both are compared nobody writes."""
    if journal.schema() is None and not journal.path.exists():
        return Line(ok="warn", what="日志", detail="还没有", remedy="下次运行 shouqi run 时会补写。")
    try:
        with database.writing() as session:
            here = {row: columns for one in all_rows(session) for row, columns in one.items()}
            known = journal.read()
    except Damaged as error:
        remedy = "数据库完好时，请停止服务，把日志移到别处，下次运行时会重新写起。"
        return Line(ok="fail", what="日志", detail=str(error).partition("。")[0], remedy=remedy)
    wrong = [
        f"{t} {'/'.join(map(str, key))}" for t, key in {*here, *known} if here.get((t, key)) != known.get((t, key))
    ]
    remedy = "数据库可能被换成了较早的一份，请停止服务后执行 shouqi rebuild，以日志为准。"
    return _line("日志", wrong, f"与数据库一致，{len(known)} 条", remedy)


def _bytes(blobs: Blobs, what: str, digests: Collection[str], remedy: str) -> Line:
    """Every blob is there and holds what its name says."""
    wrong = []
    for digest in digests:
        if not blobs.has(digest):
            wrong.append(f"{digest[:12]} 不见了")
        elif not blobs.agrees(digest):
            wrong.append(f"{digest[:12]} 内容已变")
    return _line(what, wrong, f"{len(digests)} 个，逐个核对无误", remedy)


def _states(session: Session) -> Line:
    """States in which no letter and no mail can be."""
    wrong = []
    for letter in session.exec(select(LetterRow)):
        if letter.state not in LETTER_STATES:
            wrong.append(f"信件 {letter.id} 的状态 {letter.state}")
        elif (letter.state == "sent") != (letter.sent_at is not None) and letter.state in (
            "sent",
            "waiting",
            "approval",
        ):
            wrong.append(f"信件 {letter.id} 的发出时间与状态 {letter.state} 不符")
        elif letter.state == "sending" and letter.tried_at is None:
            wrong.append(f"信件 {letter.id} 正在发送而没有开始的时间")
    for id, state in session.exec(select(MailRow.id, MailRow.state).where(col(MailRow.state).not_in(MAIL_STATES))):
        wrong.append(f"邮件 {id} 的状态 {state}")
    return _line("状态", wrong, "信件和邮件的状态都合理", REBUILD)


def _places(session: Session) -> Line:
    """The map of UIDs: nothing lies beyond what was looked at, and a folder has one generation that is current."""
    beyond = (
        select(LocationRow.uid, MailboxRow.folder)
        .join(MailboxRow, col(MailboxRow.id) == col(LocationRow.mailbox_id))
        .where(col(LocationRow.uid) >= col(MailboxRow.next_uid))
    )
    wrong = [f"{folder} 的 UID {uid} 超出已收取的范围" for uid, folder in session.exec(beyond)]
    current = (
        select(MailboxRow.account, MailboxRow.folder, func.count())
        .where(col(MailboxRow.current))
        .group_by(col(MailboxRow.account), col(MailboxRow.folder))
    )
    wrong += [f"{account}/{folder} 有 {n} 个现行编号" for account, folder, n in session.exec(current) if n > 1]
    return _line("邮箱位置", wrong, "与登记一致", REBUILD)


def _unknown(blobs: Blobs, known: Collection[str]) -> Line:
    """What nothing refers to, such as drafts that a newer letter replaced: harmless, and told so."""
    there = blobs.all()
    rest = [one for one in there if one.name not in known]
    size = sum(one.stat().st_size for one in rest) / (1 << 20)
    detail = f"{len(rest)} 个（{size:.1f} MB），多为被取代的信稿，不影响使用" if rest else "没有"
    return Line(ok="ok", what="无人引用的文件", detail=detail)
