"""明细: a row a unit, a column a requirement; the sheet she lives in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from intake import words
from intake.tracker.deeds import OUTCOME_HINT, result_of_unit, standing_deeds
from intake.tracker.links import Links
from intake.tracker.table import Column, Entry, Row, Table
from intake.view import Board, Deed, UnitRow
from rules.verdict import Standing

_HOW: Final = (
    "请填：通过（已收到的各项都算合格）、退回（请单位重报）、免报、撤销（取消先前的结论）、延期至 2022-10-14。\n"
    "只对某一项：通过 活动总结。写给单位的理由放在冒号后：退回 活动图片：照片模糊。\n"
    "几条之间用分号或换行。存盘后下一轮生效，答复在右边“处理结果”。要再次作同样的决定，请先清空或改写。"
)
_MOST_REMARKS: Final = 12
"""Findings told in one comment; the sheet 问题 has all of them."""
_MOST_VERSIONS: Final = 8
"""Versions told in one comment; `status --json` has all of them."""


def details_table(board: Board, links: Links, rulings: str) -> Table:
    """The sheet as a table; `rulings` is the range of the words for 人工结论."""
    asked, deeds = board.notice.requirements, standing_deeds(board)
    return Table(
        name="明细",
        key="代码",
        freeze=3,
        columns=(
            Column(header="代码", widest=16),
            Column(header="单位", widest=34, narrowest=18),
            Column(header="状态", align="center", narrowest=8),
            *(Column(header=header, align="center", narrowest=11, widest=15) for header in _headers(board)),
            Column(header="首次来信", align="center"),
            Column(header="最近来信", align="center"),
            Column(header="是否逾期", align="center", widest=12),
            Column(header="已回复", align="center", form="0"),
            Column(header="催报次数", align="center", form="0"),
            Column(header="最近催报", align="center"),
            Column(header="联系人", align="center", widest=14),
            Column(header="电话", widest=18),
            Column(header="邮箱", widest=26),
            Column(header="备注", hers=True, narrowest=20, hint="本列由您填写，每次更新台账都会原样保留。"),
            Column(header="人工结论", hers=True, narrowest=13, choices=rulings, hint=_HOW),
            Column(header="处理结果", widest=40, narrowest=16, hint=OUTCOME_HINT),
        ),
        rows=(_row(board, row, links, [r.id for r in asked], deeds.get(row.unit.code, [])) for row in board.units),
    )


def _headers(board: Board) -> list[str]:
    """A heading for each requirement, told apart from each other and from our own headings."""
    taken = {
        *("代码", "单位", "状态", "首次来信", "最近来信", "是否逾期", "已回复", "催报次数"),
        *("最近催报", "联系人", "电话", "邮箱", "备注", "人工结论", "处理结果"),
    }
    headers = []
    for requirement in board.notice.requirements:
        header = requirement.name.strip()
        if not header or header in taken:
            header = f"{header}（{requirement.id}）"
        taken.add(header)
        headers.append(header)
    return headers


def _row(board: Board, row: UnitRow, links: Links, asked: list[str], deeds: list[Deed]) -> Row:
    by_id = {standing.id: standing for standing in row.verdict.standings}
    state, tone = words.UNIT[row.verdict.state]
    late, late_tone = words.lateness(board, row)
    unit = row.unit
    return Row(
        unit.code,
        [
            Entry(unit.code),
            Entry(unit.name, comment=f"信件退回：{row.undeliverable}" if row.undeliverable else ""),
            Entry(state, tone),
            *(_requirement(row, by_id.get(id), links, board.tz) for id in asked),
            Entry(words.local(row.first_mail, board.tz)),
            Entry(words.local(row.last_mail, board.tz)),
            Entry(late, late_tone),
            Entry(row.replies),
            Entry(len(row.reminders)),
            Entry(words.local(max(row.reminders, default=None), board.tz)),
            Entry(unit.contact),
            Entry(unit.phone),
            Entry(
                "\n".join((*unit.addresses, *(f"{address}（经办人确认）" for address in row.confirmed))),
                "plain-red" if row.undeliverable else "",
            ),
            result_of_unit(board, board.told.get(f"明细|{unit.code}"), deeds),
        ],
    )


def _requirement(row: UnitRow, standing: Standing | None, links: Links, tz: tzinfo) -> Entry:
    if standing is None:  # judged before the requirement was added to the notice
        return Entry("—", "quiet")
    text, tone = words.standing(standing)
    said = [*_remarks(standing), *_versions(standing, tz)]
    return Entry(text, tone, links.to_files(row, standing.files), "\n".join(said))


def _versions(standing: Standing, tz: tzinfo) -> Iterator[str]:
    """What came for it over the mails, newest first, where more than what counts has come."""
    if all(version.state == "current" for version in standing.history):
        return
    yield f"【来件】共 {len(standing.history)} 件："
    for version in standing.history[: -_MOST_VERSIONS - 1 : -1]:
        at = version.received_at.astimezone(tz)
        yield f"{at:%m-%d %H:%M} {version.name}：{words.VERSION[version.state]}，{version.why}"[:200]
    if len(standing.history) > _MOST_VERSIONS:
        yield f"……另有较早的 {len(standing.history) - _MOST_VERSIONS} 件。"


def _remarks(standing: Standing) -> Iterator[str]:
    told = [finding for finding in standing.findings if finding.outcome != "pass"]
    for finding in told[:_MOST_REMARKS]:
        word, _ = words.outcome(finding)
        about = f"{finding.file}：" if finding.file else ""
        yield f"【{word}】{about}{finding.says}"[:300]
    if len(told) > _MOST_REMARKS:
        yield f"……另有 {len(told) - _MOST_REMARKS} 条，见“问题”表。"
