"""Properties of text in Word's binary files: pages of 512 bytes in which runs of text have lists of changes.

[MS-DOC] 2.9.2 (character properties), 2.9.174 (paragraph properties), 2.6.1 (Sprm: one change, coded in two bytes
and an operand).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

IN_TABLE, ROW_END, OUTLINE = 0x2416, 0x2417, 0x2640
DELETED, HIDDEN, PICTURE = 0x0800, 0x083C, 0x6A03
PAGE = 512
MAX_PAGES = 20_000
MAX_RUNS = 400_000
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_LONG = frozenset((0xD606, 0xD608))


class Run(NamedTuple):
    """Bytes `start` to `end` of the text have these properties."""

    start: int
    end: int
    style: int
    """Number of the paragraph's style; 0 for character runs."""
    changes: dict[int, int]
    """Property → operand, of the few that matter here."""


class Runs:
    """All runs of one kind, found by a place in the text."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = sorted(runs, key=lambda run: run.start)
        self._starts = [run.start for run in self._runs]

    def at(self, place: int) -> Run | None:
        """The run that covers a byte of the text."""
        number = bisect_right(self._starts, place) - 1
        run = self._runs[number] if number >= 0 else None
        return run if run is not None and place < run.end else None

    def next(self, place: int) -> int:
        """Where the properties may change next after a place."""
        number = bisect_right(self._starts, place)
        run = self.at(place)
        if run is not None:
            return run.end
        return self._starts[number] if number < len(self._starts) else 1 << 62


def paragraph_runs(document: bytes, table: bytes) -> Runs:
    """Runs of paragraphs; `table` is the PlcfBtePapx."""
    return Runs(list(islice((run for page in _pages(document, table) for run in _paragraphs(page)), MAX_RUNS)))


def character_runs(document: bytes, table: bytes) -> Runs:
    """Runs of characters; `table` is the PlcfBteChpx."""
    return Runs(list(islice((run for page in _pages(document, table) for run in _characters(page)), MAX_RUNS)))


def _pages(document: bytes, table: bytes) -> Iterator[bytes]:
    count = min((len(table) - 4) // 8, MAX_PAGES)
    for number in range(count):
        (at,) = struct.unpack_from("<I", table, 4 * (count + 1) + 4 * number)
        start = (at & 0x3FFFFF) * PAGE
        if start + PAGE <= len(document):
            yield document[start : start + PAGE]


def _places(page: bytes, step: int) -> Iterator[tuple[int, int, int]]:
    """Start and end in the text, and the place of the properties in the page, 0 for none."""
    count = page[PAGE - 1]
    base = 4 * (count + 1)
    if base + step * count > PAGE:
        return
    for number in range(count):
        start, end = struct.unpack_from("<II", page, 4 * number)
        yield start, end, 2 * page[base + step * number]


def _paragraphs(page: bytes) -> Iterator[Run]:
    for start, end, at in _places(page, 13):
        if not at:
            yield Run(start, end, 0, {})
            continue
        size = 2 * page[at] - 1
        at += 1
        if size < 0 and at < PAGE:
            size, at = 2 * page[at], at + 1
        body = page[at : at + size]
        style = int.from_bytes(body[:2], "little")
        yield Run(start, end, style, changes(body[2:]))


def _characters(page: bytes) -> Iterator[Run]:
    for start, end, at in _places(page, 1):
        yield Run(start, end, 0, changes(page[at + 1 : at + 1 + page[at]]) if at else {})


def changes(data: bytes) -> dict[int, int]:
    """A list of changes as property → operand; long operands are passed over."""
    found: dict[int, int] = {}
    at = 0
    while at + 2 <= len(data):
        (code,) = struct.unpack_from("<H", data, at)
        at += 2
        size = _SIZES.get(code >> 13)
        if size is None:
            head = 2 if code in _LONG else 1
            size = head + int.from_bytes(data[at : at + head], "little") - (1 if head == 2 else 0)
        elif at + size <= len(data):
            found[code] = int.from_bytes(data[at : at + size], "little")
        at += size
    return found
