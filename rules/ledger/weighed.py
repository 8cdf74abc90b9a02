"""A piece as the checks of single pieces weighed it, and what a requirement has room for."""

from __future__ import annotations

from typing import Literal

import msgspec

from rules.finding import Finding
from rules.item import Item
from rules.notice import Requirement

Rank = Literal[0, 1, 2]
"""2 sound, 1 doubtful (a person must look), 0 faulty."""
_SINGLE = frozenset({"summary", "stat_table", "form", "roster"})
"""Kinds of which a unit has one, even where the notice gives no number."""


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """A piece with what the checks of single pieces found."""

    item: Item
    findings: tuple[Finding, ...] = ()

    @property
    def rank(self) -> Rank:
        """The worst outcome decides."""
        outcomes = {finding.outcome for finding in self.findings}
        return 0 if "fail" in outcomes else 1 if "unsure" in outcomes else 2

    @property
    def trouble(self) -> Finding | None:
        """The finding that lowers the rank."""
        worst = {0: "fail", 1: "unsure", 2: ""}[self.rank]
        return next((finding for finding in self.findings if finding.outcome == worst), None)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How many pieces a requirement wants."""

    least: int = 1
    most: int | None = None
    strict: bool = False
    """True when the notice itself states `most`; otherwise one mail may bring several (docx and scan)."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The pieces that count, in order of arrival, and what is worth saying about the others."""

    current: tuple[Weighed, ...] = ()
    notes: tuple[Finding, ...] = ()
    waiting: tuple[Weighed, ...] = ()
    """Pieces of less trusted senders that were not needed."""


def limits_of(requirement: Requirement) -> Limits:
    """From the notice's `checks.count`; kinds that are single by nature want one."""
    count = requirement.checks.get("count", {})
    least, most = count.get("min"), count.get("max")
    strict = most is not None
    if most is None and requirement.category in _SINGLE and (least is None or least <= 1):
        most = 1
    return Limits(least=max(1, int(least or 1)), most=int(most) if most is not None else None, strict=strict)
