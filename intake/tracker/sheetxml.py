"""Reads the XML of our own lists quickly: values, style numbers, links, widths and filters, nothing else.

openpyxl builds some forty objects a cell and, for safety, parses in pure Python; on our large lists that took more
time than everything else together. Sheets that the coordinator made are still read by openpyxl. Elements are those
of ECMA-376 part 1, 18.3.1; a document with a DTD is refused (entities have no place in a workbook).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, Final

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formula.translate import Translator
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.xml.functions import Element, SubElement

from intake.tracker.filters import Allowed, day_group
from intake.tracker.oldsheet import Book, OldCell, OldSheet, parse

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class SheetParser:
    """Collects one sheet."""

    def __init__(self, book: Book, columns: int) -> None:
        self.sheet = OldSheet()
        self._book = book
        self._columns = columns
        self._row: dict[int, OldCell] = {}
        self._letters: dict[str, int] = {}
        self._at = (0, 0)
        self._cell: Mapping[str, str] = {}
        self._text: list[str] = []
        self._value = ""
        self._inline: list[Any] = []
        self._look: Any = None
        """Format of the words that follow within a cell."""
        self._looking = False
        self._formula: tuple[Mapping[str, str], str] | None = None
        self._phonetic = 0
        self._shared: dict[str, Translator] = {}
        self._starts = {
            _MAIN + "row": self._start_row,
            _MAIN + "c": self._start_cell,
            _MAIN + "f": self._start_formula,
            _MAIN + "rPh": self._start_phonetic,
            _MAIN + "rPr": self._start_look,
            _MAIN + "v": self._start_text,
            _MAIN + "t": self._start_text,
            _MAIN + "col": self._col,
            _MAIN + "hyperlink": self._hyperlink,
            _MAIN + "autoFilter": self._auto_filter,
            _MAIN + "filterColumn": self._filter_column,
            _MAIN + "filters": self._filters,
            _MAIN + "filter": self._filter,
            _MAIN + "dateGroupItem": self._day_group,
            _MAIN + "customFilters": self._custom_filters,
            _MAIN + "customFilter": self._custom_filter,
        }
        self._ends = {
            _MAIN + "c": self._end_cell,
            _MAIN + "v": self._end_value,
            _MAIN + "t": self._end_text,
            _MAIN + "f": self._end_formula,
            _MAIN + "rPh": self._end_phonetic,
            _MAIN + "rPr": self._end_look,
        }
        self._filtered_column = 0

    def read(self, file: IO[bytes]) -> OldSheet:
        """Read the whole part."""
        parse(file, self._start, self._end, self._append)
        # the parser refers to itself and lives until the collector comes: it must not hold the cells that long
        self._starts.clear()
        self._ends.clear()
        return self.sheet

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        action = self._starts.get(name)
        if action is not None:
            action(attributes)
        elif self._looking:
            SubElement(self._look, "{" + name, dict(attributes))

    def _end(self, name: str) -> None:
        action = self._ends.get(name)
        if action is not None:
            action()

    def _append(self, text: str) -> None:
        self._text.append(text)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = int(float(attributes["r"])) if "r" in attributes else self._at[0] + 1
        self._at = (number, 0)
        self._row = {}

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        self._cell = attributes
        reference = attributes.get("r")
        row, column = self._at
        if reference is None:
            column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._letters.get(letters) or self._letters.setdefault(letters, coordinate_to_tuple(reference)[1])
        self._at = (row, column)
        self._value, self._inline = "", []
        self._formula = None

    def _start_text(self, _: Mapping[str, str]) -> None:
        self._text = []

    def _start_formula(self, attributes: Mapping[str, str]) -> None:
        self._text = []
        self._formula = (attributes, "")

    def _end_formula(self) -> None:
        if self._formula is not None:
            self._formula = (self._formula[0], "".join(self._text))

    def _end_value(self) -> None:
        self._value = "".join(self._text)

    def _end_text(self) -> None:
        if not self._phonetic:
            text = "".join(self._text)
            self._inline.append(TextBlock(InlineFont.from_tree(self._look), text) if self._look is not None else text)
            self._look = None

    def _start_look(self, _: Mapping[str, str]) -> None:
        self._look, self._looking = Element("rPr"), True

    def _end_look(self) -> None:
        self._looking = False

    def _start_phonetic(self, _: Mapping[str, str]) -> None:
        self._phonetic += 1

    def _end_phonetic(self) -> None:
        self._phonetic -= 1

    def _end_cell(self) -> None:
        row, column = self._at
        if column > self._columns:
            return
        number = int(self._cell.get("s", 0))
        value, kind = self._meaning(number)
        if not self._row:
            self.sheet.grid[row] = self._row
        self._row[column] = OldCell(row, column, value, kind, self._book.styles[number] if number else None)

    def _meaning(self, style: int) -> tuple[Any, str]:
        """Value and kind as openpyxl gives them."""
        kind = self._cell.get("t", "n")
        if self._formula is not None:
            return self._translated(*self._formula), "f"
        if kind == "inlineStr":
            plain = all(isinstance(piece, str) for piece in self._inline)
            return ("".join(self._inline) or None) if plain else CellRichText(*self._inline), "s"
        text = self._value
        if not text:
            return None, "n"
        if kind == "s":
            return self._book.strings[int(text)], "s"
        if kind == "n":
            number = float(text) if "." in text or "e" in text or "E" in text else int(text)
            if style in self._book.dates:
                try:
                    return from_excel(number, self._book.epoch, timedelta=style in self._book.spans), "d"
                except (OverflowError, ValueError):  # a serial number outside the calendar: left as the number
                    return number, "n"
            return number, "n"
        if kind == "b":
            return bool(int(text)), "b"
        if kind == "d":
            return from_ISO8601(text), "d"
        return text, "e" if kind == "e" else "s"

    def _translated(self, attributes: Mapping[str, str], text: str) -> Any:
        formula, place = f"={text}", f"{get_column_letter(self._at[1])}{self._at[0]}"
        if attributes.get("t") == "array":
            return ArrayFormula(ref=attributes.get("ref", place), text=formula)
        if attributes.get("t") == "shared":
            known = self._shared.get(attributes.get("si", ""))
            if known is not None:
                return known.translate_formula(place)
            if text:
                self._shared[attributes.get("si", "")] = Translator(formula, place)
        return formula

    def _col(self, attributes: Mapping[str, str]) -> None:
        first, last = int(attributes["min"]), min(int(attributes["max"]), self._columns)
        hidden = attributes.get("hidden") in ("1", "true")
        self.sheet.widths.append((first, last, float(attributes.get("width", 0)), hidden))

    def _hyperlink(self, attributes: Mapping[str, str]) -> None:
        if _REL_ID in attributes:
            self.sheet.links[attributes["ref"].partition(":")[0]] = attributes[_REL_ID]

    def _auto_filter(self, attributes: Mapping[str, str]) -> None:
        self.sheet.filtered = attributes.get("ref", "")

    def _filter_column(self, attributes: Mapping[str, str]) -> None:
        self._filtered_column = int(attributes["colId"])

    def _filters(self, attributes: Mapping[str, str]) -> None:
        self._allow(blank=attributes.get("blank") in ("1", "true"))

    def _filter(self, attributes: Mapping[str, str]) -> None:
        self._allow(values=(*self._allowed.values, attributes.get("val", "")))

    def _day_group(self, attributes: Mapping[str, str]) -> None:
        self._allow(days=(*self._allowed.days, day_group(attributes)))

    def _custom_filters(self, attributes: Mapping[str, str]) -> None:
        self._allow(both=attributes.get("and") in ("1", "true"))

    def _custom_filter(self, attributes: Mapping[str, str]) -> None:
        condition = attributes.get("operator", "equal"), attributes.get("val", "")
        self._allow(conditions=(*self._allowed.conditions, condition))

    @property
    def _allowed(self) -> Allowed:
        return self.sheet.filters.get(self._filtered_column, Allowed())

    def _allow(self, **more: Any) -> None:
        self.sheet.filters[self._filtered_column] = self._allowed._replace(**more)
