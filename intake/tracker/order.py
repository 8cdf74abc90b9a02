"""Her order of rows and sheets: what she sorted or moved stays so, and what is new finds its place in it.

The hidden sheet records a print of the order in which we would have written the rows ourselves. Rows that do not
stand in it any more were sorted by her, unless they still follow each other as we would write them now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

from intake.tracker.table import Row


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


def print_of(keys: Iterable[str]) -> str:
    """The print of an order.

    >>> print_of(["1", "2"]) == print_of(["2", "1"])
    False
    """
    value = 0
    for key in keys:
        value = crc32(f"{key}\n".encode("utf-8", "replace"), value)
    return f"{value:08x}"


def merged(ours: Sequence[str], hers: Sequence[str]) -> list[str]:
    """All of `ours` in the order of `hers`; what she does not have yet follows what it follows in ours.

    >>> merged(["a", "b", "c", "d"], ["d", "a"])
    ['d', 'a', 'b', 'c']
    >>> merged(["a", "b", "c"], ["a", "c"])
    ['a', 'b', 'c']
    """
    there = set(ours)
    order = [key for key in hers if key in there]
    old, followers = set(order), dict[str, list[str]]()
    anchor = ""
    for key in ours:
        if key in old:
            anchor = key
        else:
            followers.setdefault(anchor, []).append(key)
    return [*followers.get("", []), *(one for key in order for one in (key, *followers.get(key, [])))]


def _known(before: Sequence[str], rows: dict[str, Row]) -> list[str]:
    """The old keys as we write them: a code that became a number has lost its leading zeros."""
    plain = {f"#{key.lstrip('0') or '0'}": key for key in rows}
    return [key if key in rows else plain.get(key, key) for key in before]
