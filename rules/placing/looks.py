"""What a file looks like before its words are read: its kind, ornaments of a signature, labels of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from rules.facts import ArchiveFacts, ImageFacts, LinkFacts, Sheet, TableFacts, TextFacts, Unreadable, VideoFacts
from rules.item import Item
from rules.placing.vocabulary import ARCHIVE_SUFFIXES, FILM_SUFFIXES, OFFICE_SUFFIXES, PICTURE_SUFFIXES, TABLE_SUFFIXES
from rules.words import bare, stem

Kind = Literal["picture", "film", "table", "text", "link", "archive", "unknown", "danger"]

_ORNAMENT = re.compile(
    r"(?:image|img|logo|签名|signature|sig|spacer|icon|图标|头像|二维码|qrcode|inline|part|attachment|outlook)[-_.()\da-f]*",
    re.IGNORECASE,
)
_SMALL_SIDE = 320
"""Pixels; unnamed pictures of at most this size are signs of a signature, not photos."""


def look(item: Item) -> Kind:
    """What kind of file this is; of an unreadable one, what it was meant to be."""
    facts = item.facts
    match facts:
        case ImageFacts():
            return "picture"
        case VideoFacts():
            return "film"
        case TableFacts():
            return "table"
        case TextFacts():
            return "text"
        case LinkFacts():
            return "link"
        case ArchiveFacts():
            return "archive"
        case Unreadable():
            return _unread_kind(facts, item.suffix)


def _unread_kind(facts: Unreadable, suffix: str) -> Kind:
    """What an unreadable file was meant to be, by its content's format, else by its name."""
    if facts.reason == "dangerous":
        return "danger"
    kinds: tuple[tuple[Kind, frozenset[str]], ...] = (
        ("picture", PICTURE_SUFFIXES),
        ("film", FILM_SUFFIXES),
        ("archive", ARCHIVE_SUFFIXES),
    )
    for told in (facts.format, suffix):
        for kind, suffixes in kinds:
            if told in suffixes and not (kind == "archive" and suffix in OFFICE_SUFFIXES | TABLE_SUFFIXES):
                return kind
    return "unknown"


def is_ornament(item: Item) -> bool:
    """A small unnamed picture such as mail signatures and web pages carry."""
    facts = item.facts
    if not isinstance(facts, ImageFacts) or not _ORNAMENT.fullmatch(stem(item.name).strip()):
        return False
    return max(facts.width, facts.height) <= _SMALL_SIDE or min(facts.width, facts.height) <= _SMALL_SIDE // 4


def labels_of(sheets: Sequence[Sheet]) -> frozenset[str]:
    """The words in a table: headings and row names, not figures."""
    cells = (cell for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, str))
    labels = (bare(cell) for cell in cells)
    return frozenset(label for label in labels if 2 <= len(label) <= 60 and not label.isdecimal())


def first_cells(sheets: Sequence[Sheet]) -> Iterable[str]:
    """Sheet names and the texts of the first rows: where a table's title stands."""
    for sheet in sheets[:3]:
        yield sheet.name
        for row in sheet.rows[:3]:
            yield from (cell for cell in row if isinstance(cell, str) and len(cell) <= 60)
