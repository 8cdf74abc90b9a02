"""Transfer encodings undone in slices: base64 as lenient as mail readers are, quoted-printable, uuencode.

The bytes that come out are those a mail program would show; whatever was wrong is told by `damaged`.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from intake.mail.source import Source
from intake.mail.tree import Part

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BLANKS = b" \t\r\n\x0b\x0c"
_NOT_ALPHABET = bytes(byte for byte in range(256) if byte not in _ALPHABET)
_GAP = re.compile(rb"\n[ \t\r]*\n[ \t\r\n]*[^ \t\r\n]")
_TOKEN = re.compile(rb"[a-z0-9-]+")
_BAD_QP = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")
_PADDING = re.compile(rb"(?<![ \t])[ \t]+(?=\r?\n)")  # relays add it, also behind the = of a soft break (rule 3)
_LOOKS_BASE64 = re.compile(rb"\s*(?:/9j/4|iVBORw0KGgo|JVBERi0|UEsDBBQ|0M8R4KGx|R0lGOD)[A-Za-z0-9+/]")


class Decoder(Protocol):
    """Undoes one transfer encoding; `damaged` is final after `close`."""

    damaged: bool

    def feed(self, data: bytes, pure: bool) -> bytes:
        """Decoded bytes of the next slice; `pure` means whole or partial lines of base64 alphabet only."""

    def close(self) -> bytes:
        """What was still held back."""


class Identity:
    """7bit, 8bit, binary and encodings nobody knows."""

    damaged = False

    def feed(self, data: bytes, pure: bool) -> bytes:
        """The bytes as they are."""
        return data

    def close(self) -> bytes:
        """Nothing is held back."""
        return b""


class Base64:
    """RFC 2045 section 6.8, lenient: foreign bytes are dropped, padding ends the stream.

    Lines that some gateway put below the data (a footer, a disclaimer) are not data: they follow a short last
    line or a blank line, or hold mostly foreign bytes.
    """

    def __init__(self) -> None:
        self.damaged = False
        self._carry = b""
        self._ended = False
        self._width = 0
        self._short = False
        self._gap = False

    def feed(self, data: bytes, pure: bool) -> bytes:
        """Decoded bytes of the next slice."""
        if self._ended:
            self.damaged = self.damaged or bool(data.strip(_BLANKS + b"="))
            return b""
        if pure:
            self._short = self._gap = False
            return self._take(data.translate(None, _BLANKS))
        clean = data.translate(None, _BLANKS)
        padding = clean.find(b"=")
        body = clean if padding < 0 else clean[:padding]
        tail = b"" if padding < 0 else clean[padding:].strip(b"=")
        if body.translate(None, _ALPHABET) or tail or self._gap or self._short or _GAP.search(data):
            return self._lines(data)
        self._learn(data)
        self._ended = padding >= 0
        return self._take(body)

    def close(self) -> bytes:
        """The last bytes; a rest that makes no whole byte is dropped."""
        rest = self._carry
        if len(rest) % 4 and (not self._ended or len(rest) % 4 == 1):
            self.damaged = True
        rest = rest[:-1] if len(rest) % 4 == 1 else rest
        return binascii.a2b_base64(rest + b"=" * (-len(rest) % 4))

    def _learn(self, data: bytes) -> None:
        lines = data.split()
        if lines:
            self._width = self._width or len(lines[0])
            self._short = len(lines[-1]) < self._width
        self._gap = bool(re.search(rb"\n[ \t\r]*\n[ \t\r\n]*\Z", data))

    def _lines(self, data: bytes) -> bytes:
        """Line by line, for slices that are not plainly data."""
        taken: list[bytes] = []
        for raw in data.splitlines():
            line = raw.strip(_BLANKS)
            if not line:
                self._gap = self._gap or bool(self._width)
                continue
            if self._ended or not self._is_data(line):
                self.damaged = True
                continue
            body, sign, rest = line.partition(b"=")
            clean = body.translate(None, _NOT_ALPHABET)
            self.damaged = self.damaged or len(clean) != len(body)
            taken.append(clean)
            self._width = self._width or len(line)
            self._short, self._gap = len(line) < self._width, False
            if sign:
                self._ended = True
                self.damaged = self.damaged or bool(rest.strip(b"="))
        return self._take(b"".join(taken))

    def _is_data(self, line: bytes) -> bool:
        foreign = len(line) - len(line.translate(None, _NOT_ALPHABET.replace(b"=", b"")))
        if self._width and (self._gap or self._short) and len(line) != self._width:
            # below a blank or short line only an unmistakable continuation counts
            return not foreign and self._gap and not self._short and len(line) % 4 == 0 and len(line) <= self._width
        if not foreign:
            return True
        return foreign * 10 <= len(line) and b" " not in line and len(line) >= min(self._width or 60, 60)

    def _take(self, clean: bytes) -> bytes:
        clean = self._carry + clean
        whole = len(clean) - len(clean) % 4
        self._carry = clean[whole:]
        return binascii.a2b_base64(clean[:whole])


class QuotedPrintable:
    """RFC 2045 section 6.7, decoded by whole lines."""

    def __init__(self) -> None:
        self.damaged = False
        self._carry = b""

    def feed(self, data: bytes, pure: bool) -> bytes:
        """Decoded bytes of the whole lines so far."""
        data = self._carry + data
        end = data.rfind(b"\n") + 1
        self._carry = data[end:]
        return self._decode(data[:end])

    def close(self) -> bytes:
        """The last, unfinished line."""
        rest, self._carry = self._carry, b""
        return self._decode(rest)

    def _decode(self, data: bytes) -> bytes:
        self.damaged = self.damaged or bool(_BAD_QP.search(data))
        return binascii.a2b_qp(_PADDING.sub(b"", data))


class UUEncode:
    """Historic uuencode: from the `begin` line to the `end` line."""

    def __init__(self) -> None:
        self.damaged = False
        self._carry = b""
        self._state = "before"

    def feed(self, data: bytes, pure: bool) -> bytes:
        """Decoded bytes of the whole lines so far."""
        lines = (self._carry + data).splitlines(keepends=True)
        self._carry = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        return b"".join(self._line(line) for line in lines)

    def close(self) -> bytes:
        """The last line; without an `end` line the file is damaged."""
        rest, self._carry = self._line(self._carry), b""
        self.damaged = self.damaged or self._state != "after"
        return rest

    def _line(self, line: bytes) -> bytes:
        line = line.rstrip(b"\r\n")
        if self._state == "before":
            self._state = "in" if line.startswith(b"begin ") else "before"
            return b""
        if self._state == "after" or not line:
            return b""
        if line.strip() == b"end":
            self._state = "after"
            return b""
        try:
            return binascii.a2b_uu(line)
        except binascii.Error:
            self.damaged = True
            octets = (line[0] - 32) & 63  # some encoders write a wrong line length: the count byte decides
            try:
                return binascii.a2b_uu(line[: 1 + (octets * 4 + 2) // 3])
            except binascii.Error:
                return b""


def decoder_for(part: Part) -> Decoder:
    """The decoder of a part, by its Content-Transfer-Encoding as clients write it."""
    declared = part.raw("content-transfer-encoding").lower()
    token = _TOKEN.search(declared)
    name = token[0] if token else b""
    if name == b"base64":
        return Base64()
    if name == b"quoted-printable":
        return QuotedPrintable()
    if name in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
        return UUEncode()
    if part.get_content_maintype() != "text" and _LOOKS_BASE64.match(part.text[:40].encode("utf-8", "replace")):
        return Base64()  # the encoding was left out, the content is beyond doubt
    return Identity()


def decoded(source: Source, part: Part, decoder: Decoder) -> Iterator[bytes]:
    """Content of a leaf in slices."""
    yield from run(source.slices(part.text), decoder)


def run(slices: Iterable[tuple[bytes, bool]], decoder: Decoder) -> Iterator[bytes]:
    """All slices through a decoder."""
    for data, pure in slices:
        piece = decoder.feed(data, pure)
        if piece:
            yield piece
    piece = decoder.close()
    if piece:
        yield piece


def head(source: Source, part: Part, limit: int) -> bytes:
    """The first `limit` bytes of a leaf, decoded."""
    out = b""
    for piece in decoded(source, part, decoder_for(part)):
        out += piece
        if len(out) >= limit:
            break
    return out[:limit]
