"""Mails that no person wrote, in the words of Chinese and foreign systems; and people who only look like machines."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mailmaker import wire
from tests.mailmaker.case import Case, Put

UNIT = "wang@nanping.example"
QQ = (
    "抱歉，您的邮件被退回来了……\n原邮件信息：\n时间　2022-10-08 09:00:00\n主题　关于报送质量月材料的通知\n"
    "收件人　wang@nanping.example\n"
    "退信原因：收件人邮件地址（wang@nanping.example）不存在，邮件无法送达。\n"
    "host mx.nanping.example[192.0.2.9] said: 550 Mailbox not found (in reply to RCPT TO command)\n"
    "解决方案：请联系您的收件人，重新核实邮箱地址。"
)
NETEASE = (
    "您好！您于2022年10月8日发送的邮件被退回。\n收件人: wang@nanping.example\n"
    "退信原因: 对方邮箱空间已满。SMTP error, RCPT TO: Host nanping.example said 552 Quota exceeded"
)
COREMAIL = (
    "您的邮件无法投递。\n无法发送到 wang@nanping.example\n"
    "退信代码 MI:SPB，对方服务器 mail.nanping.example 拒收：554 5.7.1 Message rejected"
)
EXCHANGE = (
    "未能将邮件传递给以下收件人或通讯组：\n\n王工 (wang@nanping.example)\n找不到你输入的电子邮件地址。\n\n"
    "管理员诊断信息:\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'"
)
DELAYED = "您的邮件尚未送达，系统将继续尝试投递：\nwang@nanping.example\n451 4.4.1 connection timed out"
ENGLISH = (
    "This is the mail system at host mx.relay.example.\nI'm sorry to inform you that your message could not be\n"
    "delivered to one or more recipients.\n\n"
    "<wang@nanping.example>: host mx.nanping.example said: 550 5.1.1 user unknown"
)
SINA = "邮件无法发送到您指定的地址中。\n\n<wang@nanping.example>:\n"
READ = "您发送的邮件已被阅读。"
DOC = wire.content("machine.docx")
AWAY = "您好，您的来信已收到。本人10月8日至17日外出培训，急事请致电0900-5550123。"

PROSE: dict[str, tuple[bytes, str, str, str]] = {
    "qq": ("QQ邮箱管理员 <10000@qq.example>".encode(), "来自qq.example的退信", QQ, "5.1.1"),
    "qq-postmaster": (b"PostMaster@qq.example", "系统退信/Systems bounce", QQ, "5.1.1"),
    "163": (b"Postmaster@163.example", "系统退信", NETEASE, "5.2.2"),
    "coremail": (b"postmaster@yunling.example", "退信通知", COREMAIL, "5.7.1"),
    "exchange": (
        b"Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@nanping.example>",
        "无法传递: 关于报送质量月材料的通知", EXCHANGE, "5.1.10",
    ),
    "exchange-unsent": (b"postmaster@nanping.example", "未送达: 关于报送质量月材料的通知", EXCHANGE, "5.1.10"),
    "delayed": (b"postmaster@yunling.example", "邮件投递状态通知（延迟）", DELAYED, "4.4.1"),
    "sina": (b"MAILER-DAEMON@sina.example", "邮件传输失败！", SINA, "5.0.0"),
    "postfix": (
        b"MAILER-DAEMON@mx.relay.example (Mail Delivery System)", "Undelivered Mail Returned to Sender", ENGLISH,
        "5.1.1",
    ),
    "no-subject": (b"Mail Delivery System <mailer-daemon@mx.relay.example>", "", ENGLISH, "5.1.1"),
}  # fmt: skip


def cases() -> Iterator[Case]:
    """Bounces, then other machines, then people."""
    for key, (sender, subject, words, status) in PROSE.items():
        for form in ("plain", "html"):
            body = wire.text(words) if form == "plain" else wire.text(_html(words), "gbk", "gbk", "base64", "html")
            name, address = _sender(sender)
            yield Case(
                name=f"bounce-{key}-{form}", raw=_head(f"bounce-{key}-{form}", sender, subject) + body, subject=subject,
                from_name=name, from_address=address, text=words.strip(), klass="bounce", may_reply=False,
                failed=((UNIT, status),),
            )  # fmt: skip
    yield from _reports()
    for key, klass, sender, subject, more in _MACHINES:
        name, address = _sender(sender)
        words = READ if klass == "receipt" else AWAY
        yield Case(
            name=f"machine-{key}", raw=_head(f"machine-{key}", sender, subject, *more) + wire.text(words),
            subject=subject, from_name=name, from_address=address, text=words, klass=klass, may_reply=False,
        )  # fmt: skip
    for key, subject, more in _PEOPLE:
        raw = _head(f"person-{key}", b"liufang@qinghe.example", subject, *more)
        inner = wire.multi("mixed", wire.text("材料见附件。"), wire.attached(b"filename=a.docx", DOC), boundary="=_b")
        yield Case(
            name=f"person-{key}", raw=raw + inner, subject=subject, text="材料见附件。", files=(Put("a.docx", DOC),)
        )


def _html(words: str) -> str:
    return "<html><body>" + "".join(f"<div>{line or '<br>'}</div>" for line in words.split("\n")).replace(
        "<wang@nanping.example>", "&lt;wang@nanping.example&gt;"
    )


def _sender(value: bytes) -> tuple[str, str]:
    """Name and address as they were put in."""
    text = value.decode()
    if text.endswith(")"):
        address, _, name = text.rstrip(")").partition(" (")
        return name, address.lower()
    name, _, address = text.rstrip(">").rpartition("<")
    return name.strip(), address.lower()


def _head(key: str, sender: bytes, subject: str, *more: bytes) -> bytes:
    shown = subject.encode() if subject.isascii() else wire.word(subject.encode(), "utf-8", 900)
    name, _, rest = sender.partition(b" <")
    if rest and not name.isascii():
        sender = wire.word(name, "utf-8", 900) + b" <" + rest
    return wire.head(*more, id=key, sender=sender, subject=shown)


def _report(kind: str, machine: str, *more: bytes) -> bytes:
    parts = wire.text("系统报告。"), wire.part([b"Content-Type: message/" + kind.encode()], machine.encode(), "")
    back = wire.part([b"Content-Type: text/rfc822-headers"], b"From: <zlb@yunling.example>\r\nX-Shouqi-Loop: 1\r\n", "")
    return wire.multi("report", *parts, back, *more, boundary="=_r", extra=b"; report-type=" + kind.encode())


def _reports() -> Iterator[Case]:
    def case(key: str, klass: str, sender: bytes, subject: str, inner: bytes, failed: str = "") -> Case:
        return Case(
            name=f"report-{key}", raw=_head(f"report-{key}", sender, subject) + inner, subject=subject,
            from_address=sender.decode().lower(), text="系统报告。", klass=klass, may_reply=False,
            failed=((UNIT, failed),) if failed else (),
        )  # fmt: skip

    recipient = f"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; {UNIT}\r\n"
    daemon = b"MAILER-DAEMON@mx.relay.example"
    for key, status, action in (("hard", "5.1.1", "failed"), ("soft", "4.4.7", "delayed"), ("full", "5.2.2", "failed")):
        machine = f"{recipient}Action: {action}\r\nStatus: {status}\r\n"
        yield case(f"dsn-{key}", "bounce", daemon, "退信", _report("delivery-status", machine), status)
    without = f"{recipient}Action: failed\r\n"
    yield case("dsn-no-status", "bounce", daemon, "failure", _report("delivery-status", without), "5.0.0")
    shown = f"Final-Recipient: rfc822; {UNIT}\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"
    yield case("read", "receipt", UNIT.encode(), "已读: 通知", _report("disposition-notification", shown))
    abuse = "Feedback-Type: abuse\r\nVersion: 1\r\n"
    yield case("abuse", "complaint", b"fbl@relay.example", "complaint", _report("feedback-report", abuse))


_ME = b"liufang@qinghe.example"
_MACHINES: tuple[tuple[str, str, bytes, str, tuple[bytes, ...]], ...] = (
    ("vacation-header", "auto-reply", _ME, "外出", (b"Auto-Submitted: auto-replied",)),
    ("vacation-comment", "auto-reply", _ME, "x", (b"Auto-Submitted: auto-generated (vacation)",)),
    ("vacation-qq", "auto-reply", _ME, "自动回复:通知", (b"X-QQ-Mailer: QQMail 2.x",)),
    ("vacation-163", "auto-reply", _ME, "自动回复: 关于报送材料的通知", (b"X-AutoReply: yes",)),
    ("vacation-exchange", "auto-reply", _ME, "自动答复: 通知", (b"X-Auto-Response-Suppress: All",)),
    ("vacation-holiday", "auto-reply", _ME, "国庆假期", (b"X-Autorespond: 1",)),
    ("vacation-english", "auto-reply", _ME, "Automatic reply: notice", ()),
    ("vacation-precedence", "auto-reply", _ME, "x", (b"Precedence: auto_reply",)),
    ("out-of-office", "auto-reply", _ME, "Out of Office: notice", ()),
    ("inbox-rule", "auto-reply", _ME, "x", (b"X-MS-Exchange-Inbox-Rules-Loop: a@b",)),
    ("list-id", "list", b"news@lists.example", "资讯", (b"List-Id: <news.lists.example>",)),
    ("list-unsubscribe", "list", b"news@lists.example", "资讯", (b"List-Unsubscribe: <mailto:x@lists.example>",)),
    ("bulk", "list", b"news@lists.example", "资讯", (b"Precedence: bulk",)),
    ("no-reply", "machine", b"no-reply@bank.example", "账单", ()),
    ("noreply-system", "machine", b"system-noreply@oa.example", "待办提醒", ()),
    ("notification", "machine", b"notification@oa.example", "待办提醒", ()),
    ("postmaster", "machine", b"postmaster@qinghe.example", "邮箱容量提醒", ()),
    ("own-letter", "loop", b"zlb@yunling.example", "自动回复：材料", (b"X-Shouqi-Loop: i1; 1",)),
    ("own-address", "loop", b"zlb@yunling.example", "转自己", ()),
    ("other-copy", "loop", _ME, "已收到", (b"X-Shouqi-Loop: other; 1",)),
    ("read-receipt-plain", "receipt", _ME, "已读：通知", (b"X-Mailer: QQMail 2.x",)),
)
_PEOPLE: tuple[tuple[str, str, tuple[bytes, ...]], ...] = (
    ("re-automatic", "回复：自动回复：关于报送材料的通知", ()),
    ("title-automatic", "自动回复系统建设典型案例", ()),
    ("title-bounce", "关于无法送达快递包裹整治工作的总结", ()),
    ("title-receipt", "回执及材料", ()),
    ("title-read", "已读书目推荐活动总结", ()),
    ("auto-submitted-no", "报送材料", (b"Auto-Submitted: no",)),
    ("tencent-feedback-id", "报送材料", (b"Feedback-ID: bizesmtp:qinghe.example:qybglogicsvr:qybglogicsvr5",)),
    ("wants-a-receipt", "报送材料", (b"Disposition-Notification-To: <liufang@qinghe.example>",)),
    ("urgent", "【紧急】报送材料", (b"X-Priority: 1", b"Precedence: special-delivery")),
    ("forwarded-bounce", "转发：系统退信", ()),
    ("not-spam", "报送材料", (b"X-Spam-Flag: NO", b"X-Spam-Status: No, score=-1")),
)
