"""The figures of a closing report (通报): 应报, 已报, 按时, 逾期, 免报, 报送率, 按时率; of all units and by class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from intake.view import Board, UnitRow


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Counts over some units. 应报 leaves out those that are excused from everything."""

    asked: int
    """应报."""
    reported: int
    """已报: something came."""
    complete: int
    """报齐: nothing is open."""
    in_time: int
    """按时: something came, and nothing required came only after the deadline."""
    late: int
    """逾期: a required material came only after the deadline."""
    missing: int
    """未报."""
    excused: int
    """免报: every requirement was waived."""

    @property
    def rate(self) -> str:
        """报送率."""
        return share(self.reported, self.asked)

    @property
    def rate_in_time(self) -> str:
        """按时率."""
        return share(self.in_time, self.asked)


def share(part: int, whole: int) -> str:
    """A share as office reports give it.

    >>> share(7, 30), share(0, 0)
    ('23.3%', '—')
    """
    return f"{100 * part / whole:.1f}%" if whole else "—"


def excused(row: UnitRow) -> bool:
    """True when nothing is asked of this unit any more: all that was required is waived."""
    required = [one.state for one in row.verdict.standings if one.required or one.state == "waived"]
    return bool(required) and all(state == "waived" for state in required)


def figures(rows: Sequence[UnitRow]) -> Figures:
    """Count these units."""
    asked = [row for row in rows if not excused(row)]
    reported = [row for row in asked if row.verdict.state != "missing"]
    late = [row for row in reported if row.verdict.late]
    return Figures(
        asked=len(asked),
        reported=len(reported),
        complete=sum(row.verdict.state == "complete" for row in asked),
        in_time=len(reported) - len(late),
        late=len(late),
        missing=len(asked) - len(reported),
        excused=len(rows) - len(asked),
    )


def by_class(board: Board) -> dict[str, Figures]:
    """The figures of each class of units (类别) in the order of the roster; empty when there are not two."""
    classes: dict[str, list[UnitRow]] = {}
    for row in board.units:
        classes.setdefault(row.unit.category or "未分类", []).append(row)
    return {name: figures(rows) for name, rows in classes.items()} if len(classes) > 1 else {}


def silent(board: Board) -> list[UnitRow]:
    """未报: asked, and nothing came."""
    return [row for row in board.units if row.verdict.state == "missing" and not excused(row)]


def owing(board: Board) -> list[UnitRow]:
    """Those who still owe something, the silent ones first, within that in the order of the roster."""
    rows = [row for row in board.units if row.verdict.owed]
    return sorted(rows, key=lambda row: row.verdict.state != "missing")


def figures_json(found: Figures) -> dict[str, Any]:
    """Counts and shares, for `report closing --json`."""
    return {**msgspec.to_builtins(found), "rate": found.rate, "rate_in_time": found.rate_in_time}
