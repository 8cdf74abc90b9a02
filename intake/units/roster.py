"""The roster (名册): which units must answer, read from the workbook or CSV file that the coordinator keeps.

Headings may stand in any order, anywhere in the first rows, and be called as offices call them. What only
spoils a row is a warning; what would confuse two units is a fault. All of them are told at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from intake.files_in import ConfigFaults
from intake.units.roster_cells import addresses, code, names, phone, tidy
from intake.units.roster_columns import Columns, find_columns
from intake.units.roster_faults import cut, no_address_column, no_headings
from intake.units.roster_sheets import Sheet, read_sheets
from rules.faults import Fault
from rules.unit import Unit
from rules.words import fold


class Roster(msgspec.Struct, frozen=True, kw_only=True):
    """The units in the order of the file, and what the coordinator should look at."""

    units: tuple[Unit, ...]
    warnings: tuple[Fault, ...] = ()


@dataclass(slots=True)
class _Draft:
    """A unit while its rows are gathered."""

    row: int
    code: str
    name: str
    names: list[str] = field(default_factory=list)
    category: str = ""
    contacts: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    superior: str = ""

    def unit(self) -> Unit:
        return Unit(
            code=self.code or _made_code(self.name),
            name=self.name,
            short=self.names[0] if self.names else "",
            aliases=tuple(self.names[1:]),
            category=self.category,
            contact="、".join(self.contacts),
            phone="、".join(self.phones),
            addresses=tuple(self.addresses),
            superior=self.superior,
        )


def load_roster(path: Path) -> Roster:
    """Read a roster from .xlsx (also .xls, .et, .ods) or .csv (UTF-8 or GBK).

    Several rows of one unit are one unit. Raises ConfigFaults when the file cannot be read, has no headings, or
    two units cannot be told apart.
    """
    sheets = read_sheets(path)
    found = [(sheet, columns) for sheet in sheets if (columns := find_columns(sheet.rows)) is not None]
    if not found:
        raise ConfigFaults([no_headings(sheets)], path)
    sheet, columns = next((pair for pair in found if pair[1].addresses), found[0])
    faults: list[Fault] = []
    warnings: list[Fault] = [cut(sheet)] if sheet.truncated else []
    if not columns.addresses:
        faults.append(no_address_column(sheet, columns))
    drafts = _gather(sheet, columns, faults, warnings)
    if not drafts and not faults:
        faults.append(Fault(path=sheet.name, found="没有任何单位", expected="每个单位一行", remedy="请补充后保存。"))
    units = tuple(draft.unit() for draft in drafts)
    faults += _same_codes(drafts, units)
    if faults:
        raise ConfigFaults([*faults, *warnings], path)
    warnings += _shared(drafts)
    return Roster(units=units, warnings=tuple(warnings))


def _gather(sheet: Sheet, columns: Columns, faults: list[Fault], warnings: list[Fault]) -> list[_Draft]:
    drafts: dict[str, _Draft] = {}
    for index in range(columns.row + 1, len(sheet.rows)):
        cells = sheet.cells(index, columns.row)
        draft = _draft(index + 1, cells, columns, warnings)
        if draft is None:
            continue
        before = drafts.get(fold(draft.name))
        if before is None:
            drafts[fold(draft.name)] = draft
        elif before.code and draft.code and fold(before.code) != fold(draft.code):
            faults.append(
                Fault(
                    path=f"第 {draft.row} 行 单位",
                    found=f"“{draft.name}”与第 {before.row} 行同名，代码却不同（{before.code}、{draft.code}）",
                    expected="每个单位名称只对应一个代码",
                    remedy="请改正名称或代码；同一单位的多个联系人请写同一代码。",
                )
            )
        else:
            _merge(before, draft)
            if sheet.goes_on(index, columns.name):
                continue
            warnings.append(
                Fault(
                    path=f"第 {draft.row} 行 单位",
                    found=f"“{draft.name}”与第 {before.row} 行重复",
                    expected="每个单位一行",
                    remedy="已合并为一个单位，两行的联系人和邮箱都保留。",
                )
            )
    return list(drafts.values())


def _draft(row: int, cells: Sequence[object], columns: Columns, warnings: list[Fault]) -> _Draft | None:
    name = tidy(columns.first(cells, columns.name))
    if not name:
        if any(tidy(cell) for cell in cells):
            warnings.append(
                Fault(
                    path=f"第 {row} 行 单位",
                    found="空",
                    expected="单位名称",
                    remedy="这一行已略过；如是单位请补上名称，如是说明可不理会。",
                )
            )
        return None
    draft = _Draft(row=row, code=code(columns.first(cells, columns.code)), name=name)
    given = [word for column in (*columns.short, *columns.aliases) for word in names(columns.at(cells, column))]
    draft.names = [word for word in dict.fromkeys(given) if word != name]
    draft.category = tidy(columns.first(cells, columns.category))
    draft.contacts = _distinct(tidy(columns.at(cells, column)) for column in columns.contact)
    draft.phones = _phones(row, cells, columns, warnings)
    draft.addresses = _addresses(row, name, cells, columns, warnings)
    draft.superior = _superior(row, cells, columns, warnings)
    return draft


def _superior(row: int, cells: Sequence[object], columns: Columns, warnings: list[Fault]) -> str:
    cell = columns.first(cells, columns.superior)
    good, bad = addresses(cell)
    if bad or len(good) > 1:
        place, remedy = f"第 {row} 行 抄送邮箱", "只抄送其中第一个正确的地址；请改正。"
        warnings.append(Fault(path=place, found=tidy(cell), expected="一个邮箱地址，或留空", remedy=remedy))
    return good[0] if good else ""


def _phones(row: int, cells: Sequence[object], columns: Columns, warnings: list[Fault]) -> list[str]:
    found = []
    for column in columns.phone:
        number, sound = phone(columns.at(cells, column))
        if not sound:
            warnings.append(
                Fault(
                    path=f"第 {row} 行 电话",
                    found=number,
                    expected="完整的号码",
                    remedy="表格软件把号码变成了科学计数法，末几位已丢失；请把该列设为文本后重新填写。",
                )
            )
        found.append(number)
    return _distinct(found)


def _addresses(row: int, name: str, cells: Sequence[object], columns: Columns, warnings: list[Fault]) -> list[str]:
    good, bad = [], []
    for column in columns.addresses:
        right, wrong = addresses(columns.at(cells, column))
        good += right
        bad += wrong
    for text in bad:
        warnings.append(
            Fault(
                path=f"第 {row} 行 邮箱",
                found=text,
                expected="邮箱地址，例如 zlb@example.gov.cn",
                remedy="这个地址已略过，请改正。",
            )
        )
    if not good and columns.addresses:
        warnings.append(
            Fault(
                path=f"第 {row} 行 邮箱",
                found="空" if not bad else "没有可用的地址",
                expected=f"“{name}”的邮箱",
                remedy="没有邮箱就不能自动答复和催报，请补上。",
            )
        )
    return _distinct(good)


def _merge(into: _Draft, more: _Draft) -> None:
    into.code = into.code or more.code
    into.category = into.category or more.category
    into.names = _distinct([*into.names, *more.names])
    into.contacts = _distinct([*into.contacts, *more.contacts])
    into.phones = _distinct([*into.phones, *more.phones])
    into.addresses = _distinct([*into.addresses, *more.addresses])


def _same_codes(drafts: Sequence[_Draft], units: Sequence[Unit]) -> list[Fault]:
    first: dict[str, _Draft] = {}
    faults = []
    for draft, unit in zip(drafts, units, strict=True):
        before = first.setdefault(fold(unit.code), draft)
        if before is not draft:
            faults.append(
                Fault(
                    path=f"第 {draft.row} 行 代码",
                    found=f"{unit.code}，与第 {before.row} 行“{before.name}”相同",
                    expected="每个单位各有自己的代码",
                    remedy="请改正其中一个。",
                )
            )
    return faults


def _shared(drafts: Sequence[_Draft]) -> Iterator[Fault]:
    """Addresses and short names that two units have: each of them alone does not tell who writes."""
    first: dict[str, _Draft] = {}
    for draft in drafts:
        for what, words in (("邮箱", draft.addresses), ("简称", [draft.name, *draft.names])):
            for word in words:
                before = first.setdefault(fold(word), draft)
                if before is not draft:
                    yield Fault(
                        path=f"第 {draft.row} 行 {what}",
                        found=f"{word}，与第 {before.row} 行“{before.name}”相同",
                        expected=f"每个{what}只属于一个单位",
                        remedy="只凭它分不清是哪个单位的来信，分不清时由您指定；如有误请改正。",
                    )


def _made_code(name: str) -> str:
    """A code for a unit that has none: the same for the same name, wherever its row stands."""
    return f"u{hashlib.sha256(fold(name).encode()).hexdigest()[:8]}"


def _distinct(words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word]
