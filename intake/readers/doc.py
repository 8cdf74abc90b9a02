"""Word's binary documents (doc, and wps of WPS Office, which writes the same): text, headings, tables, pictures."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from intake.formats.officeart import blips, floating
from intake.formats.page import Enough, Page
from intake.formats.worddoc import Paragraph, WordFile
from intake.readers import Given, Reading, Refused, reads
from intake.readers.ole import streams
from rules.facts import Picture

_STREAMS = ("WordDocument", "0Table", "1Table", "Data")
_PAGE_COUNT, _WHOLE = 14, 3
"""A property of the summary and its type, a number of four bytes ([MS-OLEPS] 2.25.1 and 2.2)."""
_SUMMARY = 1 << 20
"""Bytes of the summary that are read."""


@reads("doc", "wps")
def read_doc(path: Path, given: Given) -> Reading:
    """Text, tables and pictures of a Word 97 to 2003 document; of Word 6 and 95 the text."""
    found = streams(path, _STREAMS)
    if "WordDocument" not in found:
        raise Refused("unsupported", "an OLE container without a Word document")
    try:
        word = WordFile(found["WordDocument"], found)
        page = _page(word, found.get("Data", b""), found["WordDocument"])
    except (struct.error, IndexError, ValueError) as error:
        raise Refused("damaged", f"{type(error).__name__}: {error}") from error
    return Reading(facts=page.facts(given.kind, pages=_pages(path), truncated=word.truncated))


def _page(word: WordFile, data: bytes, document: bytes) -> Page:
    """The paragraphs with the pictures where they stand; those within groups come last."""
    page = Page()
    shapes, grouped = floating(word.art(), document)
    with suppress(Enough):
        for paragraph in word.paragraphs():
            _add(page, paragraph, data, shapes)
        for picture in grouped:
            page.picture(picture)
    return page


def _add(page: Page, paragraph: Paragraph, data: bytes, shapes: Mapping[int, Picture]) -> None:
    if paragraph.ends_row:
        page.end_row()
        return
    told = 0
    for at, inline, number in paragraph.pictures:
        page.text(paragraph.text[told:at])
        page.picture(next(blips(_inline(data, number)), None) if inline else shapes.get(number))
        told = at
    page.text(paragraph.text[told:])
    if paragraph.ends_cell:
        page.end_cell(heading=paragraph.heading)
    else:
        page.end_paragraph(heading=paragraph.heading, in_table=paragraph.in_table)


def _inline(data: bytes, place: int) -> bytes:
    """The records of a picture in the Data stream ([MS-DOC] 2.9.190 PICFAndOfficeArtData)."""
    if place + 8 > len(data):
        return b""
    length, head, kind = struct.unpack_from("<IHH", data, place)
    if kind == 0x66:  # the name of the file it came from stands before the picture
        head += 1 + data[place + head] if place + head < len(data) else 0
    return data[place + head : place + length]


def _pages(path: Path) -> int:
    """What Word itself counted when it saved; 0 when it did not.

    Only this one property is looked at: olefile reads all, and a vector that lies about its length keeps it for hours.
    """
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as ole:
            data: bytes = ole.openstream("\x05SummaryInformation").read(_SUMMARY)
        return _number(data, _PAGE_COUNT)
    except Exception:  # noqa: BLE001 - olefile raises many kinds on damaged directories; the text is what counts
        return 0


def _number(data: bytes, wanted: int) -> int:
    """A whole number among the properties of a set ([MS-OLEPS] 2.20 and 2.21); 0 when it has none."""
    start: int = struct.unpack_from("<I", data, 44)[0]
    (count,) = struct.unpack_from("<I", data, start + 4)
    for place in range(start + 8, min(start + 8 + 8 * count, len(data) - 7), 8):
        name, offset = struct.unpack_from("<II", data, place)
        if name == wanted:
            kind, value = struct.unpack_from("<Ii", data, start + offset)
            return max(0, value) if kind == _WHOLE else 0
    return 0
