"""Tables that several letters to the coordinator share: who owes what, and whom to ring up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intake.letterwords import clean
from intake.reports.page import Section
from intake.view import UnitRow
from rules.verdict import Standing

MOST = 60
"""Units listed in one table of a letter; the tracker has them all."""


def owed_words(row: UnitRow) -> str:
    """What a unit still owes, in one line: 全部, or the names."""
    if row.verdict.state == "missing":
        return "全部"
    return "、".join(map(_owed, row.verdict.owed))


def _owed(standing: Standing) -> str:
    return clean(standing.name) + ("（需修改）" if standing.state == "problem" else "")


def phones(
    title: str, rows: Sequence[UnitRow], remarks: Mapping[str, str] | None = None, *, most: int = MOST
) -> Section:
    """单位, 联系人 above 电话 (room on a telephone's screen), 尚缺. At most `most` rows.

    `remarks`, by code, stand behind what is owed.
    """
    remarks = remarks or {}
    table = [
        (
            clean(row.unit.name),
            "\n".join(filter(None, (clean(row.unit.contact), clean(row.unit.phone)))) or "—",
            owed_words(row) + (f"（{remarks[row.unit.code]}）" if row.unit.code in remarks else ""),
        )
        for row in rows[:most]
    ]
    return Section(
        title=f"{title}（{len(rows)} 家）",
        head=("单位", "联系人、电话", "尚缺"),
        rows=tuple(table),
        lines=(f"只列前 {most} 家，其余见台账。",) if len(rows) > most else (),
    )
