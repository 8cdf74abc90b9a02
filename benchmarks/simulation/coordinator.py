"""The person in the office: every morning she opens the tracker, decides what waits in 待办, and answers the phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from openpyxl import load_workbook

from benchmarks.simulation.mending import MATERIALS
from benchmarks.simulation.office import Service
from rules.notice import Category

_DONE = "已处理"


def rows(sheet: Any) -> Iterator[dict[str, str]]:
    """A list of the tracker, by its headings; the row number is under `#`."""
    heads: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = ["" if cell is None else str(cell) for cell in cells]
        if not heads:
            heads = texts if "代码" in texts or "编号" in texts else []
        elif texts and texts[0]:
            yield {"#": str(number), **dict(zip(heads, texts, strict=False))}


class Coordinator:
    """Knows the units by voice: `owner` tells whose an unknown address is, `ring` reaches a unit by phone."""

    def __init__(
        self,
        service: Service,
        *,
        codes: Mapping[str, str],
        owner: Callable[[str], str],
        ids: Mapping[Category, str],
        ring: Callable[[str], None],
    ) -> None:
        self._service = service
        self._codes = codes
        """Code of each unit by its name."""
        self._owner = owner
        self._ids = {MATERIALS[category]: id for category, id in ids.items() if category in MATERIALS}
        self._ring = ring
        self.decided = 0

    def morning(self, todo: Sequence[Mapping[str, str]]) -> None:
        """Deal with everything that waits in 待办."""
        cells: dict[int, tuple[str, str]] = {}
        for row in todo:
            written = self._deal(row)
            if written is not None:
                cells[int(row["#"])] = written
                self.decided += 1
        if cells:
            self._write(cells)

    def _deal(self, row: Mapping[str, str]) -> tuple[str, str] | None:
        """What she writes into the row, (heading, word); None when she used a command or left it."""
        if row.get("归属单位") or row.get("处理"):
            return None  # written already, and not yet carried out
        match row["类型"]:
            case "邮件待处理" | "发件人待核实":
                return "归属单位", self._owner(row["相关邮件"].split("\n")[0])
            case "材料待核" if row["事项"].partition("：")[0] in self._ids:
                id = self._ids[row["事项"].partition("：")[0]]
                self._service.command("decide", self._codes[row["单位"]], id, "accept", "--note", "已看过材料")
                self.decided += 1
                return None
            case "信件待审":
                return "处理", "同意"
            case "单位来问":
                self._ring(self._codes[row["单位"]])
                return "处理", _DONE
            case _:
                return "处理", _DONE

    def _write(self, cells: Mapping[int, tuple[str, str]]) -> None:
        """Save the workbook as she would."""
        workbook = load_workbook(self._service.tracker)
        sheet = workbook["待办"]
        head = next(row for row in sheet.iter_rows() if any(cell.value == "编号" for cell in row))
        columns = {str(cell.value): cell.column for cell in head}
        for number, (heading, word) in cells.items():
            sheet.cell(number, columns[heading]).value = word
        workbook.save(self._service.tracker)

    def called(self, unit: str, topic: str, about: str) -> None:
        """A unit rings up."""
        if topic == "extend":
            self._service.command("extend", unit, about, "--note", "来电说明")
        elif topic == "waive":
            self._service.command("decide", unit, self._ids[MATERIALS[about]], "waive", "--note", "来电说明")  # type: ignore[index]  # a category, as the unit names it
