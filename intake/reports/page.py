"""A letter to the coordinator as values: `report.txt.j2` and `report.html.j2` lay out the same page."""

from __future__ import annotations

from dataclasses import dataclass

from intake.letterparts import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with lines below it, or a table."""

    title: str
    lines: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    """Lines to be copied, as they are."""
    head: tuple[str, ...] = ()
    """Column titles of `rows`."""
    rows: tuple[tuple[str, ...], ...] = ()
    """Cells; a line break in a cell is shown as one where there are lines, else as a blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole letter, in the order in which it is read. Nothing in it may come from outside uncleaned."""

    tone: Tone
    verdict: str
    """The first line."""
    greeting: str
    opening: str
    sections: tuple[Section, ...] = ()
    closing: str = ""
    office: str = ""
    date: str = ""
