"""Mail that no person wrote: bounces, receipts, automatic answers, newsletters. And HTML of cloud attachments."""

from __future__ import annotations

import html
from datetime import datetime
from email.utils import format_datetime

from intake.demo.clients import compose


def bounce(*, to: str, failed: str, original_id: str, date: datetime, message_id: str) -> bytes:
    """A delivery status notification (RFC 3464) in the Chinese a QQ-like relay writes."""
    human = f"很抱歉，您发送的邮件被退回。收件人 {failed} 的邮箱不存在或已停用。"
    status = (
        f"Reporting-MTA: dns; mx.{failed.rpartition('@')[2]}\r\n\r\n"
        f"Final-Recipient: rfc822; {failed}\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\r\n"
    )
    original = f"From: <{to}>\r\nTo: <{failed}>\r\nMessage-ID: {original_id}\r\nSubject: notice\r\n"
    return _report(
        "delivery-status",
        sender=f"postmaster@mx.{failed.rpartition('@')[2]}",
        to=to,
        subject="=?utf-8?B?57O757uf6YCA5L+h?=",  # 系统退信
        human=human,
        parts=(("message/delivery-status", status), ("text/rfc822-headers", original)),
        date=date,
        message_id=message_id,
    )


def read_receipt(*, from_: str, to: str, original_id: str, date: datetime, message_id: str) -> bytes:
    """A disposition notification (RFC 8098): the letter was shown to somebody."""
    machine = (
        f"Reporting-UA: mail.example\r\nFinal-Recipient: rfc822; {from_}\r\n"
        f"Original-Message-ID: {original_id}\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n"
    )
    return _report(
        "disposition-notification",
        sender=from_,
        to=to,
        subject="=?utf-8?B?5bey6K+777ya6LSo6YeP5pyI6YCa55+l?=",  # 已读：质量月通知
        human="您的邮件已被收件人阅读。",
        parts=(("message/disposition-notification", machine),),
        date=date,
        message_id=message_id,
    )


def auto_reply(*, from_: tuple[str, str], to: str, date: datetime, message_id: str, marked: bool = True) -> bytes:
    """An out-of-office answer; `marked` ones say so in headers (RFC 3834), the others by their subject only."""
    headers = {"Auto-Submitted": "auto-replied", "X-Autoreply": "yes"} if marked else {}
    return compose(
        "163",
        from_=from_,
        to=to,
        subject="自动回复：关于报送“质量月”活动材料的通知",
        text="您好，您的邮件已收到。我近期外出培训，10月17日返回，急事请致电办公室。",
        date=date,
        message_id=message_id,
        headers=headers,
    )


def newsletter(*, to: str, date: datetime, message_id: str, issue: int = 1) -> bytes:
    """A mailing list's issue (RFC 2369, 2919)."""
    return compose(
        "coremail",
        from_=("质量管理资讯", "news@lists.zixun.example"),
        to=to,
        subject=f"【质量管理资讯】第{issue}期：精益生产公开课报名",
        text="本期导读：一、精益生产公开课开始报名；二、质量工具图解系列。\n如不希望再收到，请点击退订。",
        date=date,
        message_id=message_id,
        headers={
            "List-Id": "<news.lists.zixun.example>",
            "List-Unsubscribe": "<mailto:leave@lists.zixun.example>",
            "Precedence": "bulk",
        },
    )


def qq_big_attachment(text: str, *, name: str, size: str, expires: str, key: str) -> str:
    """HTML of a QQ mail whose film stays in the provider's transfer station (超大附件)."""
    link = f"https://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&amp;k={key}&amp;code={key[:8]}"
    paragraphs = "".join(f"<div>{html.escape(line)}</div>" for line in text.split("\n"))
    return (
        f"<html><body>{paragraphs}<br>"
        '<div id="QQMailBigAttach" style="border-top:1px dashed #ccc"><div>从QQ邮箱发来的超大附件</div>'
        f'<span class="qqmailbgattach" downloadlink="{link}" expiretime="{html.escape(expires)}">'
        f'<a href="{link}" target="_blank">{html.escape(name)}</a> ({size}, {html.escape(expires)} 到期)'
        f'<a href="{link}" target="_blank">进入下载页面</a></span></div></body></html>'
    )


def netease_big_attachment(text: str, *, name: str, size: str, expires: str, key: str) -> str:
    """HTML of a 163 mail with a cloud attachment (云附件)."""
    link = f"https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&amp;file={key}"
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n"))
    return (
        f'<html><body>{paragraphs}<div id="divNeteaseBigAttach"><b>从网易163邮箱发来的云附件</b>'
        f'<div><a class="netease-attDown" href="{link}" filename="{html.escape(name)}">{html.escape(name)}</a>'
        f" ({size}, {html.escape(expires)} 到期) "
        f'<a class="netease-attDown" href="{link}">下载</a></div></div></body></html>'
    )


def _report(
    kind: str,
    *,
    sender: str,
    to: str,
    subject: str,
    human: str,
    parts: tuple[tuple[str, str], ...],
    date: datetime,
    message_id: str,
) -> bytes:
    """A multipart/report (RFC 6522). The envelope sender of a report is empty (RFC 5321 section 4.5.5)."""
    boundary = "=_report_" + message_id.strip("<>").partition("@")[0]
    pieces = [("text/plain; charset=utf-8", human), *parts]
    body = "".join(
        f"--{boundary}\r\nContent-Type: {type_}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
        for type_, text in pieces
    )
    head = (
        f"Return-Path: <>\r\n"
        f"Received: from mx.relay.example by mail.yunling.example with ESMTP;\r\n\t{format_datetime(date)}\r\n"
        f"Date: {format_datetime(date)}\r\nFrom: <{sender}>\r\nTo: <{to}>\r\nSubject: {subject}\r\n"
        f"Message-ID: {message_id}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type={kind};\r\n boundary="{boundary}"\r\n\r\n'
    )
    return f"{head}{body}--{boundary}--\r\n".encode()
