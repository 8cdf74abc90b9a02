"""A document as its reader sees it, put together from top to bottom by whichever reader walks through the file."""

from __future__ import annotations

import msgspec

from intake.formats.flow import Flow
from intake.formats.grid import MAX_COLUMNS, MAX_ROWS, Table, trimmed
from intake.formats.prose import LIMIT, clean, text_facts
from rules.facts import Picture, Sheet, TextFacts

MAX_PICTURES = 200
MAX_TABLES = 100
MAX_STEPS = 1_000_000
"""Pieces and ends of one document; hostile ones have more, a list of 20,000 rows has half of them."""


class Enough(Exception):
    """More would not be kept; what came so far is the document, and it is marked as truncated."""


class Page:
    """Text comes piece by piece; an end of a paragraph, cell or row says what it was."""

    def __init__(self) -> None:
        self.truncated = False
        self._paragraphs: list[tuple[str, bool]] = []
        self._tables: list[Sheet] = []
        self._flow = Flow[Picture]()
        self._words: list[str] = []
        self._told = 0
        """Pieces of the paragraph that are in the flow already."""
        self._table: Table | None = None
        self._fresh = True
        """The next cell begins a row."""
        self._characters = self._steps = 0

    def text(self, words: str) -> None:
        """A piece of the current paragraph. This and what follows raises `Enough` when no more would be kept."""
        self._step()
        self._words.append(words)
        self._characters += len(words)

    def picture(self, picture: Picture | None) -> None:
        """A picture that stands here; None for one that could not be found in the file."""
        self._step()
        if picture is None:
            return
        if self._flow.shown >= MAX_PICTURES:
            self.truncated = True
            return
        self._tell()
        named = msgspec.structs.replace(picture, name=picture.name or f"图片{self._flow.shown + 1}")
        self._flow.show(named)

    def end_paragraph(self, *, heading: bool = False, in_table: bool = False) -> None:
        """The paragraph is over; one that is in no table ends the table before it."""
        self._step()
        text = self._finish(heading)
        if not in_table:
            self._close_table()
        elif text:
            self._row().cell.append(text)

    def end_cell(self, *, heading: bool = False, span: int = 1, continued: bool = False) -> None:
        """The cell is over, and the last paragraph in it; it spans columns, or continues the one above it."""
        self._step()
        text = self._finish(heading)
        table = self._row()
        table.span, table.continued = min(MAX_COLUMNS, max(1, span)), continued
        if text:
            table.cell.append(text)
        table.end_cell()

    def end_row(self) -> None:
        """The row is over."""
        self._fresh = True

    def facts(self, format: str, *, pages: int = 0, truncated: bool = False) -> TextFacts:
        """Everything that was seen."""
        self._finish(False)
        self._close_table()
        pictures = (
            msgspec.structs.replace(picture, before=before, after=after)
            for picture, before, after in self._flow.pictures()
        )
        return text_facts(
            format,
            [text for text, _ in self._paragraphs],
            styled=[text for text, heading in self._paragraphs if heading],
            pages=pages,
            pictures=tuple(pictures),
            tables=tuple(self._tables),
            truncated=truncated or self.truncated,
        )

    def _tell(self) -> None:
        self._flow.say(clean("".join(self._words[self._told :])))
        self._told = len(self._words)

    def _step(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS or self._characters > 2 * LIMIT:
            self.truncated = True
            raise Enough

    def _finish(self, heading: bool) -> str:
        self._tell()
        text = clean("".join(self._words)).strip()
        self._words, self._told = [], 0
        if text:
            self._paragraphs.append((text, heading))
        return text

    def _row(self) -> Table:
        """The table that is under way, with a row to fill."""
        if self._table is None:
            self._table = Table()
        if self._fresh and len(self._table.rows) < MAX_ROWS:
            self._table.rows.append([])
        self._fresh = False
        return self._table

    def _close_table(self) -> None:
        if self._table is None:
            return
        rows, self._table, self._fresh = trimmed(self._table.rows), None, True
        if rows and len(self._tables) < MAX_TABLES:
            self._tables.append(Sheet(name=f"表{len(self._tables) + 1}", rows=rows))
        else:
            self.truncated |= bool(rows)
