"""winmail.dat: files and text out of Microsoft's TNEF (MS-OXTNEF), read by place, never copied whole.

Our own small reader, because a title in GBK or a subject in the wrong code page must not cost the files, and
because data is handed on as slices of the file.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from intake.mail.charset import decode, one_line
from intake.mail.level import Packed
from intake.mail.names import base_name
from intake.mail.richtext import words_of

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES = 5000
MAX_NESTING = 5
MAX_RICH = 4_000_000
"""Bytes of a compressed body that are read."""
_SLICE = 256 * 1024

_ATTACH_START, _ATTACH_DATA, _ATTACH_TITLE, _ATTACH_PROPS = 0x9002, 0x800F, 0x8010, 0x9005
_MESSAGE_PROPS, _BODY, _CODEPAGE = 0x9003, 0x800C, 0x9007
_P_DATA, _P_LONG_NAME, _P_NAME, _P_DISPLAY, _P_CID, _P_TYPE = 0x3701, 0x3707, 0x3704, 0x3001, 0x3712, 0x370E
_P_TEXT, _P_HTML, _P_RICH, _P_INTERNET_CODEPAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
_STRING8, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_FIXED = {0x1: 0, 0x2: 4, 0xB: 4, 0x3: 4, 0x4: 4, 0xA: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_MESSAGE_OBJECT = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage

Span = tuple[int, int]


class NotTnef(ValueError):
    """The bytes are no TNEF, or too broken to hold anything."""


@dataclass(slots=True)
class TnefFile(Packed):
    """One file inside; `span` is its place in the winmail.dat."""

    span: Span = (0, 0)


@dataclass(slots=True)
class _Attachment:
    props: dict[int, tuple[int, Span]] = field(default_factory=dict)
    title: bytes = b""
    data: Span | None = None


class Tnef:
    """An open winmail.dat. Raises NotTnef on opening; use `close` when done."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            if file.read(4) != SIGNATURE:
                raise NotTnef("no TNEF signature")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.files: list[TnefFile] = []
        self.text = ""
        self.html = ""
        self.damaged = False
        try:
            self._read((0, len(self._map)), "", 0)
        except struct.error:  # a number that points past the end; what was found so far counts
            self.damaged = True

    def close(self) -> None:
        """Release the file."""
        self._map.close()

    def contents(self) -> Iterator[tuple[Packed, Iterator[bytes]]]:
        """Each file inside and its bytes in slices."""
        for file in self.files:
            yield file, self.slices(file)

    def slices(self, file: TnefFile) -> Iterator[bytes]:
        """The bytes of one file."""
        start, end = file.span
        for position in range(start, end, _SLICE):
            yield self._map[position : min(position + _SLICE, end)]

    def _read(self, span: Span, folder: str, nesting: int) -> None:
        codepage = ""
        current: _Attachment | None = None
        for level, name, place in self._attributes(span):
            if name == _CODEPAGE and place[1] - place[0] >= 4:
                codepage = label_of(self._number(place[0]))
            elif name == _ATTACH_START:
                self._finish(current, codepage, folder, nesting)
                current = _Attachment()
            elif level == 2 and current is not None:
                self._attachment(current, name, place)
            elif name == _MESSAGE_PROPS and not folder:
                self._message(place, codepage)
            elif name == _BODY and not folder and not self.text:
                self.text = decode(self._map[place[0] : place[1]].rstrip(b"\0"), codepage).text
        self._finish(current, codepage, folder, nesting)

    def _attributes(self, span: Span) -> Iterator[tuple[int, int, Span]]:
        """(level, name, place) of each attribute; a cut last one is given as far as it goes."""
        position, end = span[0] + 6, span[1]
        for _ in range(MAX_ATTRIBUTES):
            if position + 9 > end:
                return
            level, name, _type, length = struct.unpack_from("<BHHI", self._map, position)
            if level not in (1, 2):
                self.damaged = True
                return
            start = position + 9
            self.damaged = self.damaged or start + length > end
            yield level, name, (start, min(start + length, end))
            position = start + length + 2

    def _attachment(self, current: _Attachment, name: int, place: Span) -> None:
        if name == _ATTACH_DATA:
            current.data = place
        elif name == _ATTACH_TITLE:
            current.title = self._map[place[0] : place[1]].rstrip(b"\0")
        elif name == _ATTACH_PROPS:
            for prop, kind, value in self._properties(place):
                current.props.setdefault(prop, (kind, value))

    def _properties(self, span: Span) -> Iterator[tuple[int, int, Span]]:
        """(property, type, place of the first value) of a MAPI property list; stops where it makes no sense."""
        position, end = span[0] + 4, span[1]
        try:
            for _ in range(min(self._number(span[0]), MAX_ATTRIBUTES)):
                kind, prop = struct.unpack_from("<HH", self._map, position)
                position += 4
                if prop >= 0x8000:  # a named property: GUID, then a number or a name
                    named = self._number(position + 16)
                    length = self._number(position + 20) if named else 0
                    position += 24 + (length + 3) // 4 * 4
                values = self._number(position) if kind & 0x1000 or kind not in _FIXED else 1
                position += 4 if kind & 0x1000 or kind not in _FIXED else 0
                kind &= 0xFFF
                for index in range(min(values, MAX_ATTRIBUTES)):
                    start, position = self._value(kind, position)
                    if start[1] > end:
                        return
                    if index == 0:
                        yield prop, kind, start
        except struct.error:
            self.damaged = True

    def _value(self, kind: int, position: int) -> tuple[Span, int]:
        if kind in _FIXED:
            return (position, position + _FIXED[kind]), position + _FIXED[kind]
        if kind not in (_STRING8, _UNICODE, _OBJECT, _BINARY):
            raise struct.error(f"unknown MAPI type {kind:#x}")
        length = self._number(position)
        start = position + 4
        return (start, start + length), start + (length + 3) // 4 * 4

    def _number(self, position: int) -> int:
        value: int = struct.unpack_from("<I", self._map, position)[0]
        return value

    def _text(self, kind: int, span: Span, codepage: str) -> str:
        data = self._map[span[0] : span[1]]
        if kind == _UNICODE:
            return data.decode("utf-16-le", "replace").rstrip("\0")
        return decode(data.rstrip(b"\0"), codepage).text

    def _message(self, place: Span, codepage: str) -> None:
        found = {prop: (kind, span) for prop, kind, span in self._properties(place)}
        label = label_of(self._number(found[_P_INTERNET_CODEPAGE][1][0])) if _P_INTERNET_CODEPAGE in found else codepage
        if _P_TEXT in found:
            self.text = self._text(*found[_P_TEXT], label)
        if _P_HTML in found:
            self.html = self._text(*found[_P_HTML], label)
        elif _P_RICH in found:
            start, end = found[_P_RICH][1]
            rich = words_of(self._map[start : min(end, start + MAX_RICH)])
            self.html, self.text = rich.html, self.text or rich.plain

    def _finish(self, current: _Attachment | None, codepage: str, folder: str, nesting: int) -> None:
        """One attachment is complete: a file, or a message with files of its own."""
        if current is None:
            return

        def word(prop: int) -> str:
            return self._text(*current.props[prop], codepage) if prop in current.props else ""

        names = (word(_P_LONG_NAME), decode(current.title, codepage).text, word(_P_NAME), word(_P_DISPLAY))
        name = next((base for base in map(base_name, names) if base), "")
        span = current.data or (0, 0)
        if _P_DATA in current.props:
            kind, (start, end) = current.props[_P_DATA]
            identity = self._map[start : start + 16] if kind == _OBJECT else b""
            span = (start + 16, end) if kind == _OBJECT else (start, end)
            if identity == _MESSAGE_OBJECT and self._map[start + 16 : start + 20] == SIGNATURE:
                if nesting < MAX_NESTING:
                    self._read(span, f"{folder}/{name or '转发邮件'}".lstrip("/"), nesting + 1)
                return
        if span[1] > span[0] or (name and current.data is not None):  # an empty file was sent, too
            kind_of = one_line(word(_P_TYPE)).lower() or "application/octet-stream"
            self.files.append(TnefFile(name, folder, kind_of, one_line(word(_P_CID)).strip("<>"), span))


def label_of(codepage: int) -> str:
    """The charset label of a Windows code page."""
    return {65001: "utf-8", 1200: "utf-16-le", 20127: "ascii", 54936: "gb18030"}.get(codepage, f"cp{codepage}")
