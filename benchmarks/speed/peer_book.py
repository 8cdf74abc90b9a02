"""The same workbook written by XlsxWriter with `constant_memory`: cells, formats, links, notes, choices, pictures.

What is to be written is read from our own workbook first, with openpyxl; only the writing is measured.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl import load_workbook


@dataclass(slots=True)
class Page:
    """One sheet as plain values."""

    name: str
    rows: list[list[Any]]
    styles: list[list[int]]
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    choices: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    pictures: list[tuple[int, int, bytes]] = field(default_factory=list)
    widths: dict[str, float] = field(default_factory=dict)


def read_pages(path: Path) -> tuple[list[Page], list[dict[str, Any]]]:
    """Every sheet of a workbook, and the formats that its cells refer to by number."""
    book = load_workbook(path)
    formats: dict[int, dict[str, Any]] = {}
    pages = []
    for sheet in book.worksheets:
        page = Page(sheet.title, [], [])
        for row in sheet.iter_rows():
            page.rows.append([cell.value for cell in row])
            page.styles.append([cell.style_id if cell.has_style else 0 for cell in row])
            for cell in row:
                if cell.has_style and cell.style_id not in formats:
                    formats[cell.style_id] = _format(cell)
                place = (cell.row - 1, cell.column - 1)
                if cell.hyperlink is not None:
                    page.links[place] = _target(cell.hyperlink.target) or f"internal:{cell.hyperlink.location}"
                if cell.comment is not None:
                    page.notes[place] = cell.comment.text
        for rule in sheet.data_validations.dataValidation:
            source = {"validate": "list", "source": f"={rule.formula1}" if rule.formula1 else ["-"]}
            page.choices += [(str(area), source) for area in rule.sqref.ranges] if rule.type == "list" else []
        for image in sheet._images:
            mark = image.anchor._from
            page.pictures.append((mark.row, mark.col, image._data()))
        page.widths = {name: column.width for name, column in sheet.column_dimensions.items()}
        pages.append(page)
    numbered = [formats.get(number, {}) for number in range(max(formats, default=0) + 1)]  # 0: none
    return pages, numbered


def write_pages(pages: list[Page], formats: list[dict[str, Any]], goal: Path, *, dressed: bool) -> None:
    """Write them; not `dressed`: the cells and the pictures alone."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(goal), options) as book:
        made = [book.add_format(one) for one in formats] if dressed else [None] * len(formats)
        for page in pages:
            sheet = book.add_worksheet(page.name)
            if dressed:
                for name, width in page.widths.items():
                    sheet.set_column(f"{name}:{name}", width)
            for y, (values, styles) in enumerate(zip(page.rows, page.styles, strict=True)):
                for x, (value, style) in enumerate(zip(values, styles, strict=True)):
                    link = page.links.get((y, x)) if dressed else None
                    if link is not None:
                        sheet.write_url(y, x, link, made[style], str(value))
                    elif isinstance(value, str):
                        sheet.write_string(y, x, value, made[style])
                    else:
                        sheet.write(y, x, value, made[style])
                    if dressed and (y, x) in page.notes:
                        sheet.write_comment(y, x, page.notes[y, x])
            for area, source in page.choices if dressed else ():
                sheet.data_validation(area, source)
            for y, x, data in page.pictures:
                sheet.insert_image(y, x, "picture.jpg", {"image_data": io.BytesIO(data)})


def _target(link: str | None) -> str:
    """A link as XlsxWriter wants it: those to files are marked."""
    return f"external:{link}" if link and "://" not in link and not link.startswith("mailto:") else link or ""


def _format(cell: Any) -> dict[str, Any]:
    """A cell's format in XlsxWriter's words."""
    fill, align = cell.fill, cell.alignment
    found: dict[str, Any] = {
        "num_format": cell.number_format,
        "bold": bool(cell.font.b),
        "font_size": cell.font.sz or 11,
        "text_wrap": bool(align.wrap_text),
        "locked": bool(cell.protection.locked),
    }
    if fill.fill_type == "solid" and isinstance(fill.fgColor.rgb, str):
        found |= {"pattern": 1, "bg_color": f"#{fill.fgColor.rgb[-6:]}"}
    if align.horizontal in ("left", "center", "right"):
        found["align"] = align.horizontal
    if cell.border.bottom is not None and cell.border.bottom.style:
        found["border"] = 1
    return found
