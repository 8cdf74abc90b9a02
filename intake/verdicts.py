"""Where every unit of a notice stands: the stored verdicts, and those of the units that never wrote."""

from __future__ import annotations

import msgspec
from sqlmodel import Session

from intake.office import Campaign
from rules.judge import judge
from rules.verdict import Verdict
from storage import board


def verdicts(session: Session, campaign: Campaign) -> list[Verdict]:
    """One for every unit of the roster, in its order."""
    known = board.boards(session, campaign.notice.id)
    blank: dict[str, Verdict] = {}
    result = []
    for code, unit in campaign.units.items():
        row = known.get(code)
        if row is not None and row.verdict:
            result.append(msgspec.json.decode(row.verdict, type=Verdict))
        else:
            # but for the code, silent units of a class are alike: twenty thousand of them cost a few judgements
            if unit.category not in blank:
                blank[unit.category] = judge(campaign.notice, unit, (), forms=campaign.forms)
            result.append(msgspec.structs.replace(blank[unit.category], unit=code))
    return result
