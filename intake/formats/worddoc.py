"""Word's binary files ([MS-DOC]), read for their text: paragraphs, styles, tables, where pictures stand.

The text lies in pieces of two kinds, UTF-16 or one byte a character, in the order that the piece table tells. What a
paragraph is (heading, cell, end of a row) and whether a character was deleted or hidden stands in pages of properties
(`intake.formats.sprm`), found by the place of the text in the file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from intake.formats.prose import LIMIT
from intake.formats.sprm import (
    DELETED,
    HIDDEN,
    IN_TABLE,
    OUTLINE,
    PICTURE,
    ROW_END,
    Runs,
    character_runs,
    paragraph_runs,
)

_IDENTS = frozenset((0xA5EC, 0xA5DC))
_WORD97 = 0x00C1
_HEADING_IDS = frozenset((*range(1, 10), 62, 74))
"""Built-in styles: heading 1 to 9, title, subtitle."""
_WALKED = 8 * LIMIT
"""Characters that are looked at, seen by the reader of the page or not."""
_FIELD_BEGIN, _FIELD_MIDDLE, _FIELD_END = "\x13", "\x14", "\x15"
_INLINE, _FLOATING = "\x01", "\x08"
_PICTURES = frozenset((_INLINE, _FLOATING))
_ENDS = "\r\x07\x0c"
_SHOWN = {"\x0b": "\n", "\x1e": "-", "\x0e": "\n", "\t": "\t"}


class Paragraph(NamedTuple):
    """One paragraph, or the last one of a cell."""

    text: str
    heading: bool
    in_table: bool
    ends_cell: bool
    ends_row: bool
    pictures: tuple[tuple[int, bool, int], ...]
    """Place in `text`; True and the place in the Data stream, or False and the number of a floating shape."""


class Piece(NamedTuple):
    """Characters that lie together in the file."""

    start: int
    """Byte of the first one."""
    text: str
    wide: bool

    def place(self, at: int) -> int:
        """Byte of one of its characters."""
        return self.start + (2 * at if self.wide else at)


class WordFile:
    """The text of one file, and of its text boxes; raises struct.error or ValueError on what is no such file."""

    def __init__(self, document: bytes, tables: dict[str, bytes]) -> None:
        self._document = document
        ident, version, flags = struct.unpack_from("<HH6xH", document)
        if ident not in _IDENTS:
            raise ValueError("no Word document")
        self.old = version < _WORD97
        self.truncated = False
        self._table = tables.get("1Table" if flags & 0x0200 else "0Table", b"")
        if not self.old and not self._table:
            raise ValueError("no table stream")
        self._paragraphs = Runs([]) if self.old else paragraph_runs(document, self._at(13))
        self._characters = Runs([]) if self.old else character_runs(document, self._at(12))
        self._headings = frozenset() if self.old else _heading_styles(self._at(1))
        lengths = () if self.old else struct.unpack_from("<3i4x5i", document, 0x4C)
        self._anchors = {} if self.old else _anchors(self._at(40))
        # text, footnotes, headers; comments, endnotes, text boxes
        self._main = max(0, lengths[0]) if lengths else 1 << 31
        self._boxes = (sum(map(abs, lengths[:5])), abs(lengths[5])) if lengths else (0, 0)

    def art(self) -> bytes:
        """The store of floating pictures and the shapes that show them (OfficeArtContent)."""
        return b"" if self.old else self._at(50)

    def _at(self, number: int) -> bytes:
        """A part of the table stream by its number in FibRgFcLcb97."""
        place, length = struct.unpack_from("<II", self._document, 0x9A + 8 * number)
        return self._table[place : place + length]

    def paragraphs(self) -> Iterator[Paragraph]:
        """Those of the body, then those of its text boxes."""
        yield from self._walk(0, self._main)
        start, length = self._boxes
        if length:
            yield from self._walk(start, start + length)

    def _walk(self, first: int, last: int) -> Iterator[Paragraph]:
        building = _Building()
        at = 0
        for piece in self._pieces():
            if at > _WALKED or building.total > 2 * LIMIT:
                self.truncated = True
                break
            base, begin, end = at, max(0, first - at), min(len(piece.text), last - at)
            at += len(piece.text)
            if begin >= end:
                continue
            for index, shown in self._shown(piece, begin, end):
                character = piece.text[index]
                if character in _ENDS:
                    yield building.finish(character, *self._nature(piece.place(index)))
                elif shown:
                    building.add(character)
                    if character in _PICTURES:
                        building.picture(self._shown_at(character, base + index, piece.place(index)))
        if building.pieces:
            yield building.finish("\r", False, False, False)

    def _shown_at(self, character: str, position: int, place: int) -> tuple[bool, int] | None:
        """The picture for which a character stands; other things stand for the same characters."""
        if character == _FLOATING:
            return (False, self._anchors[position]) if position in self._anchors else None
        run = self._characters.at(place)
        return (True, run.changes[PICTURE]) if run is not None and PICTURE in run.changes else None

    def _shown(self, piece: Piece, begin: int, end: int) -> Iterator[tuple[int, bool]]:
        """Every character, and whether a reader of the page sees it."""
        until, shown = -1, True
        for index in range(begin, end):
            place = piece.place(index)
            if place >= until:
                run = self._characters.at(place)
                until = self._characters.next(place)
                shown = run is None or not (run.changes.get(DELETED) or run.changes.get(HIDDEN) == 1)
            yield index, shown

    def _nature(self, place: int) -> tuple[bool, bool, bool]:
        """Heading, in a table, end of a row: of the paragraph whose mark stands there."""
        run = self._paragraphs.at(place)
        if run is None:
            return False, False, False
        level = run.changes.get(OUTLINE)
        heading = level < 9 if level is not None else run.style in self._headings
        return heading, bool(run.changes.get(IN_TABLE)), bool(run.changes.get(ROW_END))

    def _pieces(self) -> Iterator[Piece]:
        if self.old:
            start, end = struct.unpack_from("<II", self._document, 0x18)
            yield Piece(start, self._document[start:end].decode("gb18030", "replace"), False)
            return
        table = _piece_table(self._at(33))
        count = (len(table) - 4) // 12
        for number in range(count):
            start, end = struct.unpack_from("<II", table, 4 * number)
            (place,) = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)
            length = min(max(0, end - start), 4 * LIMIT)
            if place & 0x40000000:
                place = (place & 0x3FFFFFFF) // 2
                yield Piece(place, self._document[place : place + length].decode("cp1252", "replace"), False)
            else:
                data = self._document[place : place + 2 * length]
                # half of a surrogate pair is one character here, so that places stay right
                text = "".join(map(chr, struct.unpack_from(f"<{len(data) // 2}H", data)))
                yield Piece(place, text, True)


class _Building:
    """A paragraph while its characters come."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.total = 0
        self._pictures: list[tuple[int, bool, int]] = []
        self._fields: list[bool] = []
        """Open fields: is their result being shown?"""

    def add(self, character: str) -> None:
        """One visible character."""
        if character == _FIELD_BEGIN:
            self._fields.append(False)
        elif character == _FIELD_MIDDLE and self._fields:
            self._fields[-1] = True
        elif character == _FIELD_END and self._fields:
            self._fields.pop()
        elif self._fields and not all(self._fields):
            return  # the instruction of a field
        elif character not in _PICTURES:
            self.pieces.append(_SHOWN.get(character, character))
            self.total += 1

    def picture(self, shown: tuple[bool, int] | None) -> None:
        """What stands at the last character, if it is a picture."""
        if shown is not None:
            self._pictures.append((len(self.pieces), *shown))

    def finish(self, mark: str, heading: bool, in_table: bool, ends_row: bool) -> Paragraph:
        """The paragraph, ended by this mark."""
        text = "".join(self.pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        pictures = tuple(self._pictures)
        self.pieces, self._pictures = [], []
        return Paragraph(text, heading, in_table, mark == "\x07" and not ends_row, ends_row, pictures)


def _anchors(table: bytes) -> dict[int, int]:
    """Position of a character → number of the shape that is anchored there ([MS-DOC] 2.8.37 PlcfSpa)."""
    count = max(0, (len(table) - 4) // 30)
    base = 4 * (count + 1)
    return {
        struct.unpack_from("<I", table, 4 * number)[0]: struct.unpack_from("<I", table, base + 26 * number)[0]
        for number in range(min(count, 10_000))
    }


def _piece_table(clx: bytes) -> bytes:
    """The PlcPcd within a Clx ([MS-DOC] 2.9.38): lists of changes come first."""
    at = 0
    while at < len(clx) and clx[at] == 1:
        at += 3 + int.from_bytes(clx[at + 1 : at + 3], "little")
    if at + 5 > len(clx) or clx[at] != 2:
        raise ValueError("no piece table")
    length = int.from_bytes(clx[at + 1 : at + 5], "little")
    return clx[at + 5 : at + 5 + length]


def _heading_styles(sheet: bytes) -> frozenset[int]:
    """Numbers of styles that are headings or titles, or built on one ([MS-DOC] 2.9.272)."""
    if len(sheet) < 4:
        return frozenset()
    head, count = struct.unpack_from("<HH", sheet)
    at, base = 2 + head, {}
    found = set()
    for number in range(min(count, 4096)):
        if at + 2 > len(sheet):
            break
        (size,) = struct.unpack_from("<H", sheet, at)
        if size >= 4 and at + 6 <= len(sheet):
            first, second = struct.unpack_from("<HH", sheet, at + 2)
            base[number] = second >> 4
            if first & 0xFFF in _HEADING_IDS:
                found.add(number)
        at += 2 + size
    for _ in range(10):  # styles are built on each other a few deep
        found |= {number for number, parent in base.items() if parent in found}
    return frozenset(found)
