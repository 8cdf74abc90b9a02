"""待办: what waits for the coordinator, with a drop-down for whose it is and one for what to do."""

from __future__ import annotations

from intake import words
from intake.tracker import DRAFT
from intake.tracker.deeds import OUTCOME_HINT, result_of_row
from intake.tracker.problems import numbered
from intake.tracker.table import Column, Entry, Row, Table
from intake.view import Board, Todo


def todo_table(board: Board, units: str, decisions: str, notices: str) -> Table:
    """The sheet as a table; `units`, `decisions` and `notices` are the ranges of the drop-downs.

    Where one notice runs `notices` is "", and there is no column to choose it in.
    """
    notice = Column(
        header="归属通知",
        hers=True,
        narrowest=18,
        widest=26,
        choices=notices,
        hint="请从下拉列表中选择这封邮件属于哪个通知；只选通知时，单位由程序按那个通知的名册认定。",
    )
    mails = {mail.sha256: f"{mail.from_address}\n{mail.subject}" for mail in board.mails}
    return Table(
        name="待办",
        key="编号",
        freeze=2,
        restores=False,
        columns=(
            Column(header="编号", hidden=True),
            Column(header="类型", align="center", narrowest=14),
            Column(header="起始时间", align="center"),
            Column(header="单位", widest=22, narrowest=16),
            Column(header="事项", widest=52, narrowest=36),
            Column(header="相关邮件", widest=26, narrowest=18),
            Column(header="可能的单位", widest=24, narrowest=14),
            *([notice] if notices else []),
            Column(
                header="归属单位",
                hers=True,
                narrowest=20,
                choices=units,
                hint="请从下拉列表中选择这封邮件或这些材料属于哪个单位。",
            ),
            Column(
                header="处理",
                hers=True,
                narrowest=12,
                choices=decisions,
                hint="请选择。信件：同意、不发、修改、重发；待核的材料：通过、退回（冒号后写理由）、免报、延期至 日期；"
                "其他：忽略、已处理。存盘后下一轮生效。",
            ),
            Column(header="处理结果", widest=26, narrowest=14, hint=OUTCOME_HINT),
            Column(
                header=DRAFT,
                widest=48,
                narrowest=16,
                keeps=True,
                paper=False,
                hint="待审信件的全文。要改，就在这里改好，并在“处理”中选“修改”，信将照改后的文字发出。",
            ),
        ),
        rows=numbered(_row(board, item, mails.get(item.mail, "")) for item in board.todo),
    )


def _row(board: Board, item: Todo, mail: str) -> Row:
    urgent = item.kind in ("alarm", "stuck", "failed-letter", "link-expiring", "undeliverable")
    return Row(
        item.key,
        [
            Entry(words.TODO.get(item.kind, item.kind), "bad" if urgent else "unsure"),
            Entry(words.local(item.since, board.tz)),
            Entry("（未识别）", "plain-quiet") if item.mail and not item.unit else Entry(item.unit),
            Entry(item.text),
            Entry(mail),
            Entry("\n".join(item.candidates)),
            result_of_row(board.told.get(f"待办|{item.key}")),
            Entry(item.draft),
        ],
    )
