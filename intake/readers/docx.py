"""Word documents (docx, docm): paragraphs in order, tables, pictures with the words beside them.

Read with expat straight from the zip. docx2python keeps all parts of the document in memory, repeats
merged cells and gives pictures apart from the paragraphs around them; python-docx leaves out text
boxes, content controls and insertions. Streaming gives exact order, costs a fraction of a millisecond
for a usual report, and its memory does not grow with the document's XML tree.

Deleted and moved-away text (tracked changes) is left out, inserted text counts: the document as its
author sees it last. ECMA-376 part 1, section 17 names the elements.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from intake.formats.flow import Flow
from intake.formats.grid import MAX_COLUMNS, MAX_ROWS, Table, trimmed
from intake.formats.package import document, main_part, parse_xml, relations, slices
from intake.formats.prose import LIMIT, clean, text_facts
from intake.readers import Given, Reading, reads
from intake.readers.image import picture_in
from intake.readers.ole import refuse_if_ole
from rules.facts import Picture, Sheet

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main "
_R = ("http://schemas.openxmlformats.org/officeDocument/2006/relationships ",
      "http://purl.oclc.org/ooxml/officeDocument/relationships ")  # fmt: skip
MAX_PICTURES = 200
MAX_TABLES = 100
MAX_STYLES = 4 << 20
"""Bytes of style definitions; a document with more has no headings for us."""
_OF_STYLES = frozenset(("style", "name", "basedOn", "outlineLvl"))
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SKIPPED = frozenset(("Fallback", "del", "moveFrom", "rPrChange", "pPrChange", "instrText", "delText"))
"""`Fallback` repeats its `Choice` for old programs; the others are not what the reader of the page sees."""


@reads("docx", "docm")
def read_docx(path: Path, given: Given) -> Reading:
    """Text, tables and pictures of a Word document."""
    refuse_if_ole(path)
    with document(path) as package:
        main = main_part(package)
        targets = relations(package, main)
        body = Body(_heading_styles(package, targets))
        truncated = False
        try:
            parse_xml(slices(package, main), body.start, body.end, body.data)
        except _Enough:
            truncated = True
        pictures = tuple(_pictures(package, body, {id: target for id, (target, _) in targets.items()}))
    facts = text_facts(
        "docx",
        [text for text, _ in body.paragraphs],
        styled=[text for text, heading in body.paragraphs if heading],
        pictures=pictures,
        tables=tuple(body.tables),
        truncated=truncated or body.truncated,
    )
    return Reading(facts=facts)


class _Enough(Exception):
    """The limit of text is reached; the rest of the document is not needed."""


class _Paragraph:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.told = 0
        """Pieces that are in the flow already."""
        self.heading = False

    def rest(self) -> str:
        """The words since the last picture."""
        pieces, self.told = self.pieces[self.told :], len(self.pieces)
        return clean("".join(pieces)).strip()


class Body:
    """What the main part holds, collected while expat walks through it."""

    def __init__(self, heading_styles: frozenset[str]) -> None:
        self.paragraphs: list[tuple[str, bool]] = []
        """Non-empty ones in order of their ends, with "is a heading"."""
        self.tables: list[Sheet] = []
        self.flow = Flow[str]()
        """Pictures by their relation ids."""
        self.truncated = False
        self._styles = heading_styles
        self._open: list[_Paragraph] = []
        self._tables: list[Table] = []
        self._skip = 0
        self._in_text = False
        self._characters = 0
        self._pictures = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        namespace, _, name = tag.rpartition(" ")
        if self._skip or name in _SKIPPED:
            self._skip += 1
            return
        if name in ("blip", "imagedata"):
            self._picture(attributes)
        elif f"{namespace} " in (W, STRICT_W):
            self._word(name, {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def _word(self, name: str, attributes: dict[str, str]) -> None:
        paragraph = self._open[-1] if self._open else None
        table = self._tables[-1] if self._tables else None
        if name == "t":
            self._in_text = True
        elif name == "p":
            self._open.append(_Paragraph())
        elif name == "tbl":
            self._tables.append(Table())
        elif paragraph is not None and name in _BREAKS:
            paragraph.pieces.append(_BREAKS[name])
        elif paragraph is not None and name == "pStyle":
            paragraph.heading = attributes.get("val", "") in self._styles
        elif paragraph is not None and name == "outlineLvl" and attributes.get("val", "9") < "9":
            paragraph.heading = True
        elif table is not None and name == "tr" and len(table.rows) < MAX_ROWS:
            table.rows.append([])
        elif table is not None and name == "gridSpan":
            span = attributes.get("val", "1")
            table.span = min(MAX_COLUMNS, max(1, int(span))) if span.isdecimal() else 1
        elif table is not None and name == "vMerge":
            table.continued = attributes.get("val", "continue") == "continue"

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._skip:
            self._skip -= 1
            return
        namespace, _, name = tag.rpartition(" ")
        if f"{namespace} " not in (W, STRICT_W):
            return
        if name == "t":
            self._in_text = False
        elif name == "p" and self._open:
            self._finish(self._open.pop())
        elif name == "tc" and self._tables:
            self._tables[-1].end_cell()
        elif name == "tbl" and self._tables:
            self._finish_table(self._tables.pop())

    def data(self, text: str) -> None:
        """Characters."""
        if self._in_text and not self._skip and self._open:
            self._open[-1].pieces.append(text)
            self._characters += len(text)
            if self._characters > 2 * LIMIT:
                self._finish(self._open.pop())
                raise _Enough

    def _finish(self, paragraph: _Paragraph) -> None:
        if rest := paragraph.rest():
            self.flow.say(rest)
        text = clean("".join(paragraph.pieces)).strip()
        if text:
            self.paragraphs.append((text, paragraph.heading))
            if self._tables:
                self._tables[-1].cell.append(text)

    def _finish_table(self, table: Table) -> None:
        rows = trimmed(table.rows)
        if rows and len(self.tables) < MAX_TABLES:
            self.tables.append(Sheet(name=f"表{len(self.tables) + 1}", rows=rows))
        else:
            self.truncated |= bool(rows)

    def _picture(self, attributes: dict[str, str]) -> None:
        wanted = [attributes.get(namespace + key, "") for namespace in _R for key in ("embed", "id", "link")]
        relation = next(filter(None, wanted), "")
        if not relation or self._pictures >= MAX_PICTURES:
            self.truncated |= bool(relation)
            return
        self._pictures += 1
        if self._open and (said := self._open[-1].rest()):
            self.flow.say(said)
        self.flow.show(relation)


def _pictures(package: zipfile.ZipFile, body: Body, targets: dict[str, str]) -> Iterator[Picture]:
    """The pictures in order, each measured by its header, with the words on either side of it."""
    for relation, before, after in body.flow.pictures():
        found = picture_in(package, targets.get(relation, ""), relation)
        yield msgspec.structs.replace(found, before=before, after=after)


def _heading_styles(package: zipfile.ZipFile, targets: dict[str, tuple[str, str]]) -> frozenset[str]:
    """Ids of paragraph styles that are titles or headings, or built on one."""
    parts = [target for target, kind in targets.values() if kind.endswith("/styles")]
    if not parts or parts[0] not in package.namelist() or package.getinfo(parts[0]).file_size > MAX_STYLES:
        return frozenset()
    return _headings(b"".join(slices(package, parts[0], MAX_STYLES)))


@lru_cache(maxsize=8)
def _headings(styles: bytes) -> frozenset[str]:
    """The same of the styles themselves: several times as long as the words, and alike in what one program wrote."""
    names, based, levels, current = {}, {}, set(), [""]

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name not in _OF_STYLES:
            return
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "style":
            current[0] = values.get("styleId", "")
        elif name == "name":
            names[current[0]] = values.get("val", "").lower()
        elif name == "basedOn":
            based[current[0]] = values.get("val", "")
        elif name == "outlineLvl" and values.get("val", "9") < "9":
            levels.add(current[0])

    parse_xml(iter([styles]), start)
    found = levels | {id for id, name in names.items() if name.startswith(("heading", "title", "标题", "subtitle"))}
    for _ in range(10):  # styles are built on each other a few deep
        found |= {id for id, base in based.items() if base in found}
    return frozenset(found)
