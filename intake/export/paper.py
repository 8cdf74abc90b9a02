"""Word documents as offices lay them out (GB/T 9704-2012): A4, text in 仿宋, headings in 黑体, page numbers below.

Every text goes through `letterwords.clean`: one line without controls, nothing clickable; it is written as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

from intake.letterwords import clean

SONG, FANG, HEI, KAI = "宋体", "仿宋", "黑体", "楷体"
BODY: Final = 16.0
"""三号, points."""
_LINE: Final = 28.0
"""Points from line to line: 22 lines a page."""
_WIDTH: Final = 15.6
"""Centimetres between the margins."""
_SHORT: Final = 8
"""Signs up to which the cells of a column are set in the middle."""


class Paper:
    """A document that is written from top to bottom."""

    def __init__(self, *, title: str, author: str, at: datetime, margins: tuple[float, float] = (3.7, 3.5)) -> None:
        """`margins`: above and below, centimetres."""
        self._document = Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
        section.top_margin, section.bottom_margin = Cm(margins[0]), Cm(margins[1])
        normal = self._document.styles["Normal"]
        normal.font.name, normal.font.size = "Times New Roman", Pt(BODY)
        _east_asian(normal.element, FANG)
        about = self._document.core_properties
        about.title, about.author, about.last_modified_by = clean(title), clean(author), clean(author)
        about.comments, about.created, about.modified = "", at, at
        self._numbered(section)

    def line(
        self,
        text: str,
        *,
        font: str = FANG,
        size: float = BODY,
        align: str = "left",
        indent: bool = False,
        bold: bool = False,
        grey: bool = False,
        before: float = 0.0,
        after: float = 0.0,
        spacing: float = _LINE,
        together: bool = False,
        breaks: bool = False,
    ) -> None:
        """A paragraph. `together`: on one page with the next; `breaks`: it begins a page; measures in points."""
        paragraph = self._document.add_paragraph()
        _place(paragraph, align, before, after, spacing)
        paragraph.paragraph_format.keep_with_next = together
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.page_break_before = breaks
        if indent:
            paragraph.paragraph_format.first_line_indent = Pt(2 * size)
        _run(paragraph, text, font, size, bold=bold, grey=grey)

    def picture(self, file: Path, box: tuple[float, float], *, breaks: bool) -> None:
        """A picture in the middle, as large as fits into width and height (centimetres), kept with what follows."""
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.page_break_before = breaks
        paragraph.paragraph_format.space_after = Pt(4)
        shape = paragraph.add_run().add_picture(str(file))
        scale = min(Cm(box[0]) / shape.width, Cm(box[1]) / shape.height)
        shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A ruled table over the width of the page; its headings stand again on every page. `widths`: shares."""
        table = self._document.add_table(rows=1, cols=len(head), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        room = [_WIDTH * width / sum(widths) for width in widths]
        for column, width in zip(table.columns, room, strict=True):
            column.width = Cm(width)
        header = table.rows[0]
        for name in ("cantSplit", "tblHeader"):
            header._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))
        self._cells(header, head, room, ["center"] * len(head), HEI)
        sides = ["center" if all(len(row[at]) <= _SHORT for row in rows) else "ragged" for at in range(len(head))]
        for row in rows:
            made = table.add_row()
            made._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            self._cells(made, row, room, sides, FANG)

    def save(self, path: Path) -> None:
        """Write the document."""
        self._document.save(str(path))

    def _cells(self, row: Any, texts: Sequence[str], room: Sequence[float], sides: Sequence[str], font: str) -> None:
        for cell, text, width, side in zip(row.cells, texts, room, sides, strict=True):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            _place(paragraph, side, 3, 3, 16)
            _run(paragraph, text.replace("\n", " "), font, 10.5)  # room enough on paper
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER

    def _numbered(self, section: Any) -> None:
        """— 1 — at the foot."""
        paragraph = section.footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, "— ", SONG, 14)
        run = paragraph.add_run()
        _dress(run, SONG, 14)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            if kind:
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark = OxmlElement("w:instrText")
                mark.text = text
            run._r.append(mark)
        _run(paragraph, " —", SONG, 14)


def _place(paragraph: Any, align: str, before: float, after: float, spacing: float) -> None:
    paragraph.alignment = {
        "left": WD_ALIGN_PARAGRAPH.JUSTIFY, "ragged": WD_ALIGN_PARAGRAPH.LEFT,
        "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[align]  # fmt: skip
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(spacing)


def _run(paragraph: Any, text: str, font: str, size: float, *, bold: bool = False, grey: bool = False) -> None:
    # the wide space is white space to `clean`, and ours to set words apart
    run = paragraph.add_run("　".join(clean(part, 2000) for part in text.split("　")))
    _dress(run, font, size)
    run.font.bold = bold
    if grey:
        run.font.color.rgb = RGBColor(0x55, 0x55, 0x55)


def _dress(run: Any, font: str, size: float) -> None:
    run.font.name, run.font.size = "Times New Roman", Pt(size)
    _east_asian(run._element, font)


def _east_asian(element: Any, font: str) -> None:
    element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
