"""Judging again all that was received, on a copy of the database: what would change, and which letters would go.

The copy goes through the same line as the real one, so that the rehearsal cannot tell anything else than the
change-over does. Nothing of the office is written, nothing leaves.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec
from sqlmodel import Session, col, select

from intake.amending import basis_of, note_versions
from intake.notices import LoadedNotice
from intake.office import Campaign, Office
from intake.settle import settle
from rules.changes import Change, changes
from rules.shift import Shift, shifts
from rules.verdict import Verdict
from storage import board
from storage.blobs import Blobs
from storage.copying import copy_database
from storage.database import open_database
from storage.errors import Refused
from storage.tables import LetterRow


class LetterPlanned(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that would go."""

    to: str
    subject: str
    kind: str


class UnitOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One unit that has sent something."""

    code: str
    name: str
    before: str
    """State of the unit: complete, incomplete, missing; "" when it was not judged yet."""
    after: str
    shifts: tuple[Shift, ...]
    letters: tuple[LetterPlanned, ...]


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What would become of one notice."""

    notice: str
    changes: tuple[Change, ...]
    """What changed since the notice that is in force."""
    units: tuple[UnitOutcome, ...]
    """Those that sent something, in the order of the roster."""
    silent: int
    """Units of which nothing came: they get no letter; reminders go by the new deadline."""

    @property
    def touched(self) -> tuple[UnitOutcome, ...]:
        """Units for whom something changes, or who would be written to."""
        return tuple(one for one in self.units if one.shifts or one.letters or one.before != one.after)


def campaign_for(campaigns: Sequence[Campaign], loaded: LoadedNotice | None) -> Campaign:
    """Which of these running campaigns is meant, with this notice in the place of its own. Refused when none can be."""
    if loaded is None:
        if len(campaigns) == 1:
            return campaigns[0]
        raise Refused("同时有几个通知，请用 --notice 写明重新核对哪一个，或写明新的通知文件。")
    same = [one for one in campaigns if one.notice.id == loaded.notice.id] or campaigns
    if len(same) != 1:
        known = "、".join(one.notice.id for one in campaigns)
        raise Refused(f"通知代号“{loaded.notice.id}”不在配置里（现有：{known}）。请把 id 改成所修改的那个通知的代号。")
    old = same[0]
    notice = loaded.notice.model_copy(update={"id": old.notice.id})
    return replace(old, notice=notice, forms=loaded.forms, basis=basis_of(notice, loaded.forms, old.units))


def rehearse(office: Office, campaign: Campaign, now: datetime) -> Replayed:
    """Judge everything of this campaign again, and tell what is different. `office` is not touched."""
    with _copied(office, campaign) as copy:
        with copy.database.writing() as session:
            before = board.boards(session, campaign.notice.id)
            old = {code: row.verdict for code, row in before.items()}
            last = max((id for id in session.exec(select(LetterRow.id)) if id is not None), default=0)
            for code in before:
                board.touch(session, campaign.notice.id, code)
        note_versions(copy, now)
        judged = {code: settle(copy, campaign, code, now) for code in campaign.units if code in before}
        with copy.database.reading() as session:
            letters = _letters(session, last)
    was = office.campaigns[campaign.notice.id]
    forms = {id for id, form in campaign.forms.items() if id in was.forms and was.forms[id] != form}
    return Replayed(
        notice=campaign.notice.id,
        changes=changes(was.notice, campaign.notice, office.tz, forms),
        units=tuple(
            _outcome(campaign, code, old[code], verdict, letters.get(code, ())) for code, verdict in judged.items()
        ),
        silent=len(campaign.units) - len(judged),
    )


def _outcome(
    campaign: Campaign, code: str, stored: str, after: Verdict, letters: tuple[LetterPlanned, ...]
) -> UnitOutcome:
    before = msgspec.json.decode(stored, type=Verdict) if stored else None
    return UnitOutcome(
        code=code,
        name=campaign.units[code].name,
        before=before.state if before else "",
        after=after.state,
        shifts=shifts(before, after) if before else (),
        letters=letters,
    )


def _letters(session: Session, last: int) -> Mapping[str, tuple[LetterPlanned, ...]]:
    """Letters that the rehearsal wrote, by unit."""
    found: dict[str, tuple[LetterPlanned, ...]] = {}
    rows = select(LetterRow).where(col(LetterRow.id) > last, LetterRow.state != "dropped").order_by(col(LetterRow.id))
    for row in session.exec(rows):
        planned = LetterPlanned(to=row.to, subject=row.subject, kind=row.kind)
        found[row.unit or ""] = (*found.get(row.unit or "", ()), planned)
    return found


@contextmanager
def _copied(office: Office, campaign: Campaign) -> Iterator[Office]:
    """The office on copies: its database, and a folder of blobs that only reads the real one."""
    with tempfile.TemporaryDirectory(prefix="shouqi-replay-") as folder:
        aside = Path(folder)
        database = open_database(copy_database(office.config.database_url, aside / "copy.db"))
        try:
            yield replace(
                office,
                config=office.config.model_copy(update={"data_dir": str(aside)}),
                campaigns={campaign.notice.id: campaign},
                database=database,
                blobs=_Shadow(office.blobs.root, Blobs(aside / "blobs")),
            )
        finally:
            database.close()


class _Shadow(Blobs):
    """Blobs that are read where they are and written elsewhere."""

    def __init__(self, root: Path, aside: Blobs) -> None:
        super().__init__(root)
        self._aside = aside

    def path(self, digest: str) -> Path:
        """The real blob where there is one."""
        real = super().path(digest)
        return real if real.is_file() else self._aside.path(digest)

    def keep_all(self, files: Iterable[tuple[Path, str]]) -> None:
        """All that is kept is kept aside."""
        self._aside.keep_all(files)
