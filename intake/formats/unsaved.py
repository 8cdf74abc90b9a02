"""What calamine does not tell of an xlsx: formulas saved without their result, and that 0.85 is shown as 85%.

Looked for in the bytes first; only a workbook that has such cells is opened by openpyxl as well.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from intake.formats.package import slices

MAX_AREA = 40_000
"""Cells of the largest sheet of a workbook in which we look: statistics tables are small, rosters need not wait."""
_FORMULA_END = rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^<>]{0,200})?/>)"
_NO_VALUE = rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?"
_UNSAVED = re.compile(_FORMULA_END + rb"\s*" + _NO_VALUE + rb"\s*</(?:\w+:)?c>")
_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_PERCENT_STYLE = re.compile(rb'numFmtId="(?:9|10)"')
_PERCENT_FORMAT = re.compile(rb'formatCode="[^"]{0,40}%[^"]{0,40}"')

Shown = Mapping[str, Mapping[tuple[int, int], str]]
"""By name of the sheet and 0-based row and column: `=SUM(C4:C6)`, or `%` where the number is shown as one."""


def shown_otherwise(path: Path, package: zipfile.ZipFile) -> Shown:
    """The cells of an xlsx that read otherwise than calamine gives them."""
    parts = [n for n in package.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
    if not _percent(package) and not any(_has_unsaved(package, part) for part in parts):
        return {}
    try:
        return {name: dict(_of_sheet(rows)) for name, rows in _opened(path)}
    except (ValueError, LookupError, TypeError, AttributeError, SyntaxError, OSError, EOFError, zipfile.BadZipFile):
        return {}  # openpyxl is stricter than calamine: what that has read stands


def _opened(path: Path) -> Iterator[tuple[str, Iterable[Iterable[object]]]]:
    import openpyxl

    with path.open("rb") as file:  # by its name openpyxl would refuse our spool files
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        for sheet in workbook.worksheets:
            yield sheet.title, sheet.iter_rows()
        workbook.close()


def laid_over(
    sheets: Iterable[tuple[str, Iterable[Iterable[object]], bool]], shown: Shown
) -> Iterator[tuple[str, Iterable[Iterable[object]], bool]]:
    """The sheets with such cells put right: a formula only where no result is, a percentage only over its number."""
    for name, rows, cut in sheets:
        over = shown.get(name, {})
        if not over:
            yield name, rows, cut
            continue
        cells = [list(row) for row in rows]
        for (row, column), text in over.items():
            if text.startswith("="):
                cells += [[] for _ in range(row + 1 - len(cells))]
                cells[row] += [None] * (column + 1 - len(cells[row]))
                if cells[row][column] in (None, ""):
                    cells[row][column] = text
            elif row < len(cells) and column < len(cells[row]):
                cells[row][column] = _percentage(cells[row][column])
        yield name, cells, cut


def _of_sheet(rows: Iterable[Iterable[object]]) -> Iterator[tuple[tuple[int, int], str]]:
    for number, row in enumerate(rows):
        for index, cell in enumerate(row):
            value, dress = getattr(cell, "value", None), str(getattr(cell, "number_format", ""))
            if "%" in dress and '"' not in dress:
                yield (number, index), "%"
            elif getattr(cell, "data_type", "") == "f" and isinstance(value, str):
                yield (number, index), value


def _percentage(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{value * 100:.6f}".rstrip("0").rstrip(".") + "%"


def _percent(package: zipfile.ZipFile) -> bool:
    if "xl/styles.xml" not in package.namelist():
        return False
    styles = b"".join(slices(package, "xl/styles.xml"))
    used = b"".join(_CELL_STYLES.findall(styles))
    return bool(_PERCENT_STYLE.search(used) or _PERCENT_FORMAT.search(styles))


def _has_unsaved(package: zipfile.ZipFile, part: str) -> bool:
    rest = b""
    for piece in slices(package, part):
        text = rest + piece  # a cell may be cut in two by the slices
        if _UNSAVED.search(text):
            return True
        rest = text[-512:]
    return False
