"""What was measured in one file: the values that readers return and checks weigh.

Every value carries a `kind` tag, goes through JSON and comes back equal. A file that could not be
read is a value too (`Unreadable`), never an exception: the reply explains it to the unit.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Cell = str | int | float | bool | None
"""One cell of a table; dates come as ISO text, empty cells as None."""


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture pasted into a document (Word, PDF, slides, workbook), with the text that stands beside it."""

    name: str
    format: str
    """Pillow's word for the format (`JPEG`, `PNG`, `EMF` …), or "" when it could not be told."""
    width: int
    """Pixels, upright; 0 when not measurable."""
    height: int
    size: int = 0
    """Bytes."""
    before: str = ""
    """The last non-empty paragraph before the picture."""
    after: str = ""
    """The first non-empty paragraph after the picture, where captions usually stand."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One table: a worksheet, or a table inside a document."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    """Trailing empty rows and columns are cut off; merged cells hold their value in the first cell only."""
    truncated: bool = False


class ImageFacts(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="image"):
    """A still picture, fully decoded once (a truncated one is `Unreadable`)."""

    format: str
    """Pillow's word: JPEG (MPO counts as JPEG), PNG, WEBP, BMP, GIF, TIFF."""
    width: int
    """Pixels after the EXIF orientation was applied."""
    height: int
    mode: str = "RGB"
    frames: int = 1
    dhash: str = ""
    """64-bit difference hash, 16 hex digits; "" for a blank picture."""
    dpi: float | None = None
    """Dots per inch as the file labels itself; None when it does not."""
    seal: bool = False
    """A patch of seal red on pale ground was seen: perhaps a stamped page."""


class TextFacts(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="text"):
    """Text of a document: docx, pdf, txt, rtf and the like."""

    format: str
    """Lower-case extension that the content really is: docx, pdf, txt."""
    text: str
    """Paragraphs joined by newlines, cut off at the reader's limit."""
    characters: int
    """Characters that are not white space, of the whole text."""
    headings: tuple[str, ...] = ()
    """Lines that look like headings: styled ones, and short first lines. First one is the title."""
    pages: int = 0
    """0 when not told."""
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Sheet, ...] = ()
    truncated: bool = False
    scanned: bool = False
    """True when pages carry pictures but no text (a scan)."""
    seal: bool = False
    """A patch of seal red was seen on one of its pages."""


class TableFacts(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="table"):
    """A workbook: xlsx, xls, et, ods, csv."""

    format: str
    sheets: tuple[Sheet, ...]
    truncated: bool = False
    pictures: tuple[Picture, ...] = ()


class VideoFacts(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="video"):
    """A film, as far as its header tells; None is "not told"."""

    format: str
    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    codec: str | None = None


class ArchiveFacts(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="archive"):
    """A container whose members follow as items of their own (`path` is `ARCHIVE/MEMBER`)."""

    format: str
    members: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    """Members left out (limits, links, nested too deep), each as `NAME: REASON`."""


class LinkFacts(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="link"):
    """A cloud attachment (超大附件): the file itself is not in the mail and is not downloaded."""

    provider: str
    url: str
    expires: str | None = None
    """ISO 8601 date or date-time with offset; None when not told or unlimited."""
    size: int = 0
    """Bytes as far as the announcement tells; 0 when not told."""
    size_text: str = ""


class Unreadable(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="unreadable"):
    """A file that was not understood, and why."""

    reason: Literal["damaged", "encrypted", "too-large", "timeout", "unsupported", "empty", "dangerous"]
    detail: str = ""
    """For the coordinator and the log, not for the unit."""
    format: str = ""
    """What the content seems to be, lower-case extension, "" when unknown."""
    missing: str = ""
    """What would have to be installed on our machine to read it; "" when that would not help."""


Facts = ImageFacts | TextFacts | TableFacts | VideoFacts | ArchiveFacts | LinkFacts | Unreadable
