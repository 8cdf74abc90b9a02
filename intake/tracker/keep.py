"""What the coordinator wrote into the workbook, read back before every rewrite so that nothing of hers is lost.

Hers are 备注 and 人工结论 in 明细, 归属通知, 归属单位 and 处理 in 待办, every column she added to one of our lists, and
every sheet that is not ours. Her cells are found again by the key of their row, never by its place: she may sort
and filter. What belongs to a row that has gone moves to the sheet 保留的备注.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from intake.tracker.filters import Allowed
from intake.tracker.marks import Lost, Mark, Own, text_of

MAX_COLUMNS: Final = 256
ATTIC: Final = "保留的备注"
HELPER: Final = "收齐选项"
ATTIC_HEADERS: Final = ("原工作表", "编号", "名称", "列", "内容", "保留时间")
BELOW: Final = "—— 以下为人工批注 ——"
"""Stands between our part of a comment and hers."""


DECIDING: Final = ("人工结论", "归属单位", "处理", "归属通知")
"""Her columns whose words are carried out."""
HEAD_SEARCH: Final = 10
"""Rows searched for our headings: she may have put a line or two above them."""


class Spec(NamedTuple):
    """How one of our lists is recognised: headings of its key and of its name, and the columns she writes in."""

    key: str
    label: str
    hers: tuple[str, ...] = ()


OVERVIEW: Final = "总览"
LISTS: Final[Mapping[str, Spec]] = {
    "明细": Spec("代码", "单位", ("备注", "人工结论")),
    "问题": Spec("编号", "单位"),
    "图片": Spec("编号", "单位"),
    "统计汇总": Spec("代码", "单位"),
    "邮件": Spec("编号", "主题"),
    "待办": Spec("编号", "事项", ("归属单位", "处理", "归属通知")),
    "处理记录": Spec("编号", "决定"),
}


def spec_of(name: str) -> Spec | None:
    """The list that a sheet is, by its name; further statistics sheets are called 统计汇总2, 统计汇总3 …"""
    stem = name.rstrip("0123456789")
    return LISTS.get(name) or (LISTS["统计汇总"] if stem == "统计汇总" else None)


@dataclass(slots=True)
class SheetHand:
    """Everything of hers on one of our lists."""

    columns: list[str] = field(default_factory=list)
    """Headings of her columns, the contract's ones included, from left to right."""
    headings: dict[int, str] = field(default_factory=dict)
    """All headings from left to right, by number of the column."""
    written: list[str] = field(default_factory=list)
    """Headings that we wrote, in our order."""
    heads: dict[str, Mark] = field(default_factory=dict)
    cells: dict[str, dict[str, Mark]] = field(default_factory=dict)
    """By key, then heading."""
    own: dict[str, Own] = field(default_factory=dict)
    """By key; "" is the row of headings. Only rows in which there is something."""
    labels: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    """Number of the row of each key."""
    loose: list[Lost] = field(default_factory=list)
    """Rows without a key, and second rows with a key that had one."""
    widths: dict[str, float] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    """Headings of columns that do not show."""
    filters: dict[str, Allowed] = field(default_factory=dict)
    order: str = ""
    """Print of the order in which we would have written the rows that stand there."""

    def row_of(self, key: str) -> int | None:
        """Number of the row with that key, None when there was none."""
        return self.rows.get(key, self.rows.get(_numbered(key)))


@dataclass(slots=True)
class Recall:
    """The old workbook, opened, with everything of hers found in it."""

    workbook: Any = None
    sheets: dict[str, SheetHand] = field(default_factory=dict)
    attic: list[Lost] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    """Names of all sheets from left to right."""
    hidden: set[str] = field(default_factory=set)
    """Names of sheets that do not show."""
    losses: list[str] = field(default_factory=list)
    """What the new workbook cannot hold, in her words."""
    trouble: str = ""
    """locked, unreadable, foreign (another workbook lay in the place), missing, stale (an older one did) or "" ."""
    detail: str = ""
    source: Path | None = None
    """The copy that her cells were taken from, for the last four."""
    written: datetime | None = None
    """From when what the workbook tells is."""
    replaced: list[Lost] = field(default_factory=list)
    """Values that she had typed over ours, and that ours now take the place of."""
    news: int = 0
    """How many of these 保留的备注 did not hold before; known after `rest`."""

    def sheet(self, name: str) -> SheetHand:
        """Hers on the list of that name; empty when there was none."""
        return self.sheets.setdefault(name, SheetHand())

    def take(self, name: str, key: str, *, restore: bool) -> dict[str, Mark]:
        """Her cells of one row, by heading; each row is taken once. With `restore` also from the attic."""
        hand = self.sheet(name)
        # a code that a spreadsheet program turned into a number has lost its leading zeros
        marks = hand.cells.pop(key, None) or hand.cells.pop(_numbered(key), None) or {}
        if restore and self.attic:
            found = self._attic_of(name).pop(key, [])
            for lost in found:
                # a decision must not act a second time because its row came back
                if (
                    lost.header in hand.columns
                    and lost.header not in DECIDING
                    and not (marks.get(lost.header) or Mark()).filled
                ):
                    marks[lost.header] = Mark(value=lost.value)
                    self.attic.remove(lost)
        return marks

    def own(self, name: str, key: str) -> Own:
        """What she left on our cells of one row; each row is taken once."""
        own = self.sheet(name).own
        return own.pop(key) if key in own else own.pop(_numbered(key), Own())

    def carried_out(self, name: str, key: str, said: Mapping[str, str]) -> None:
        """Words for a decision that was carried out go with their row: the history has them. `said` by heading."""
        marks = self.sheet(name).cells.get(key, {})
        for header, words in said.items():
            mark = marks.get(header)
            if mark is not None and mark.comment is None and text_of(mark.value) == words:
                del marks[header]

    def replace(self, name: str, key: str, header: str, value: Any) -> None:
        """Put by what she typed over a cell of ours."""
        hand = self.sheet(name)
        label = hand.labels.get(key) or hand.labels.get(_numbered(key), "")
        self.replaced.append(Lost(name, key, label, header, Mark(value=value).written, None))

    _by_key: dict[str, dict[str, list[Lost]]] = field(default_factory=dict)

    def _attic_of(self, name: str) -> dict[str, list[Lost]]:
        if name not in self._by_key:
            entries: dict[str, list[Lost]] = {}
            for lost in self.attic:
                if lost.sheet == name:
                    entries.setdefault(lost.key, []).append(lost)
            self._by_key[name] = entries
        return self._by_key[name]

    def rest(self, now: datetime) -> list[Lost]:
        """What 保留的备注 must hold now: what it held, and what no row claimed."""
        rest = list(self.attic)
        known = {_identity(lost) for lost in rest}
        self.news = len({_identity(lost) for lost in self.replaced} - known)
        for lost in (*self._unclaimed(), *self.replaced):
            if _identity(lost) not in known:
                known.add(_identity(lost))
                rest.append(lost._replace(since=now))
        return rest

    def _unclaimed(self) -> Iterator[Lost]:
        for name, hand in self.sheets.items():
            yield from hand.loose
            for key, marks in hand.cells.items():
                for header, mark in marks.items():
                    if mark.filled:
                        yield Lost(name, key.lstrip("#"), hand.labels.get(key, ""), header, mark.written, None)
            for key, own in hand.own.items():
                words = {header: Mark(value=value).written for header, value in own.typed.items()}
                told = {header: f"（批注：{note.text}）" for header, note in own.notes.items()}
                told |= {header: f"（批注：{text}）" for header, text in own.edited.items()}
                for header, value in (*words.items(), *told.items()):
                    yield Lost(name, key.lstrip("#"), hand.labels.get(key, ""), header, value, None)


def _identity(lost: Lost) -> tuple[str, ...]:
    return lost.sheet, lost.key, lost.header, str(lost.value)


def _numbered(key: str) -> str:
    return "#" + (key.lstrip("0") or "0")
