"""Decisions that the coordinator wrote into cells take effect in the next cycle: 待办 and 明细.

The workbook is only read when it changed since we wrote it, so an idle poll costs nothing. What she wrote stays in
her cells, so it is remembered with the decision what each said: the same words decide once. What cannot be carried
out is remembered with the reason, which the sheet shows beside her cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
import structlog
from sqlmodel import Session

from intake.books import tracker_path
from intake.copies import stamp
from intake.hand_todo import Choice, obey
from intake.hand_units import Sitting, rule_unit
from intake.office import Campaign, Office
from intake.told import forget, tell, told
from intake.tracker import DRAFT
from intake.view import Told
from rules.unit import Unit
from storage import board
from storage.errors import Refused

log = structlog.get_logger()

OF_TODO = ("归属单位", "处理", "归属通知")
OF_UNITS = ("人工结论",)
"""The cells that decide."""
_STALE = "存盘的是旧版本的台账，其中的字样没有执行。确需执行的，请清空后重新填写"


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What came of reading her cells."""

    decided: int = 0
    answered: int = 0
    """Words that could not be carried out, or no longer stand there: what the sheet says to them has changed."""


def remember(office: Office, campaign: Campaign, look: str) -> None:
    """Note the `stamp` of a workbook of which we know what it says."""
    with office.database.writing() as session:
        board.set_fact(session, f"tracker:{campaign.notice.id}", look)


def unread(office: Office, campaign: Campaign, look: str) -> bool:
    """True when somebody saved the workbook with that `stamp` since we wrote it, and what it says was not read yet."""
    with office.database.reading() as session:
        known = board.known_fact(session, f"tracker:{campaign.notice.id}")
    return known is not None and look not in ("", known)


def take_decisions(office: Office, now: datetime) -> Heard:
    """Carry out what she wrote since we last wrote the workbooks."""
    decided = answered = 0
    for campaign in office.campaigns.values():
        path = tracker_path(office, campaign)
        look = stamp(path)
        if not unread(office, campaign, look):
            continue
        from intake.tracker.reopen import read_hand  # openpyxl is not needed where she saved nothing

        hand = read_hand(path, now)
        if hand.note:  # being saved at this moment, or damaged: the writer keeps it, nothing is forgotten
            log.warning("workbook cannot be read", why=hand.note)
            continue
        seen = min(hand.written, now) if hand.written is not None else now
        sitting = Sitting(now=now, seen=seen, tz=office.tz, by=f"台账（{hand.saved_by}）" if hand.saved_by else "台账")
        reading = _Reading(office, campaign, sitting, stale=hand.stale)
        for key, cells in hand.todo.items():
            reading.todo(key, cells)
        for code, cells in hand.units.items():
            reading.unit(code, cells)
        reading.forget()
        remember(office, campaign, look)  # if she saved while we read, that is for the next cycle
        decided, answered = decided + reading.decided, answered + reading.answered
    return Heard(decided=decided, answered=answered)


class _Reading:
    """One workbook being read: each cell is a transaction of its own."""

    def __init__(self, office: Office, campaign: Campaign, sitting: Sitting, *, stale: bool) -> None:
        self.office, self.campaign, self.sitting, self._stale = office, campaign, sitting, stale
        with office.database.reading() as session:
            self._known = told(session, campaign)
        self._met: set[str] = set()
        self.decided = self.answered = 0

    def todo(self, key: str, cells: Mapping[str, str]) -> None:
        """One row of 待办."""
        unit, word, notice = (cells.get(header, "").strip() for header in OF_TODO)
        choice = Choice(unit=unit, word=word, notice=notice, text=cells.get(DRAFT, ""))
        self._take(
            f"待办|{key}",
            (unit, word, notice) if notice else (unit, word),
            lambda session: obey(session, self.office, self.campaign, key, choice, self.sitting),
            again=True,
        )

    def unit(self, code: str, cells: Mapping[str, str]) -> None:
        """One row of 明细; its code may have lost leading zeros."""
        said = tuple(cells.get(header, "").strip() for header in OF_UNITS)
        unit = self._unit(code)
        if unit is not None:
            self._take(
                f"明细|{unit.code}",
                said,
                lambda session: rule_unit(session, self.campaign, unit, said[0], self.sitting),
                again=False,
            )

    def forget(self) -> None:
        """What she has taken out of a cell, and rows that are gone: the same words may decide again."""
        gone = [] if self._stale else [place for place in self._known if place not in self._met]
        if gone:
            with self.office.database.writing() as session:
                for place in gone:
                    forget(session, self.campaign, place)
            self.answered += sum(1 for place in gone if self._known[place].answer)

    def _take(self, place: str, said: tuple[str, ...], act: Callable[[Session], None], *, again: bool) -> None:
        """One cell. With `again`, what could not be carried out is tried anew each time that she saves."""
        if not any(said):
            return
        self._met.add(place)
        known = self._known.get(place)
        if known is not None and known.said == said and not (again and known.answer):
            return
        try:
            if self._stale:  # perhaps long overruled: nobody can tell what of it she wrote just now
                raise Refused(_STALE)
            with self.office.database.writing() as session:
                act(session)
                tell(session, self.campaign, place, Told(said=said))
            self.decided += 1
        except (Refused, ValueError, LookupError) as error:
            # what she wrote must never stop the mail: a key or a value that nobody foresaw is told like a refusal
            answer = (
                str(error).rstrip("。") if isinstance(error, Refused) else f"程序未能处理（{type(error).__name__}）"
            )
            log.warning("decision not possible", place=place, why=str(error))
            with self.office.database.writing() as session:
                tell(session, self.campaign, place, Told(said=said, answer=answer))
            self.answered += 1

    def _unit(self, code: str) -> Unit | None:
        units = self.campaign.units
        if code in units:
            return units[code]
        found = [unit for unit in units.values() if unit.code.lstrip("0") == code.lstrip("0")]
        return found[0] if len(found) == 1 else None
