"""One goal and what was found; the table is made of these."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One line of the table."""

    goal: str
    """P1 … P8."""
    what: str
    limit: str
    figure: str
    rounds: str = ""
    """The figure of each round."""
    met: bool | None = None
    """None: a figure beside, not a goal."""

    @property
    def verdict(self) -> str:
        """How the table says it."""
        return {True: "yes", False: "**no**", None: ""}[self.met]


def each(values: Sequence[float], digits: int = 2) -> str:
    """The rounds, in order.

    >>> each([1.234, 2.0])
    '1.23 · 2.00'
    """
    return " · ".join(f"{value:.{digits}f}" for value in values)


def middle(values: Sequence[float]) -> float:
    """Their median."""
    return statistics.median(values)
