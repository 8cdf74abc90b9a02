"""How mail programs in use at Chinese units write: headers, names, bodies, footers, history."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Literal

from tests.mailmaker import wire
from tests.mailmaker.wire import END

Names = Literal["words", "cut words", "2231", "2231 long", "both", "raw", "q words", "name only", "utf-8 raw"]


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program. `label` is the charset it declares, `codec` what it writes."""

    agent: bytes
    label: str = "utf-8"
    codec: str = "utf-8"
    form: Literal["B", "Q", "raw"] = "B"
    size: int = 45
    """Bytes of one encoded word."""
    quotes_from: bool = False
    names: Names = "words"
    body: str = "base64"
    page: bool = True
    """Writes HTML beside plain text."""
    alone: bool = False
    """Writes HTML alone."""
    footer: str = ""
    boundary: str = "----=_Part_{0}"
    history: str = (
        '------------------ 原始邮件 ------------------\n发件人: "质量办" <zlb@yunling.example>;\n主题: 通知\n\n{0}'
    )
    inline: bool = False
    """Attachments are marked `inline`."""


_RULE = '-----原始邮件-----\n发件人:"质量办" <zlb@yunling.example>\n发送时间:2022-10-08 09:00:00\n主题:通知\n\n{0}'
_ON = "在 2022年10月8日，09:00，质量办 <zlb@yunling.example> 写道：\n\n> {0}"
_FIELDS = "发件人: 质量办 <zlb@yunling.example>\n发送时间: 2022年10月8日 9:00\n收件人: 刘芳\n主题: 通知\n\n{0}"
_LINE = "________________________________\n" + _FIELDS
_TABLE = "-" * 66 + (
    "\n发件人：质量办 <zlb@yunling.example>\n日　期：2022年10月08日\n收件人：刘芳\n主　题：通知\n\n{0}"
)

PROGRAMS: dict[str, Program] = {
    "foxmail": Program(
        agent=b"X-Mailer: Foxmail 7.2.25.179[cn]", label="GB2312", codec="gbk", size=300, quotes_from=True,
        boundary="----=_001_NextPart{0}_=----", body="base64", history="\n" + _FIELDS,
    ),
    "qq-web": Program(
        agent=b"X-QQ-MIME: TCMime 1.0 by Tencent\r\nX-Mailer: QQMail 2.x\r\nX-QQ-Mailer: QQMail 2.x", label="gb18030",
        codec="gb18030", size=45, quotes_from=True, boundary="----=_NextPart_{0}", names="cut words",
    ),
    "exmail": Program(
        agent=b"X-QQ-mid: bizesmtp71t1665364351t\r\nFeedback-ID: bizesmtp:qinghe.example:qybglogicsvr:qybglogicsvr5",
        label="utf-8", quotes_from=True, boundary="----=_NextPart_{0}", names="cut words",
    ),
    "163-web": Program(
        agent=b"X-Mailer: Coremail Webmail Server Version XT5.0.13 build 20220113", label="GBK", codec="gbk", size=41,
        history=_RULE,
    ),
    "163-master": Program(
        agent=b"X-Mailer: MailMasterPC/4.17.9.1009", label="UTF-8", names="both", boundary="=_{0}", page=True,
        history="---- 回复的原邮件 ----\n发件人: 质量办\n主题: 通知\n\n{0}",
    ),
    "coremail": Program(
        agent=b"X-Mailer: Coremail Webmail Server Version XT6.0.1", label="UTF-8", size=40, history=_RULE,
        names="cut words",
    ),
    "outlook-2016": Program(
        agent=b"X-Mailer: Microsoft Outlook 16.0\r\nContent-Language: zh-cn", label="gb2312", codec="gbk", size=30,
        body="quoted-printable", quotes_from=True, boundary="----=_NextPart_000_{0}", history=_FIELDS,
    ),
    "outlook-com": Program(
        agent=b"X-MS-Has-Attach: yes\r\nX-MS-Exchange-CrossTenant-id: 84df9e7f", label="gb2312", codec="gbk",
        names="both", boundary="_004_{0}_", history=_LINE, form="B",
    ),
    "exchange": Program(
        agent=b"X-MS-Exchange-Organization-SCL: 0\r\nAccept-Language: zh-CN", label="utf-8", body="quoted-printable",
        names="2231", form="Q", boundary="_002_{0}_", history=_FIELDS,
    ),
    "iphone": Program(
        agent=b"X-Mailer: iPhone Mail (20A380)", body="quoted-printable", page=False, inline=True, names="2231",
        footer="发自我的 iPhone", boundary="Apple-Mail-{0}", history=_ON,
    ),
    "apple-mail": Program(
        agent=b"X-Mailer: Apple Mail (2.3696.120.41.1.1)", body="quoted-printable", form="Q", size=40,
        names="2231 long",
        boundary="Apple-Mail=_{0}", history=_ON, page=False,
    ),
    "xiaomi": Program(
        agent=b"X-Mailer: MIUI Mail", names="utf-8 raw", footer="发自我的手机",
        boundary="--_com.android.email_{0}",
        history=_ON,
    ),
    "thunderbird": Program(
        agent=b"User-Agent: Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Thunderbird/102.3.1", body="8bit", page=False,
        names="2231 long", boundary="------------{0}", history=_ON,
    ),
    "aliyun": Program(
        agent=b"X-Mailer: [Alimail-Mailagent revision 45][W1_5005][Chrome]", label="UTF-8", size=60,
        boundary="----=ALIBOUNDARY_{0}", history=_TABLE,
    ),
    "sina-web": Program(
        agent=b"X-Mailer: Sina WebMail 4.0", label="GBK", codec="gbk", names="words", alone=True, size=200,
        boundary="-sinamail_alter_{0}", history="----- 原始邮件 -----\n发件人：质量办\n主题：通知\n\n{0}",
    ),
    "139-mail": Program(
        agent=b"X-Mailer: Richmail_Webapp(V2.3.9)", label="UTF-8", names="q words", size=24, alone=True,
        boundary="----=_Part_139_{0}", history=_RULE,
    ),
    "web-form": Program(
        agent=b"X-Mailer: WebForm 1.0", label="gb2312", codec="gbk", form="raw", names="raw", body="8bit", page=False,
        boundary="{0}", history=_RULE,
    ),
    "old-oa": Program(
        agent=b"X-Mailer: OA System", label="gb2312", codec="gbk", names="name only", body="8bit", page=False,
        boundary="=====003_Dragon{0}_=====", history=_RULE, size=500,
    ),
}  # fmt: skip


def words(program: Program, value: str) -> bytes:
    """A header value as the program writes it."""
    if value.isascii():
        return value.encode()
    data = value.encode(program.codec)
    return data if program.form == "raw" else wire.word(data, program.label, program.size, program.form)


def mailbox(program: Program, name: str, address: str) -> bytes:
    """A From value."""
    shown = words(program, name)
    shown = b'"' + shown + b'"' if program.quotes_from or program.form == "raw" else shown
    return shown + b" <" + address.encode() + b">"


def named(program: Program, name: str, data: bytes, kind: str = "application/octet-stream") -> bytes:
    """An attachment under its name."""
    typed, disposition = _parameters(program, name)
    way = b"inline" if program.inline else b"attachment"
    lines = [b"Content-Type: " + kind.encode() + (b";\r\n\t" + typed if typed else b"")]
    lines.append(b"Content-Disposition: " + way + (b";\r\n\t" + disposition if disposition else b""))
    return wire.part(lines, data)


def _parameters(program: Program, name: str) -> tuple[bytes, bytes]:
    data, label = name.encode(program.codec), program.label
    whole = b'"' + wire.word(data, label, 900) + b'"'
    match program.names:
        case "words":
            return b"name=" + whole, b"filename=" + whole
        case "cut words":
            cut = b'"' + wire.word(data, label, 25) + b'"'
            return b"name=" + cut, b"filename=" + cut
        case "q words":
            q = b'"' + wire.word(data, label, 20, "Q") + b'"'
            return b"name=" + q, b"filename=" + q
        case "2231":
            return b"name=" + whole, b"filename*=" + label.encode() + b"''" + wire.percent(data)
        case "2231 long":
            return b"name=" + whole, wire.segments("filename", data, label.upper(), 15)
        case "both":
            return (
                b"name=" + whole,
                b"filename=" + whole + b";\r\n\tfilename*=" + label.encode() + b"''" + wire.percent(data),
            )
        case "name only":
            return b"name=" + whole, b""
        case "raw" | "utf-8 raw":
            return b'name="' + data + b'"', b'filename="' + data + b'"'


def body(program: Program, said: str, token: str, *, history: str = "") -> bytes:
    """The words as one part or as two forms of the same, with the footer and history that the program adds."""
    whole = said + (f"\n\n{program.footer}" if program.footer else "")
    whole += f"\n\n\n{program.history.format(history)}" if history else ""
    plain = wire.text(whole, program.label, program.codec, program.body)
    rows = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in whole.split("\n"))
    page = wire.text(f"<html><body>{rows}</body></html>", program.label, program.codec, program.body, kind="html")
    if program.alone:
        return page
    return (
        wire.multi("alternative", plain, page, boundary=program.boundary.format(f"alt{token}"))
        if program.page
        else plain
    )


def mail(
    program: Program, *, name: str, address: str, subject: str, inner: bytes, files: tuple[bytes, ...] = (), id: str
) -> bytes:
    """A whole mail of one program."""
    top = wire.head(
        program.agent,
        sender=mailbox(program, name, address),
        subject=words(program, subject),
        id=id,
        path=b"<" + address.encode() + b">",
    )
    if not files:
        return top + inner
    boundary = program.boundary.format(id.replace("-", ""))
    return top + wire.multi(
        "mixed", inner, *files, boundary=boundary, preamble=b"This is a multi-part message.\r\n" + END
    )
