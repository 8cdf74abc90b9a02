"""The file of a roster as rows of cells: workbooks by the reader of attachments, CSV in UTF-8 or GBK."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from intake.files_in import ConfigFaults, decode, read_bytes
from intake.readers import read
from rules.facts import TableFacts, Unreadable
from rules.faults import Fault

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows from the first row of the file on, so that an index + 1 is the row number that people see."""

    name: str
    rows: Sequence[Sequence[object]]
    truncated: bool = False
    """Larger than the reader's limits: rows are missing at the end."""
    merged: Mapping[int, Sequence[tuple[int, int]]] = field(default_factory=dict)
    """By row: the columns in which it goes on a cell merged downwards, and the row where that begins; from 0."""

    def cells(self, row: int, below: int) -> Sequence[object]:
        """The cells of a row; what is merged downwards, somewhere below row `below`, counts for each of its rows."""
        cells = list(self.rows[row])
        for column, first in self.merged.get(row, ()):
            if first > below and column < len(self.rows[first]):
                cells += [None] * (column + 1 - len(cells))
                cells[column] = self.rows[first][column]
        return cells

    def goes_on(self, row: int, columns: Sequence[int]) -> bool:
        """True when one of these columns is merged with the row above."""
        return any(column in columns for column, _ in self.merged.get(row, ()))


def read_sheets(path: Path) -> list[Sheet]:
    """All sheets of the file, told by its content, not its name. ConfigFaults when it cannot be read."""
    data = read_bytes(path, "名册")
    if data.startswith((_ZIP, _OLE)):
        return _workbook(path)
    text = decode(data, path, "名册", gbk=True).text
    return [Sheet(path.name, list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))))]


def _workbook(path: Path) -> list[Sheet]:
    with tempfile.TemporaryDirectory() as spool:
        _, reading = read(path, path.name, Path(spool))
    facts = reading.facts
    if isinstance(facts, TableFacts):
        # of a sheet beyond the limits calamine would ask for more memory than there is
        merged = {} if facts.truncated else _merged(path, [one.name for one in facts.sheets])
        return [
            Sheet(one.name, one.rows, one.truncated, _by_row(merged.get(one.name, ()), len(one.rows)))
            for one in facts.sheets
        ]
    if isinstance(facts, Unreadable) and facts.reason == "encrypted":
        raise _unreadable(path, "名册设有打开密码", "请取消密码后另存。")
    if isinstance(facts, Unreadable) and facts.reason == "too-large":
        raise _unreadable(path, "名册的表格范围过大", "请把有内容的部分复制到新表，另存为 .xlsx。")
    raise _unreadable(path, "名册打不开，可能已损坏，或不是表格", "请用 Excel 或 WPS 打开后另存为 .xlsx。")


def _merged(path: Path, names: Sequence[str]) -> dict[str, list[tuple[int, int, int]]]:
    """What is merged downwards, by sheet: first row, last row, column; nothing where the format does not say (.ods)."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(path) as workbook:
        ranges = {name: workbook.get_sheet_by_name(name).merged_cell_ranges or [] for name in names}
    return {
        name: [(first, last, column) for (first, column), (last, _) in found if last > first]
        for name, found in ranges.items()
    }


def _by_row(merged: Iterable[tuple[int, int, int]], rows: int) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for first, last, column in merged:
        for row in range(first + 1, min(last + 1, rows)):
            found.setdefault(row, []).append((column, first))
    return found


def _separator(text: str) -> str:
    head = "\n".join(text.splitlines()[:10])
    return max((",", "\t", ";", "，"), key=head.count)


def _unreadable(path: Path, found: str, remedy: str) -> ConfigFaults:
    return ConfigFaults([Fault(path="", found=found, expected="xlsx 或 csv 文件", remedy=remedy)], path)
