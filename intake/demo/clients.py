"""Mail bytes as real programs write them: Foxmail, QQ, 163, Coremail, Outlook, an iPhone, an old web form.

The standard library would write clean mail; what units really send is not clean. So the bytes are put
together by hand, with each client's way of coding words (RFC 2047), names (RFC 2231, or neither) and bodies.
"""

from __future__ import annotations

import base64
import hashlib
import quopri
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Literal, NamedTuple
from urllib.parse import quote

Style = Literal["foxmail", "qq", "163", "coremail", "outlook", "iphone", "raw-gbk", "plain"]
STYLES: tuple[Style, ...] = ("foxmail", "qq", "163", "coremail", "outlook", "iphone", "raw-gbk", "plain")


class Attached(NamedTuple):
    """One attachment; an empty name means that the client gives none."""

    name: str
    data: bytes
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Client:
    """How one program writes."""

    label: str
    """The charset it declares; GBK characters under the label gb2312 are the norm."""
    codec: str
    """The charset it really writes."""
    agent: str
    header: Literal["words", "raw"] = "words"
    split: int = 42
    """Bytes in one encoded-word; several clients cut in the middle of a character."""
    quoted_from: bool = False
    names: Literal["both", "rfc2231", "raw", "filename", "inline"] = "both"
    body: Literal["base64", "quoted-printable", "8bit"] = "base64"
    html: bool = True


_CLIENTS: Mapping[Style, _Client] = {
    "foxmail": _Client(
        label="gb2312", codec="gbk", agent="X-Mailer: Foxmail 7.2.25.179[cn]", split=300, quoted_from=True
    ),
    "qq": _Client(
        label="gb18030", codec="gb18030", agent="X-QQ-MIME: TCMime 1.0 by Tencent\r\nX-Mailer: QQMail 2.x",
        split=45, quoted_from=True,
    ),
    "163": _Client(label="GBK", codec="gbk", agent="X-Mailer: Coremail Webmail Server Version XT5.0.13", split=41),
    "coremail": _Client(
        label="UTF-8", codec="utf-8", agent="X-Mailer: Coremail Webmail Server Version XT6.0.1", split=40
    ),
    "outlook": _Client(
        label="gb2312", codec="gbk", agent="X-Mailer: Microsoft Outlook 16.0", names="rfc2231", split=30,
        body="quoted-printable",
    ),
    "iphone": _Client(
        label="utf-8", codec="utf-8", agent="X-Mailer: iPhone Mail (19G82)", names="inline", split=45,
        body="quoted-printable", html=False,
    ),
    "raw-gbk": _Client(
        label="gb2312", codec="gbk", agent="X-Mailer: WebForm 1.0", header="raw", names="raw", body="8bit",
        html=False,
    ),
    "plain": _Client(
        label="utf-8", codec="utf-8", agent="User-Agent: Mozilla Thunderbird", names="filename", split=45,
        html=False,
    ),
}  # fmt: skip


def compose(
    style: Style,
    *,
    from_: tuple[str, str],
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    files: Sequence[tuple[str, bytes, str]] = (),
    date: datetime,
    message_id: str,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """One raw mail (CRLF) in that client's style, with the trace headers a receiving server adds.

    `from_` is (display name, address). `html` replaces what the client would make of `text` for its HTML
    part. `message_id` is given with angle brackets. `headers` are added as they are, and an ASCII value
    there replaces one of the same name (`Return-Path`, say).
    """
    client = _CLIENTS[style]
    own = {
        "Return-Path": f"<{from_[1]}>",
        "Received": f"from mx.{from_[1].rpartition('@')[2]} by mail.yunling.example with ESMTP id "
        f"{_token(message_id, 12)};\r\n\t{format_datetime(date)}",
        "Date": format_datetime(date) + (" (CST)" if style in ("163", "coremail") else ""),
    }
    extra = dict(headers or {})
    own = {name: extra.pop(name, value) for name, value in own.items()}
    lines = [f"{name}: {value}".encode("ascii") for name, value in own.items()]
    lines += [
        b"From: " + _mailbox(client, *from_),
        b"To: <" + to.encode("ascii") + b">",
        b"Subject: " + _words(client, subject),
        b"Message-ID: " + message_id.encode("ascii"),
        client.agent.encode("ascii"),
        b"MIME-Version: 1.0",
        *(f"{name}: {value}".encode("ascii") for name, value in extra.items()),
    ]
    boundary = f"----=_Part_{_token(message_id, 16)}"
    body = _body(client, text, html, boundary + "_alt")
    if files:
        parts = [body, *(_file(client, Attached(*file)) for file in files)]
        body = _multipart("mixed", boundary, parts)
    return b"\r\n".join(lines) + b"\r\n" + body


def _mailbox(client: _Client, name: str, address: str) -> bytes:
    if not name:
        return b"<" + address.encode("ascii") + b">"
    words = _words(client, name)
    if client.quoted_from or client.header == "raw":
        # an encoded-word inside quotes is not one by RFC 2047 section 5, yet this is what Foxmail and QQ write
        words = b'"' + words + b'"'
    return words + b" <" + address.encode("ascii") + b">"


def _words(client: _Client, text: str) -> bytes:
    """A header value: as it is when ASCII, else encoded-words or raw bytes."""
    if text.isascii():
        return text.encode("ascii")
    data = text.encode(client.codec)
    if client.header == "raw":
        return data
    pieces = [data[start : start + client.split] for start in range(0, len(data), client.split)]
    label = client.label.encode("ascii")
    return b"\r\n ".join(b"=?" + label + b"?B?" + base64.b64encode(piece) + b"?=" for piece in pieces)


def _body(client: _Client, text: str, html: str | None, boundary: str) -> bytes:
    plain = _text_part(client, "plain", text)
    if html is None and client.html:
        paragraphs = "".join(f"<div>{_escape(line) or '<br>'}</div>" for line in text.split("\n"))
        html = (
            f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={client.label}"></head>'
            f"<body>{paragraphs}</body></html>"
        )
    if html is None:
        return plain
    return _multipart("alternative", boundary, [plain, _text_part(client, "html", html)])


def _text_part(client: _Client, subtype: str, text: str) -> bytes:
    data = text.replace("\n", "\r\n").encode(client.codec, "xmlcharrefreplace")
    match client.body:
        case "base64":
            coded = _base64(data)
        case "quoted-printable":
            coded = quopri.encodestring(data).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        case "8bit":
            coded = data
    head = f'Content-Type: text/{subtype}; charset="{client.label}"\r\nContent-Transfer-Encoding: {client.body}\r\n\r\n'
    return head.encode("ascii") + coded + b"\r\n"


def _file(client: _Client, file: Attached) -> bytes:
    disposition = b"attachment"
    parameters: tuple[bytes, bytes]
    data = file.name.encode(client.codec)
    match client.names if file.name else "none":
        case "none" | "inline":
            # an iPhone shows photos within the text and files below it; unnamed photos come from the camera roll
            disposition = b"inline" if file.type.startswith("image/") else disposition
            parameters = (b"", b"")
            if file.name:
                coded = _words(client, file.name)
                parameters = (b';\r\n name="' + coded + b'"', b';\r\n filename="' + coded + b'"')
        case "rfc2231":
            start = client.label.encode("ascii") + b"''"
            # segments may part a character but never a %XX
            chunks = [quote(data[i : i + 18], safe="").encode("ascii") for i in range(0, len(data), 18)]
            segments = b"".join(
                b";\r\n\tfilename*%d*=%s%s" % (number, start if number == 0 else b"", chunk)
                for number, chunk in enumerate(chunks)
            )
            parameters = (b"", segments)
        case "raw":
            parameters = (b';\r\n\tname="' + data + b'"', b';\r\n\tfilename="' + data + b'"')
        case "filename":
            parameters = (b"", b';\r\n filename="' + _words(client, file.name) + b'"')
        case _:
            coded = _words(client, file.name)
            parameters = (b';\r\n\tname="' + coded + b'"', b';\r\n\tfilename="' + coded + b'"')
    head = (
        b"Content-Type: " + file.type.encode("ascii") + parameters[0] + b"\r\n"
        b"Content-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: " + disposition + parameters[1] + b"\r\n\r\n"
    )
    return head + _base64(file.data)


def _multipart(subtype: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    head = f'Content-Type: multipart/{subtype};\r\n\tboundary="{boundary}"\r\n\r\n'
    line = b"--" + boundary.encode("ascii")
    inner = b"\r\n".join(line + b"\r\n" + part for part in parts)
    return head.encode("ascii") + inner + b"\r\n" + line + b"--\r\n"


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace(" ", "&nbsp;")


def _token(seed: str, length: int) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:length]
