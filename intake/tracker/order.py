"""Her order of rows and sheets: what she sorted or moved stays so, and what is new finds its place in it.

The hidden sheet records a print of the order in which we would have written the rows ourselves. Rows that do not
stand in it any more were sorted by her, unless they still follow each other as we would write them now.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar
from zlib import crc32

from openpyxl.utils import get_column_letter

from intake.tracker.keep import SheetHand
from intake.tracker.table import Column, Row

_Name = tuple[str, bool]
"""Heading of a column, and whether the column is ours."""
_Key = TypeVar("_Key", bound=Hashable)


class Arranged:
    """Rows in her order, or in ours where she has none; `print` is that of ours, known when all were given."""

    def __init__(self, rows: Iterable[Row], before: Sequence[str], known: str) -> None:
        """`before`: keys as they stand in the old workbook; `known`: the print that was recorded with them."""
        self._rows = rows
        self._before = before
        self._hers = bool(before and known) and print_of(before) != known
        self._print = 0

    def __iter__(self) -> Iterator[Row]:
        if not self._hers:
            return self._ours()
        rows = {row.key: row for row in self._ours()}
        return iter([rows[key] for key in merged(list(rows), _known(self._before, rows))])

    @property
    def print(self) -> str:
        """Print of the order in which we would write the rows."""
        return f"{self._print:08x}"

    def _ours(self) -> Iterator[Row]:
        for row in self._rows:
            self._print = crc32(f"{row.key}\n".encode("utf-8", "replace"), self._print)
            yield row


class Places:
    """Where columns stand: ours in our order, or in hers where she moved them; her own where she put them."""

    def __init__(self, columns: Sequence[Column], hand: SheetHand) -> None:
        """`columns`: ours, as they are written now."""
        shared = {column.header for column in columns if column.hers}
        extra = [header for header in hand.columns if header not in shared]
        ours, hers = [(column.header, True) for column in columns], {(header, False) for header in extra}
        before = [(header, (header, False) not in hers) for header in hand.headings.values()]
        there = [one for one in before if one in ours]
        known = [one for one in ((header, True) for header in hand.written) if one in there]
        order = _beside(ours if there == known or not known else merged(ours, there), before, hers)
        self.headers = [header for header, _ in order]
        """All headings from left to right."""
        self.ours = [order.index(one) + 1 for one in ours]
        """Number of the column of each of ours."""
        self.hers = {header: order.index((header, False)) + 1 for header in extra}
        """Number of the column of each of hers, by heading."""
        now = ((old, order.index(one) + 1) for old, one in zip(hand.headings, before, strict=True) if one in order)
        self.moved = {old: new for old, new in now if old != new}
        """Number of each column that stands elsewhere now, by its number before."""

    def letter(self, index: int) -> str:
        """The letter of the column of ours with that index."""
        return str(get_column_letter(self.ours[index]))


def _beside(order: Sequence[_Name], before: Sequence[_Name], hers: Collection[_Name]) -> list[_Name]:
    """Each of hers right of what stood left of it; without such a place, at the end."""
    placed = list(order)
    at = 0
    for one in before:
        if one in hers:
            placed.insert(at, one)
        if one in placed:
            at = placed.index(one) + 1
    return [*placed, *sorted(set(hers) - set(placed))]


def print_of(keys: Iterable[str]) -> str:
    """The print of an order.

    >>> print_of(["1", "2"]) == print_of(["2", "1"])
    False
    """
    value = 0
    for key in keys:
        value = crc32(f"{key}\n".encode("utf-8", "replace"), value)
    return f"{value:08x}"


def merged(ours: Sequence[_Key], hers: Sequence[_Key]) -> list[_Key]:
    """All of `ours` in the order of `hers`; what she does not have yet follows what it follows in ours.

    >>> merged(["a", "b", "c", "d"], ["d", "a"])
    ['d', 'a', 'b', 'c']
    >>> merged(["a", "b", "c"], ["a", "c"])
    ['a', 'b', 'c']
    """
    there = set(ours)
    order = [key for key in hers if key in there]
    old, followers = set(order), dict[_Key | None, list[_Key]]()
    anchor: _Key | None = None
    for key in ours:
        if key in old:
            anchor = key
        else:
            followers.setdefault(anchor, []).append(key)
    return [*followers.get(None, []), *(one for key in order for one in (key, *followers.get(key, [])))]


def _known(before: Sequence[str], rows: dict[str, Row]) -> list[str]:
    """The old keys as we write them: a code that became a number has lost its leading zeros."""
    plain = {f"#{key.lstrip('0') or '0'}": key for key in rows}
    return [key if key in rows else plain.get(key, key) for key in before]
