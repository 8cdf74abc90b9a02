"""What is read of an old workbook: cells and sheets with only what the tracker keeps, and the XML reader below them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from intake.tracker.filters import Allowed


class OldCell:
    """One cell of the old workbook, with the names that openpyxl's cells have."""

    __slots__ = ("_style", "column", "comment", "data_type", "link", "row", "value")

    def __init__(self, row: int, column: int, value: Any, data_type: str = "n", style: Any = None) -> None:
        self.row = row
        self.column = column
        self.value = value
        self.data_type = data_type
        self._style = style
        self.comment: tuple[str, str] | None = None
        """Text and author."""
        self.link = ""

    @property
    def coordinate(self) -> str:
        """As A1."""
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def style(self) -> Any:
        """The style array in the opened workbook; None for an undressed cell."""
        return self._style


@dataclass(slots=True)
class OldSheet:
    """One of our lists as it stands in the old workbook."""

    grid: dict[int, dict[int, OldCell]] = field(default_factory=dict)
    widths: list[tuple[int, int, float, bool]] = field(default_factory=list)
    """First column, last column, width, whether they are hidden."""
    filters: dict[int, Allowed] = field(default_factory=dict)
    """What stays in sight, by column of the filtered range."""
    filtered: str = ""
    """The filtered range."""
    links: dict[str, str] = field(default_factory=dict)
    """Relationship by reference."""

    def cell(self, reference: str) -> OldCell:
        """The cell at A1; made when it was not there, since a comment can hang on an empty one."""
        row, column = coordinate_to_tuple(reference)
        return self.grid.setdefault(row, {}).setdefault(column, OldCell(row, column, None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What the cells of a sheet refer to in their workbook."""

    strings: Sequence[str]
    styles: Sequence[Any]
    dates: frozenset[int]
    """Style numbers whose format is a date or a time."""
    spans: frozenset[int]
    """Style numbers whose format is a duration."""
    epoch: Any


def parse(file: IO[bytes], start: Callable[..., None], end: Callable[..., None], text: Callable[..., None]) -> None:
    """Run a file through expat; names come as `namespace}name`. Raises ValueError for a DTD or broken XML."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.ParseFile(file)
    except expat.ExpatError as error:
        raise ValueError(f"broken XML: {error}") from error


def _refuse(*_: Any) -> None:
    raise ValueError("a workbook must not have a DTD")
