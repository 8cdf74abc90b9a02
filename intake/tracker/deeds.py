"""处理记录: who decided what and when, newest first; and what 处理结果 says beside her cells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from intake import words
from intake.tracker.problems import numbered
from intake.tracker.table import Column, Entry, Row, Table
from intake.view import Board, Deed, Told
from rules.decision import RULINGS

NAME = "处理记录"
OUTCOME_HINT = "程序对左边所填内容的答复：已经生效，或者为什么没有生效。"


def deeds_table(board: Board) -> Table:
    """The sheet as a table."""
    return Table(
        name=NAME,
        key="编号",
        freeze=2,
        columns=(
            Column(header="编号", hidden=True),
            Column(header="时间", align="center"),
            Column(header="经办", widest=24, narrowest=14),
            Column(header="单位", widest=34, narrowest=16),
            Column(header="报送内容", widest=22, narrowest=14),
            Column(header="决定", align="center", narrowest=12),
            Column(header="事项", widest=44, narrowest=24),
            Column(header="说明", widest=44, narrowest=24),
        ),
        rows=numbered(_rows(board)),
    )


def _rows(board: Board) -> Iterator[Row]:
    units = {row.unit.code: row.unit.name for row in board.units}
    asked = {one.id: one.name for one in board.notice.requirements}
    for number, deed in reversed(list(enumerate(board.history, 1))):
        yield Row(
            f"{deed.at:%Y%m%d%H%M%S}-{number}",
            [
                Entry(words.local(deed.at, board.tz)),
                Entry(deed.by or "—"),
                Entry(units.get(deed.unit, deed.unit)),
                Entry(asked.get(deed.requirement, deed.requirement)),
                Entry(*_told(deed, board.tz)),
                Entry(deed.about),
                Entry(deed.note),
            ],
        )


def _told(deed: Deed, tz: tzinfo) -> tuple[str, str]:
    word, tone = words.DEED.get(deed.kind, (deed.kind, ""))
    return (f"{word}至 {deed.until.astimezone(tz):%Y-%m-%d}" if deed.until is not None else word), tone


def standing_deeds(board: Board) -> dict[str, list[Deed]]:
    """The decisions that hold now about requirements and deadlines, by unit: the newest about each."""
    newest: dict[str, dict[str, Deed]] = {}
    for deed in board.history:
        if deed.kind in RULINGS or deed.kind == "extend":
            about = deed.requirement if deed.kind in RULINGS else "期限"
            newest.setdefault(deed.unit, {})[about] = deed
    return {unit: [one for one in of.values() if one.kind != "reset"] for unit, of in newest.items()}


def result_of_unit(board: Board, told: Told | None, deeds: list[Deed]) -> Entry:
    """What 处理结果 in 明细 says: why a word decides nothing, and which decisions hold."""
    asked = {one.id: one.name for one in board.notice.requirements}
    groups: dict[str, list[Deed]] = {}
    for deed in deeds:
        key = f"{_told(deed, board.tz)[0]}|{deed.at.astimezone(board.tz):%m-%d %H:%M}"
        groups.setdefault(key, []).append(deed)
    lines = [_refused(told.answer)] if told is not None and told.answer else []
    for head, members in groups.items():
        word, _, at = head.partition("|")
        about = "、".join(asked.get(one.requirement, one.requirement) for one in members if one.requirement)
        lines.append(f"{word}{f'：{about}' if about else ''}（{at} 生效）")
    return Entry("\n".join(lines), "bad" if told is not None and told.answer else "good" if lines else "")


def result_of_row(told: Told | None) -> Entry:
    """What 处理结果 in 待办 says."""
    if told is None:
        return Entry("")
    return Entry(_refused(told.answer), "bad") if told.answer else Entry("已生效", "good")


def _refused(answer: str) -> str:
    return f"未生效：{answer}。"
