"""The parts of a letter to a unit as values, in the order in which they are read; both layouts show the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from intake.letterpoints import Point

Tone = Literal["owe", "wait", "done"]
"""What colours the first line: something is owed, a person must look, all is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """A small picture of a photo in question, shown in the HTML part only; its name stands in both."""

    cid: str
    """Content-ID (RFC 2392) without brackets."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One requirement that needs words."""

    mark: str
    tone: Tone
    name: str
    state: str
    until: str
    """By when, where that is not what the letter says of all."""
    found: str
    points: tuple[Point, ...]
    clause: str
    pictures: tuple[Thumbnail, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One line of the receipt."""

    requirement: str
    name: str
    size: str
    digest: str
    """The first 16 digits, which people can compare."""
    sha256: str
    received: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A whole letter, in the order in which it is read."""

    tone: Tone
    verdict: str
    """The first line."""
    unit: str
    opening: str
    summary: str
    changes: tuple[str, ...] = ()
    """What changed in the notice."""
    entries: tuple[Entry, ...] = ()
    fine: str = ""
    excused: str = ""
    optional: str = ""
    tips: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    unplaced: str = ""
    """Files that nobody can yet say what they are for."""
    others: str = ""
    """Files that are no material of their own."""
    receipt: tuple[Accepted, ...] = ()
    deadline: str = ""
    contact: tuple[str, ...] = ()
    closing: str = ""
    office: str = ""
    date: str = ""
