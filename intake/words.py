"""The office's words for our codes: what the sheets say, with the tone that goes with it."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Final

from intake.view import Board, UnitRow
from rules.finding import Finding
from rules.notice import Requirement
from rules.verdict import Standing

UNIT: Final = {"complete": ("已齐", "good"), "incomplete": ("部分", "unsure"), "missing": ("未报", "missing")}
REQUIREMENT: Final = {
    "ok": ("合格", "good"),
    "problem": ("需修改", "bad"),
    "missing": ("未收到", "missing"),
    "unsure": ("待核", "unsure"),
    "waived": ("免报", "waived"),
}
VERSION: Final = {
    "current": "现采用",
    "superseded": "已取代",
    "withdrawn": "已撤回",
    "duplicate": "重复",
    "pending": "待核实",
}
OUTCOME: Final = {
    "fail": ("需修改", "bad"),
    "unsure": ("待核", "unsure"),
    "note": ("提示", "waived"),
    "pass": ("合格", "good"),
}
CLASS: Final = {
    "": "未解析",
    "person": "单位来信",
    "bounce": "退信",
    "auto-reply": "自动回复",
    "list": "邮件列表",
    "machine": "系统邮件",
    "loop": "本系统邮件",
    "receipt": "已读回执",
    "complaint": "投诉反馈",
}
STATE: Final = {
    "received": ("已收取，待处理", "unsure"),
    "processed": ("已处理", "good"),
    "ignored": ("无需处理", "quiet"),
    "held": ("待人工处理", "unsure"),
    "stuck": ("处理出错", "bad"),
}
TODO: Final = {
    "alarm": "警报",
    "unknown-sender": "发件人待核实",
    "unsure": "材料待核",
    "held": "邮件待处理",
    "stuck": "邮件处理出错",
    "approval": "信件待审",
    "failed-letter": "信件未发出",
    "undeliverable": "信件退回",
    "link-expiring": "链接将到期",
    "wording": "信件模板有误",
    "question": "单位来问",
    "phone": "电话催报",
    "several-units": "一信多单位",
    "kept-book": "另存的台账",
}
PROOF: Final = {"pass": "通过", "fail": "未通过", "none": "无凭据", "unknown": "未能核验", "": "未核验"}
"""Whether a mail is its sender's."""
KIND: Final = {
    "reply": "答复",
    "reminder": "催报",
    "hold-notice": "询问单位",
    "limit-notice": "来信过多告知",
    "question-notice": "咨询收悉",
    "report": "给经办人",
}
LETTER: Final = {
    "waiting": "待发",
    "approval": "待审",
    "sending": "正在发送",
    "sent": "已发",
    "failed": "发送失败",
    "dropped": "不发",
}
IDENTIFIED: Final = {"address": "登记邮箱", "coordinator": "人工指定", "thread": "往来邮件"}
DECISIONS: Final = ("同意", "不发", "修改", "重发", "忽略", "已处理", "通过", "退回", "免报", "延期至 ")
"""What 处理 in 待办 may say."""
RULINGS: Final = ("通过", "退回", "免报", "撤销", "延期至 ")
"""What 人工结论 in 明细 may say."""
DEED: Final = {
    "accept": ("通过", "good"),
    "reject": ("退回", "bad"),
    "waive": ("免报", "waived"),
    "reset": ("撤销结论", "quiet"),
    "extend": ("延期", "waived"),
    "assign": ("归属单位", "good"),
    "route": ("归属通知", "good"),
    "ignore": ("与报送无关", "quiet"),
    "done": ("已处理", "quiet"),
    "letter-approve": ("同意发出", "good"),
    "letter-edit": ("修改后发出", "good"),
    "letter-drop": ("不发", "quiet"),
    "letter-late": ("批示时旧稿已作废", "unsure"),
    "letter-retry": ("重发", "good"),
    "resume": ("恢复发信", "good"),
    "import": ("导入来信", ""),
    "replay": ("重新核对并发信", ""),
    "rebuild": ("重建数据库", ""),
    "notice": ("通知有变", ""),
    "roster": ("名册有变", ""),
}
"""Decisions in words, with the tone that goes with them."""


def standing(standing: Standing) -> tuple[str, str]:
    """State of one requirement in words, with its tone: 合格 2件, 选报未报 …"""
    if standing.state == "missing" and not standing.asked:
        return "不要求", "quiet"
    if standing.state == "missing" and not standing.required:
        return "选报未报", "quiet"
    word, tone = REQUIREMENT[standing.state]
    if standing.files:
        word += f" {len(standing.files)}件"
    return (f"{word}（逾期）" if standing.late else word), tone


def outcome(finding: Finding) -> tuple[str, str]:
    """What a finding means for the unit, with its tone."""
    if finding.code == "missing" and finding.outcome == "fail":
        return "未收到", "missing"
    return OUTCOME[finding.outcome]


def own_deadline(board: Board, requirement: Requirement) -> str:
    """The requirement's own deadline as 10-20 or 10-20 17:00, "" where it goes by the notice's."""
    if requirement.deadline in (None, board.notice.deadline):
        return ""
    end = requirement.deadline.astimezone(board.tz)
    return f"{end:%m-%d}" if (end + timedelta(minutes=1)).date() > end.date() else f"{end:%m-%d %H:%M}"


def local(moment: datetime | None, tz: tzinfo) -> datetime | None:
    """A moment as the clock on the office's wall showed it, to the second, without zone: cells know none."""
    return moment.astimezone(tz).replace(tzinfo=None, microsecond=0) if moment is not None else None


def days_left(board: Board) -> str:
    """Calendar days to the deadline, in words."""
    deadline = board.notice.deadline.astimezone(board.tz)
    if board.as_of > board.notice.deadline:
        past = (board.as_of.astimezone(board.tz).date() - deadline.date()).days
        return f"已截止 {past} 天" if past else "今天已截止"
    left = (deadline.date() - board.as_of.astimezone(board.tz).date()).days
    return f"还有 {left} 天" if left else "今天截止"


def lateness(board: Board, row: UnitRow) -> tuple[str, str]:
    """Whether the unit is late, in words, with the tone: 逾期 came late, 逾期未齐 still owes after the deadline."""
    if row.verdict.overdue(board.as_of, board.notice.deadline):
        return "逾期未齐", "missing"
    return ("逾期", "bad") if row.verdict.late else ("否", "")


def size(size: int) -> str:
    """A file's size for people.

    >>> size(512), size(150_000), size(5_400_000)
    ('1 KB', '146 KB', '5.1 MB')
    """
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, round(size / 1024))} KB"
