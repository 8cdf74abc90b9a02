"""The office's words for our states: one place, for screens, tracker and letters."""

from __future__ import annotations

UNIT_STATES = {"complete": "已齐", "incomplete": "部分报送", "missing": "未报送"}
REQUIREMENT_STATES = {"ok": "合格", "problem": "需修改", "missing": "未收到", "unsure": "待核", "waived": "免报"}
MAIL_STATES = {
    "received": "已收待处理",
    "processed": "已处理",
    "ignored": "不必处理",
    "held": "待人工",
    "stuck": "卡住",
}
MAIL_CLASSES = {
    "person": "来信",
    "bounce": "退信",
    "auto-reply": "自动回复",
    "list": "群发",
    "machine": "系统邮件",
    "loop": "本系统发出",
    "receipt": "已读回执",
    "complaint": "投诉回执",
}
LETTER_STATES = {
    "waiting": "待发",
    "approval": "待同意",
    "sending": "发送中",
    "sent": "已发",
    "failed": "未发出",
    "dropped": "不发",
}
OUTCOMES = {"pass": "通过", "note": "提示", "unsure": "待核", "fail": "不符合"}
