"""Sound mails and files made unsound: the same damage for the same dice, in the ways that mail gets damaged or forged.

`mutated_mail` knows what mails are made of, `mutated_file` what documents are; both also flip, cut and repeat bytes.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence

Change = Callable[[bytearray, random.Random], None]

PIECES = (
    b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"\x00", b"\xff", b"\xfe\xff", b"--=_b", b"--=_b--\r\n", b"=?gb2312?B?", b"?=",
    b"=?utf-8?q?a=0D=0ABcc:_x@y?=", b'"', b"(", b"<", b">", b"@", b",", b";", b":", b"; ", b"boundary=", b"=",
    b'Content-Type: multipart/mixed; boundary="=_b"\r\n', b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Type: message/delivery-status\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Disposition: attachment; filename*0*=", b"From: a@b.example\r\n",
    b"From: a@gov.example <b@evil.example>\r\n",
    b"Subject: ", b"Auto-Submitted: auto-replied\r\n", b"In-Reply-To: <x@y>\r\n", b"begin 644 a\r\n", b"\r\nend\r\n",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x78\x9f\x3e\x22", b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\xd6\xd0",
    b"\xe4\xb8", b"\xe2\x80\xae", b"<table>", b"<!--", b"&#x110000;", b"{\\rtf", b"../../", b"CON", b"\x1b$B",
)  # fmt: skip
"""What mails and documents are made of, and what parsers trip over."""
CHARSETS = (b"gb2312", b"gbk", b"utf-8", b"us-ascii", b"utf-16", b"utf-7", b"hz-gb-2312", b"big5", b"x-none",
            b"unicode-escape", b"idna", b"base64", b"punycode", b"")  # fmt: skip
ENCODINGS = (b"base64", b"quoted-printable", b"8bit", b"binary", b"x-uuencode", b"gzip", b"")
TYPES = (b"text/plain", b"text/html", b"image/jpeg", b"multipart/mixed", b"multipart/digest", b"message/rfc822",
         b"message/partial", b"multipart/signed", b"application/ms-tnef", b"text/calendar", b"/", b"")  # fmt: skip
NAMES = ("../../etc/passwd", "CON.docx", "a\u202egpj.exe", "a" * 5000 + ".jpg", "总结" * 200 + ".docx", "", ".",
         "图1.jpg\0.exe", "=?utf-8?q?=0D=0ABcc:_x?=", "材料/图1.jpg", "C:\\x\\图1.jpg", " .docx",
         "统计表.xlsx")  # fmt: skip
_HEADERS = re.compile(rb"(?m)^[A-Za-z][A-Za-z0-9-]+:(?:[^\r\n]|\r?\n[ \t])*\r?\n")


def _flip(raw: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 1, 3, 20, 200))):
        raw[dice.randrange(len(raw))] = dice.randrange(256)


def _cut(raw: bytearray, dice: random.Random) -> None:
    del raw[max(1, dice.randrange(len(raw))) :]


def _insert(raw: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(raw) + 1)
    raw[place:place] = dice.choice(PIECES) * dice.choice((1, 1, 1, 2, 50, 3000))


def _remove(raw: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(raw))
    del raw[place : place + dice.choice((1, 2, 30, 1000))]
    raw[:] = raw or b"x"


def _repeat(raw: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(raw))
    piece = bytes(raw[place : place + dice.choice((1, 10, 100, 3000))])
    raw[place:place] = piece * dice.choice((1, 1, 2, 30, 300))


def _zero(raw: bytearray, dice: random.Random) -> None:
    place, length = dice.randrange(len(raw)), dice.choice((1, 4, 64, 4096))
    raw[place : place + length] = dice.choice((b"\0", b"\xff", b" ", b"\x80")) * len(raw[place : place + length])


def _number(raw: bytearray, dice: random.Random) -> None:
    """A length or a count that lies, as binary formats hold them."""
    width = dice.choice((1, 2, 4, 8))
    place = dice.randrange(len(raw))
    value = dice.choice((0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, dice.randrange(1 << 16)))
    new = (value & ((1 << 8 * width) - 1)).to_bytes(width, dice.choice(("little", "big")))
    raw[place : place + width] = new


BYTES: tuple[Change, ...] = (_flip, _flip, _cut, _insert, _remove, _repeat, _zero, _number)


def _lie(pattern: bytes, values: Sequence[bytes]) -> Change:
    found = re.compile(pattern, re.IGNORECASE)

    def change(raw: bytearray, dice: random.Random) -> None:
        places = [match.span(1) for match in found.finditer(raw)]
        if places:
            start, end = dice.choice(places)
            raw[start:end] = dice.choice(values)

    return change


_charset = _lie(rb"charset=\"?([\w-]*)", CHARSETS)
_word_charset = _lie(rb"=\?([\w-]+)\?[bq]\?", CHARSETS)
_encoding = _lie(rb"content-transfer-encoding:[ \t]*([\w-]*)", ENCODINGS)
_type = _lie(rb"content-type:[ \t]*([\w./-]*)", TYPES)
_name = _lie(rb"name\*?=\"?([^\";\r\n]*)", [name.encode("utf-8", "replace") for name in NAMES])
_date = _lie(rb"\n(?:date|received):[^\r\n]{0,60}?(\d{4})", (b"0001", b"9999", b"99999", b"", b"-1", b"1969"))
_boundary = _lie(rb"boundary=\"?([^\";\r\n]*)", (b"", b"--", b"x", b"(", b".*", b"a" * 600, b" "))


def _boundary_line(raw: bytearray, dice: random.Random) -> None:
    lines = list(re.finditer(rb"(?m)^--[^\r\n]{1,200}\r?\n", raw))
    if lines:
        line = dice.choice(lines)
        new = dice.choice(
            (b"", line[0] * 2, line[0] * 400, line[0].rstrip() + b"--\r\n", b"-" + line[0], line[0][:-4] + b"\r\n")
        )
        raw[line.start() : line.end()] = new


def _headers(raw: bytearray, dice: random.Random) -> None:
    """Headers swapped, doubled, taken away, renamed or broken off."""
    lines = list(_HEADERS.finditer(raw, 0, 20_000))
    if len(lines) < 2:
        return
    one, two = sorted(dice.sample(lines, 2), key=lambda line: line.start())
    match dice.randrange(5):
        case 0:
            raw[:] = raw[: one.start()] + two[0] + raw[one.end() : two.start()] + one[0] + raw[two.end() :]
        case 1:
            raw[one.end() : one.end()] = one[0] * dice.choice((1, 2, 300))
        case 2:
            del raw[one.start() : one.end()]
        case 3:
            raw[one.start() : one.start() + one[0].index(b":")] = two[0].partition(b":")[0]
        case _:
            raw[one.end() : one.end()] = b"\r\n"


def _base64(raw: bytearray, dice: random.Random) -> None:
    """Within a run of base64: foreign signs, lost signs, lost lines, other line ends."""
    lines = list(re.finditer(rb"(?m)^[A-Za-z0-9+/]{60,76}\r?\n", raw))
    if not lines:
        return
    for _ in range(dice.choice((1, 3, 40))):
        line = dice.choice(lines)
        place = dice.randrange(line.start(), line.end())
        if place < len(raw):
            raw[place : place + 1] = dice.choice((b"", b"=", b"!", b"\r\n", b"\0", b"-", b"====", b"\r\n\r\n"))


def _line_ends(raw: bytearray, dice: random.Random) -> None:
    raw[:] = raw.replace(
        b"\r\n", dice.choice((b"\n", b"\r", b"\r\r\n", b"\n\r", b"\r\n\r\n", b"\x85")), dice.choice((-1, 1, 20))
    )


MAIL: tuple[Change, ...] = (
    *BYTES, _charset, _word_charset, _encoding, _type, _name, _name, _date, _boundary, _boundary_line, _headers,
    _headers, _base64, _base64, _line_ends,
)  # fmt: skip
LARGEST = 400_000
"""Bytes that a mutated mail or file has at most; bombs are made elsewhere."""


def mutated_mail(raw: bytes, dice: random.Random) -> bytes:
    """One to four changes of a mail."""
    return _changed(raw, dice, MAIL)


def mutated_file(data: bytes, dice: random.Random) -> bytes:
    """One to four changes of a file; of one in a zip container mostly of what lies within, so that checksums hold."""
    if data.startswith(b"PK\x03\x04") and dice.random() < 0.7:
        return _inside(data, dice)
    if data.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ")) or dice.random() < 0.9:
        return _changed(data, dice, BYTES)
    return _streams(data, dice)


def _changed(raw: bytes, dice: random.Random, changes: Sequence[Change]) -> bytes:
    new = bytearray(raw or b"x")
    for _ in range(dice.choice((1, 1, 2, 4))):
        dice.choice(changes)(new, dice)
        del new[LARGEST:]
        new[:] = new or b"x"
    return bytes(new)


_PACKED = (b"\xff\xd8\xff", b"\x89PNG")
"""Pictures: packing them again costs ten times what reading the document does."""


def _inside(data: bytes, dice: random.Random) -> bytes:
    """Change one or two members, by bytes or by what XML is made of."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            names = source.namelist()
            chosen = set(dice.sample(names, min(len(names), dice.choice((1, 1, 2)))))
            for name in names:
                member = source.read(name)
                if name in chosen:
                    member = _xml(member, dice) if member.lstrip()[:1] == b"<" else _changed(member, dice, BYTES)
                packed = zipfile.ZIP_STORED if member.startswith(_PACKED) else zipfile.ZIP_DEFLATED
                target.writestr(name, member, packed)
    except Exception:  # noqa: BLE001 - zipfile raises many kinds on a container that was damaged before
        return _changed(data, dice, BYTES)
    return out.getvalue()


_VALUES = (b"", b"0", b"-1", b"1e999", b"NaN", b"99999999999999999999", b"4294967295", b"1048576", b"16384",
           b"A1:XFD1048576", b"..", b"../../x", b"/", b"#REF!", b"&amp;", b"\xef\xbf\xbd", b"true")  # fmt: skip


def _xml(data: bytes, dice: random.Random) -> bytes:
    """Elements repeated, nested, taken away; attributes and texts replaced."""
    new = bytearray(data)
    for _ in range(dice.choice((1, 2, 5))):
        attributes = [m.span(1) for m in re.finditer(rb'="([^"]{0,200})"', new)]
        elements = [m.span() for m in re.finditer(rb"<[^<>]{1,300}>[^<>]{0,300}(?:</[^<>]{1,100}>)?", new)]
        match dice.randrange(4):
            case 0 if attributes:
                start, end = dice.choice(attributes)
                new[start:end] = dice.choice(_VALUES)
            case 1 if elements:
                start, end = dice.choice(elements)
                new[end:end] = new[start:end] * dice.choice((1, 2, 200))
            case 2 if elements:
                start, end = dice.choice(elements)
                del new[start:end]
            case _:
                return _changed(bytes(new), dice, BYTES)
    return bytes(new[: 4 * LARGEST])


def _streams(data: bytes, dice: random.Random) -> bytes:
    """Change what a packed stream within the file holds (PDF, PNG); the file itself where there is none."""
    places = [match.end() for match in re.finditer(rb"stream\r?\n(?=x)|IDAT(?=x)", data)]
    if not places:
        return _changed(data, dice, BYTES)
    start = dice.choice(places)
    unpack = zlib.decompressobj()
    try:
        content = unpack.decompress(data[start:], 1 << 20)
    except zlib.error:
        return _changed(data, dice, BYTES)
    end = len(data) - len(unpack.unused_data)
    return data[:start] + zlib.compress(_changed(content, dice, BYTES)) + data[end:]
