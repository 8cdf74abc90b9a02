"""邮件: every mail ever seen, newest first, with what became of it and which letters answered it.

The copies of our own letters are as many again; they stand below all others, each on one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from intake import words
from intake.tracker.problems import numbered
from intake.tracker.table import Column, Entry, Row, Table
from intake.view import Board, LetterRow, MailRow


def mails_table(board: Board) -> Table:
    """The sheet as a table."""
    several = len(board.notices) > 1 or any(board.notice.id not in mail.notices for mail in board.mails if mail.notices)
    notice = (
        Column(header="通知", widest=26, narrowest=16),
        Column(header="通知依据", widest=38, narrowest=16, lines=3, paper=False),
    )
    letters = {letter.message_id: letter for letter in board.letters}
    return Table(
        name="邮件",
        key="编号",
        freeze=2,
        columns=(
            Column(header="编号", hidden=True),
            Column(header="收到时间", align="center"),
            Column(header="发件人", widest=12, narrowest=10),
            Column(header="发件邮箱", widest=24),
            Column(header="主题", widest=32, narrowest=20),
            Column(header="类别", align="center", narrowest=10),
            Column(header="处理情况", align="center", narrowest=12, widest=16),
            Column(header="单位", widest=28, narrowest=14),
            Column(header="原因", widest=36, narrowest=16),
            Column(header="附件数", align="center", form="0"),
            Column(header="答复", widest=22, narrowest=14),
            *(notice[:1] if several else ()),
            Column(header="附件", widest=48, narrowest=16, lines=3, paper=False),
            Column(header="识别依据", widest=16, paper=False),
            Column(header="发件核验", align="center", narrowest=10, paper=False),
            *(notice[1:] if several else ()),
            Column(header="收件箱", widest=28, paper=False),
        ),
        rows=numbered(_rows(board, letters, several=several)),
    )


def _rows(board: Board, letters: Mapping[str, LetterRow], *, several: bool) -> Iterator[Row]:
    newest = list(reversed(board.mails))
    newest.sort(key=lambda mail: mail.klass == "loop")
    for mail in newest:
        state, tone = words.STATE.get(mail.state, (mail.state, ""))
        unit = mail.unit_name
        notice = tuple(_notice(mail, board)) if several else ()
        yield Row(
            f"{mail.sha256[:32]}|{mail.mailbox}",
            [
                Entry(words.local(mail.received_at, board.tz)),
                Entry(mail.from_name) if mail.klass != "loop" else Entry("（本系统）", "plain-quiet"),
                Entry(mail.from_address),
                Entry(mail.subject or "（无主题）"),
                Entry(words.CLASS.get(mail.klass, mail.klass)),
                Entry(state, tone),
                Entry(unit) if unit or mail.state != "held" else Entry("（未识别）", "plain-quiet"),
                Entry(mail.reason + _elsewhere(mail, board)),
                Entry(len(mail.attachments)),
                Entry("\n".join(_answers(mail, letters, board))),
                *notice[:1],
                Entry("\n".join(f"{a.path or a.name}（{words.size(a.size)}）" for a in mail.attachments)),
                # why a mail was not identified stands in 原因
                Entry(words.IDENTIFIED.get(mail.identified_by, mail.identified_by) if unit else ""),
                Entry(words.PROOF[mail.proof]),
                *notice[1:],
                Entry(mail.mailbox),
            ],
            brief=mail.klass == "loop",
        )


def _elsewhere(mail: MailRow, board: Board) -> str:
    """Where a mail is asked about that waits for her, when that is another tracker."""
    if mail.waits_in in ("", board.notice.id):
        return ""
    return f"（在《{board.notices.get(mail.waits_in, mail.waits_in)}》台账的“待办”中处理）"


def _notice(mail: MailRow, board: Board) -> Iterator[Entry]:
    """The notices it answers, and what told so."""
    yield Entry("\n".join(board.notices.get(id, f"{id}（已移出配置）") for id in mail.notices))
    yield Entry("\n".join((mail.routed_by, *mail.routing) if mail.routed_by else mail.routing))


def _answers(mail: MailRow, letters: Mapping[str, LetterRow], board: Board) -> Iterator[str]:
    if mail.no_reply and mail.klass != "loop":
        yield f"不答复：{mail.no_reply}"
    for message_id in mail.letters:
        letter = letters.get(message_id)
        if letter is None:
            yield "已答复"
            continue
        sent = words.local(letter.sent_at, board.tz)
        when = f" {sent:%m-%d %H:%M}" if sent else ""
        fault = f"：{letter.last_error}" if letter.state == "failed" and letter.last_error else ""
        yield f"{words.LETTER.get(letter.state, letter.state)}{when}{fault}"
