"""Builds raw mails byte by byte, with exactly the faults a test wants; nothing is mended on the way."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Iterable
from pathlib import Path

from intake.mail.level import Leaf
from intake.mail.message import Message
from intake.mail.parse import Parsed, parse

HEAD = (
    b"Received: from mx.example.com by mail.example.gov.cn; Wed, 12 Oct 2022 17:58:03 +0800 (CST)\r\n"
    b"From: zhang@example.com\r\nTo: zlb@example.gov.cn\r\nMessage-ID: <1@example.com>\r\n"
    b"Date: Wed, 12 Oct 2022 17:58:00 +0800\r\nMIME-Version: 1.0\r\n"
)


def part(headers: Iterable[bytes], body: bytes, encoding: str = "base64") -> bytes:
    """One part: header lines, then the body in the named encoding ("" leaves it as it is)."""
    lines = list(headers)
    if encoding:
        lines.append(b"Content-Transfer-Encoding: " + encoding.encode())
    if encoding == "base64":
        body = base64.encodebytes(body).replace(b"\n", b"\r\n")
    elif encoding == "quoted-printable":
        body = quopri.encodestring(body)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def text(words: str, charset: str = "utf-8") -> bytes:
    """A text/plain part."""
    return part([f"Content-Type: text/plain; charset={charset}".encode()], words.encode(charset))


def page(words: str) -> bytes:
    """A text/html part in UTF-8."""
    return part([b"Content-Type: text/html; charset=utf-8"], words.encode())


def attached(disposition: bytes, body: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    """An attachment whose Content-Disposition parameters are given as raw bytes."""
    return part([b"Content-Type: " + kind, b"Content-Disposition: attachment; " + disposition], body)


def mixed(*parts: bytes, head: bytes = HEAD, kind: str = "mixed", boundary: str = "=_b", close: bool = True) -> bytes:
    """A multipart message."""
    mark = boundary.encode()
    out = head + b"Content-Type: multipart/" + kind.encode() + b'; boundary="' + mark + b'"\r\n\r\n'
    for each in parts:
        out += b"--" + mark + b"\r\n" + each + b"\r\n"
    return out + (b"--" + mark + b"--\r\n" if close else b"")


def nested(*parts: bytes, kind: str, boundary: str) -> bytes:
    """A multipart as a part."""
    return mixed(*parts, head=b"", kind=kind, boundary=boundary)


def read(raw: bytes, folder: Path) -> Parsed:
    """Parse; the mail must be understood."""
    (folder / "raw.eml").write_bytes(raw)
    result = parse(folder / "raw.eml", folder / "spool")
    assert isinstance(result, Parsed), result
    return result


def message(raw: bytes, folder: Path) -> Message:
    """The message of a mail that must be understood."""
    return read(raw, folder).message


def content(leaf: Leaf, folder: Path) -> bytes:
    """The decoded bytes of a leaf."""
    return (folder / "spool" / leaf.spool).read_bytes()
