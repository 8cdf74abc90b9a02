"""Rows of a long list go to a passing file as soon as they are laid: 20,000 units are never cells in memory.

openpyxl holds every cell until it saves, and its own write-only sheets must know widths before the first row, which
ours take from the rows. So a list is an ordinary sheet of openpyxl with only its headings and sums; what stands
between them, with comments and links, is put into the parts that openpyxl writes. Elements: ECMA-376 part 1, 18.3.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any, Final, NamedTuple, Protocol
from xml.sax.saxutils import escape, quoteattr

from openpyxl.cell._writer import etree_write_cell
from openpyxl.comments.author import AuthorList
from openpyxl.comments.comment_sheet import CommentSheet
from openpyxl.comments.shape_writer import ShapeWriter, _shape_factory
from openpyxl.compat import safe_string
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.relationship import Relationship, get_rels_path
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.dimensions import SheetDimension
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import PKG_REL_NS, REL_NS, SHEET_MAIN_NS
from openpyxl.xml.functions import Element, tostring

_IN_MEMORY: Final = 1 << 20
"""Bytes of rows that stay in memory before they go to the disk."""
_PIECE: Final = 1 << 20
_STYLES: Final = 256
"""Styles whose numbers are remembered for one list; copies made for single cells are not worth the room."""


class Remark(NamedTuple):
    """A comment, with the names that openpyxl's records have."""

    ref: str
    content: str
    author: str
    height: float
    width: float


class Archive(Protocol):
    """The zip that a workbook is written into."""

    def insert(self, name: str, mark: bytes, pieces: Iterable[bytes]) -> None:
        """Put `pieces` behind the first `mark` of the part that will be written under that name."""

    def stream(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a part piece by piece."""


class Rows:
    """The rows of one list below its headings, as XML."""

    def __init__(self, ws: Any) -> None:
        self.comments: list[Remark] = []
        self.links: list[tuple[str, str]] = []
        """Reference and target."""
        self._ws = ws
        self._last = (1, 1)
        self._styles: dict[int, tuple[Any, int]] = {}
        """Styles with their numbers by identity, which they keep while they are in here."""
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by `close`, after the saving

    def add(self, number: int, cells: Iterable[Any], *, height: float, hidden: bool) -> None:
        """Take one row; its cells are not looked at again. `height` in points."""
        unseen = ' hidden="1"' if hidden else ""
        pieces = [f'<row r="{number}" ht="{height:g}" customHeight="1"{unseen}>']
        column = 0
        for cell in cells:
            column = cell.column
            pieces.append(self._cell(cell, f"{get_column_letter(column)}{number}"))
        self._last = (number, max(self._last[1], column))
        pieces.append("</row>")
        self._file.write("".join(pieces).encode())

    def pieces(self) -> Iterator[bytes]:
        """All that was added."""
        self._file.seek(0)
        return iter(partial(self._file.read, _PIECE), b"")

    def dimension(self, last: int) -> str:
        """The range of the whole list, whose sums may stand in row `last`."""
        return f"A1:{get_column_letter(max(self._last[1], self._ws.max_column))}{max(self._last[0], last)}"

    def close(self) -> None:
        """Give the passing file back."""
        self._file.close()

    def _cell(self, cell: Any, place: str) -> str:
        comment = cell.comment
        if comment is not None:
            self.comments.append(Remark(place, comment.content, comment.author, comment.height, comment.width))
        if cell.hyperlink is not None:
            self.links.append((place, cell.hyperlink.target))
            cell._hyperlink = None  # else openpyxl lists it too
        start, value = f'<c r="{place}" s="{self._style(cell)}"', cell._value
        if value is None:
            return f"{start}/>"
        if cell.data_type == "s" and type(value) is str:
            return f'{start} t="inlineStr"><is><t{_space(value)}>{escape(value)}</t></is></c>'
        if cell.data_type == "n" and type(value) in (int, float):
            return f"{start}><v>{value!r}</v></c>"
        if type(value) is datetime and not self._ws.parent.iso_dates:
            return f'{start} t="n"><v>{safe_string(to_excel(value, self._ws.parent.epoch))}</v></c>'
        found: list[str] = []
        # days, formulas, rich text: as openpyxl writes them
        etree_write_cell(_Into(found), self._ws, cell, styled=True)
        return "".join(found)

    def _style(self, cell: Any) -> int:
        """Number of the cell's style; openpyxl looks it up by all its parts, and cells dressed alike share one."""
        style = cell._style
        known = self._styles.get(id(style))
        if known is None or known[0] is not style:
            known = style, cell.style_id
            if len(self._styles) < _STYLES:
                self._styles[id(style)] = known
        return known[1]


class _Into:
    """Collects the elements that openpyxl makes of a cell."""

    def __init__(self, found: list[str]) -> None:
        self._found = found

    def write(self, element: Any) -> None:
        self._found.append(tostring(element).decode())


def _space(text: str) -> str:
    return ' xml:space="preserve"' if text != text.strip() else ""


class _SheetWriter(WorksheetWriter):  # type: ignore[misc]  # openpyxl is untyped
    """Writes a list without its rows, but with what must be said about them."""

    def __init__(self, ws: Any, rows: Rows) -> None:
        super().__init__(ws)
        ws._comments.extend(rows.comments)
        self._rows = rows

    def write_dimensions(self) -> None:
        self.xf.send(SheetDimension(self._rows.dimension(self.ws.max_row)).to_tree())

    def write_hyperlinks(self) -> None:
        if not self._rows.links:
            return
        # one relation goes the usual way, so that openpyxl writes the part; `relations` has the others
        self._rels.append(Relationship(type="hyperlink", TargetMode="External", Target=self._rows.links[0][1], Id="L0"))
        xf = self.xf.send(True)
        with xf.element("hyperlinks"):
            for number, (reference, _) in enumerate(self._rows.links):
                xf.write(Element("hyperlink", {"ref": reference, f"{{{REL_NS}}}id": f"L{number}"}))
        self.xf.send(None)

    def relations(self) -> Iterator[bytes]:
        """Those of all links but the first."""
        for number, (_, target) in enumerate(self._rows.links[1:], 1):
            kind = f'Type="{REL_NS}/hyperlink" TargetMode="External"'
            yield f'<Relationship {kind} Target={quoteattr(target)} Id="L{number}"/>'.encode()


class BookWriter(ExcelWriter):  # type: ignore[misc]  # openpyxl is untyped
    """Writes a workbook whose lists, by title, have their rows in `rows`."""

    def __init__(self, workbook: Any, archive: Archive, rows: Mapping[str, Rows]) -> None:
        super().__init__(workbook, archive)
        self._of = rows

    def write_worksheet(self, ws: Any) -> None:
        rows = self._of.get(ws.title)
        if rows is None:
            super().write_worksheet(ws)
            return
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer = _SheetWriter(ws, rows)
        part = ws.path[1:]
        try:
            writer.write()
            ws._rels = writer._rels
            self._archive.insert(part, b"</row>", rows.pieces())  # behind the headings
            self._archive.insert(get_rels_path(part), f'{PKG_REL_NS}">'.encode(), writer.relations())
            self._archive.write(writer.out, part)
            self.manifest.append(ws)
        finally:
            writer.cleanup()

    def _write_comment(self, ws: Any) -> None:
        """The comments of one sheet and their boxes, one by one: openpyxl would hold the trees of all of them."""
        part = CommentSheet(authors=AuthorList(), commentList=())
        self._comments.append(part)
        part._id = len(self._comments)
        ws.legacy_drawing = f"xl/drawings/commentsDrawing{part._id}.vml"
        self._archive.stream(part.path[1:], _comments(ws._comments))
        self._archive.stream(ws.legacy_drawing, _boxes(ws._comments))
        self.manifest.append(part)
        ws._rels.append(Relationship(Id="comments", type=part._rel_type, Target=part.path))


def _comments(comments: list[Any]) -> Iterator[bytes]:
    authors = list(dict.fromkeys(comment.author or "" for comment in comments))
    listed = "".join(f"<author>{escape(author)}</author>" for author in authors)
    yield f'<comments xmlns="{SHEET_MAIN_NS}"><authors>{listed}</authors><commentList>'.encode()
    for comment in comments:
        text = comment.content
        place = f'<comment ref="{comment.ref}" authorId="{authors.index(comment.author or "")}" shapeId="0">'
        yield f"{place}<text><t{_space(text)}>{escape(text)}</t></text></comment>".encode()
    yield b"</commentList></comments>"


def _boxes(comments: list[Any]) -> Iterator[bytes]:
    end = b"</xml>"
    yield ShapeWriter([]).write(None).removesuffix(end)
    for number, comment in enumerate(comments, 1026):
        row, column = coordinate_to_tuple(comment.ref)
        box = _shape_factory(row - 1, column - 1, comment.height, comment.width)
        box.set("id", f"_x0000_s{number:04d}")
        yield tostring(box)
    yield end
