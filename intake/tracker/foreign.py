"""What stands in her workbook that the new one cannot hold: it is found before it is lost, and said in her words.

On our lists: charts, pictures and shapes that we did not draw, conditional formats, controls, pivot tables. On her own
sheets, which openpyxl carries over: what it does not model (shapes, text boxes, controls, sparklines, slicers, pictures
in vector formats). Parts are those of ECMA-376 part 1, 12.3 and 20.5; 单元格图片 are an extension of WPS.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from openpyxl.packaging.relationship import get_rels_path
from openpyxl.worksheet.worksheet import Worksheet

from intake.tracker import prints
from intake.tracker.keep import DECIDING, HEAD_SEARCH
from intake.tracker.oldsheet import parse

_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_ANCHORS: Final = {_DRAWING + name for name in ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")}
_KINDS: Final = {"graphicFrame": "图表", "pic": "图片", "sp": "图形", "grpSp": "图形", "cxnSp": "图形"}
_RELATIONS: Final = {
    "control": "控件",
    "ctrlProp": "控件",
    "oleObject": "嵌入的对象",
    "package": "嵌入的对象",
    "slicer": "切片器",
    "image": "背景图片",
}
"""Relations of a sheet that stand for something nobody carries over, by the end of their type."""
_RELATIONS_OURS: Final = {"pivotTable": "数据透视表", "table": "表格样式"}
"""Those that openpyxl carries over on her own sheets, but we do not on ours."""
_VECTOR: Final = (".emf", ".wmf", ".svg")
_MARKS: Final = {b"sparklineGroup ": "迷你图", b"<x14:conditionalFormatting ": "扩展的条件格式"}
_PIECE: Final = 1 << 20
_MARKS_OURS: Final = {b"<conditionalFormatting": "条件格式"}
_MARKS_HERS: Final = {b"<x14:dataValidation ": "引用其他表的下拉列表"}
"""On our lists these are our own drop-downs, as Excel saves them."""


def losses(path: Path, parts: Mapping[str, str], ours: Collection[str], drawn: Mapping[str, int]) -> list[str]:
    """Phrases for what would be lost, such as “明细”表中的图表1个; empty when nothing would.

    `parts`: the part of each sheet by name; `ours`: names of our lists; `drawn`: how many charts and pictures we
    drew on each of them.
    """
    found: list[str] = []
    with ZipFile(path) as archive:
        names = set(archive.namelist())
        for sheet, part in parts.items():
            if part not in names:
                continue
            counts = _on_sheet(archive, names, part, own=sheet in ours)
            if sheet in ours:
                # without a record (an older workbook) nothing can be said about what we may have drawn ourselves
                kind, known = "图表" if sheet == "总览" else "图片", drawn.get(sheet)
                counts[kind] = counts[kind] - known if known is not None else 0
            found += [f"“{sheet}”表中的{what}{number}个" for what, number in counts.items() if number > 0]
        if "xl/cellimages.xml" in names:
            found.append("嵌在单元格里的图片")
    return found


def doubles(sheets: Iterable[Any]) -> list[str]:
    """Names of those of her sheets (of openpyxl) that are one of our lists, copied or renamed, with words in a column
    whose words decide: nobody carries them out there."""
    return [sheet.title for sheet in sheets if _decides(sheet)]


def _decides(sheet: Any) -> bool:
    if not isinstance(sheet, Worksheet):  # a sheet that is one chart
        return False
    for top in sheet.iter_rows(max_row=min(HEAD_SEARCH, sheet.max_row)):
        words = {cell.value: cell.column for cell in top if isinstance(cell.value, str)}
        columns = [words[header] for header in DECIDING if header in words]
        if prints.HEADER in words and columns:
            rows = sheet.iter_rows(min_row=top[0].row + 1)
            return any(row[column - 1].value not in (None, "") for row in rows for column in columns)
    return False


def _on_sheet(archive: ZipFile, names: Collection[str], part: str, *, own: bool) -> Counter[str]:
    """What is on one sheet; on ours (`own`) everything that is drawn, on hers only what openpyxl drops."""
    counts: Counter[str] = Counter()
    for kind, target in _relations(archive, names, part):
        word = _RELATIONS.get(kind)
        if word is not None and (own or kind != "image"):
            counts[word] += 1
        elif kind in _RELATIONS_OURS and own:
            counts[_RELATIONS_OURS[kind]] += 1
        elif kind == "drawing" and target in names:
            counts.update(_drawn(archive, names, target, own=own))
    marks, before = _MARKS | (_MARKS_OURS if own else _MARKS_HERS), b""
    overlap = max(map(len, marks)) - 1
    with archive.open(part) as file:
        while piece := file.read(_PIECE):
            for mark, word in marks.items():
                # what lies wholly in the end of the piece before was counted with it
                counts[word] += (before + piece).count(mark) - before.count(mark)
            before = (before + piece)[-overlap:]
    return counts


def _drawn(archive: ZipFile, names: Collection[str], part: str, *, own: bool) -> Counter[str]:
    kinds: list[str] = []

    def start(name: str, _: Mapping[str, str]) -> None:
        if name in _ANCHORS:
            kinds.append("")
        elif name.startswith(_DRAWING) and kinds and not kinds[-1]:
            kinds[-1] = _KINDS.get(name.removeprefix(_DRAWING), "")

    with archive.open(part) as file:
        parse(file, start, _nothing, _nothing)
    counts = Counter(kind for kind in kinds if kind)
    if own:
        return counts
    lost = Counter({"图形": counts["图形"]})
    targets = list(_relations(archive, names, part))
    lost["图表"] = counts["图表"] - sum(kind == "chart" for kind, _ in targets)
    lost["图片"] = sum(kind == "image" and target.lower().endswith(_VECTOR) for kind, target in targets)
    return lost


def _relations(archive: ZipFile, names: Collection[str], part: str) -> Iterator[tuple[str, str]]:
    """End of the type and target of each relation of a part."""
    relations = get_rels_path(part)
    if relations not in names:
        return
    found: list[tuple[str, str]] = []

    def start(_: str, attributes: Mapping[str, str]) -> None:
        if "Target" in attributes:
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), attributes["Target"]))[1:]
            found.append((attributes.get("Type", "").rpartition("/")[2], target))

    with archive.open(relations) as file:
        parse(file, start, _nothing, _nothing)
    yield from found


def _nothing(*_: object) -> None:
    """For what is not looked at."""
