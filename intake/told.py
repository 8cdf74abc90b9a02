"""What she wrote into her cells for a decision, remembered with what we said to it: the same words decide once."""

from __future__ import annotations

import msgspec
from sqlmodel import Session

from intake.office import Campaign
from intake.view import Told
from storage import board


def told(session: Session, campaign: Campaign) -> dict[str, Told]:
    """All that is remembered of one workbook, by `{sheet}|{key of the row}`."""
    start = _key(campaign, "")
    facts = board.facts(session, start)
    return {key.removeprefix(start): msgspec.json.decode(value, type=Told) for key, value in facts.items()}


def tell(session: Session, campaign: Campaign, place: str, what: Told) -> None:
    """Remember one cell."""
    board.set_fact(session, _key(campaign, place), msgspec.json.encode(what).decode())


def forget(session: Session, campaign: Campaign, place: str) -> None:
    """The cell is empty, or its row is gone."""
    board.drop_fact(session, _key(campaign, place))


def _key(campaign: Campaign, place: str) -> str:
    return f"cell:{campaign.notice.id}:{place}"
