"""What the coordinator decided about one requirement of one unit."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision; the newest one about a requirement holds.

    accept: it is met, whatever was measured. reject: it must be sent again; this speaks about the pieces that
    were there at `at`, a later piece is judged afresh. waive: it is not asked of this unit. extend: a later
    deadline for the unit (`until`); `judge` is given that deadline by its caller.
    """

    kind: Literal["accept", "reject", "waive", "extend"]
    requirement: str = ""
    """Requirement id; empty for `extend`."""
    note: str = ""
    """What the coordinator wrote, for the unit where it is a rejection."""
    at: datetime
    until: datetime | None = None
