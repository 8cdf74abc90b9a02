"""What stands on a list: columns, rows and entries. A sheet's module fills these in, `layout` writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from intake.tracker.cells import Value
from intake.tracker.style import NARROWEST, WIDEST

TALLEST: Final = 8
"""Lines a row grows to; longer text is there, but does not push the next unit off the page."""


class Entry(NamedTuple):
    """One cell of ours."""

    value: Value = None
    tone: str = ""
    link: str = ""
    """Target as `links` made it; "" none."""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of ours."""

    header: str
    align: str = "left"
    form: str = "General"
    widest: float = WIDEST
    narrowest: float = NARROWEST
    hers: bool = False
    """The coordinator writes here; we only carry it over."""
    hidden: bool = False
    keeps: bool = False
    """Our words, which she may change: hers stay as long as the row does."""
    choices: str = ""
    """Range with the words of a drop-down, in the sheet of choices."""
    hint: str = ""
    """Comment on the heading."""
    summed: bool = False
    lines: int = TALLEST
    """Lines that it may make a row grow to."""
    paper: bool = True
    """Printed too. Those that are not stand last of ours."""


class Row(NamedTuple):
    """One row: its key, which finds her cells again, and one entry for each column that is not hers."""

    key: str
    entries: Sequence[Entry]
    picture: bytes | None = None
    """A small JPEG for the column called 缩略图."""
    brief: bool = False
    """One line high, however long its texts are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    key: str
    """Heading of the column that holds the keys."""
    freeze: int = 1
    """Columns that stay in sight."""
    restores: bool = True
    """Put her cells back when a row that had gone comes back. Not for decisions: an old one must not act twice."""
