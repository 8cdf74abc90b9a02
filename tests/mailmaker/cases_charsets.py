"""Subjects, senders and bodies under charsets that lie, that nobody knows, or that nobody named."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.mailmaker import wire
from tests.mailmaker.case import Case

SUBJECT = "关于报送2022年“质量月”活动材料的函（朱镕喆）"
NAME = "青禾县市场监督管理局"
TEXT = "质量办：\n现报送活动总结一份、照片四张。\n特此函告。"
FAN = "關於報送質量月活動材料的函"


def cases() -> Iterator[Case]:
    """Headers first, then bodies."""
    for key, subject in _subjects().items():
        wanted = FAN if "big5" in key else SUBJECT
        raw = wire.head(id=f"subject-{key}", subject=subject) + wire.text(TEXT)
        yield Case(name=f"subject-{key}", raw=raw, subject=wanted, text=TEXT)
    for key, sender in _senders().items():
        raw = wire.head(id=f"from-{key}", sender=sender) + wire.text(TEXT)
        yield Case(name=f"from-{key}", raw=raw, from_name=NAME, text=TEXT)
    for key, body in _bodies().items():
        raw = wire.head(id=f"body-{key}", subject=wire.word(SUBJECT.encode(), "utf-8")) + body
        yield Case(name=f"body-{key}", raw=raw, subject=SUBJECT, text=TEXT)


def _subjects() -> dict[str, bytes]:
    gbk, utf8 = SUBJECT.encode("gbk"), SUBJECT.encode()
    first, second = SUBJECT[:6], SUBJECT[6:]
    return {
        "gbk-as-gb2312": wire.word(gbk, "gb2312", 60),
        "gbk-as-x-gbk": wire.word(gbk, "x-gbk", 60),
        "gbk-as-cp936": wire.word(gbk, "cp-936", 60),
        "gbk-as-nothing-known": wire.word(gbk, "GB2312_CHARSET", 60),
        "utf8-as-gb2312": wire.word(utf8, "gb2312", 90),
        "gbk-as-utf8": wire.word(gbk, "utf-8", 90),
        "gbk-as-iso-8859-1": wire.word(gbk, "iso-8859-1", 90),
        "cut-in-characters": wire.word(utf8, "utf-8", 10),
        "q-form": wire.word(gbk, "gb18030", 13, "Q"),
        "mixed-charsets": wire.word(first.encode("gbk"), "gbk") + b"\r\n " + wire.word(second.encode(), "utf-8", 99),
        "raw-gbk": gbk,
        "raw-utf8": utf8,
        "language-tag": wire.word(utf8, "utf-8*zh-cn", 60),
        "lower-case": wire.word(utf8, "UTF8", 60).replace(b"?B?", b"?b?"),
        "no-padding": wire.word(utf8, "utf-8", 900).replace(b"==?=", b"?=").replace(b"=?=", b"?="),
        "spaces-inside": wire.word(utf8, "utf-8", 900)[:30] + b"\r\n " + wire.word(utf8, "utf-8", 900)[30:],
        "labels-of-one-family": wire.word(gbk[:7], "GB2312") + b"\r\n " + wire.word(gbk[7:], "gbk", 99),
        "b-and-q-cut-in-a-character": wire.word(gbk[:7], "gbk") + b"\r\n " + wire.word(gbk[7:], "gbk", 99, "Q"),
        "cut-in-a-group-of-four": _regrouped(gbk, "gbk"),
        "numeric-references": "".join(f"&#{ord(sign)};" if ord(sign) > 0x2E80 else sign for sign in SUBJECT).encode(),
        "big5": wire.word(FAN.encode("big5"), "big5", 60),
    }


def _regrouped(data: bytes, label: str) -> bytes:
    """Base64 cut into words wherever the line was full, even within a group of four."""
    text = base64.b64encode(data)
    pieces = [text[start : start + 18] for start in range(0, len(text), 18)]
    return b"\r\n ".join(b"=?" + label.encode() + b"?B?" + piece + b"?=" for piece in pieces)


def _senders() -> dict[str, bytes]:
    gbk, utf8, address = NAME.encode("gbk"), NAME.encode(), b" <liufang@qinghe.example>"
    whole = wire.word(utf8 + address, "utf-8", 900)
    return {
        "quoted-word": b'"' + wire.word(gbk, "gb18030", 900) + b'"' + address,
        "quoted-words-cut": b'"' + wire.word(gbk, "gb2312", 7) + b'"' + address,
        "word": wire.word(gbk, "GB2312", 900) + address,
        "raw-gbk": gbk + address,
        "raw-gbk-quoted": b'"' + gbk + b'"' + address,
        "raw-utf8": utf8 + address,
        "without-blank": wire.word(utf8, "utf-8", 900) + address.strip(),
        "comment": b"liufang@qinghe.example (" + wire.word(utf8, "utf-8", 900) + b")",
        "encoded-whole": whole,
    }


def _bodies() -> dict[str, bytes]:
    flowed = "质量办：\r\n现报送活动总结 \r\n一份、照片四张。\r\n特此函告。"
    rows = "".join(f"<p>{line}</p>" for line in TEXT.split("\n"))
    meta = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head>{rows}</html>'
    return {
        "gbk-no-charset": wire.text(TEXT, "", "gbk", "8bit"),
        "gbk-as-utf8": wire.text(TEXT, "utf-8", "gbk"),
        "gbk-as-us-ascii": wire.text(TEXT, "us-ascii", "gbk", "quoted-printable"),
        "gbk-as-iso-8859-1": wire.text(TEXT, "iso-8859-1", "gbk", "8bit"),
        "gb18030-as-gb2312": wire.text(TEXT, "gb2312", "gb18030"),
        "utf8-as-gb2312": wire.text(TEXT, "gb2312", "utf-8"),
        "utf8-bom": wire.text("\ufeff" + TEXT, "utf-8"),
        "utf16": wire.text(TEXT, "utf-16"),
        "hz": wire.text(TEXT, "hz-gb-2312", "hz", "7bit"),
        "hz-unlabelled": wire.text(TEXT, "us-ascii", "hz", "7bit"),
        "utf7": wire.text(TEXT, "utf-7", "utf-7", "7bit"),
        "no-content-type": wire.part([], TEXT.replace("\n", "\r\n").encode("gbk"), "8bit"),
        "meta-only": wire.part([b"Content-Type: text/html"], meta.encode("gbk"), "quoted-printable"),
        "html-only": wire.text(f"<html><body>{rows}</body></html>", "GBK", "gbk", "quoted-printable", "html"),
        "preformatted": wire.text(f"<html><pre>{TEXT}</pre></html>", kind="html"),
        "html-entities": wire.text(
            "<p>" + "</p><p>".join("".join(f"&#{ord(c)};" for c in line) for line in TEXT.split("\n")), kind="html"
        ),
        "flowed": wire.part(
            [b"Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes"], flowed.encode(), "8bit"
        ),
        "nul-bytes": wire.part(
            [b"Content-Type: text/plain; charset=utf-8"], TEXT.replace("\n", "\x00\r\n").encode(), "8bit"
        ),
        "qp-bad-escapes": wire.part(
            [b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable"],
            wire.coded(TEXT.encode(), "quoted-printable").lower().replace(b"=\r\n", b"= \r\n"),
            "",
        ),
    }
