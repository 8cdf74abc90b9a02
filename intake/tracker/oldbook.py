"""Opens the old workbook: our own lists with the quick reader, every other sheet with openpyxl.

The workbook that comes out is the one the new sheets are written into, so the coordinator's own sheets stay as
they are, with formats, charts and drop-downs.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, Final

from openpyxl.cell.rich_text import CellRichText
from openpyxl.packaging.relationship import get_rels_path
from openpyxl.reader.excel import ExcelReader
from openpyxl.reader.strings import read_rich_text
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.xml.constants import COMMENTS_NS, SHARED_STRINGS

from intake.tracker.oldsheet import Book, OldSheet, parse
from intake.tracker.sheetxml import SheetParser

MAX_UNPACKED: Final = 1 << 30
"""Bytes of XML that we are ready to read back; far above what we write for 20,000 units."""
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION: Final = "http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def weigh(path: Path) -> None:
    """Refuse what would unpack into more than we are ready to read. Raises ValueError, BadZipFile, OSError."""
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise ValueError("the workbook is too large to read back")


class OldBook(ExcelReader):  # type: ignore[misc]  # openpyxl is untyped
    """Reads one workbook.

    Sheets for which `ours` is true go through the quick reader, one after the other, the one called `first` before the
    others: no two of them are in memory. Each goes to `take`, which says whether it is still our list; then it
    stands empty in `wb`. All others are read by openpyxl.
    """

    def __init__(
        self,
        file: IO[bytes],
        ours: Callable[[str], bool],
        take: Callable[[str, OldSheet], bool],
        *,
        first: str,
        columns: int,
    ) -> None:
        super().__init__(file, rich_text=True)
        self.parts: dict[str, str] = {}
        """The part of each sheet, by name."""
        self.hidden: set[str] = set()
        """Names of the sheets that do not show."""
        self._ours = ours
        self._take = take
        self._first = first
        self._columns = columns

    def read_lists(self) -> None:
        """Only our lists, without her own sheets and all that belongs to the workbook as a whole."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self._read_ours(list(self.parser.find_sheets()))

    def read_strings(self) -> None:
        """The shared strings; where a part of one has a format of its own, with these formats."""
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as file:
            if _has(file, b"<r>"):
                file.seek(0)
                self.shared_strings = read_rich_text(file)
                return
        strings: list[str] = self.shared_strings
        pieces: list[str] = []
        phonetic = 0
        item, text, reading = _MAIN + "si", _MAIN + "t", _MAIN + "rPh"
        buffer: list[str] = []

        def start(name: str, _: Mapping[str, str]) -> None:
            nonlocal phonetic
            if name == text:
                buffer.clear()
            elif name == item:
                pieces.clear()
            elif name == reading:
                phonetic += 1

        def end(name: str) -> None:
            nonlocal phonetic
            if name == text:
                if not phonetic:
                    pieces.append("".join(buffer))
            elif name == item:
                # as openpyxl does it: the escape of a single underscore is taken away
                strings.append("".join(pieces).replace("x005F_", ""))
            elif name == reading:
                phonetic -= 1

        with self.archive.open(part.PartName[1:]) as file:
            parse(file, start, end, buffer.append)

    def read_worksheets(self) -> None:
        """Ours quickly, hers as openpyxl does it; in the order of the workbook, which names of ranges count on."""
        sheets = [(sheet, rel) for sheet, rel in self.parser.find_sheets() if rel.target in self.valid_files]
        self.parts = {sheet.name: rel.target for sheet, rel in sheets}
        self.hidden = {sheet.name for sheet, _ in sheets if sheet.state != "visible"}
        known = self._read_ours(sheets)
        for sheet, rel in sheets:
            if sheet.name in known:
                self.wb.create_sheet(sheet.name)
                continue
            self.parser.find_sheets = lambda one=(sheet, rel): [one]
            super().read_worksheets()

    def _read_ours(self, sheets: list[tuple[Any, Any]]) -> set[str]:
        """Names of those that are still our lists."""
        wb, known = self.wb, set[str]()
        book = Book(
            strings=self.shared_strings,
            styles=wb._cell_styles,
            dates=frozenset(wb._date_formats),
            spans=frozenset(wb._timedelta_formats),
            epoch=wb.epoch,
        )
        for sheet, rel in sorted(sheets, key=lambda one: one[0].name != self._first):
            if self._ours(sheet.name) and "chartsheet" not in rel.Type:
                with self.archive.open(rel.target) as file:
                    found = SheetParser(book, self._columns).read(file)
                self._bind(found, rel.target)
                if sheet.name == self._first:  # ours alone, whatever formats a program put into its words
                    for cell in (cell for row in found.grid.values() for cell in row.values()):
                        cell.value = str(cell.value) if isinstance(cell.value, CellRichText) else cell.value
                if self._take(sheet.name, found):
                    known.add(sheet.name)
                del found  # before the next one is read
        return known

    def _bind(self, sheet: OldSheet, part: str) -> None:
        """Targets of links and texts of comments stand in parts of their own."""
        relations = get_rels_path(part)
        if relations not in self.valid_files:
            return
        targets: dict[str, str] = {}
        comments: list[str] = []

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name == _RELATION:
                targets[attributes["Id"]] = target = attributes["Target"]
                if attributes["Type"] == COMMENTS_NS:
                    comments.append(posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))[1:])

        with self.archive.open(relations) as file:
            parse(file, start, _nothing, _nothing)
        for reference, relation in sheet.links.items():
            sheet.cell(reference).link = targets.get(relation, "")
        for name in comments:
            if name in self.valid_files:
                with self.archive.open(name) as file:
                    _comments(file, sheet)


def _has(file: IO[bytes], mark: bytes) -> bool:
    """True when the bytes hold `mark`; read piece by piece."""
    before = b""
    while piece := file.read(1 << 20):
        if mark in before + piece:
            return True
        before = piece[1 - len(mark) :]
    return False


def _nothing(*_: Any) -> None:
    """For what is not looked at."""


def _comments(file: IO[bytes], sheet: OldSheet) -> None:
    authors: list[str] = []
    pieces: list[str] = []
    buffer: list[str] = []
    at: dict[str, str] = {}
    phonetic = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal phonetic
        if name == _MAIN + "comment":
            pieces.clear()
            at.clear()
            at.update(attributes)
        elif name == _MAIN + "rPh":
            phonetic += 1
        elif name in (_MAIN + "t", _MAIN + "author"):
            buffer.clear()

    def end(name: str) -> None:
        nonlocal phonetic
        if name == _MAIN + "t" and not phonetic:
            pieces.append("".join(buffer))
        elif name == _MAIN + "rPh":
            phonetic -= 1
        elif name == _MAIN + "author":
            authors.append("".join(buffer))
        elif name == _MAIN + "comment":
            number = int(at.get("authorId", 0))
            author = authors[number] if number < len(authors) else ""
            sheet.cell(at["ref"]).comment = ("".join(pieces), author)

    parse(file, start, end, buffer.append)
