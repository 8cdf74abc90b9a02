"""Mails that must not be answered and mails that only look so, as raw bytes, each from a unit of the roster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from intake.demo.units import OFFICE_ADDRESS as OWN
from rules.unit import Unit

ALIAS = "zlb-old@yunling.example"
TRUSTED = "mx.yunling.example"
FILE = (
    'Content-Type: text/plain; charset=utf-8; name="=?utf-8?B?5rS75Yqo5oC757uTLnR4dA==?="\r\n'  # 活动总结.txt
    'Content-Disposition: attachment; filename="=?utf-8?B?5rS75Yqo5oC757uTLnR4dA==?="\r\n\r\n'
    "今年质量月，我单位组织各企业开展质量检查和培训，收到较好效果。\r\n"
)
DSN = (
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.qinghe.example\r\n\r\n"
    "Final-Recipient: rfc822; nobody-there@qinghe.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
)
MDN = (
    "Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; liu@qinghe.example\r\n"
    "Disposition: manual-action/MDN-sent-manually; displayed\r\n"
)
ARF = "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n"
ICS = (
    "Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n"
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
BOUNCE_INSIDE = (
    'Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename="old.eml"\r\n\r\n'
    "From: postmaster@mx.example\r\nTo: liu@qinghe.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="=_in"\r\n\r\n'
    f"--=_in\r\nContent-Type: text/plain\r\n\r\nx\r\n--=_in\r\n{DSN}--=_in--\r\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One mail. Values may hold `{unit}` (name), `{mine}` (address of the unit) and `{ours}` (a Message-ID of ours)."""

    name: str
    condition: int = 0
    """Which one forbids the answer; 0 = none, it is answered."""
    headers: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()
    subject: str = "{unit}质量月材料"
    text: str = "现报送活动总结，请查收附件。"
    parts: tuple[str, ...] = (FILE,)
    container: str = "multipart/mixed"
    age: timedelta = field(default=timedelta())

    def raw(self, unit: Unit, number: int, ours: str) -> bytes:
        """The bytes, as they lie on the server."""
        words = {"unit": unit.name, "mine": unit.addresses[0], "ours": ours}
        usual = {
            "Return-Path": "<{mine}>",
            "Received": "from mx.unit.example by mail.yunling.example; Mon, 26 Sep 2022 09:50:00 +0800",
            "From": "{mine}",
            "To": OWN,
            "Subject": self.subject,
            "Message-ID": f"<kind{number}@mail.unit.example>",
            "Date": "Mon, 26 Sep 2022 09:50:00 +0800",
            "MIME-Version": "1.0",
            "Content-Type": f'{self.container}; boundary="=_kind"',
        }
        replaced = {name.lower() for name, _ in self.headers} | {name.lower() for name in self.without}
        added = {"received", "authentication-results"}  # stand beside the usual one
        lines = [(name, value) for name, value in usual.items() if name.lower() not in replaced - added]
        head = "".join(f"{name}: {value.format(**words)}\r\n" for name, value in (*self.headers, *lines))
        body = f"--=_kind\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{self.text.format(**words)}\r\n"
        body += "".join(f"--=_kind\r\n{part}\r\n" for part in self.parts)
        return (head + "\r\n" + body + "--=_kind--\r\n").encode()


def _marked(condition: int, *headers: tuple[str, str]) -> list[Kind]:
    """One kind for each header that alone forbids the answer."""
    return [Kind(name=f"{key}: {value}", condition=condition, headers=((key, value),)) for key, value in headers]


def _from(condition: int, *senders: str) -> list[Kind]:
    return [Kind(name=f"from {one}", condition=condition, headers=(("From", one),)) for one in senders]


def _subjects(condition: int, *subjects: str) -> list[Kind]:
    text = "您好，来信已收到，我近期外出，急事请致电。"
    return [Kind(name=one, condition=condition, subject=one, text=text, parts=()) for one in subjects]


def _words(name: str, **changes: object) -> Kind:
    """Words alone, in the thread of a letter of ours."""
    usual: Mapping[str, object] = {"condition": 9, "parts": (), "text": "我单位已按要求办理，情况如上次所报。"}
    return Kind(name=name, **(dict(usual) | changes))  # type: ignore[arg-type]  # fields of Kind


NEVER: tuple[Kind, ...] = (
    *_marked(
        1, ("Return-Path", "<>"), ("Return-Path", "< >"), ("Return-Path", ""), ("Return-Path", "<> (null sender)")
    ),
    *_marked(
        2,
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "Auto-Generated"),
        ("Auto-Submitted", 'AUTO-NOTIFIED; owner-email="liu@qinghe.example"'),
        ("Auto-Submitted", "auto-replied (vacation)"),
    ),
    Kind(
        name="no, and then yes", condition=2, headers=(("Auto-Submitted", "no"), ("Auto-Submitted", "auto-generated"))
    ),
    *_marked(
        3,
        ("X-Auto-Response-Suppress", "All"),
        ("X-Auto-Response-Suppress", "DR, OOF"),
        ("X-Auto-Response-Suppress", "rn,autoreply"),
    ),
    *_marked(4, ("Precedence", "bulk"), ("Precedence", "Junk"), ("Precedence", "LIST"), ("Precedence", "auto_reply")),
    *_marked(
        5,
        ("List-Id", "<news.example>"),
        ("List-Unsubscribe", "<mailto:off@news.example>"),
        ("List-Help", "<https://news.example/help>"),
        ("List-Post", "NO"),
        ("List-Owner", "<mailto:boss@news.example>"),
        ("Mailing-List", "contact news@list.example"),
        ("X-Mailing-List", "<news@list.example>"),
        ("Feedback-ID", "1:campaign:esp"),
    ),
    *_marked(
        6,
        ("X-Loop", "liu@qinghe.example"),
        ("X-Autoreply", "yes"),
        ("X-Autorespond", "外出"),
        ("X-Autoresponder", "1"),
        ("X-Auto-Generated", "true"),
        ("X-FC-MachineGenerated", "true"),
        ("X-Ack", "No"),
        ("Delivered-To", "Autoresponder"),
    ),
    Kind(name="delivery report", condition=7, container="multipart/report; report-type=delivery-status", parts=(DSN,)),
    Kind(name="delivery report with a file", condition=7, container="multipart/report", parts=(DSN, FILE)),
    Kind(name="delivery status in a mixed mail", condition=7, parts=(DSN,)),
    Kind(name="read", condition=7, container="multipart/report; report-type=disposition-notification", parts=(MDN,)),
    Kind(name="complaint", condition=7, container="multipart/report; report-type=feedback-report", parts=(ARF,)),
    Kind(name="complaint in a mixed mail", condition=7, parts=(ARF, FILE)),
    *_from(
        8,
        "MAILER-DAEMON@qinghe.example",
        "postmaster@qinghe.example",
        "no-reply@qinghe.example",
        "noreply-zhang@qinghe.example",
        "donotreply@qinghe.example",
        "do_not_reply.7@qinghe.example",
        "bounce+liu=x@esp.example",
        "bounces-123@esp.example",
        "owner-quality@esp.example",
        "quality-request@esp.example",
        "listserv@esp.example",
        "majordomo@esp.example",
        "root@web.qinghe.example",
        "nobody@web.qinghe.example",
    ),
    Kind(name="Reply-To nobody", condition=8, headers=(("Reply-To", "noreply@qinghe.example"),)),
    Kind(name="from ourselves", condition=9, headers=(("From", OWN),)),
    Kind(name="from our alias", condition=9, headers=(("From", ALIAS),)),
    Kind(name="Sender is ours", condition=9, headers=(("Sender", OWN),)),
    Kind(name="Reply-To is ours", condition=9, headers=(("Reply-To", OWN),)),
    _words("words in our thread", headers=(("In-Reply-To", "{ours}"),)),
    _words("words in our thread, by References", headers=(("References", "<a@b.example> {ours}"),)),
    Kind(name="our own Message-ID", condition=9, headers=(("Message-ID", "{ours}"),)),
    Kind(name="our loop header", condition=10, headers=(("X-Shouqi-Loop", "another office"),)),
    Kind(name="51 hops", condition=10, headers=(("Received", "from hop.example by hop.example"),) * 50),
    Kind(name="a stranger's redirection", condition=11, headers=(("To", "x@y.example"), ("From", "s@s.example"))),
    Kind(name="a stranger's blind copy", condition=11, headers=(("From", "s@s.example"),), without=("To",)),
    Kind(name="two senders", condition=12, headers=(("From", "a@qinghe.example, b@qinghe.example"),)),
    Kind(name="two From", condition=12, headers=(("From", "{mine}"), ("From", "b@evil.example"))),
    Kind(name="no sender", condition=12, without=("From",)),
    Kind(name="parsers disagree", condition=12, headers=(("From", "{mine} <b@evil.example>"),)),
    *_marked(13, ("X-Spam-Flag", "YES"), ("X-Spam-Status", "Yes, score=9.1 required=5.0")),
    Kind(name="DMARC failed", condition=13, headers=(("Authentication-Results", f"{TRUSTED}; spf=pass; dmarc=fail"),)),
    Kind(name="DKIM failed", condition=13, headers=(("Authentication-Results", f"{TRUSTED}; dkim=fail"),)),
    Kind(name="a stranger", condition=14, headers=(("From", "s@s.example"),), subject="材料", text="请查收附件。"),
    Kind(name="invitation", condition=15, container="multipart/alternative", parts=(ICS,)),
    Kind(name="recall", condition=15, subject="撤回：质量月材料", text="发件人将撤回邮件“质量月材料”。", parts=()),
    Kind(
        name="only a receipt is wanted",
        condition=15,
        headers=(("Disposition-Notification-To", "{mine}"),),
        text="",
        parts=(),
    ),
    Kind(name="eight days old", condition=18, age=timedelta(days=8)),
    *_subjects(
        19,
        "自动回复：关于报送质量月材料的通知",
        "【自动回复】本人出差",
        "外出：10月17日返回",
        "休假自动回复: 通知",
        "Out of Office: 质量月",
        "Automatic reply: 质量月",
    ),
    *_subjects(
        19,
        "来自刘芳的自动回复",
        "已离开办公室: 质量月通知",
        "您的邮件已被阅读",
        "邮件已送达：质量月通知",
        "Delivery delayed: 质量月通知",
        "自動回覆：質量月通知",
    ),
    Kind(
        name="calls itself a robot", condition=19, parts=(), text="这是一封系统自动回复邮件，请勿直接回复。附件请查收。"
    ),
    *_subjects(15, "已接受：质量月培训", "Declined: 质量月培训"),
    *_subjects(19, "休假通知", "您的邮件已收到（自动回复）", "退信：质量月通知", "Undelivered Mail Returned to Sender"),
    *_subjects(19, "系统退信", "系统退信/Systems bounce", "已读回执：质量月通知"),
    Kind(name="a robot's subject and a file", condition=19, subject="自动回复：{unit}质量月材料"),
)
"""Kinds that get no answer, each with the condition that is recorded."""

ANSWERED: tuple[Kind, ...] = (
    Kind(name="a plain mail"),
    *_marked(
        0,
        ("Auto-Submitted", "no"),
        ("Auto-Submitted", "No"),
        ("Auto-Submitted", "NO (sent by hand)"),
        ("Precedence", "normal"),
        ("Precedence", "first-class"),
        ("X-Auto-Response-Suppress", "DR, RN, NRN"),
        ("X-Autoreply", "no"),
        ("Feedback-ID", "bizesmtp:qinghe.example:qybglogicsvr:qybglogicsvr5"),
        ("X-Spam-Flag", "NO"),
        ("X-Spam-Status", "No, score=-1.0 required=5.0"),
        ("Disposition-Notification-To", "{mine}"),
        ("Reply-To", "colleague@qinghe.example"),
        ("Sender", "bangongshi@qinghe.example"),
        ("Delivered-To", OWN),
        ("Return-Path", "<SRS0=x=unit.example=liu@relay.example>"),
        ("Authentication-Results", f"{TRUSTED}; dkim=pass; dmarc=pass"),
        ("Authentication-Results", "mx.elsewhere.example; dmarc=fail"),
    ),
    Kind(name="30 hops", headers=(("Received", "from hop.example by hop.example"),) * 29),
    Kind(name="about automatic answers", subject="{unit}关于自动回复系统建设的总结"),
    Kind(name="the title begins with it", subject="自动回复系统建设典型案例（{unit}）"),
    Kind(name="an answer to our letter", subject="回复：自动回复：{unit}质量月材料"),
    Kind(name="a system told of", text="我单位建成自动回复系统，这是自动化改造的总结，见附件。", parts=()),
    Kind(name="a training away", subject="外出培训质量月总结（{unit}）"),
    Kind(name="reading notes", subject="已读书目（{unit}质量月读书活动）"),
    Kind(name="a file in our thread", headers=(("In-Reply-To", "{ours}"), ("References", "{ours}"))),
    _words(
        "a file promised in our thread", condition=0, headers=(("In-Reply-To", "{ours}"),), text="材料见附件，请查收。"
    ),
    _words(
        "a caption in our thread",
        condition=0,
        headers=(("In-Reply-To", "{ours}"),),
        text="图片1.jpg：质量月启动仪式在区政务大厅举行，各企业代表参加。",
    ),
    Kind(name="blind copy of a registered unit", headers=(("To", "x@y.example"),)),
    Kind(name="redirected to us by hand", headers=(("To", "x@y.example"), ("Resent-To", OWN), ("From", "s@s.example"))),
    Kind(name="to our alias", headers=(("To", ALIAS), ("From", "s@s.example"))),
    Kind(name="in copy", headers=(("To", "x@y.example"), ("Cc", OWN), ("From", "s@s.example"))),
    Kind(name="a bounce handed on as a file", parts=(BOUNCE_INSIDE, FILE)),
    Kind(name="a date among the files", parts=(ICS, FILE)),
    Kind(name="a bouncer", headers=(("From", "bouncer-liu@qinghe.example"),)),
    Kind(name="a person's name like a list", headers=(("From", "liu-requests@qinghe.example"),)),
    Kind(name="a person's name like root", headers=(("From", "rootliu@qinghe.example"),)),
    Kind(name="a person's name like postmaster", headers=(("From", "postmasterli@qinghe.example"),)),
    Kind(name="six days old", age=timedelta(days=6)),
)
"""Near-misses: each gets its letter."""
