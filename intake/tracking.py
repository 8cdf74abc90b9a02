"""The workbooks of all notices, written when one would say something else than the one that lies there.

What one says rests on the database, the settings with notices and rosters, the files beside it, and the clock. Each is
noted when it is written, and compared as cheaply as it goes: the database by what its journal tells since then. In
doubt, and after a crash between the two, it is written once more than needed.
"""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from intake import __version__
from intake.books import keep_path, note_kept, tracker_path
from intake.copies import DAY, MINUTE, named, stamp, untouched
from intake.hand import remember, unread
from intake.office import Campaign, Office
from intake.saved import save_changed, saved_folder
from intake.standing import build_board
from intake.tracker import Written
from intake.tracker.locks import opened_by
from storage import board
from storage.journal import Place
from storage.paired import nothing_new, place_of

_RETRY = timedelta(minutes=10)
"""How soon the workbook is tried again that was open elsewhere; where a lock file goes, that is seen at once."""
_OWN = ("tracker:", "drawn:")
"""How the keys of facts begin that tell of the workbooks themselves."""


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """From what the workbook was written."""

    place: Place
    """How far the journal of the database reached before."""
    rest: str
    """Digest of settings and files."""
    since: datetime
    until: datetime
    """From then on it would say something else though nothing came."""
    beside: str = ""
    """Name of the workbook that was written beside the one that was open elsewhere; "" when it lies in its place."""
    note: str = ""
    """What the coordinator should know as long as that lies there."""


def track(
    office: Office, now: datetime, only: Sequence[Campaign] | None = None, *, changed_only: bool = False
) -> list[Written]:
    """Save the files that count under clean names, and write the tracker of every notice, or of these `only`.

    With `changed_only` a workbook that would be written as it lies there is left alone.
    """
    return [
        (_current(office, campaign, now) if changed_only else None) or _written(office, campaign, now)
        for campaign in (office.campaigns.values() if only is None else only)
    ]


def _written(office: Office, campaign: Campaign, now: datetime) -> Written:
    save_changed(office, campaign)
    keep_path(office, campaign)
    made = _write(office, campaign, now)
    if made.kept_as is not None:  # 待办 of the same workbook says so
        note_kept(office, made.kept_as.name, made.lost)
        made = msgspec.structs.replace(_write(office, campaign, now), note=made.note, kept_as=made.kept_as)
    return made


def _write(office: Office, campaign: Campaign, now: datetime) -> Written:
    """The workbook, noted as known unless it holds words of hers that decide and were not read yet."""
    # openpyxl takes longer to import than a cycle with nothing new
    from intake.tracker.book import write_tracker

    before, path = _place(office), tracker_path(office, campaign)
    board = build_board(office, campaign, now)
    made = write_tracker(board, path, keep=timedelta(days=office.config.tracker.keep_days))
    look, beside = stamp(path), made.path != path
    saved = unread(office, campaign, look) if beside else not untouched(path)
    if saved or unread(office, campaign, made.read):  # she saved before or meanwhile: it waits for the next cycle
        return made
    remember(office, campaign, look)
    again = now + _RETRY
    until = min(board.until or again, again if beside else datetime.max.replace(tzinfo=UTC))
    _note_drawn(office, campaign, before, now, until, made if beside else None)
    return made


def _place(office: Office) -> Place | None:
    """How far the database's journal reaches; None where it keeps none. To be asked before the board is built."""
    with office.database.reading() as session:
        return place_of(session) if office.database.journal is not None else None


def _current(office: Office, campaign: Campaign, now: datetime) -> Written | None:
    """The workbook that lies there, when it would be written the same; else None."""
    with office.database.reading() as session:
        noted = board.known_fact(session, f"drawn:{campaign.notice.id}")
        journal = office.database.journal
        if not noted or journal is None:
            return None
        drawn = msgspec.json.decode(noted, type=Drawn)
        if not drawn.since <= now < drawn.until or not nothing_new(session, journal, drawn.place, _OWN):
            return None
    if drawn.rest != _rest(office, campaign, now):
        return None
    path = tracker_path(office, campaign)
    path = path.with_name(drawn.beside) if drawn.beside else path
    return Written(path=path, note=f"没有变化。{drawn.note}" if drawn.note else "没有变化", kept=0)


def _note_drawn(
    office: Office, campaign: Campaign, before: Place | None, now: datetime, until: datetime, beside: Written | None
) -> None:
    """Note from what the workbook was just written; `before` is the `_place` when its board was built."""
    if before is None:
        return
    drawn = Drawn(place=before, rest=_rest(office, campaign, now), since=now, until=until)
    if beside is not None:
        drawn = msgspec.structs.replace(drawn, beside=beside.path.name, note=beside.note)
    with office.database.writing() as session:
        board.set_fact(session, f"drawn:{campaign.notice.id}", msgspec.json.encode(drawn).decode())


def _rest(office: Office, campaign: Campaign, now: datetime) -> str:
    path = tracker_path(office, campaign)
    told = (
        __version__,
        repr(office.config),
        [(one.basis, list(one.units.values())) for one in office.campaigns.values()],
        [str(fault) for fault in office.wording.faults],
        opened_by(path, now.timestamp()),
        list(_looks(path)),
        _changed(saved_folder(office, campaign)),
    )
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def _looks(path: Path) -> Iterator[tuple[str, int, int]]:
    """The workbook, its copies and what was kept beside it, each with what changes when somebody saves it."""
    kept = sorted(path.parent.glob(f"{glob.escape(path.stem)}.*{path.suffix}"))
    for one in (path, *named(path, f"({DAY}|{MINUTE})"), *kept):
        with suppress(FileNotFoundError):
            found = one.stat()
            yield one.name, found.st_size, found.st_mtime_ns


def _changed(folder: Path) -> int:
    """When something in the folder came or went; 0 when it is not there."""
    return folder.stat().st_mtime_ns if folder.is_dir() else 0
