"""Tables found in files, brought to one shape: rectangular, without empty edges, plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from intake.formats.prose import clean
from rules.facts import Cell

MAX_ROWS = 50_000
"""Long lists, such as a roster of 20,000 units, are whole."""
MAX_COLUMNS = 200
MAX_PLACES = 1_000_000
"""Rows times columns; one wide row among many narrow ones must not fill the memory."""
CELL = 32_767
"""Characters of one cell, Excel's own limit."""


def tidy(value: object) -> Cell:
    """One cell as a plain value: dates as ISO text, integral floats as int, blanks as None.

    >>> tidy(3.0), tidy(2.5), tidy("  "), tidy(dt.datetime(2022, 10, 12)), tidy(True)
    (3, 2.5, None, '2022-10-12', True)
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 1 << 53 else str(value)  # beyond, readers of JSON round it
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return None  # JSON has no word for them
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return clean(str(value)).strip()[:CELL] or None


def trimmed(rows: Iterable[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of one length, without the empty rows at the end and the empty columns at the right; at most MAX_PLACES.

    >>> trimmed([[1, None, None], [None, "a"], [None]])
    ((1, None), (None, 'a'))
    """
    kept = [list(row) for row in rows]
    while kept and all(cell is None for cell in kept[-1]):
        kept.pop()
    width = max((index + 1 for row in kept for index, cell in enumerate(row) if cell is not None), default=0)
    return tuple(tuple((row + [None] * width)[:width]) for row in kept[: MAX_PLACES // max(width, 1)])


class Table:
    """A table while it is read: rows of cells, each cell the paragraphs in it."""

    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []
        self.cell: list[str] = []
        self.span = 1
        self.continued = False

    def end_cell(self) -> None:
        """The cell is complete; the places a merged cell covers stay empty."""
        value = "\n".join(self.cell) or None
        if self.rows and len(self.rows[-1]) + self.span <= MAX_COLUMNS:
            self.rows[-1] += [None if self.continued else value, *[None] * (self.span - 1)]
        self.cell, self.span, self.continued = [], 1, False
