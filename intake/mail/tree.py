"""The MIME tree of one mail, built by our own BytesFeedParser without holding its attachments.

Long runs of pure base64 lines are cut out of what the parser is fed and replaced by one marker line that
names their place in the file. Such lines hold no colon, no hyphen and no `=`, so they are neither header,
boundary nor end of a part: the tree keeps its shape whatever else is wrong with the mail.

`message/*` parts stay unopened leaves here (`intake.mail.parse` opens them one by one, each level in a tree
of its own); so a delivery status of a million blank lines costs nothing and levels never mix.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from email.feedparser import BytesFeedParser
from email.message import Message as EmailMessage
from email.policy import Compat32, Policy, compat32
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from intake.mail.names import parameters, type_of

BLOCK = 4096
SLICE = 256 * 1024
MAX_PARTS = 500
MAX_DEPTH = 30
MAX_HEADERS = 1000
MAX_HEADER = 100 * 1024
MAX_HEADER_BLOCK = 256 * 1024
LONGEST_BOUNDARY = 500
"""RFC 2046 section 5.1.1 allows 70; each becomes a pattern that every line is held against."""

_BASE64_LINES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\r\n"


class TooMuch(Exception):
    """The mail has more parts or levels than any honest one; the argument says which, in Chinese."""


class Source:
    """One message file, open for reading in slices. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self.size = path.stat().st_size
        self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if self.size else b""
        self.cuts = tuple(self._find_cuts())
        self.marker = self._free_marker() if self.cuts else ""
        if not self.marker:
            self.cuts = ()
        self._place = re.compile(rf"!{self.marker}\.(\d+)\.(\d+)!(\r?\n)?")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(self._map, mmap.mmap):
            self._map.close()
        self._file.close()

    def read(self, start: int, end: int) -> bytes:
        """The bytes of the file from `start` up to `end`."""
        return self._map[start:end]

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
        for position in range(0, self.size, BLOCK):
            block = self._map[position : position + BLOCK]
            pure = not block.translate(None, _BASE64_LINES)
            if pure and start is None:
                start = position
            elif not pure and start is not None:
                yield from self._cut(start, position)
                start = None
        if start is not None:
            yield from self._cut(start, self.size)

    def _cut(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The whole lines within a run of pure blocks: its first line may begin before the run."""
        if end - start < 2 * BLOCK:
            return
        first = self._map.find(b"\n", start, end) + 1
        last = self._map.rfind(b"\n", start, end) + 1
        if first and last - first >= BLOCK:
            yield first, last

    def _free_marker(self) -> str:
        """A word that the file does not hold; "" (nothing is cut) when a hostile file holds all we try."""
        for number in range(8):
            word = f"cut{self.size:x}-{number}"
            if self._map.find(b"!" + word.encode()) < 0:
                return word
        return ""

    def skeleton(self) -> Iterator[bytes]:
        """The file for the parser, in slices, cuts replaced by marker lines."""
        position = 0
        for start, end in (*self.cuts, (self.size, self.size)):
            for piece in range(position, start, SLICE):
                yield self._map[piece : min(piece + SLICE, start)]
            if end > start:
                yield f"!{self.marker}.{start}.{end}!\r\n".encode()
            position = end

    def expand(self, payload: str) -> Iterator[bytes | tuple[int, int]]:
        """A payload of the tree: bytes as they stand, and cuts as (start, end) in the file."""
        if not self.marker or f"!{self.marker}." not in payload:
            yield payload.encode("utf-8", "surrogateescape")
            return
        position = 0
        for match in self._place.finditer(payload):
            yield payload[position : match.start()].encode("utf-8", "surrogateescape")
            start, end = int(match[1]), int(match[2])
            if (start, end) in self.cuts:
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


class Budget:
    """How many parts one mail may still have."""

    def __init__(self) -> None:
        self.parts = 0


class Part(EmailMessage):
    """A node of the tree that knows its level, caps its headers and keeps `message/*` closed."""

    _payload: list[EmailMessage] | str | None
    # `get_payload` decodes 8-bit text with losses; the bytes that came are only here.

    def __init__(self, budget: Budget, policy: Policy = compat32) -> None:
        super().__init__(policy=cast("Compat32", policy))
        self.budget = budget
        self.level = 0
        self.cut_headers = False
        self._header_bytes = 0
        self._default = "text/plain"

    def attach(self, payload: EmailMessage | str) -> None:
        """Called by the feed parser as each part begins; raises `TooMuch`."""
        self.budget.parts += 1
        if self.budget.parts > MAX_PARTS:
            raise TooMuch(f"邮件分段超过{MAX_PARTS}段")
        if isinstance(payload, Part):
            payload.level = self.level + 1
            if payload.level > MAX_DEPTH:
                raise TooMuch(f"邮件嵌套超过{MAX_DEPTH}层")
        super().attach(payload)

    def set_raw(self, name: str, value: str) -> None:
        """Called by the feed parser for each header; oversized ones are cut, surplus ones left out."""
        if len(value) > MAX_HEADER:
            value, self.cut_headers = value[:MAX_HEADER], True
        self._header_bytes += len(name) + len(value)
        if len(self) >= MAX_HEADERS or self._header_bytes > MAX_HEADER_BLOCK:
            self.cut_headers = True
            return
        super().set_raw(name, value)

    def set_default_type(self, ctype: str) -> None:
        """Type of a part that declares none (RFC 2046 section 5.1.5: message/rfc822 within a digest)."""
        self._default = ctype

    def raw(self, name: str) -> bytes:
        """First value of a header as the bytes that came, b"" when absent."""
        return next(iter(self.raw_all(name)), b"")

    def raw_all(self, name: str) -> list[bytes]:
        """All values of a header as the bytes that came."""
        wanted = name.lower()
        return [_bytes(value) for key, value in self.raw_items() if key.lower() == wanted]

    @property
    def declared(self) -> str:
        """The media type as declared, lower case; the default type when it is absent or unusable."""
        return type_of(self.raw("content-type")) or self._default

    def get_content_type(self) -> str:
        """As declared, but `message/*` are plain leaves to the parsers."""
        declared = self.declared
        return "application/octet-stream" if declared.startswith("message/") else declared

    def get_content_maintype(self) -> str:
        """First half of `get_content_type`."""
        return self.get_content_type().partition("/")[0]

    def get_boundary(self, failobj: object = None) -> str | None:  # type: ignore[override]  # no failobj is ever given
        """The boundary as it stands in the body lines; never raises."""
        found = parameters(self.raw("content-type"))
        value = found.get("boundary") or found.get("boundary*") or b""
        if not value:
            value = b"".join(found.get(f"boundary*{n}") or found.get(f"boundary*{n}*") or b"" for n in range(20))
        if len(value) > LONGEST_BOUNDARY:
            return None
        return value.decode("ascii", "surrogateescape").rstrip() or None

    @property
    def children(self) -> list[Part]:
        """Parts of a multipart; empty for a leaf."""
        content = self._payload
        return [part for part in content if isinstance(part, Part)] if isinstance(content, list) else []

    @property
    def text(self) -> str:
        """Payload of a leaf as the parser holds it: ASCII with surrogate escapes, cuts as markers."""
        return self._payload if isinstance(self._payload, str) else ""


def _bytes(value: object) -> bytes:
    return str(value).encode("utf-8", "surrogateescape")


def build(pieces: Iterator[bytes], budget: Budget) -> Part:
    """The tree of one message. Raises `TooMuch`, and RecursionError on hostile nesting."""

    def new(policy: Policy = compat32) -> Part:
        return Part(budget, policy)

    parser = BytesFeedParser(new, policy=compat32)
    for piece in pieces:
        parser.feed(piece)
    return cast("Part", parser.close())
