"""Formulas that a program left without their result: sums and simple reckoning within one sheet.

Excel and WPS save the result beside each formula; many programs that only write files do not. Such a cell must
not be taken for blank. Readers hand it over as its formula, and here the plain ones are reckoned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.facts import Cell

_TOKEN = re.compile(r"\s*(SUM(?=\()|\$?[A-Z]{1,3}\$?[0-9]{1,7}|[0-9]+(?:\.[0-9]+)?|[-+*/(),:])")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_LONGEST = 500
_DEEPEST = 15
"""Formulas that refer to formulas; keeps the recursion short, with at most as many brackets in each."""
_LARGEST = 10_000
"""Cells of one range."""
_STEPS = 50_000
"""Of the reckoning of one sheet."""

Rows = Sequence[Sequence[Cell]]


class _NotPlain(Exception):
    """The formula does more than we reckon, or refers to words."""


def place(row: int, column: int) -> str:
    """The name of a cell, from 0-based indices.

    >>> place(4, 2), place(0, 27)
    ('C5', 'AB1')
    """
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def reckoned(rows: Rows) -> tuple[tuple[Cell, ...], ...]:
    """The rows with plain formulas replaced by their results; others stay as their text.

    >>> reckoned(((1, 2, "=SUM(A1:B1)"), (3, "=A2*2", "=Other!A1")))
    ((1, 2, 3), (3, 6, '=Other!A1'))
    """
    if not any(_is_formula(cell) for row in rows for cell in row):
        return tuple(tuple(row) for row in rows)
    sheet = _Sheet(rows)
    return tuple(
        tuple(sheet.result(r, c) if _is_formula(cell) else cell for c, cell in enumerate(row))
        for r, row in enumerate(rows)
    )


def _is_formula(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) > 1 and cell[0] == "="


class _Sheet:
    """Reckons the formulas of one sheet, each once."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._known: dict[tuple[int, int], float | None] = {}
        self._steps = 0

    def result(self, row: int, column: int) -> Cell:
        """The number, or the formula's text where it is not plain."""
        value = self._formula(row, column, depth=0)
        if value is None:
            return self._rows[row][column]
        return int(value) if value.is_integer() and abs(value) < 1e15 else round(value, 10)

    def _formula(self, row: int, column: int, depth: int) -> float | None:
        """None for what is not plain, a ring included."""
        if (row, column) not in self._known:
            self._known[row, column] = None  # while it is under way: a ring finds no result
            try:
                self._known[row, column] = _Reader(self, str(self._rows[row][column])[1:], depth).value()
            except (_NotPlain, ZeroDivisionError, OverflowError):
                self._known[row, column] = None
        return self._known[row, column]

    def number(self, row: int, column: int, depth: int, *, lenient: bool) -> float:
        """A cell's number; blank is 0, words are 0 within a SUM as spreadsheets have it."""
        self._steps += 1
        if self._steps > _STEPS or depth > _DEEPEST:
            raise _NotPlain
        cells = self._rows[row] if 0 <= row < len(self._rows) else ()
        cell = cells[column] if column < len(cells) else None
        if _is_formula(cell):
            value = self._formula(row, column, depth + 1)
            if value is None:
                raise _NotPlain
            return value
        if cell is None or (lenient and isinstance(cell, str | bool)):
            return 0.0
        if isinstance(cell, bool | str):
            raise _NotPlain
        return float(cell)


class _Reader:
    """Reads one formula from left to right: + - * / ( ), references and SUM."""

    def __init__(self, sheet: _Sheet, text: str, depth: int) -> None:
        self._sheet = sheet
        self._depth = depth
        text = text.strip().upper()
        self._signs = _TOKEN.findall(text)
        if len(text) > _LONGEST or text.count("(") > _DEEPEST or "".join(self._signs) != "".join(text.split()):
            raise _NotPlain
        self._at = 0

    def value(self) -> float:
        value = self._sum()
        if self._at < len(self._signs):
            raise _NotPlain
        return value

    def _next(self) -> str:
        return self._signs[self._at] if self._at < len(self._signs) else ""

    def _take(self, wanted: str = "") -> str:
        sign = self._next()
        if not sign or (wanted and sign != wanted):
            raise _NotPlain
        self._at += 1
        return sign

    def _sum(self) -> float:
        value = self._product()
        while self._next() in ("+", "-"):
            value = value + self._product() if self._take() == "+" else value - self._product()
        return value

    def _product(self) -> float:
        value = self._factor()
        while self._next() in ("*", "/"):
            value = value * self._factor() if self._take() == "*" else value / self._factor()
        return value

    def _factor(self) -> float:
        sign = self._take()
        if sign in ("+", "-"):
            if self._next() in ("+", "-"):
                raise _NotPlain
            return self._factor() if sign == "+" else -self._factor()
        if sign == "(":
            value = self._sum()
            self._take(")")
            return value
        if sign == "SUM":
            return self._summed()
        if sign[0].isdigit():
            return float(sign)
        return self._sheet.number(*_index(sign), self._depth, lenient=False)

    def _summed(self) -> float:
        self._take("(")
        value = 0.0
        while True:
            value += self._argument()
            if self._take() == ")":
                return value
            if self._signs[self._at - 1] != ",":
                raise _NotPlain

    def _argument(self) -> float:
        first = self._next()
        if not _REFERENCE.fullmatch(first):
            return self._sum()
        after = self._signs[self._at + 1 : self._at + 2]
        if after not in ([":"], [","], [")"]):
            return self._sum()
        (top, left), last = _index(self._take()), first
        if after == [":"]:
            self._take(":")
            last = self._take()
        bottom, right = _index(last)
        if (bottom - top + 1) * (right - left + 1) > _LARGEST:
            raise _NotPlain
        return sum(
            self._sheet.number(row, column, self._depth, lenient=True)
            for row in range(min(top, bottom), max(top, bottom) + 1)
            for column in range(min(left, right), max(left, right) + 1)
        )


def _index(sign: str) -> tuple[int, int]:
    found = _REFERENCE.fullmatch(sign)
    if found is None:
        raise _NotPlain
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1
