"""The statistics of all units as a workbook of their own, in the layout of the office's blank form.

A form of printed rows: the form itself holds the sums as formulas, a second sheet a block a unit, each like the form.
A list: the form with the rows of all units below its headings, sums at the end. A form that asks label by label: a
filled copy a unit, since nothing can be added up. What is counted and what is marked is decided in 统计汇总 alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from openpyxl.utils import get_column_letter

from intake import words
from intake.export.blankform import (
    Pages,
    banner,
    copy_frame,
    copy_rows,
    fill,
    heighten,
    mark,
    name_office,
    on_one_page,
    open_form,
    spot,
    width_of,
)
from intake.export.listbook import write_list_form
from intake.saved import numbered, safe_name
from intake.tracker.statistic import Gathered, entries_of, gathered_of, is_summed, notes_of, standing_of
from intake.tracker.table import Entry
from intake.view import Board, UnitRow
from rules.facts import TableFacts
from rules.notice import Requirement
from rules.tables.alignment import Alignment
from rules.tables.form import Layout
from rules.tables.table import align, layout
from rules.tables.table_findings import listed

_UNITS: Final = "各单位"
_NAMED: Final = 20
"""Units that the remark on a sum names."""


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into one workbook."""

    requirement: Requirement
    form: TableFacts
    file: Path
    """The blank form."""
    own: Alignment
    """The form laid over itself."""
    gathered: Gathered
    office: str
    units: tuple[UnitRow, ...]

    def standing(self, row: UnitRow) -> str:
        """The heading of a unit's block: code, name, state."""
        one = standing_of(row, self.requirement)
        state = words.standing(one)[0] if one is not None else "—"
        read = "" if row.unit.code in self.gathered.tables or one is None or not one.files else "，表内数字未能读出"
        return f"{row.unit.code}　{row.unit.name}　（{state}{read}）"

    @property
    def source(self) -> object:
        """All that the workbook depends on."""
        stat = self.file.stat() if self.file.is_file() else None
        form = [self.file.name, stat.st_size if stat else 0, self.form]
        told = [[self.standing(row), self.gathered.tables.get(row.unit.code)] for row in self.units]
        return [self.requirement.name, form, self.office, told]

    def told(self) -> str:
        """Who is in and who is not, in one sentence."""
        absent = [row.unit.name for row in self.units if row.unit.code not in self.gathered.tables]
        there = len(self.units) - len(absent)
        names = (
            f"；未汇总：{'、'.join(absent[:30])}{f'等 {len(absent)} 家' if len(absent) > 30 else ''}" if absent else ""
        )
        return f"汇总说明：共 {len(self.units)} 家，已汇总 {there} 家{names}。着色的格子有出入，说明见批注。"


def merged_tables(board: Board, folder: Path) -> Iterator[tuple[str, Merged, Callable[[Path], None]]]:
    """(file name, what is in it, how to write it) for each statistics table of the notice; `folder` holds the forms."""
    taken: set[str] = set()
    for requirement in board.notice.requirements:
        form = board.forms.get(requirement.id)
        if requirement.category != "stat_table" or form is None or not requirement.form:
            continue
        merged = Merged(
            requirement=requirement,
            form=form,
            file=folder / requirement.form,
            own=align(form, form),
            gathered=gathered_of(board, requirement),
            office=board.office,
            units=board.units,
        )
        write = _writer(merged)
        if write is not None:
            yield numbered(f"{safe_name(requirement.name, 40)}（汇总）.xlsx", taken), merged, write


def _writer(merged: Merged) -> Callable[[Path], None] | None:
    wanted = layout(merged.form)
    if not merged.own.found:
        return None
    if merged.own.kind == "labels":
        return lambda path: _write_labels(merged, path)
    if wanted is None:
        return None
    if merged.own.kind == "list":
        return lambda path: write_list_form(merged, wanted, path)
    return lambda path: _write_grid(merged, wanted, path)


def _write_grid(merged: Merged, wanted: Layout, path: Path) -> None:
    workbook, ws = open_form(merged.file, merged.form, merged.own)
    blocks = workbook.create_sheet(_free(workbook, _UNITS), workbook.index(ws) + 1)
    copy_frame(ws, blocks)
    width, head = width_of(ws), wanted.heading + wanted.depth
    first, last = head + 1, max(row.index for row in wanted.rows) + 1
    copy_rows(ws, blocks, 1, head, 1)
    name_office(blocks, wanted.heading, merged.office)
    key = width + 2
    at = head + 1
    odd: dict[int, list[str]] = {}
    pages = Pages(blocks, width, wanted.heading, head)
    for row in merged.units:
        begins = at
        banner(blocks, at, width, merged.standing(row))
        at += 1
        laid = merged.gathered.tables.get(row.unit.code)
        if laid is None:
            pages.block(begins, begins)
            continue
        copy_rows(ws, blocks, first, last, at)
        entries = entries_of(laid, laid.fields)
        for number, (place, entry) in enumerate(zip(merged.own.fields, entries, strict=True)):
            if (cell := spot(place.place)) is not None:
                fill(blocks.cell(cell[0] - first + at, cell[1]), entry)
            if entry.comment:
                said = f"填“{entry.value}”，" if isinstance(entry.value, str) else ""
                odd.setdefault(number, []).append(f"{row.unit.name}：{said}{entry.comment}")
        for offset in range(last - first + 1):
            blocks.cell(at + offset, key).value = first + offset
        at += last - first + 1
        at = _remarks(blocks, at, width, notes_of(laid.fields, entries))
        pages.block(begins, at - 1)
    blocks.column_dimensions[get_column_letter(key)].hidden = True
    blocks.freeze_panes = blocks.cell(head + 1, 1).coordinate
    blocks.print_title_rows = f"{wanted.heading + 1}:{head}"
    blocks.print_area = f"A1:{get_column_letter(width)}{max(at - 1, head)}"
    _sum(merged, wanted, ws, blocks, (key, first, max(at - 1, first)), odd)
    workbook.active = workbook.index(ws)
    workbook.calculation.fullCalcOnLoad = True
    workbook.save(path)


def _sum(
    merged: Merged, wanted: Layout, ws: Any, blocks: Any, area: tuple[int, int, int], odd: dict[int, list[str]]
) -> None:
    """The form with the sums. Each adds the cells that stand at its place in the blocks: a hidden column of `blocks`
    names the place, and SUMIF leaves out what is no number. `area`: that column, first and last row.
    """
    key, first, last = area
    keys = f"'{blocks.title}'!${get_column_letter(key)}${first}:${get_column_letter(key)}${last}"
    name_office(ws, wanted.heading, merged.office)
    for number, field in enumerate(merged.own.fields):
        found = spot(field.place)
        if found is None:
            continue
        cell = ws.cell(*found)
        own = isinstance(cell.value, str) and cell.value.startswith("=")
        if not is_summed(field):
            fill(cell, Entry("—", "quiet", comment="不能相加，各单位数字见后表。"))
        elif not own:  # a sum that the office wrote into its form stays
            letter = get_column_letter(found[1])
            cell.value = f"=SUMIF({keys},{found[0]},'{blocks.title}'!${letter}${first}:${letter}${last})"
        if number in odd:
            more = f"\n等 {len(odd[number])} 家" if len(odd[number]) > _NAMED else ""
            mark(cell, "unsure", "\n".join(odd[number][:_NAMED]) + more)
    on_one_page(ws)
    banner(ws, ws.max_row + 2, width_of(ws), merged.told(), "plain-quiet", 10)


def _write_labels(merged: Merged, path: Path) -> None:
    """A filled copy of the whole form for each unit, one below the other."""
    workbook, ws = open_form(merged.file, merged.form, merged.own)
    blocks = workbook.create_sheet(_free(workbook, "汇总"), workbook.index(ws))
    copy_frame(ws, blocks)
    width, height = width_of(ws), ws.max_row
    banner(blocks, 1, width, merged.told(), "plain-quiet", 10)
    at = 2
    pages = Pages(blocks, width, 0, 0)
    for row in merged.units:
        begins = at
        banner(blocks, at, width, merged.standing(row))
        at += 1
        laid = merged.gathered.tables.get(row.unit.code)
        if laid is None:
            pages.block(begins, begins)
            continue
        copy_rows(ws, blocks, 1, height, at)
        entries = entries_of(laid, laid.fields)
        for place, entry in zip(merged.own.fields, entries, strict=True):
            if (label := spot(place.place)) is not None:
                _answer(ws, blocks, label, at - 1, entry)
        for offset in range(height):
            heighten(blocks, at + offset, ws, 1 + offset)
        at = _remarks(blocks, at + height, width, notes_of(laid.fields, entries))
        pages.block(begins, at - 1)
    on_one_page(ws)
    workbook.active = workbook.index(blocks)
    ws.sheet_view.tabSelected = False
    workbook.save(path)


def _answer(ws: Any, blocks: Any, label: tuple[int, int], shift: int, entry: Entry) -> None:
    """Beside the label; behind its colon where the form leaves no cell for the answer."""
    row, column = label
    cell = ws.cell(row, column)
    area = next((a for a in ws.merged_cells.ranges if cell.coordinate in a), None)
    beside = ws.cell(row, (area.max_col if area is not None else column) + 1)
    text = str(cell.value or "").rstrip(" _＿")
    if text.endswith((":", "：")) and (beside.value is not None or beside.column > width_of(ws)):
        fill(blocks.cell(row + shift, column), entry, text)
    else:
        fill(blocks.cell(row + shift, beside.column), entry)


def _remarks(blocks: Any, at: int, width: int, notes: Sequence[str]) -> int:
    """What the comments of a block say, for paper; returns the next free row."""
    if not notes:
        return at
    banner(blocks, at, width, f"说明：{listed(notes)}。", "plain-quiet", 9)
    return at + 1


def _free(workbook: Any, title: str) -> str:
    """A name for a sheet that the form has not given to one of its own."""
    number, name = 1, title
    while name in workbook.sheetnames:
        number += 1
        name = f"{title}{number}"
    return name
