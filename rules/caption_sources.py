"""Where captions stand: the words of the mails, papers and tables about pictures, words beside pasted pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from rules.caption_lines import Entry, entries, photo_number
from rules.facts import TableFacts, TextFacts
from rules.item import Item, Text
from rules.lexicon import Lexicon
from rules.words import bare, stem

Source = Literal["body", "document", "beside-picture", "text-file"]
_PLAIN = frozenset({"txt", "md", "csv"})
_OF_PICTURES = re.compile(r"图片|照片|相片|[配附组活动]图|图[说注集册文]|图\s*[0-9一二三四五六七八九十]|^图\.")
"""In a file name; a mere 图 may be 图书馆 or 地图."""
_LONGEST_BESIDE = 120
"""Characters beside a picture in a paper about something else that may still be its caption."""
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
    """Every place with captions, oldest first."""
    stems = frozenset(bare(stem(photo.name)) for photo in photos)
    digests: dict[str, set[str]] = {}
    for photo in photos:
        digests.setdefault(photo.mail, set()).add(photo.digest)
    counts = {mail: len(group) for mail, group in digests.items()}
    everything = len({photo.digest for photo in photos})
    found = []
    for text in texts:
        lists = _NAMES.read(text.subject).aside == "captions"
        lines = entries(text.all_words, stems, lists=lists, photos=counts.get(text.mail, everything))
        if lines:
            found.append(_source(text.mail, text.received_at.timestamp(), 0, "body", "邮件正文", lines))
    for item in others:
        if isinstance(item.facts, TextFacts):
            found += _in_document(item, item.facts, stems, counts.get(item.mail, everything))
        elif isinstance(item.facts, TableFacts):
            found += _in_table(item, item.facts, stems)
    return sorted(found, key=lambda source: source.order)


def _in_document(item: Item, facts: TextFacts, stems: frozenset[str], photos: int) -> list[CaptionSource]:
    arrived = item.received_at.timestamp()
    kind: Source = "text-file" if facts.format in _PLAIN else "document"
    found = []
    own_stem = bare(stem(item.name))
    # a summary is full of numbered paragraphs; only a paper about pictures may list captions by bare numbers
    about = own_stem in stems or _about_pictures(item.name)
    about = about or any(_NAMES.read(line).aside == "captions" for line in facts.headings[:2])
    beside = [(p.after or p.before) for p in facts.pictures]
    # in a summary the words beside a picture may well be its next paragraph
    if beside and all(beside) and (about or max(map(len, beside)) <= _LONGEST_BESIDE):
        lines = tuple(Entry.of(words) for words in beside)
        found.append(_source(item.mail, arrived, 1, "beside-picture", item.name, lines))
    lines = entries(
        facts.text, stems, lists=about, photos=photos if about else 0, title=facts.headings[:1] if about else ()
    )
    if own_stem in stems and len(lines) <= 1:
        lines = (Entry(text=lines[0].text if lines else _body(facts), stem=own_stem),)
    if lines and lines[0].text:
        found.append(_source(item.mail, arrived, 2, kind, item.name, lines))
    return found


def _about_pictures(name: str) -> bool:
    return _NAMES.read(stem(name)).aside == "captions" or _OF_PICTURES.search(name) is not None


def _in_table(item: Item, facts: TableFacts, stems: frozenset[str]) -> list[CaptionSource]:
    """A table of captions: in each row the longest cell is the words, another one names or numbers the photo."""
    if not _about_pictures(item.name):
        return []
    lines = []
    for sheet in facts.sheets:
        for row in sheet.rows:
            cells = [str(cell).strip() for cell in row if cell is not None and str(cell).strip()]
            words = max(cells, key=len, default="")
            others = [cell for cell in cells if cell is not words]
            named = next((name for cell in others if (name := bare(stem(cell))) in stems), "")
            number = next((n for cell in others if (n := photo_number(cell)) is not None), None)
            if named or number is not None:
                lines.append(Entry(text=words, number=number, stem=named))
    return [_source(item.mail, item.received_at.timestamp(), 2, "document", item.name, lines)] if lines else []


def _body(facts: TextFacts) -> str:
    """The whole text without its heading."""
    paragraphs = [line.strip() for line in facts.text.split("\n") if line.strip()]
    if len(paragraphs) > 1 and paragraphs[0] in facts.headings:
        paragraphs = paragraphs[1:]
    return "".join(paragraphs)


def _source(mail: str, arrived: float, rank: int, source: Source, where: str, lines: Iterable[Entry]) -> CaptionSource:
    return CaptionSource(mail=mail, order=(arrived, rank), source=source, where=where, entries=tuple(lines))
