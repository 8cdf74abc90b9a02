"""Where a unit stands: the value of `judge`, stored as JSON and shown by status, letters and tracker."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from rules.finding import Finding

RequirementState = Literal["ok", "problem", "missing", "unsure", "waived"]
VersionState = Literal["current", "superseded", "withdrawn", "duplicate", "pending"]
"""pending: sent by somebody who is not registered or not verified, waits for a person."""
UnitState = Literal["complete", "incomplete", "missing"]


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that currently answers a requirement."""

    name: str
    sha256: str
    size: int
    message_id: str
    caption: str | None = None
    key: str = ""
    """`Item.key`."""
    path: str = ""
    thumbnail: str | None = None
    received_at: datetime
    why: str = ""
    """Why it was taken for this requirement, for the coordinator."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One file that was ever sent for a requirement, and what became of it."""

    name: str
    sha256: str
    size: int
    key: str
    """`Item.key`."""
    path: str
    message_id: str
    received_at: datetime
    state: VersionState
    why: str
    """The reason, for the coordinator."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One requirement of one unit."""

    id: str
    name: str
    category: str
    required: bool
    state: RequirementState
    files: tuple[File, ...] = ()
    findings: tuple[Finding, ...] = ()
    history: tuple[Version, ...] = ()
    """Every version that came for it, oldest first, each once."""
    asked: bool = True
    """False where it is asked of other classes of units only."""
    late: bool = False
    """Met (or first answered) only after the deadline."""
    due: datetime | None = None
    """Its last moment in time for this unit, extensions reckoned in; None in verdicts that were stored without it."""


def _by_what_came(standing: Standing) -> bool:
    """False where the only doubt is whether the unit is asked at all."""
    return any(finding.code != "class-unknown" for finding in standing.findings)


class Unplaced(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that answers no requirement, or nobody can tell which."""

    name: str
    sha256: str
    key: str
    why: str
    candidates: tuple[str, ...] = ()
    """Requirement ids it might answer; empty when it answers none."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one unit has sent for one notice, judged. Computed anew each time, never patched."""

    notice: str
    unit: str
    standings: tuple[Standing, ...]
    unplaced: tuple[Unplaced, ...] = ()
    mails: tuple[str, ...] = ()
    """Message-IDs of the mails that were counted, oldest first."""
    basis: str = ""
    """Which version of the notice it was judged by; "" in verdicts that are not stored."""
    strays: tuple[str, ...] = ()
    """Digests of mails that are plainly about something else: a person looks, the unit gets no verdict for them."""

    @property
    def owed(self) -> tuple[Standing, ...]:
        """Required requirements that the unit must still bring or mend (never what we are merely unsure of)."""
        return tuple(s for s in self.standings if s.required and s.state in ("missing", "problem"))

    @property
    def open(self) -> tuple[Standing, ...]:
        """Required requirements that are neither ok nor waived, those that wait for a person included."""
        return tuple(s for s in self.standings if s.required and s.state not in ("ok", "waived"))

    @property
    def came(self) -> bool:
        """True when any material came, placed or not; a mere question is no material."""
        ours = any(piece.key.partition(":")[0] not in self.strays for piece in self.unplaced)
        return ours or any(s.files or (s.state in ("problem", "unsure") and _by_what_came(s)) for s in self.standings)

    @property
    def state(self) -> UnitState:
        """complete: nothing open. missing: nothing came. incomplete: everything between."""
        if not self.open:
            return "complete"
        return "incomplete" if self.came else "missing"

    def overdue(self, now: datetime, deadline: datetime) -> bool:
        """True when something is still owed whose deadline has passed: its own, or that of the notice."""
        return any(now > (s.due or deadline) for s in self.owed)

    @property
    def late(self) -> bool:
        """True when a required requirement was met, or first answered, only after the deadline."""
        return any(s.late for s in self.standings if s.required)
