"""A message file in slices, and its skeleton: the file without the long runs of base64.

A run of pure base64 lines is cut out of what the parser is fed and replaced by one marker line that names its
place in the file. Such lines hold no colon, no hyphen and no `=`, so they are neither header, boundary nor end
of a part: the tree keeps its shape whatever else is wrong with the mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

BLOCK = 4096
"""Bytes that are held against the alphabet at once; shorter runs are left in."""
SLICE = 256 * 1024
"""Bytes that are read at once."""

_BEFORE = b"\xef\xbb\xbf\r\n"
"""What editors and exports put before the first header: a byte order mark, blank lines."""
_BASE64_LINES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\r\n"


class Source:
    """One message file, open for reading in slices. Use as a context manager.

    Plain reads, no memory map: the pages of a map would count as memory of this process.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self.size = path.stat().st_size
        head = self._file.read(SLICE)
        self.start = len(head) - len(head.lstrip(_BEFORE))
        self.cuts: tuple[tuple[int, int], ...] = ()
        self.marker = ""
        cuts = tuple(self._find_cuts())
        if cuts:
            self.cuts = cuts
            self.marker = self._free_marker()
            self.cuts = cuts if self.marker else ()
        self._place = re.compile(rf"!{self.marker}\.(\d+)\.(\d+)!(\r?\n)?")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def read(self, start: int, end: int) -> bytes:
        """The bytes of the file from `start` up to `end`."""
        self._file.seek(start)
        return self._file.read(end - start)

    def count_lines(self, limit: int) -> int:
        """Lines outside the cuts; stops counting once past `limit`."""
        lines = 0
        for piece in self.skeleton():
            lines += max(piece.count(b"\n"), piece.count(b"\r"))
            if lines > limit:
                break
        return lines

    @property
    def skeleton_size(self) -> int:
        """Bytes that the parser will be fed."""
        return self.size - sum(end - start for start, end in self.cuts)

    def _find_cuts(self) -> Iterator[tuple[int, int]]:
        start: int | None = None
        for base in range(0, self.size, SLICE):
            data = self.read(base, base + SLICE)
            for offset in range(0, len(data), BLOCK):
                pure = not data[offset : offset + BLOCK].translate(None, _BASE64_LINES)
                if pure and start is None:
                    start = base + offset
                elif not pure and start is not None:
                    yield from self._cut(start, base + offset)
                    start = None
        if start is not None:
            yield from self._cut(start, self.size)

    def _cut(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The whole lines within a run of pure blocks: its first line may begin before the run."""
        if end - start < 2 * BLOCK:
            return
        lead, tail = self.read(start, start + BLOCK).find(b"\n"), self.read(end - BLOCK, end).rfind(b"\n")
        first, last = start + lead + 1, end - BLOCK + tail + 1
        if lead >= 0 and tail >= 0 and last - first >= BLOCK:
            yield first, last

    def _free_marker(self) -> str:
        """A word that the file does not hold; "" (nothing is cut) when a hostile file holds all we try."""
        words = [f"cut{self.size:x}-{number}" for number in range(8)]
        overlap = b""
        for piece in self._between():
            if b"!cut" in overlap + piece:
                words = [word for word in words if b"!" + word.encode() not in overlap + piece]
            overlap = (overlap + piece)[-64:]
        return words[0] if words else ""

    def _between(self, mark: bool = False) -> Iterator[bytes]:
        """What stands outside the cuts (which hold no "!"), in slices; with `mark`, a line for each cut."""
        position = self.start
        for start, end in (*self.cuts, (self.size, self.size)):
            for piece in range(position, start, SLICE):
                yield self.read(piece, min(piece + SLICE, start))
            if mark and end > start:
                yield f"!{self.marker}.{start}.{end}!\r\n".encode()
            position = end

    def skeleton(self) -> Iterator[bytes]:
        """The file for the parser, in slices, cuts replaced by marker lines."""
        yield from self._between(mark=True)

    def expand(self, payload: str) -> Iterator[bytes | tuple[int, int]]:
        """A payload of the tree: bytes as they stand, and cuts as (start, end) in the file."""
        if not self.marker or f"!{self.marker}." not in payload:
            yield payload.encode("utf-8", "surrogateescape")
            return
        position, known = 0, set(self.cuts)
        for match in self._place.finditer(payload):
            yield payload[position : match.start()].encode("utf-8", "surrogateescape")
            start, end = int(match[1]), int(match[2])
            if (start, end) in known:
                if match[3] is None:  # the line end before a boundary belongs to the boundary (RFC 2046 5.1.1)
                    end -= 2 if self.read(end - 2, end) == b"\r\n" else 1
                yield start, end
            position = match.end()
        yield payload[position:].encode("utf-8", "surrogateescape")

    def slices(self, payload: str) -> Iterator[tuple[bytes, bool]]:
        """A payload in slices; True beside those that are pure base64 lines or parts of them."""
        for piece in self.expand(payload):
            if isinstance(piece, bytes):
                if piece:
                    yield piece, False
                continue
            start, end = piece
            for position in range(start, end, SLICE):
                yield self.read(position, min(position + SLICE, end)), True
