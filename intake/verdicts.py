"""Where the units of a notice stand: the stored verdicts, and those of the units that never wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec
from sqlmodel import Session

from intake.office import Campaign
from rules.judge import judge
from rules.outline import Outline
from rules.verdict import Verdict
from storage import board
from storage.tables import BoardRow

T = TypeVar("T", Verdict, Outline)


def store_verdict(session: Session, row: BoardRow, verdict: Verdict) -> None:
    """Write the verdict of the row's unit, and its outline beside it."""
    whole = msgspec.json.encode(verdict)
    outline = msgspec.json.encode(msgspec.json.decode(whole, type=Outline))
    board.write_verdict(session, row, whole.decode(), outline.decode())


def verdicts(session: Session, campaign: Campaign) -> list[Verdict]:
    """One for every unit of the roster, in its order."""
    return list(_of_all(campaign, Verdict, board.stored_verdicts(session, campaign.notice.id)))


def outlines(session: Session, campaign: Campaign) -> list[Outline]:
    """The same in outline, for looking through them all in every cycle."""
    return list(_of_all(campaign, Outline, board.stored_outlines(session, campaign.notice.id)))


def verdict_now(session: Session, campaign: Campaign, code: str) -> Verdict:
    """That of one unit."""
    row = board.board_of(session, campaign.notice.id, code)
    if row is not None and row.verdict:
        return msgspec.json.decode(row.verdict, type=Verdict)
    return judge(campaign.notice, campaign.units[code], (), forms=campaign.forms)


def _of_all(campaign: Campaign, form: type[T], stored: Mapping[str, str]) -> Iterator[T]:
    """What is stored of each unit, and for one of which nothing is, what holds for a silent unit of its class."""
    decoder = msgspec.json.Decoder(form)
    silent: dict[str, T] = {}
    for code, unit in campaign.units.items():
        if known := stored.get(code):
            yield decoder.decode(known)
            continue
        # but for the code, silent units of a class are alike: twenty thousand of them cost a few judgements
        if unit.category not in silent:
            blank = judge(campaign.notice, unit, (), forms=campaign.forms)
            silent[unit.category] = decoder.decode(msgspec.json.encode(blank))
        yield msgspec.structs.replace(silent[unit.category], unit=code)
