"""人工结论: what the coordinator decides about a unit in her cell of 明细, or about one doubt in 待办."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, tzinfo

import msgspec
from sqlmodel import Session

from intake.decisions import end_of, extend, rule
from intake.office import Campaign
from intake.rulings import Ruling, rulings
from intake.settle import verdict_of
from rules.decision import RULINGS
from rules.unit import Unit
from rules.verdict import Standing
from storage import board, inbox
from storage.errors import Refused


class Sitting(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of the workbook: when it is, what she had before her, who saved it."""

    now: datetime
    seen: datetime
    """Up to when the workbook told what had come."""
    tz: tzinfo
    by: str


def rule_unit(
    session: Session, campaign: Campaign, unit: Unit, text: str, sitting: Sitting, *, about: str | None = None
) -> None:
    """Carry out what a cell says about a unit, all of it or nothing. Refused, with the reason, when it cannot be.

    Without a requirement, 通过 and 退回 mean whatever came, 免报 everything asked; with `about` (in 待办) the one
    requirement of the row, and where that is "", she must name one.
    """
    deadline = campaign.notice.deadline.astimezone(sitting.tz).date()
    found = rulings(text, campaign.notice.requirements, deadline)
    named = {id for one in found for id in one.requirements}
    mails = inbox.mails_of_unit(session, campaign.notice.id, unit.code)
    decisions = board.decisions(session, campaign.notice.id, unit.code)
    standings = verdict_of(session, campaign, unit, mails, decisions, sitting.now).standings
    decided = {one.requirement for one in decisions if one.kind in RULINGS}
    said: dict[str, object] = {}
    for one in found:
        if one.kind == "extend":
            if said.setdefault("", one.until) != one.until:
                raise Refused("这一格里写了两个延期日期，请只留一个")
            _extend(session, campaign, unit, one, sitting)
            continue
        if about is not None and not one.requirements:
            if not about:
                raise Refused("请写明是哪一项材料，例如“通过 活动总结”")
            one = msgspec.structs.replace(one, requirements=(about,))
        for id in one.requirements or _meant(one, standings, named, decided):
            if said.setdefault(id, one.kind) != one.kind:
                raise Refused(f"对“{_name(campaign, id)}”写了互相矛盾的结论，请只留一个")
            if one.kind == "reject" and id not in decided and not _came(standings, id):
                raise Refused(f"“{_name(campaign, id)}”尚未收到，没有可以退回的")
            rule(session, campaign, unit, one.kind, id, sitting.now, note=one.note, by=sitting.by, seen=sitting.seen)


def _extend(session: Session, campaign: Campaign, unit: Unit, one: Ruling, sitting: Sitting) -> None:
    if one.until is None:
        raise Refused("请写明延期到哪一天")
    until, deadline = end_of(one.until, sitting.tz), campaign.notice.deadline.astimezone(sitting.tz)
    if until < sitting.now:
        raise Refused(f"{one.until} 已经过去，不能延期到这一天")
    if one.until < deadline.date():
        raise Refused(f"{one.until} 早于通知的截止日期 {deadline.date()}，不必延期")
    extend(session, campaign, unit, until, sitting.now, note=one.note, by=sitting.by)


def _meant(one: Ruling, standings: Sequence[Standing], named: Collection[str], decided: Collection[str]) -> list[str]:
    """The requirements a word without names means; those that the cell names elsewhere are not among them."""
    ids = [id for id in _all(one.kind, standings, decided) if id not in named]
    if not ids:
        raise Refused(
            {
                "accept": "该单位尚未报送材料，没有可以通过的。不需报送的请写“免报”；另行收到的请写明哪一项",
                "reject": "该单位尚未报送材料，没有可以退回的",
                "reset": "没有可以撤销的结论",
                "waive": "没有可以免报的材料",
            }[one.kind]
        )
    return ids


def _all(kind: str, standings: Sequence[Standing], decided: Collection[str]) -> Iterator[str]:
    for standing in standings:
        if kind == "waive" or (standing.id in decided if kind == "reset" else _came(standings, standing.id)):
            yield standing.id


def _came(standings: Sequence[Standing], id: str) -> bool:
    return any(one.id == id and (one.files or one.history or one.state in ("problem", "unsure")) for one in standings)


def _name(campaign: Campaign, id: str) -> str:
    return next((one.name for one in campaign.notice.requirements if one.id == id), id)
