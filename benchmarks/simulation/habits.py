"""How the units of the simulation behave: declared, so that a new kind of unit is a new line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from rules.notice import Category
from rules.unit import Unit

Start = Literal["prompt", "outage", "last afternoon", "reminded", "late", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """One way to deal with a notice."""

    name: str
    start: Start = "prompt"
    """When the unit sends on its own; `outage`: on a day of reminders, while no letter can leave; `reminded`: not
    before so many reminders have come; `late`: not before it is reminded after the deadline."""
    reminders: int = 1
    mails: int = 1
    """Over how many mails the first sending is spread, a few minutes apart."""
    hours: bool = False
    """The mails of the first sending are hours apart instead."""
    flaws: Mapping[Category, frozenset[str]] = field(default_factory=dict)
    forgets: frozenset[Category] = frozenset()
    """Not sent before a letter asks for it."""
    asks: bool = False
    """Answers the first reminder with a question and waits until somebody rings back."""
    extends: str = ""
    """Rings up after so many `reminders` for a later deadline (ISO date), and sends then."""
    waives: Category | Literal[""] = ""
    """Rings up because it has nothing to report for this."""
    stranger: Literal["", "named", "unnamed"] = ""
    """The first sending comes from a private address, which names the unit or does not."""
    vacation: Literal["", "marked", "subject", "unmarked"] = ""
    """A machine answers every letter: by RFC 3834, by its subject only, by nothing one could know it by."""
    thanks: bool = False
    receipts: bool = False
    """Its mail program sends a read receipt for every letter."""
    film: Literal["", "link", "file"] = ""
    wrapped: Literal["", "zip"] = ""
    twice: bool = False
    """Sends everything again the next day, to be sure."""
    dead: Literal["", "first refused", "first bounced", "all bounced"] = ""
    """Whose registered addresses do not work: refused at once, or bounced by a later server."""

    @property
    def reachable(self) -> bool:
        """A letter can reach it."""
        return self.dead != "all bounced"


def _flawed(category: Category, *flaws: str) -> dict[Category, frozenset[str]]:
    return {category: frozenset(flaws)}


HABITS: tuple[tuple[Habit, int], ...] = (
    (Habit(name="prompt"), 3),
    (Habit(name="last afternoon", start="last afternoon"), 3),
    (Habit(name="sends while its reminder waits", start="outage"), 1),
    (Habit(name="last afternoon, photo too small", start="last afternoon", flaws=_flawed("photo", "small")), 2),
    (Habit(name="last afternoon, forgets the table", start="last afternoon", forgets=frozenset({"stat_table"})), 1),
    (Habit(name="three mails", mails=3), 2),
    (Habit(name="a mail an hour", mails=4, hours=True, flaws=_flawed("photo", "bare")), 2),
    (Habit(name="photo too small", flaws=_flawed("photo", "small")), 2),
    (Habit(name="no caption", flaws=_flawed("photo", "bare")), 2),
    (Habit(name="photo as PNG", flaws=_flawed("photo", "png")), 2),
    (Habit(name="photo small, PNG, no caption", flaws=_flawed("photo", "small", "png", "bare")), 1),
    (Habit(name="photo pasted into Word", flaws=_flawed("photo", "pasted")), 1),
    (Habit(name="summary as text file", flaws=_flawed("summary", "txt")), 1),
    (Habit(name="words for numbers", flaws=_flawed("stat_table", "text")), 2),
    (Habit(name="total wrong", flaws=_flawed("stat_table", "total")), 1),
    (Habit(name="form altered", flaws=_flawed("stat_table", "header")), 1),
    (Habit(name="cells left out", flaws=_flawed("stat_table", "short")), 2),
    (Habit(name="form blank", flaws=_flawed("stat_table", "blank")), 1),
    (Habit(name="table typed again in Word", flaws=_flawed("stat_table", "retyped")), 1),
    (Habit(name="film by link", film="link"), 2),
    (Habit(name="case by link", flaws=_flawed("case", "link")), 1),
    (Habit(name="film attached, zip", film="file", wrapped="zip"), 1),
    (Habit(name="forgets the case", forgets=frozenset({"case"})), 2),
    (Habit(name="first reminder", start="reminded"), 2),
    (Habit(name="second reminder", start="reminded", reminders=2), 2),
    (Habit(name="last reminder, words for numbers", start="reminded", reminders=4,
           flaws=_flawed("stat_table", "text")), 1),
    (Habit(name="asks after the reminder", start="reminded", asks=True), 2),
    (Habit(name="rings up for a later deadline", start="reminded", reminders=3, extends="2022-10-18"), 1),
    (Habit(name="unknown address", stranger="named"), 1),
    (Habit(name="unknown address without a name", stranger="unnamed"), 2),
    (Habit(name="vacation robot", vacation="marked"), 1),
    (Habit(name="vacation robot by subject", vacation="subject", start="reminded"), 1),
    (Habit(name="vacation robot without marks", vacation="unmarked", flaws=_flawed("photo", "bare")), 1),
    (Habit(name="thanks for everything", thanks=True, flaws=_flawed("photo", "small")), 2),
    (Habit(name="read receipts", receipts=True, forgets=frozenset({"photo"})), 1),
    (Habit(name="all again the next day", twice=True), 1),
    (Habit(name="nothing to photograph", waives="photo"), 1),
    (Habit(name="late", start="late"), 1),
    (Habit(name="first address refused", start="reminded", dead="first refused"), 1),
    (Habit(name="first address bounces", start="reminded", dead="first bounced"), 1),
    (Habit(name="no address works", start="never", dead="all bounced"), 1),
)  # fmt: skip
"""Each with how many of sixty units it has."""


def kinds(names: Sequence[str] = ()) -> tuple[Habit, ...]:
    """A habit for every unit: all sixty, or one each of those named."""
    if names:
        by_name = {habit.name: habit for habit, _ in HABITS}
        return tuple(by_name[name] for name in names)
    return tuple(habit for habit, number in HABITS for _ in range(number))


def assigned(roster: Sequence[Unit], habits: Sequence[Habit]) -> Iterator[tuple[Unit, Habit]]:
    """Every unit with its habit, and with as many addresses as the habit needs."""
    for unit, habit in zip(roster, habits, strict=True):
        yield _with_addresses(unit, habit), habit


def _with_addresses(unit: Unit, habit: Habit) -> Unit:
    """Where an address is dead there must be two."""
    if not habit.dead or len(unit.addresses) > 1:
        return unit
    return msgspec.structs.replace(unit, addresses=(*unit.addresses, f"3045{unit.code}7@qqmail.example"))
