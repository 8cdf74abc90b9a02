"""The MIME tree of one mail, built by our own BytesFeedParser without holding its attachments.

What the parser is fed is the skeleton of the file (see `intake.mail.source`). `message/*` parts stay unopened
leaves here (`intake.mail.unpack` opens them one by one, each level in a tree of its own); so a delivery status
of a million blank lines costs nothing and levels never mix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.feedparser import BytesFeedParser
from email.message import Message as EmailMessage
from email.policy import Compat32, Policy, compat32
from typing import cast

from intake.mail.names import parameters, type_of

_BLANK_LINE = re.compile(rb"\r?\n\r?\n|\r\r")
_FROM_LINE = re.compile(rb">From [^\r\n]{0,500}\r?\n")
_SPACED_NAME = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{0,60})[ \t]+:", re.MULTILINE)
MAX_PARTS = 500
MAX_DEPTH = 30
MAX_HEADERS = 1000
MAX_HEADER = 100 * 1024
MAX_HEADER_BLOCK = 256 * 1024
LONGEST_BOUNDARY = 500
"""RFC 2046 section 5.1.1 allows 70; each becomes a pattern that every line is held against."""


class TooMuch(Exception):
    """The mail has more parts or levels than any honest one; the argument says which, in Chinese."""


class Budget:
    """How many parts one mail may still have."""

    def __init__(self) -> None:
        self.parts = 0
        self.regrown = 0
        """Parts that were read a second time (see `intake.mail.regrow`)."""


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

    def replace_raw(self, name: str, value: str, new: str) -> None:
        """Give a header another value, as raw as the one it had."""
        headers: list[tuple[str, object]] = self.__dict__["_headers"]
        self.__dict__["_headers"] = [(key, new if (key, old) == (name, value) else old) for key, old in headers]

    def become(self, other: Part) -> None:
        """Take over the headers and the content of another reading of the same part."""
        self.__dict__["_headers"] = other.__dict__["_headers"]  # private, and not known to the type checker
        self._payload = other._payload
        self.defects = [*self.defects, *other.defects]

    def adopt(self, other: Part) -> None:
        """Take over the parts that another reading found; the headers stay."""
        self._payload = other._payload
        self.defects = [*self.defects, *other.defects]

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


def build(pieces: Iterator[bytes], budget: Budget, level: int = 0) -> Part:
    """The tree of one message, or of a part of one that stands at `level`.

    Raises `TooMuch`, and RecursionError on hostile nesting.
    """

    def new(policy: Policy = compat32) -> Part:
        part = Part(budget, policy)
        part.level = level  # of the root; `attach` sets that of every other part
        return part

    parser = BytesFeedParser(new, policy=compat32)
    for piece in _mended(pieces):
        parser.feed(piece)
    return cast("Part", parser.close())


def _mended(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The message with its start as a parser wants it: no `>From ` line, `Subject : x` as `Subject: x`
    (RFC 5322 section 4.5.3: else such a line, and every header below it, would be taken for the body).

    Where the very header lines end in CR CR LF, some gateway turned each LF into CR LF: that is undone everywhere.
    """
    start = next(pieces, b"")
    start = start[match.end() :] if (match := _FROM_LINE.match(start)) else start
    doubled = b"\r\r\n" in start[:2000] and b"\r\n" not in start[:2000].replace(b"\r\r\n", b"")
    if doubled:
        pieces = _single(start, pieces)
        start = next(pieces, b"")
    end = _BLANK_LINE.search(start)
    place = end.start() if end else len(start)
    yield _SPACED_NAME.sub(rb"\1:", start[:place]) + start[place:]
    yield from pieces


def _single(start: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """CR CR LF as CR LF, across the seams of the pieces too."""
    held = start
    for piece in pieces:
        held += piece
        tail = held[-2:] if held.endswith(b"\r\r") else held[-1:] if held.endswith(b"\r") else b""
        yield held[: len(held) - len(tail)].replace(b"\r\r\n", b"\r\n")
        held = tail
    yield held.replace(b"\r\r\n", b"\r\n")
