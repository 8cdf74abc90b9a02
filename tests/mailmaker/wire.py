"""Mail bytes put together by hand: encoded words, parameters, parts. Nothing is mended on the way.

The standard library would write clean mail; what units send is not clean, so every form is spelled out here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import quopri
from collections.abc import Iterable, Sequence
from urllib.parse import quote_from_bytes

END = b"\r\n"
Headers = Sequence[tuple[str, bytes]]


def content(seed: str, size: int = 400) -> bytes:
    """Bytes of a file, always the same for the same seed; they begin as the suffix wants it."""
    starts = {
        "jpg": b"\xff\xd8\xff\xe0", "jpeg": b"\xff\xd8\xff\xe0", "png": b"\x89PNG\r\n\x1a\n", "gif": b"GIF89a",
        "pdf": b"%PDF-1.4\n", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "zip": b"PK\x03\x04",
        "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "rar": b"Rar!\x1a\x07\x00",
    }  # fmt: skip
    out = starts.get(seed.rpartition(".")[2].lower(), b"")
    block = seed.encode()
    while len(out) < size:
        block = hashlib.sha256(block).digest()
        out += block
    return out[:size]


def word(data: bytes, label: str, size: int = 45, form: str = "B", gap: bytes = b"\r\n ") -> bytes:
    """Encoded words of `size` bytes each, cut wherever that falls, as webmail cuts."""
    pieces = [data[start : start + size] for start in range(0, len(data), size)] or [b""]
    return gap.join(
        b"=?" + label.encode() + b"?" + form.encode() + b"?" + _coded(each, form) + b"?=" for each in pieces
    )


def _coded(data: bytes, form: str) -> bytes:
    if form == "B":
        return base64.b64encode(data)
    return b"".join(bytes([b]) if chr(b).isascii() and chr(b).isalnum() else b"=%02X" % b for b in data)


def percent(data: bytes) -> bytes:
    """Percent-encoded, as RFC 2231 values are."""
    return quote_from_bytes(data, safe="").encode()


def segments(key: str, data: bytes, label: str, size: int = 20, plain_cut: bool = False) -> bytes:
    """RFC 2231 continuations of `size` bytes; `plain_cut` cuts the escaped text, even within an escape."""
    if plain_cut:
        escaped = percent(data)
        pieces = [escaped[start : start + size] for start in range(0, len(escaped), size)]
    else:
        pieces = [percent(data[start : start + size]) for start in range(0, len(data), size)]
    first = f"{label}''".encode() if label else b""
    return b";\r\n ".join(
        f"{key}*{number}*=".encode() + (first if number == 0 else b"") + piece for number, piece in enumerate(pieces)
    )


def lines64(data: bytes, width: int = 76) -> bytes:
    """Base64 in lines."""
    text = base64.b64encode(data)
    return b"".join(text[start : start + width] + END for start in range(0, len(text), width))


def coded(data: bytes, encoding: str, width: int = 76) -> bytes:
    """A body in a transfer encoding."""
    if encoding == "base64":
        return lines64(data, width)
    if encoding == "quoted-printable":
        return quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", END)
    return data


def part(headers: Iterable[bytes], data: bytes, encoding: str = "base64", width: int = 76) -> bytes:
    """One part; "" as encoding writes no such header."""
    lines = [*headers, *([b"Content-Transfer-Encoding: " + encoding.encode()] if encoding else [])]
    return END.join(lines) + END + END + coded(data, encoding, width)


def text(words: str, label: str = "utf-8", codec: str = "", encoding: str = "base64", kind: str = "plain") -> bytes:
    """A text part; `label` "" leaves the charset out."""
    charset = f'; charset="{label}"'.encode() if label else b""
    data = words.replace("\n", "\r\n").encode(codec or label or "utf-8")
    return part([b"Content-Type: text/" + kind.encode() + charset], data, encoding)


def multi(
    kind: str, *parts: bytes, boundary: str, extra: bytes = b"", close: bool = True, preamble: bytes = b""
) -> bytes:
    """A multipart with its own header line, to stand after other headers or as a part."""
    mark = boundary.encode()
    out = b"Content-Type: multipart/" + kind.encode() + extra + b';\r\n\tboundary="' + mark + b'"\r\n\r\n' + preamble
    out += b"".join(b"--" + mark + END + each + END for each in parts)
    return out + (b"--" + mark + b"--\r\n" if close else b"")


def attached(name: bytes, data: bytes, kind: str = "application/octet-stream", encoding: str = "base64") -> bytes:
    """An attachment; `name` is everything behind `attachment` in its Content-Disposition."""
    disposition = b"Content-Disposition: attachment" + (b"; " + name if name else b"")
    return part([b"Content-Type: " + kind.encode(), disposition], data, encoding)


def uuencoded(name: bytes, data: bytes) -> bytes:
    """A file between begin and end."""
    rows = [binascii.b2a_uu(data[start : start + 45]).rstrip(b"\n") for start in range(0, len(data), 45)]
    return b"begin 644 " + name + END + END.join(rows) + b"\r\n`\r\nend\r\n"


def head(
    *more: bytes,
    sender: bytes = b"<liufang@qinghe.example>",
    subject: bytes = b"",
    to: bytes = b"<zlb@yunling.example>",
    id: str = "1",
    path: bytes = b"<liufang@qinghe.example>",
) -> bytes:
    """The headers of a mail that has arrived, without Content-Type; ends in a line end."""
    lines = [
        b"Return-Path: " + path,
        b"Received: from mx.qinghe.example (unknown [192.0.2.8]) by mail.yunling.example with ESMTP id "
        + hashlib.sha256(id.encode()).hexdigest()[:12].encode() + b";\r\n\tMon, 10 Oct 2022 09:12:33 +0800 (CST)",
        b"Date: Mon, 10 Oct 2022 09:12:30 +0800",
        b"From: " + sender,
        b"To: " + to,
        b"Subject: " + subject,
        b"Message-ID: <" + id.encode() + b"@mail.qinghe.example>",
        b"MIME-Version: 1.0",
        *more,
    ]  # fmt: skip
    return END.join(lines) + END
