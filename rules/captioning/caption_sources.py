"""Where captions stand: in the words of a mail, in a Word or text file, beside a picture, in the rows of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from rules.captioning.caption_lines import Entry, entries
from rules.captioning.caption_marks import is_placeholder
from rules.facts import Picture, Sheet, TableFacts, TextFacts
from rules.item import Item, Text
from rules.placing.lexicon import Lexicon
from rules.words import NUMERAL, bare, numeral, stem

Source = Literal["body", "document", "beside-picture", "text-file"]
_PLAIN = frozenset({"txt", "md", "csv"})
_OF_PICTURES = re.compile(r"图片|照片|相片|[配附组活动]图|图[说注集册文]|图\s*[0-9一二三四五六七八九十]|^图\.")
"""In a file name; a mere 图 may be 图书馆 or 地图."""
_LONGEST_BESIDE = 120
"""Characters beside a picture in a paper about something else that may still be its caption."""
_LEAST = 8
"""Characters from which on a cell can be a caption."""
_NAMES = Lexicon(())
"""Knows the words for caption files only."""


class CaptionSource(msgspec.Struct, frozen=True, kw_only=True):
    """One place where captions stand."""

    mail: str
    order: tuple[float, int]
    """Arrival, then rank within the mail: what comes later wins."""
    source: Source
    where: str
    entries: tuple[Entry, ...]


def caption_sources(photos: Sequence[Item], others: Sequence[Item], texts: Sequence[Text]) -> list[CaptionSource]:
    """Every place where captions of these photos may stand, in the order in which they are believed."""
    stems = frozenset(bare(stem(photo.name)) for photo in photos)
    digests: dict[str, set[str]] = {}
    for photo in photos:
        digests.setdefault(photo.mail, set()).add(photo.digest)
    counts = {mail: len(group) for mail, group in digests.items()}
    everything = len({photo.digest for photo in photos})
    found = [
        _source(photo.mail, photo.received_at.timestamp(), -1, "beside-picture", "邮件正文", [entry])
        for photo in photos
        if photo.beside and (entry := Entry.below(photo.beside, photo.key))
    ]
    for text in texts:
        lists = _NAMES.read(text.subject).aside == "captions"
        lines = entries(text.all_words, stems, lists=lists, photos=counts.get(text.mail, everything))
        if lines:
            found.append(_source(text.mail, text.received_at.timestamp(), 0, "body", "邮件正文", lines))
    for item in others:
        if isinstance(item.facts, TextFacts):
            found += _in_document(item, item.facts, stems, counts.get(item.mail, everything))
        if isinstance(item.facts, TextFacts | TableFacts):
            sheets = item.facts.tables if isinstance(item.facts, TextFacts) else item.facts.sheets
            rows = tuple(_in_rows(sheets, stems, about=_is_about_pictures(item, stems)))
            if rows:
                found.append(_source(item.mail, item.received_at.timestamp(), 3, "document", item.name, rows))
    return sorted(found, key=lambda source: source.order)


def _in_document(item: Item, facts: TextFacts, stems: frozenset[str], photos: int) -> list[CaptionSource]:
    arrived = item.received_at.timestamp()
    kind: Source = "text-file" if facts.format in _PLAIN else "document"
    found = []
    beside = _sides(facts.pictures)
    # two pictures in one row of a table have the same words after them: then the order of the words tells
    # and in a summary the words beside a picture may well be its next paragraph
    near = _is_about_pictures(item, stems) or max(map(len, beside), default=0) <= _LONGEST_BESIDE
    if beside and all(beside) and len(set(beside)) == len(beside) and near:
        lines = tuple(Entry.of(words) for words in beside)
        found.append(_source(item.mail, arrived, 1, "beside-picture", item.name, lines))
    own_stem = bare(stem(item.name))
    about = _is_about_pictures(item, stems)
    lines = entries(
        facts.text, stems, lists=about, photos=photos if about else 0, title=facts.headings[:1] if about else ()
    )
    if own_stem in stems and len(lines) <= 1:
        lines = (Entry(text=lines[0].text if lines else _body(facts), stem=own_stem),)
    if lines and lines[0].text:
        found.append(_source(item.mail, arrived, 2, kind, item.name, lines))
    return found


def _sides(pictures: Sequence[Picture]) -> list[str]:
    """The words below each picture; those above where only they are numbered, or the last picture has none below."""
    above, below = [p.before for p in pictures], [p.after for p in pictures]
    numbered = [[Entry.of(words).number for words in side] for side in (above, below)]
    counted = list(range(1, len(pictures) + 1))
    if all(above) and (numbered[0] == counted != numbered[1] or (pictures and not below[-1] and len(pictures) > 1)):
        return above
    return [after or before for after, before in zip(below, above, strict=True)]


def words_beside(picture: Picture) -> str:
    """The caption beside a picture in a document; "" when there is none."""
    entry = Entry.below(picture.after or picture.before, picture.name)
    return entry.text if entry is not None and not is_placeholder(entry.text) else ""


def _is_about_pictures(item: Item, stems: frozenset[str]) -> bool:
    """A summary is full of numbered paragraphs; only a paper about pictures may list captions by bare numbers."""
    about = bare(stem(item.name)) in stems or _NAMES.read(stem(item.name)).aside == "captions"
    about = about or _OF_PICTURES.search(item.name) is not None
    headings = item.facts.headings[:2] if isinstance(item.facts, TextFacts) else ()
    return about or any(_NAMES.read(line).aside == "captions" for line in headings)


def _in_rows(sheets: Sequence[Sheet], stems: frozenset[str], *, about: bool) -> Iterator[Entry]:
    """Rows of a table such as 图片名称 | 说明: the cell that tells the photo, and the longest of the others."""
    for sheet in sheets:
        told = about or is_caption_table([sheet])
        for row in sheet.rows:
            cells = [str(cell).strip() for cell in row if cell is not None and str(cell).strip()]
            words = max(cells, key=len, default="")
            others = [cell for cell in cells if cell is not words]
            if len(words) < _LEAST or not others:
                continue
            name = next((bare(stem(cell)) for cell in others if bare(stem(cell)) in stems), "")
            number = next((n for n in map(_row_number, others) if n is not None), None) if told else None
            if name or number is not None:
                yield Entry(text=words, stem=name, number=number)


def is_caption_table(sheets: Sequence[Sheet]) -> bool:
    """True for a table with headings like 图片名称 | 文字说明."""
    heads = ("|".join(str(cell) for row in sheet.rows[:2] for cell in row if cell) for sheet in sheets)
    return any(re.search(r"图片|照片|文件名", head) and re.search(r"说明|简介|介绍", head) for head in heads)


def _row_number(cell: str) -> int | None:
    match = re.fullmatch(rf"(?:图片|照片|图|第)?[(（]?({NUMERAL})[)）]?(?:\.0|张|幅|号)?", cell)
    return numeral(match[1]) if match else None


def _body(facts: TextFacts) -> str:
    """The whole text without its heading."""
    paragraphs = [line.strip() for line in facts.text.split("\n") if line.strip()]
    if len(paragraphs) > 1 and paragraphs[0] in facts.headings:
        paragraphs = paragraphs[1:]
    return "".join(paragraphs)


def _source(mail: str, arrived: float, rank: int, kind: Source, where: str, lines: Iterable[Entry]) -> CaptionSource:
    return CaptionSource(mail=mail, order=(arrived, rank), source=kind, where=where, entries=tuple(lines))
