"""The morning mail (晨报): what came since the last one, what is owed, what waits for her, does the ledger agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from intake import letterwords as letters
from intake import words
from intake.output import moment
from intake.reports.alarms import Alarm
from intake.reports.figures import figures, figures_json, owing
from intake.reports.lists import owed_words, phones
from intake.reports.page import Section
from intake.view import Board, MailRow, Todo, UnitRow

MOST_TODO = 30
"""Things of 待办 that the letter lists; the tracker has them all."""


def morning_facts(boards: Sequence[Board], since: datetime, *, attached: bool, big: str) -> dict[str, object]:
    """What `morning.j2` may speak of. `big`: where the tracker lies that was too big to go with the letter."""
    now, tz = boards[0].as_of, boards[0].tz
    local, waiting = now.astimezone(tz), todo(boards)
    return {
        "date": f"{local.month}月{local.day}日",
        "since": letters.minute(since, tz),
        "mails": len(fresh(boards, since)),
        "came": len({row.unit.code for board in boards for row in came(board, since)}),
        "owing": len({row.unit.code for board in boards for row in owing(board)}),
        "todo": len(waiting),
        "ending": sum(one.kind == "link-expiring" for one in waiting),
        "attached": attached,
        "big": big,
    }


def fresh(boards: Sequence[Board], since: datetime) -> list[MailRow]:
    """Mails of people that came since then, and those nobody could read; copies of our letters and robots are none."""
    return [
        mail
        for mail in boards[0].mails
        if mail.received_at > since and (mail.klass in ("person", "") or mail.state in ("held", "stuck"))
    ]


def came(board: Board, since: datetime) -> list[UnitRow]:
    """Units of the notice a mail of which came since then."""
    return [row for row in board.units if row.last_mail is not None and row.last_mail > since]


def todo(boards: Sequence[Board]) -> list[Todo]:
    """What waits for her in all notices; what no notice claims is in each board and counts once."""
    return list({one.key: one for board in boards for one in board.todo}.values())


def morning_sections(boards: Sequence[Board], since: datetime) -> tuple[Section, ...]:
    """The lists of the letter, empty ones left out."""
    return tuple(section for section in _sections(boards, since) if section.rows or section.lines)


def _sections(boards: Sequence[Board], since: datetime) -> Iterator[Section]:
    yield _waiting(boards)
    for board in boards:
        head = f"{letters.clean(board.notice.title)}：" if len(boards) > 1 else ""
        yield Section(title=f"{head}报送进度", lines=(_progress(board),))
        rows = [(letters.clean(row.unit.name), _stand(row)) for row in came(board, since)]
        yield Section(title=f"{head}新来信单位（{len(rows)} 家）", head=("单位", "目前情况"), rows=tuple(rows))
        if owing(board):
            yield phones(f"{head}尚缺材料单位", owing(board))
    yield Section(
        title="邮箱核对",
        lines=tuple(
            f"{letters.clean(box.mailbox)}：服务器 {box.on_server} 封，已登记 {box.in_ledger} 封，"
            + (f"缺 {box.missing} 封，请检查" if box.missing else "一致")
            for box in boards[0].mailboxes
        ),
    )


def _waiting(boards: Sequence[Board]) -> Section:
    """待办, what presses first: alarms, links that end, then in the order of the tracker."""
    first = {"alarm": 0, "link-expiring": 1}
    waiting = sorted(todo(boards), key=lambda one: first.get(one.kind, 2))
    lines = [
        f"{words.TODO.get(one.kind, one.kind)}：{letters.clean(one.unit) + '，' if one.unit else ''}"
        f"{letters.clean(one.text, 160)}"
        for one in waiting[:MOST_TODO]
    ]
    if len(waiting) > MOST_TODO:
        lines.append(f"另有 {len(waiting) - MOST_TODO} 件，见台账“待办”。")
    return Section(title=f"待办（{len(waiting)} 件）", lines=tuple(lines))


def _progress(board: Board) -> str:
    found = figures(board.units)
    return (
        f"应报 {found.asked} 家，已报 {found.reported} 家（报齐 {found.complete} 家），未报 {found.missing} 家，"
        f"报送率 {found.rate}；{words.days_left(board)}"
    )


def _stand(row: UnitRow) -> str:
    state = words.UNIT[row.verdict.state][0]
    if row.verdict.state == "complete":
        return state
    waits = sum(one.state == "unsure" for one in row.verdict.open)
    parts = [f"尚缺 {owed_words(row)}" if row.verdict.owed else "", f"待核 {waits} 项" if waits else ""]
    return f"{state}：{'，'.join(part for part in parts if part)}"


def morning_json(boards: Sequence[Board], since: datetime, alarms: Mapping[str, Alarm]) -> dict[str, Any]:
    """`report daily --json`."""
    tz = boards[0].tz
    return {
        "as_of": moment(boards[0].as_of, tz),
        "since": moment(since, tz),
        "mails": [mail.message_id or mail.sha256 for mail in fresh(boards, since)],
        "mailboxes": [
            {"mailbox": b.mailbox, "on_server": b.on_server, "in_ledger": b.in_ledger, "missing": b.missing}
            for b in boards[0].mailboxes
        ],
        "alarms": [{"key": key, "since": moment(one.since, tz), "what": one.what} for key, one in alarms.items()],
        "todo": [
            {"key": one.key, "kind": one.kind, "since": moment(one.since, tz), "unit": one.unit, "text": one.text}
            for one in todo(boards)
        ],
        "notices": [
            {
                "id": board.notice.id,
                "title": board.notice.title,
                "deadline": moment(board.notice.deadline, tz),
                "figures": figures_json(figures(board.units)),
                "came": [row.unit.code for row in came(board, since)],
                "owing": [
                    {"code": row.unit.code, "unit": row.unit.name, "owed": [one.id for one in row.verdict.owed]}
                    for row in owing(board)
                ],
            }
            for board in boards
        ],
    }
