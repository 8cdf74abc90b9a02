"""What a unit does during the campaign (`Plan`), and how each requirement must then come out (`Expected`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.pieces import Piece
from rules.notice import Category
from rules.unit import Unit
from rules.verdict import RequirementState

REQUIRED: tuple[Category, ...] = ("summary", "case", "photo", "stat_table")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How one requirement must come out."""

    state: RequirementState = "ok"
    codes: frozenset[str] = frozenset()
    """Finding codes of outcome fail or unsure that must be told, and no others but those in `may`."""
    may: frozenset[str] = frozenset()
    """Codes of outcome fail or unsure that a person could say as well, without being wrong."""
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything one unit does during the campaign."""

    name: str
    unit: Unit
    first: tuple[Piece, ...] = ()
    """Sent together or over several letters."""
    later: tuple[Piece, ...] = ()
    """Each a letter of its own, after all of `first`, in this order."""
    expected: Mapping[Category, Expected] = field(default_factory=dict)
    wrapped: Literal["", "zip", "zip in zip", "winmail", "forwarded"] = ""
    """Everything of one letter in one container: archives with GBK names, Outlook's winmail.dat, or the mail of
    a colleague that is attached."""
    alternating: bool = False
    """Each letter from another of the unit's registered addresses."""
    late: Literal["", "all", "later"] = ""
    """Which letters come after the deadline."""


OK = Expected()
MISSING = Expected(state="missing", codes=frozenset({"missing"}))


def problem(code: str, *may: str) -> Expected:
    """The requirement has one fault that the unit must mend."""
    return Expected(state="problem", codes=frozenset({code}), may=frozenset(may))
