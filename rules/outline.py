"""The part of a verdict by which reminders go, read from the same JSON at a sixth of the cost.

A cycle looks at all units of a notice, and of thousands only a few are due. Python's collector stays out (`gc=False`):
it would walk a hundred thousand of these values in vain, which took half the time; none of them can be part of a ring.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from rules.verdict import RequirementState, Verdict


class Name(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A file that answers a requirement."""

    name: str
    sha256: str
    key: str = ""
    """`Item.key`."""


class Footing(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One requirement of one unit, as in `Standing`."""

    id: str
    name: str
    required: bool
    state: RequirementState
    files: tuple[Name, ...] = ()
    due: datetime | None = None


class Outline(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A unit's verdict without its words."""

    notice: str
    unit: str
    standings: tuple[Footing, ...]

    @property
    def owed(self) -> tuple[Footing, ...]:
        """As `Verdict.owed`."""
        return tuple(s for s in self.standings if s.required and s.state in ("missing", "problem"))


Owing = Verdict | Outline
"""What tells of a unit what it owes, and until when."""
