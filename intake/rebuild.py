"""The database made anew: what was decided and sent from the journal, what the mails say from the raw mails themselves.

It is made aside and put in place when it is whole. Nothing is sent, no server is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import msgspec
from sqlmodel import Session, col, select

from intake.config import Config
from intake.decisions import note_deed
from intake.mail.message import Message, Understood
from intake.office import Office, opened_on
from intake.pieces import pieces_in
from intake.sandbox import Job, Limits, Sandbox
from intake.settle import verdict_of
from intake.take import keep_files
from intake.verdicts import store_verdict
from rules.facts import Unreadable
from storage import board, inbox
from storage.database import Database, open_database, sqlite_file
from storage.errors import Refused, Temporary
from storage.journal import Journal
from storage.paired import note_place
from storage.restoring import BESIDE, known_changes, put_in_place, restore
from storage.tables import BoardRow, DecisionRow, LetterRow, MailRow, PieceRow

BATCH = 200
"""Mails read between two commits."""
LOST = msgspec.json.encode(Unreadable(reason="damaged", detail="重建时没有能从原件重新读出")).decode()


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """What the new database holds."""

    mails: int
    letters: int
    decisions: int
    unread: tuple[str, ...]
    """Digests of the mails whose original is gone or could not be read as it was before."""
    kept: str
    """Name of the old database, "" when there was none."""


def rebuild(
    config: Config, now: datetime, by: str = "", progress: Callable[[int, int], None] = lambda done, total: None
) -> Rebuilt:
    """Make the database anew. The caller holds the data folder. Refused when there is no journal to go by.

    `by`: who wants it, for the history.
    """
    file = sqlite_file(config.database_url)
    if file is None:
        raise Refused("rebuild 只用于 SQLite。PostgreSQL 请用 pg_restore 等自带的工具恢复。")
    journal = Journal(config.journal_file)
    if journal.schema() is None and file.is_file() and file.stat().st_size:
        _begin_journal(config, now)
    found = known_changes(journal)
    made = file.with_name(f".{file.stem}-rebuild{file.suffix}")
    for ending in ("", *BESIDE):
        made.with_name(made.name + ending).unlink(missing_ok=True)
    database = open_database(f"sqlite:///{made.as_posix()}")
    try:
        with database.writing() as session:
            restore(session, found)
            note_place(session, journal.whole())
        office = opened_on(config, database, now)
        unread = tuple(_read_again(office, progress))
        _judge_again(office, now)
        counted = _counted(database)
        database.settle_down()
    finally:
        database.close()
    old = f"{file.stem}-old-{now:%Y%m%d-%H%M%S}{file.suffix}"
    there = file.exists()
    put_in_place(made, file, old)
    _note(config, now, by, old if there else "")
    return Rebuilt(**counted, unread=unread, kept=old if there else "")


def _note(config: Config, now: datetime, by: str, old: str) -> None:
    """That it was made anew stands in the new one, and in the journal."""
    database = open_database(config.database_url, now, config.journal_file)
    try:
        with database.writing() as session:
            note_deed(
                session, None, "rebuild", now, by, note=f"原来的数据库保留为 {old}" if old else "原来的数据库不在了"
            )
    finally:
        database.close()


def _begin_journal(config: Config, now: datetime) -> None:
    """A data folder from before there was a journal, or that lost it: its database still tells all."""
    try:
        open_database(config.database_url, now, config.journal_file).close()
    except Temporary as error:
        raise Refused(f"没有可用的日志 {config.journal_file.name}，数据库也读不出。请从备份恢复。") from error


def _counted(database: Database) -> dict[str, int]:
    with database.reading() as session:
        tables: Mapping[str, type] = {"mails": MailRow, "letters": LetterRow, "decisions": DecisionRow}
        return {name: len(session.exec(select(table.id)).all()) for name, table in tables.items()}  # type: ignore[attr-defined]  # all three have one


def _read_again(office: Office, progress: Callable[[int, int], None]) -> Iterator[str]:
    """Words and facts of every mail that was taken, and the files it brought where they are gone; yields digests of
    mails that do not tell them any more."""
    with office.database.reading() as session:
        wanted = list(session.exec(select(MailRow.sha256).where(MailRow.state != "received").order_by(col(MailRow.id))))
    jobs = [Job(one, office.blobs.path(one), office.spool / one) for one in wanted if office.blobs.has(one)]
    yield from (one for one in wanted if not office.blobs.has(one))
    with Sandbox(workers=2, spool=office.spool, limits=Limits()) as sandbox:
        for start in range(0, len(jobs), BATCH):
            answers = sandbox.understand_many(jobs[start : start + BATCH])
            with office.database.writing() as session:
                for number, (job, understood) in enumerate(answers, start=start + 1):
                    if not _fill(office, session, job, understood):
                        yield job.key
                    progress(number, len(jobs))
    with office.database.writing() as session:
        for piece in session.exec(select(PieceRow).where(PieceRow.facts == "{}")):
            piece.facts = LOST


def _fill(office: Office, session: Session, job: Job, understood: Understood) -> bool:
    """Enter what this mail says; False when a file that it brought is not found in it again."""
    mail = inbox.find_mail(session, job.key)
    assert mail is not None  # noqa: S101  # read from this database
    assert mail.id is not None  # noqa: S101  # same
    rows = list(session.exec(select(PieceRow).where(PieceRow.mail_id == mail.id)))
    if not isinstance(understood, Message):
        return not rows
    mail.text = understood.text
    if rows:
        keep_files(office, understood, job.spool)
    facts = {(piece.path, piece.digest): piece.facts for piece in pieces_in(mail.id, understood)}
    for row in rows:
        row.facts = facts.get((row.path, row.digest), LOST)
    return all(row.facts != LOST for row in rows)


def _judge_again(office: Office, now: datetime) -> None:
    """The verdict of every unit that had one, as of the moment of its last one."""
    with office.database.writing() as session:
        for row in session.exec(select(BoardRow).where(col(BoardRow.judged_at).is_not(None))):
            campaign = office.campaigns.get(row.notice)
            if campaign is None or row.unit not in campaign.units:
                continue  # of a notice or a roster that is no longer in force: nobody asks for it
            mails = inbox.mails_of_unit(session, row.notice, row.unit)
            decided = board.decisions(session, row.notice, row.unit)
            verdict = verdict_of(session, campaign, campaign.units[row.unit], mails, decided, row.judged_at)
            store_verdict(session, row, verdict)
