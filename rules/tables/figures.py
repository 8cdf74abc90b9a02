"""What one number cell of a returned table says: a figure, nothing, words, or something a person should look at."""

from __future__ import annotations

from typing import Literal

import msgspec

from rules.facts import Cell
from rules.tables.numbers import to_number

State = Literal["blank", "exact", "read", "doubt", "words"]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A cell as it is counted, with what stands there beside it."""

    state: State
    """exact: plain digits. read: understood, as 2000余. doubt: a person looks. words: no number."""
    raw: str
    """The cell as the unit wrote it, on one line, "" for a blank one."""
    number: float | None = None
    """What is counted; None when nothing may be counted."""
    why: str = ""
    """What the doubt is, Chinese."""

    @property
    def counted(self) -> int | float | None:
        """The number as a cell shows it: 3, not 3.0."""
        return int(self.number) if self.number is not None and self.number.is_integer() else self.number


def figure(cell: Cell, unit: str = "", doubt: str = "") -> Figure:
    """Read one number cell that is counted in `unit`; `doubt` is what speaks against the whole row or column.

    >>> figure("1.5万", "人次").counted, figure("若干").state, figure(" ").state, figure("=X1").state
    (15000, 'words', 'blank', 'doubt')
    """
    raw = "" if cell is None else " ".join(str(cell).split())
    if not raw:
        return Figure(state="blank", raw="")
    if raw.startswith("="):
        return Figure(state="doubt", raw=raw, why="公式没有保存计算结果")
    number = to_number(cell, unit)
    if number is None:
        return Figure(state="words", raw=raw)
    if number.doubt or doubt:
        return Figure(state="doubt", raw=raw, why=number.doubt or doubt)
    return Figure(state="exact" if number.exact else "read", raw=raw, number=number.value)
