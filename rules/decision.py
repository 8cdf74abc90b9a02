"""What the coordinator decided about one requirement of one unit, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from rules.finding import Finding
from rules.item import Item
from rules.notice import Requirement
from rules.verdict import RequirementState, Standing

RULINGS = ("accept", "reject", "waive", "reset")
"""Kinds of decision that speak about one requirement."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision; the newest one about a requirement holds.

    accept: it is met, whatever was measured, and what strangers had sent for it until then is taken as the unit's
    own. reject: it must be sent again; this speaks about the pieces that were there when she looked (`reach`), a
    later piece is judged afresh. waive: it is not asked of this unit. reset: what was decided before no longer
    holds, what was measured does. extend: a later deadline for the unit (`until`); `judge` is given that deadline
    by its caller.
    """

    kind: Literal["accept", "reject", "waive", "reset", "extend"]
    requirement: str = ""
    """Requirement id; empty for `extend`."""
    note: str = ""
    """What the coordinator wrote, for the unit where it is a rejection."""
    at: datetime
    seen: datetime | None = None
    """What she had before her: the moment up to which the workbook told what had come; None: `at`."""
    until: datetime | None = None

    @property
    def reach(self) -> datetime:
        """The decision speaks about what had come until then."""
        return min(self.seen, self.at) if self.seen is not None else self.at


def latest_decisions(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """The newest decision about each requirement."""
    latest: dict[str, Decision] = {}
    for decision in sorted(decisions, key=lambda decision: decision.at):
        if decision.kind != "extend":
            latest[decision.requirement] = decision
    return latest


def confirmed(item: Item, decision: Decision | None) -> Item:
    """The piece as the coordinator's acceptance leaves it: one of an unconfirmed sender that she saw is trusted."""
    if decision is None or decision.kind != "accept" or item.trust == "registered" or item.received_at > decision.reach:
        return item
    return msgspec.structs.replace(item, trust="registered")


def decide(standing: Standing, decision: Decision | None, requirement: Requirement) -> Standing:
    """What the coordinator decided goes before what was measured."""
    if decision is None or decision.kind == "reset":
        return standing
    if decision.kind == "reject":
        spoken_of = standing.files or standing.history
        if not spoken_of or any(file.received_at > decision.reach for file in spoken_of):
            return standing
        said = decision.note.strip().rstrip("。")
        finding = Finding(
            code="rejected",
            outcome="fail",
            says=f"经办人核看后未予采用：{said}。" if said else "经办人核看后未予采用。",
            fix=f"请修改后重新报送“{standing.name}”。",
            clause=requirement.clause,
        )
        return msgspec.structs.replace(standing, state="problem", findings=(*standing.findings, finding))
    softened = tuple(
        msgspec.structs.replace(f, outcome="note", fix="经办人核看后已予采用。")
        if f.outcome in ("fail", "unsure")
        else f
        for f in standing.findings
        if f.code != "missing"
    )
    state: RequirementState = "ok" if decision.kind == "accept" else "waived"
    return msgspec.structs.replace(standing, state=state, findings=softened if state == "ok" else ())
