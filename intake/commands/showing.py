"""Commands that only look: status, mails, outbox, check."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from intake import words
from intake.approval import draft
from intake.commands import Hold, Setting, chosen, chosen_id, office_of, say, show
from intake.config import load_config
from intake.ledger import all_letter_rows, all_mail_rows
from intake.output import counts, letter_json, mails_json, outbox_json, status_json
from intake.standing import build_board
from intake.view import Board
from rules.notice import Requirement
from storage import board
from storage.errors import Refused
from storage.tables import LetterRow

MARKS = {"ok": "✓", "problem": "✗", "missing": "·", "unsure": "？", "waived": "免"}


def pad(text: str, width: int) -> str:
    """Pad to `width` columns, Chinese characters counting two."""
    used = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(0, width - used)


def table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns that fit Chinese."""
    widths = [
        max((sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in row[i]) for row in rows), default=0)
        for i in range(len(rows[0]) if rows else 0)
    ]
    for row in rows:
        say("  ".join(pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip())


def status(setting: Setting) -> int:
    """`status`."""
    with office_of(setting, Hold.LOOK) as (office, clock):
        now = clock()
        boards = [build_board(office, campaign, now) for campaign in chosen(setting, office)]
        if setting.json:
            show(status_json(boards, now))
            return 0
        for board in boards:
            _status_text(board)
    return 0


def _status_text(board: Board) -> None:
    numbers = counts(board.units)
    say(f"{board.notice.title}　截止 {board.notice.deadline.astimezone(board.tz):%Y-%m-%d %H:%M}")
    say(
        f"应报 {numbers['units']}，已齐 {numbers['complete']}，部分 {numbers['incomplete']}，"
        f"未报 {numbers['missing']}，逾期 {numbers['late']}"
    )
    for warning in board.warnings:
        say(f"注意：{warning}")
    for count in board.mailboxes:
        say(f"邮箱 {count.mailbox}：服务器 {count.on_server} 封，已登记 {count.in_ledger} 封，缺 {count.missing} 封")
    rows = [["单位", "状态", *(_heading(board, r) for r in board.notice.requirements)]]
    for row in board.units:
        cells = [f"{MARKS[s.state]} {words.REQUIREMENT[s.state][0]}" for s in row.verdict.standings]
        late = words.lateness(board, row)[0]
        late = "" if late == "否" else f"（{late}）"
        rows.append([row.unit.name, words.UNIT[row.verdict.state][0] + late, *cells])
    table(rows)
    if board.todo:
        say(f"待办 {len(board.todo)} 件：")
        for one in board.todo[:20]:
            say(f"  {one.unit or '—'}　{one.text}")
        if len(board.todo) > 20:
            say(f"  ……另有 {len(board.todo) - 20} 件，见台账“待办”。")


def _heading(board: Board, requirement: Requirement) -> str:
    own = words.own_deadline(board, requirement)
    return f"{requirement.name}（{own} 截止）" if own else requirement.name


def mails(setting: Setting) -> int:
    """`mails`."""
    with office_of(setting, Hold.LOOK) as (office, _):
        only = chosen_id(setting, office)
        rows = [mail for mail in all_mail_rows(office) if only is None or only in (*mail.notices, mail.waits_in)]
        if setting.json:
            show(mails_json(rows, office.tz))
            return 0
        lines = [["收到时间", "发件人", "主题", "类别", "状态", "说明"]]
        for mail in rows:
            lines.append(
                [
                    f"{mail.received_at.astimezone(office.tz):%m-%d %H:%M}",
                    mail.from_address,
                    mail.subject[:30],
                    words.CLASS.get(mail.klass, ""),
                    words.STATE[mail.state][0],
                    mail.reason[:60],
                ]
            )
        table(lines)
    return 0


def outbox(setting: Setting) -> int:
    """`outbox`."""
    with office_of(setting, Hold.LOOK) as (office, clock):
        only, now = chosen_id(setting, office), clock()
        rows = [letter for letter in all_letter_rows(office) if only in (None, letter.notice)]
        if setting.json:
            show(outbox_json(rows, office.tz))
            return 0
        lines = [["编号", "收件人", "主题", "状态", "应发", "说明"]]
        for letter in rows:
            due = f"{letter.due.astimezone(office.tz):%m-%d %H:%M}"
            if letter.state == "waiting" and letter.due > now:
                due = f"等到 {due}"
            lines.append(
                [
                    str(letter.id),
                    letter.to,
                    letter.subject[:36],
                    words.LETTER[letter.state],
                    due,
                    letter.last_error[:50],
                ]
            )
        table(lines)
    return 0


def letters(setting: Setting, *, ids: Sequence[int]) -> int:
    """`outbox show ID…`: the whole text, and what was decided about it."""
    with office_of(setting, Hold.LOOK) as (office, _):
        found = []
        with office.database.reading() as session:
            for number in ids:
                letter = session.get(LetterRow, number)
                if letter is None:
                    raise Refused(f"信件 {number} 不存在。请看 outbox 的编号。")
                found.append((letter, board.decisions_about(session, letter.message_id)))
        if setting.json:
            show([letter_json(letter, draft(office, letter), taken, office.tz) for letter, taken in found])
            return 0
        for letter, taken in found:
            say(f"编号 {letter.id}　{words.LETTER[letter.state]}　致 {letter.to}\n《{letter.subject}》")
            for row in taken:
                say(f"{row.at.astimezone(office.tz):%Y-%m-%d %H:%M}　{row.by}　{words.DEED[row.kind][0]}　{row.note}")
            say(f"\n{draft(office, letter)}")
    return 0


def check(setting: Setting, *, file: Path) -> int:
    """`check FILE.eml`."""
    from intake.check import check_file
    from intake.importing import is_mail

    if not file.is_file():
        raise Refused(f"找不到邮件文件 {file}。请核对路径。")
    if not is_mail(file):
        raise Refused(f"{file} 不是邮件原件。请在邮件客户端里把邮件另存为 .eml 后再试。")
    config = load_config(setting.config)
    found = check_file(config, file, setting.clock(config)())
    if setting.json:
        show(found)
        return 0
    say(f"主题：{found.get('subject', '')}")
    if found["routing"] or found["notice_candidates"]:
        say(f"通知：{found['notice'] or '不能确定'}（{found['routed_by']}）")
        for line in found["routing"]:
            say(f"  {line}")
    unit, by = found.get("unit") or "不能确定", found.get("identified_by", "")
    say(f"类别：{words.CLASS.get(found['class'], '')}；单位：{unit}（{by}）")
    for piece in found["attachments"]:
        say(f"  附件 {piece['path']} → {piece['requirement'] or '未归入'}（{piece['why']}）")
    for finding in found["findings"]:
        if finding["outcome"] != "pass":
            say(f"  [{finding['outcome']}] {finding['says']}{finding['fix']}")
    for defect in found["defects"]:
        say(f"  邮件缺陷：{defect}")
    return 0
