"""总览: one page for the coordinator and her superior – how many, what is missing, who owes, does it agree."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from intake import words
from intake.reports.figures import share
from intake.tracker.cells import Value
from intake.tracker.charts import ROWS, arrivals, states
from intake.tracker.frame import printable
from intake.tracker.page import COLUMNS, Page
from intake.tracker.style import Styles
from intake.view import Board
from rules.notice import Requirement
from rules.verdict import Standing

MOST_LISTED: Final = 400
"""Units listed on the page; with more, the sheet 明细 is the list."""


def write_overview(ws: Any, board: Board, styles: Styles) -> None:
    """Write the sheet."""
    page = Page(ws, styles)
    _head(page, board)
    _counts(page, board)
    _requirements(page, board)
    _ledger(page, board)
    _arrivals(page, board)
    _owing(page, board)
    printable(ws, "")
    ws.print_area = f"A1:{get_column_letter(COLUMNS)}{page.row}"
    ws.sheet_view.showGridLines = False


def _head(page: Page, board: Board) -> None:
    notice = board.notice
    deadline = notice.deadline.astimezone(board.tz)
    page.line([(f"{notice.title}　报送情况总览", COLUMNS, "title")], size=16, border=False, height=34)
    number = f"{notice.number}　" if notice.number else ""
    page.line(
        [
            (f"{number}截止：{deadline:%Y年%m月%d日 %H:%M}（{words.days_left(board)}）", 7, ""),
            (f"制表：{board.as_of.astimezone(board.tz):%Y年%m月%d日 %H:%M}　{board.office}", 5, ""),
        ],
        border=False,
        align=["left", "right"],
    )


def _counts(page: Page, board: Board) -> None:
    """Numbers of the whole; 报送率 and 按时率 as share of all units asked."""
    units = board.units
    states = Counter(row.verdict.state for row in units)
    late = sum(row.verdict.late for row in units)
    sent = states["complete"] + states["incomplete"]
    in_time = sum(row.verdict.state != "missing" and not row.verdict.late for row in units)
    tiles: list[tuple[str, Value, str]] = [
        ("应报单位", len(units), ""),
        ("已齐", states["complete"], "good"),
        ("部分", states["incomplete"], "unsure"),
        ("未报", states["missing"], "missing" if states["missing"] else ""),
        ("逾期", late, "bad" if late else ""),
        ("待办事项", len(board.todo), "unsure" if board.todo else ""),
        ("报送率", share(sent, len(units)), ""),
        ("齐全率", share(states["complete"], len(units)), ""),
        ("按时率", share(in_time, len(units)), ""),
        ("距截止", words.days_left(board), ""),
        ("来件总数", sum(mail.klass != "loop" for mail in board.mails), ""),
        ("已发信件", sum(letter.state == "sent" for letter in board.letters), ""),
    ]
    for start in range(0, len(tiles), 6):
        chunk = tiles[start : start + 6]
        page.line([(label, 2, "head") for label, _, _ in chunk])
        page.line([(value, 2, tone) for _, value, tone in chunk], size=15, height=30)
    for warning in board.warnings:
        page.line([(f"注意：{warning}", COLUMNS, "unsure")], border=False, align=["left"])
    ending = sum(item.kind == "link-expiring" for item in board.todo)
    if ending:
        told = f"待办事项中有 {ending} 个网盘链接即将到期或已到期，请及时下载，详见“待办”。"
        page.line([(told, COLUMNS, "unsure")], border=False, align=["left"])
    page.line(
        [
            (
                "报送率＝已报送（含部分）÷应报；齐全率＝已齐÷应报；按时率＝按时报送（含部分）÷应报；逾期＝必报材料在截止后才报送。",
                COLUMNS,
                "plain-quiet",
            )
        ],
        size=9,
        border=False,
        align=["left"],
    )


def _requirements(page: Page, board: Board) -> None:
    page.section("一、各项材料")
    heads = [
        ("报送内容", 4),
        ("要求", 1),
        ("合格", 1),
        ("需修改", 1),
        ("待核", 1),
        ("未收到", 1),
        ("免报", 1),
        ("文件数", 1),
        ("合格率", 1),
    ]
    page.line([(label, span, "head") for label, span in heads])
    counts: dict[str, Counter[str]] = {r.id: Counter() for r in board.notice.requirements}
    files: Counter[str] = Counter()
    for row in board.units:
        for standing in row.verdict.standings:
            if standing.id in counts and (standing.asked or standing.files):
                counts[standing.id][standing.state] += 1
                files[standing.id] += len(standing.files)
    for requirement in board.notice.requirements:
        count = counts[requirement.id]
        due = sum(count.values()) - count["waived"]
        page.line(
            [
                (_named(board, requirement), 4, ""),
                ("必报" if requirement.required else "选报", 1, "" if requirement.required else "quiet"),
                *(
                    (count[state], 1, tone if count[state] else "")
                    for state, tone in (
                        ("ok", "good"),
                        ("problem", "bad"),
                        ("unsure", "unsure"),
                        ("missing", "missing" if requirement.required else "quiet"),
                        ("waived", "waived"),
                    )
                ),
                (files[requirement.id], 1, ""),
                (share(count["ok"], due) if requirement.required else "—", 1, ""),
            ],
            align=["left"],
        )


def _named(board: Board, requirement: Requirement) -> str:
    """With its own deadline and the classes of units it is asked of, where the notice makes a difference."""
    own = words.own_deadline(board, requirement)
    parts = [f"{own} 截止"] if own else []
    parts += [f"仅{'、'.join(requirement.only_for)}"] if requirement.only_for else []
    return f"{requirement.name}（{'，'.join(parts)}）" if parts else requirement.name


def _ledger(page: Page, board: Board) -> None:
    page.section("二、邮箱核对（台账与服务器）")
    heads = [("邮箱", 4), ("服务器邮件", 2), ("台账登记", 2), ("缺漏", 1), ("结论", 3)]
    page.line([(label, span, "head") for label, span in heads])
    for box in board.mailboxes:
        agreed = box.missing == 0
        verdict = "一致，无遗漏" if agreed else f"有 {box.missing} 封未登记，请检查"
        page.line(
            [
                (box.mailbox, 4, ""),
                (box.on_server, 2, ""),
                (box.in_ledger, 2, ""),
                (box.missing, 1, "" if agreed else "alarm"),
                (verdict, 3, "good" if agreed else "alarm"),
            ],
            align=["left"],
        )
    if not board.mailboxes:
        page.line([("尚未连接邮箱", COLUMNS, "quiet")], align=["left"])
    states = Counter(mail.state for mail in board.mails)
    told = "　".join(f"{word} {states[state]}" for state, (word, _) in words.STATE.items() if states[state])
    page.line([(f"邮件处理情况：{told or '尚无邮件'}", COLUMNS, "bad" if states["stuck"] else "")], align=["left"])
    own = sum(mail.klass == "loop" for mail in board.mails)
    if own:  # copies of our own letters lie in the mailbox too: the server counts them, nobody sent them to us
        came = len(board.mails) - own
        told = f"以上共 {len(board.mails)} 封：来件 {came} 封，本系统发出信件的副本 {own} 封（不计入来件总数）。"
        page.line([(told, COLUMNS, "")], align=["left"])


def _arrivals(page: Page, board: Board) -> None:
    deadline, came = (
        board.notice.deadline.astimezone(board.tz),
        any(mail.unit and board.notice.id in mail.notices for mail in board.mails),
    )
    page.section(f"三、每日来件（{deadline:%m-%d} 截止，红色为截止后）与报送状态" if came else "三、报送状态")
    if came:
        arrivals(page.ws, board, page.row, 8, page.styles)
    states(page.ws, board, page.row, 8 if came else 0, COLUMNS, page.styles)
    page.room(ROWS)


def _owing(page: Page, board: Board) -> None:
    owing = [row for row in board.units if row.verdict.owed]
    # those of whom nothing came stand first; the order of the roster within
    owing.sort(key=lambda row: row.verdict.state != "missing")
    if len(owing) > 3:  # the list stands on a page of its own: it is what she rings up from
        page.ws.row_breaks.append(Break(id=page.row))
    page.section(f"四、未报及尚缺材料的单位（{len(owing)} 家）")
    if not owing:
        page.line([("全部单位均已报齐。", COLUMNS, "good")], align=["left"])
        return
    heads = [("代码", 1), ("单位", 3), ("状态", 1), ("尚缺、需改", 3), ("联系人", 1), ("电话", 2), ("催报", 1)]
    page.ws.print_title_rows = f"{page.row}:{page.row}"  # the list may take more pages: its heading stands on each
    page.line([(label, span, "head") for label, span in heads])
    for row in owing[:MOST_LISTED]:
        state, tone = words.UNIT[row.verdict.state]
        page.line(
            [
                (row.unit.code, 1, ""),
                (row.unit.name, 3, ""),
                (state, 1, tone),
                ("全部" if row.verdict.state == "missing" else "、".join(map(_owed, row.verdict.owed)), 3, ""),
                (row.unit.contact, 1, ""),
                (row.unit.phone, 2, ""),
                (f"{len(row.reminders)} 次" if row.reminders else "—", 1, ""),
            ],
            align=["left", "left", "center", "left", "center", "left", "center"],
        )
    if len(owing) > MOST_LISTED:
        page.line([(f"其余 {len(owing) - MOST_LISTED} 家见“明细”表。", COLUMNS, "quiet")], align=["left"])


def _owed(standing: Standing) -> str:
    return f"{standing.name}（需修改）" if standing.state == "problem" else standing.name
