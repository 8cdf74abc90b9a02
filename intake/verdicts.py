"""Where the units of a notice stand: the stored verdicts, and those of the units that never wrote."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlmodel import Session

from intake.office import Campaign
from rules.judge import judge
from rules.outline import Outline
from rules.verdict import Verdict
from storage import board


def verdicts(session: Session, campaign: Campaign) -> list[Verdict]:
    """One for every unit of the roster, in its order."""
    decoder = msgspec.json.Decoder(Verdict)
    return [
        decoder.decode(stored) if stored else msgspec.structs.replace(blank, unit=code)
        for code, stored, blank in _stored(session, campaign)
    ]


def outlines(session: Session, campaign: Campaign) -> list[Outline]:
    """The same in outline, for looking through them all in every cycle."""
    decoder, short = msgspec.json.Decoder(Outline), dict[int, Outline]()
    found = []
    for code, stored, blank in _stored(session, campaign):
        if stored:
            found.append(decoder.decode(stored))
            continue
        if id(blank) not in short:
            short[id(blank)] = decoder.decode(msgspec.json.encode(blank))
        found.append(msgspec.structs.replace(short[id(blank)], unit=code))
    return found


def verdict_now(session: Session, campaign: Campaign, code: str) -> Verdict:
    """That of one unit."""
    row = board.board_of(session, campaign.notice.id, code)
    if row is not None and row.verdict:
        return msgspec.json.decode(row.verdict, type=Verdict)
    return judge(campaign.notice, campaign.units[code], (), forms=campaign.forms)


def _stored(session: Session, campaign: Campaign) -> Iterator[tuple[str, str, Verdict]]:
    """Code, stored verdict as JSON ("" when there is none) and the verdict of a silent unit of its class."""
    known = board.stored_verdicts(session, campaign.notice.id)
    blank: dict[str, Verdict] = {}
    for code, unit in campaign.units.items():
        # but for the code, silent units of a class are alike: twenty thousand of them cost a few judgements
        if unit.category not in blank:
            blank[unit.category] = judge(campaign.notice, unit, (), forms=campaign.forms)
        yield code, known.get(code, ""), blank[unit.category]
