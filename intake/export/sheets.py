"""The workbooks of lists: 登记表.xlsx (what was received, and the mails it came with), 清单.xlsx (the manifest)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from intake import words
from intake.export.manifest import Entry
from intake.tracker import cells
from intake.tracker.cells import Value
from intake.tracker.frame import printable
from intake.tracker.style import LINE, SHORT_TIME, Styles, lines
from intake.tracker.table import TALLEST

STATE: Final = {**words.VERSION, "unplaced": "未归类", "link": "云附件（未下载）", "": ""}
KIND: Final = {"material": "报送材料", "mail": "来信原件", "document": "整理文件"}
Columns = Sequence[tuple[str, float, str]]
"""Heading, width and alignment of each column."""


def write_register(path: Path, title: str, entries: Sequence[Entry]) -> None:
    """登记表: a row a material in the order of the roster, with time, sender and state; a second sheet of the mails."""
    workbook, styles = _begun()
    materials = [entry for entry in entries if entry.kind == "material"]
    _lay(
        workbook.create_sheet("登记表"), styles, f"{title}报送材料登记表",
        (("序号", 7, "center"), ("收到时间", 15, "center"), ("报送单位", 30, "left"), ("材料类别", 16, "left"),
         ("材料名称", 40, "left"), ("大小", 10, "right"), ("发件邮箱", 28, "left"), ("状态", 16, "center"),
         ("核对结论", 11, "center"), ("备注", 18, "left")),
        [
            (
                number, _moment(e), e.unit_name, e.requirement_name or "—", e.name, _size(e), e.sender,
                STATE[e.state], words.REQUIREMENT[e.verdict][0] if e.verdict in words.REQUIREMENT else "—", "",
            )
            for number, e in enumerate(materials, 1)
        ],
    )  # fmt: skip
    mails = [entry for entry in entries if entry.kind == "mail"]
    _lay(
        workbook.create_sheet("来信"), styles, f"{title}来信登记表",
        (("序号", 7, "center"), ("收到时间", 15, "center"), ("单位", 30, "left"), ("发件邮箱", 28, "left"),
         ("主题", 44, "left"), ("处理情况", 16, "center"), ("说明", 40, "left"), ("备注", 16, "left")),
        [
            (number, _moment(e), e.unit_name or "未定", e.sender, e.name, words.STATE[e.verdict][0], e.why, "")
            for number, e in enumerate(mails, 1)
        ],
    )  # fmt: skip
    _save(workbook, styles, path)


def write_list(path: Path, title: str, entries: Sequence[Entry]) -> None:
    """清单: every file of the package with its digest, for people; `manifest.json` has the same for programs."""
    workbook, styles = _begun()
    _lay(
        workbook.create_sheet("清单"), styles, f"{title}归档清单",
        (("序号", 7, "center"), ("类型", 11, "center"), ("位置", 52, "left"), ("原文件名或主题", 28, "left"),
         ("单位", 20, "left"), ("材料类别", 13, "left"), ("状态", 12, "center"), ("收到时间", 15, "center"),
         ("大小", 10, "right"), ("SHA-256", 24, "left"), ("来信编号", 24, "left")),
        [
            (
                number, KIND[e.kind], e.path or "—", e.name, e.unit_name, e.requirement_name, STATE[e.state],
                _moment(e), _size(e), e.sha256, e.mail,
            )
            for number, e in enumerate(entries, 1)
        ],
    )  # fmt: skip
    _save(workbook, styles, path)


def _begun() -> tuple[Workbook, Styles]:
    workbook = Workbook()
    workbook.remove(workbook.active)
    return workbook, Styles(workbook)


def _save(workbook: Workbook, styles: Styles, path: Path) -> None:
    styles.close()
    workbook.active = 0
    workbook.save(path)


def _lay(ws: Any, styles: Styles, title: str, columns: Columns, rows: Sequence[tuple[Value, ...]]) -> None:
    """A title over all columns, headings that repeat on every page, and the rows; text stays text."""
    ws.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    styles.apply(ws.cell(1, 1), "title", align="center", border=False, size=16)
    cells.put(ws.cell(1, 1), title)
    ws.row_dimensions[1].height = 34
    for number, (header, width, _) in enumerate(columns, 1):
        ws.column_dimensions[get_column_letter(number)].width = width
        styles.apply(ws.cell(2, number), "head", align="center")
        cells.put(ws.cell(2, number), header)
    ws.row_dimensions[2].height = LINE + 8
    for at, row in enumerate(rows, 3):
        tallest = 1
        for number, (value, (_, width, align)) in enumerate(zip(row, columns, strict=True), 1):
            cell = ws.cell(at, number)
            form = SHORT_TIME if isinstance(value, datetime) else "General"
            styles.apply(cell, "", align=align, form=form, wrap=isinstance(value, str))
            cells.put(cell, value)
            if isinstance(value, str):
                tallest = max(tallest, lines(value, width))
        ws.row_dimensions[at].height = LINE * min(tallest, TALLEST) + 4
    ws.freeze_panes = "A3"
    ws.auto_filter.ref = f"A2:{get_column_letter(len(columns))}{max(3, len(rows) + 2)}"
    printable(ws, "")
    ws.print_title_rows = "1:2"


def _moment(entry: Entry) -> datetime | None:
    """As the office's clock showed it: workbooks know no zones."""
    return datetime.fromisoformat(entry.received_at).replace(tzinfo=None) if entry.received_at else None


def _size(entry: Entry) -> str:
    return words.size(entry.size) if entry.size else "—"
