"""What could be seen from outside during a simulation; nothing of it comes out of the program's database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from benchmarks.simulation.habits import Habit
from benchmarks.simulation.letters import Letter
from benchmarks.simulation.robot import Call
from rules.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A mail that came into the office's mailbox. `unit`: whose it is in truth, None for nobody's."""

    at: datetime
    message_id: str
    unit: str | None
    kind: str
    """material, question, thanks, machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at the program: its `status --json`."""

    at: datetime
    status: Mapping[str, Any]

    @property
    def units(self) -> Mapping[str, Mapping[str, Any]]:
        """By code."""
        (notice,) = self.status["notices"]
        return {unit["code"]: unit for unit in notice["units"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The tracker on one morning, with the `status --json` of the same moment: state in words by code; or why not."""

    look: Look
    states: Mapping[str, str]
    fault: str = ""


@dataclass(slots=True, kw_only=True)
class Record:
    """Everything the referee goes by."""

    units: Mapping[str, Unit]
    habits: Mapping[str, Habit]
    dead: frozenset[str]
    """Addresses at which no letter arrives."""
    deadline: datetime
    first: datetime
    last: datetime
    delivered: list[Delivered] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    """After every cycle that sent a reminder, and after the hour of reminding on every day."""
    sheets: list[Sheet] = field(default_factory=list)
    on_server: list[str] = field(default_factory=list)
    """Message-IDs in the mailbox at the end, as IMAP tells them."""
    mails: list[Mapping[str, Any]] = field(default_factory=list)
    """`mails --json` at the end."""
    complaints: list[str] = field(default_factory=list)
    """Commands that ended otherwise than with status 0."""
    cycles: int = 0
    outages: int = 0
    restarts: int = 0
    seconds: float = 0.0

    def letters_to(self, code: str) -> list[Letter]:
        """All that were sent to a unit's registered addresses, in order."""
        addresses = self.units[code].addresses
        return [letter for letter in self.letters if letter.to in addresses]

    def arrived(self, code: str) -> list[Letter]:
        """Those of them that came to a mailbox."""
        return [letter for letter in self.letters_to(code) if letter.to not in self.dead]

    @property
    def end(self) -> Look:
        """The last look."""
        return self.looks[-1]
