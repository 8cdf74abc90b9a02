"""Building the `Board`: what status, tracker and letters to the coordinator show, read from the database once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

import msgspec
from sqlmodel import Session

from intake.amending import strangers_in_force
from intake.approval import late_todo, with_drafts
from intake.books import kept_books
from intake.history import deeds
from intake.ladder import ladders
from intake.ledger import letter_rows, mail_rows
from intake.link_alarm import Ending, endings, link_todo
from intake.office import Campaign, Office
from intake.reports.alarms import ringing
from intake.reports.phones import phone_todo
from intake.saved import saved_paths
from intake.todo import todo
from intake.told import told
from intake.verdicts import verdicts
from intake.view import Board, MailboxCount, Todo, UnitRow
from rules.classes import class_doubts
from rules.facts import Facts, ImageFacts, TableFacts, TextFacts
from rules.verdict import Verdict
from storage import board as boards
from storage import inbox, outbox
from storage.pieces import all_pieces, facts_of
from storage.tables import MailRow as StoredMail
from storage.tables import PieceRow

SHOWN = ("photo", "stat_table")
"""Categories whose measured facts the tracker shows."""


def build_board(office: Office, campaign: Campaign, now: datetime) -> Board:
    """Everything about one notice at this moment, from one consistent view of the database."""
    with office.database.reading() as session:
        mails = inbox.all_mails(session)
        pieces = all_pieces(session)
        letters = outbox.all_letters(session)
        standing = verdicts(session, campaign)
        dead = boards.undeliverable(session)
        decided = boards.all_decisions(session, campaign.notice.id)
        done = {row.value for row in decided if row.kind == "done"}
        titles = office.titles
        ending = endings(session, campaign, standing)
        errors = {code: row.error for code, row in boards.boards(session, campaign.notice.id).items() if row.error}
        return Board(
            as_of=now,
            tz=office.tz,
            notice=campaign.notice,
            office=office.config.office.name,
            units=tuple(_units(session, office, campaign, standing, pieces, mails, dead)),
            mails=tuple(mail_rows(session, office, mails, pieces, letters)),
            letters=tuple(letter_rows(letters)),
            mailboxes=mailbox_counts(session),
            todo=(
                *alarm_todo(session, campaign),
                *wording_todo(office, now),
                *with_drafts(
                    office, todo(campaign, titles, standing, mails, letters, dead, errors, done, now), letters
                ),
                *late_todo(campaign, letters, decided),
                *kept_books(session, office, campaign, done),
                *phone_todo(office, campaign, standing, done, now),
                *link_todo(campaign, ending, office.config.links.alarm, now),
            ),
            history=tuple(deeds(campaign, boards.deeds(session, campaign.notice.id), mails, letters)),
            notices=titles,
            others=tuple(dict.fromkeys(_elsewhere(office, campaign))),
            told=told(session, campaign),
            warnings=(
                *ladders(office, campaign, standing).warnings,
                *class_doubts(campaign.notice.requirements, list(campaign.units.values())),
                *strangers_in_force(session, office),
            ),
            forms=campaign.forms,
            data_dir=office.data_dir,
            blob=str(office.blobs.root),
            until=_until(office, campaign, standing, ending, now),
        )


def _until(
    office: Office, campaign: Campaign, standing: Sequence[Verdict], ending: Sequence[Ending], now: datetime
) -> datetime:
    """The next moment that changes what the board says: a day begins, an hour of the settings comes, a deadline is
    over, a link ends or is soon to end."""
    config, today = office.config, now.astimezone(office.tz).date()
    hours = (time(), config.schedule.remind_at, config.coordinator.report_at, *config.schedule.tracker_at)
    dues = {one.due or campaign.notice.deadline for verdict in standing for one in verdict.standings}
    moments = [
        *(datetime.combine(day, hour, office.tz) for day in (today, today + timedelta(days=1)) for hour in hours),
        *(due + timedelta(microseconds=1) for due in (campaign.notice.deadline, *dues)),  # its last moment is in time
        *(moment for one in ending for moment in (one.ends, one.ends - config.links.alarm)),
    ]
    return min(moment for moment in moments if moment > now)


def _elsewhere(office: Office, campaign: Campaign) -> Iterator[str]:
    own = {unit.name for unit in campaign.units.values()}
    for other in office.campaigns.values():
        yield from (unit.name for unit in other.units.values() if unit.name not in own)


def alarm_todo(session: Session, campaign: Campaign) -> Iterator[Todo]:
    """The alarms that are on; each goes away by itself when what is wrong is mended."""
    for key, one in ringing(session).items():
        text = f"{one.what}。{one.detail}{one.remedy}"
        yield Todo(key=f"alarm:{key}", kind="alarm", since=one.since, unit="", text=text)


def wording_todo(office: Office, now: datetime) -> Iterator[Todo]:
    """Templates of the office that cannot be used; each goes away when it is mended."""
    by_file: dict[str, list[str]] = {}
    for fault in office.wording.faults:
        by_file.setdefault(fault.file, []).append(str(fault))
    for file, faults in by_file.items():
        more = f"等 {len(faults)} 处" if len(faults) > 1 else ""
        text = f"信件模板 {faults[0]}{more}。暂用内置模板，请改正（shouqi doctor 逐处说明）。"
        yield Todo(key=f"wording:{file}", kind="wording", since=now, unit="", text=text)


def mailbox_counts(session: Session) -> tuple[MailboxCount, ...]:
    """The ledger against the server."""
    return tuple(
        MailboxCount(mailbox=name, on_server=there, in_ledger=here, missing=missing)
        for name, there, here, missing in inbox.counts(session)
    )


def _units(
    session: Session,
    office: Office,
    campaign: Campaign,
    standing: Sequence[Verdict],
    pieces: Mapping[int, Sequence[PieceRow]],
    mails: Sequence[StoredMail],
    dead: Mapping[str, str],
) -> Iterator[UnitRow]:
    spans = boards.first_and_last(session, campaign.notice.id)
    sent = boards.letters_sent(session, campaign.notice.id)
    confirmed = boards.confirmed_addresses(session, campaign.notice.id)
    by_key = {f"{m.sha256}:{piece.path}": piece for m in mails for piece in pieces.get(m.id or 0, ())}
    shown = [
        piece.id
        for verdict in standing
        for one in verdict.standings
        if one.category in SHOWN
        for file in one.files
        if (piece := by_key.get(file.key)) is not None and piece.id is not None
    ]
    facts = facts_of(session, shown)
    for verdict in standing:
        unit = campaign.units[verdict.unit]
        first, last = spans.get(unit.code, (None, None))
        replies, reminders = sent.get(unit.code, (0, []))
        images, tables = _facts(verdict, by_key, facts)
        undeliverable = [f"{a}：{dead[a]}" for a in unit.addresses if a in dead]
        yield UnitRow(
            unit=unit,
            verdict=verdict,
            first_mail=first,
            last_mail=last,
            replies=replies,
            reminders=tuple(reminders),
            confirmed=tuple(confirmed.get(unit.code, ())),
            undeliverable="；".join(undeliverable) or ("" if unit.addresses else "名册中没有邮箱"),
            saved=saved_paths(campaign, unit, verdict),
            images=images,
            tables=tables,
        )


def _facts(
    verdict: Verdict, by_key: Mapping[str, PieceRow], known: Mapping[int, str]
) -> tuple[dict[str, ImageFacts], dict[str, TableFacts]]:
    images: dict[str, ImageFacts] = {}
    tables: dict[str, TableFacts] = {}
    for one in verdict.standings:
        for file in one.files:
            piece = by_key.get(file.key)
            stored = known.get(piece.id or 0) if piece is not None else None
            if stored is None:
                continue
            facts = msgspec.json.decode(stored, type=Facts)
            if isinstance(facts, ImageFacts):
                images[file.key] = facts
            elif isinstance(facts, TableFacts):
                tables[one.id] = facts
            elif isinstance(facts, TextFacts) and facts.tables and one.category == "stat_table":
                tables[one.id] = TableFacts(format=facts.format, sheets=facts.tables)
    return images, tables
