"""Files and mails that ask for far more time or memory than they have bytes; made here, none is kept.

`FILES` are attachments by name, `MAILS` whole mails. Each maker is called when its bomb is wanted.
"""

from __future__ import annotations

import base64
import bz2
import io
import lzma
import random
import struct
import zlib
from collections.abc import Callable, Iterable
from itertools import pairwise

from tests.intake.mails_made import hungry_xlsx, slow_jpeg
from tests.intake.readers.samples import Samples
from tests.intake.readers.test_sheet import ods

HEAD = "From: 滨江区 <binjiang@unit.example>\r\nTo: zlb@office.example\r\nSubject: bomb\r\n".encode()
MIXED = HEAD + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
TYPES = "[Content_Types].xml"
_MEGA = 1 << 20
NOISE = random.Random(3).randbytes(15_000).hex().encode()
"""Letters and digits that do not pack well."""


def deflated(unit: bytes, times: int, before: bytes = b"", after: bytes = b"") -> tuple[bytes, int, int]:
    """`before`, `unit` so many times, `after`, as one deflate stream without compressing it all: (stream, crc, size)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(before) + packer.flush(zlib.Z_FULL_FLUSH)
    body = packer.compress(unit) + packer.flush(zlib.Z_FULL_FLUSH)
    tail = packer.compress(after) + packer.flush()
    crc = zlib.crc32(before)
    for _ in range(times):
        crc = zlib.crc32(unit, crc)
    crc = zlib.crc32(after, crc)
    return head + body * times + tail, crc, len(before) + len(unit) * times + len(after)


def packed(*members: tuple[str, bytes | tuple[bytes, int, int]], declared: int | None = None) -> bytes:
    """A zip of plain members, and of members made by `deflated`; `declared` is a lie about the size of the latter."""
    out, listing, count = io.BytesIO(), io.BytesIO(), 0
    for name, data in members:
        stream, crc, size = data if isinstance(data, tuple) else deflated(data, 1)
        size = declared if declared is not None and isinstance(data, tuple) else size
        raw = name.encode()
        fields = struct.pack("<HHHHHIIIHH", 20, 0x800, 8, 0, 0x21, crc, len(stream), size, len(raw), 0)
        place = out.tell()
        out.write(b"PK\x03\x04" + fields + raw + stream)
        listing.write(b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, place) + raw)
        count += 1
    place, length = out.tell(), listing.tell()
    return (
        out.getvalue()
        + listing.getvalue()
        + b"PK\x05\x06"
        + struct.pack("<HHHHIIH", 0, 0, count, count, length, place, 0)
    )


def overlapping(entries: int, kernel: int) -> bytes:
    """Many entries that all point at the same data: each is sound, together they inflate to entries times kernel."""
    data, crc, size = deflated(bytes(_MEGA), kernel)
    out, listing = io.BytesIO(), io.BytesIO()
    names = [f"{number}.txt".encode() for number in range(entries)]
    name = names[0]
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, crc, len(data), size, len(name), 0)
    out.write(b"PK\x03\x04" + fields + name + data)
    for name in names:
        fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, crc, len(data), size, len(name), 0)
        listing.write(b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name)
    end = struct.pack("<HHHHIIH", 0, 0, entries, entries, listing.tell(), out.tell(), 0)
    return out.getvalue() + listing.getvalue() + b"PK\x05\x06" + end


def nested(depth: int, width: int) -> bytes:
    """42.zip in small: archives within archives, each level `width` times the next."""
    data = packed(("0.txt", deflated(bytes(_MEGA), 100)))
    for level in range(depth):
        data = Samples.zip(*((f"{level}-{number}.zip", data) for number in range(width)))
    return data


def workbook(sheet: bytes | tuple[bytes, int, int], **more: bytes | tuple[bytes, int, int]) -> bytes:
    """An xlsx around one sheet part."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = (
        f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        f'package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>'
    )
    tie = '<Relationships xmlns="{0}/relationships"><Relationship Id="r1" Type="{1}/{2}" Target="{3}"/></Relationships>'
    book = (
        f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    return packed(
        (TYPES, types.encode()),
        ("_rels/.rels", tie.format(package, rel, "officeDocument", "xl/workbook.xml").encode()),
        ("xl/workbook.xml", book.encode()),
        ("xl/_rels/workbook.xml.rels", tie.format(package, rel, "worksheet", "worksheets/sheet1.xml").encode()),
        ("xl/worksheets/sheet1.xml", sheet),
        *((name.replace("__", "/") + ".xml", part) for name, part in more.items()),
    )


_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_SHEET_END = b"</sheetData></worksheet>"


CELL = b'<row><c t="inlineStr"><is><t>%s</t></is></c></row>'


def rows(mega: int, *, noise: bool) -> bytes:
    """A sheet of so many MB; with noise it packs no better than an honest one."""
    row = CELL % b"aaaaaaaa"
    unit = CELL % NOISE * noise + row * ((_MEGA - noise * len(NOISE)) // len(row))
    return workbook(deflated(unit, mega, _SHEET, _SHEET_END))


def one_text_in_all(cells: int) -> bytes:
    """So many cells that all show the same long text."""
    shared = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    sheet = _SHEET + b'<row><c t="s"><v>0</v></c></row>' * cells + _SHEET_END
    return workbook(sheet, xl__sharedStrings=shared % NOISE)


def far() -> bytes:
    """One cell at the far corner: 17 thousand million places."""
    return workbook(_SHEET + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + _SHEET_END)


def laughs(inside: bytes = b"&i;") -> bytes:
    """A billion laughs in a sheet."""
    names = "abcdefghi"
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)
    )
    head = f"<!DOCTYPE worksheet [{entities}]>".encode()
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + inside + b"</t></is></c></row>"
    return workbook(head + _SHEET + cell + _SHEET_END)


def quadratic() -> bytes:
    """One entity of 100 kB, used 10,000 times."""
    head = b'<!DOCTYPE worksheet [<!ENTITY a "' + b"a" * 100_000 + b'">]>'
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"&a;" * 10_000 + b"</t></is></c></row>"
    return workbook(head + _SHEET + cell + _SHEET_END)


def stranger() -> bytes:
    """An external entity that asks for a file of ours."""
    head = b'<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row>'
    return workbook(head + _SHEET + cell + _SHEET_END)


def document(body: bytes | tuple[bytes, int, int], **more: bytes) -> bytes:
    """A docx around one body part."""
    return packed(
        (TYPES, b"<Types/>"), ("word/document.xml", body), *((k.replace("__", "/"), v) for k, v in more.items())
    )


_W = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
_W_END = b"</w:body></w:document>"


_PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


def long_document(mega: int) -> bytes:
    """A docx of so many MB of short paragraphs that packs no better than an honest one."""
    noise, unit = _PARAGRAPH.format(NOISE.decode()).encode(), _PARAGRAPH.format("图1：通知").encode()
    return document(deflated(noise + unit * ((_MEGA - len(noise)) // len(unit)), mega, _W, _W_END))


def deep_document(levels: int) -> bytes:
    """Tables within tables."""
    down, up = b"<w:tbl><w:tr><w:tc><w:p>", b"</w:p></w:tc></w:tr></w:tbl>"
    noise = _PARAGRAPH.format(NOISE.decode()).encode() * (levels // 10_000)
    return document(_W + noise + down * levels + up * levels + _W_END)


def huge_png(side: int) -> bytes:
    """A white picture of side × side pixels, one bit each; the data is really there."""
    row = bytes(1 + side // 8)
    return _png(side, side, zlib.compress(row * side, 9))


def _png(width: int, height: int, data: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


def chatty_png() -> bytes:
    """Small, with 40 packed comments that inflate to 60 MB each."""
    stream, _, _ = deflated(b"a" * _MEGA, 60)
    words = b"c\0\0\x78\x9c" + stream + struct.pack(">I", 1)
    return _png(8, 8, zlib.compress(bytes(16)), *[(b"zTXt", words)] * 40)


def lying_jpeg() -> bytes:
    """A small JPEG whose header says 65,500 × 65,500."""
    data = bytearray(Samples.picture())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
    return bytes(data)


def frames_gif(count: int) -> bytes:
    """An animation of so many frames of one pixel."""
    frame = b"\x2c\0\0\0\0\1\0\1\0\0\x02\x02\x44\x01\0"
    return b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + frame * count + b";"


def endless_tiff() -> bytes:
    """A directory whose next one is itself."""
    entries = [(256, 4, 1, 30_000), (257, 4, 1, 30_000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *one) for one in entries)
    return b"II*\0\x08\0\0\0" + directory + struct.pack("<I", 8)


def fits() -> bytes:
    """A picture of astronomers that says it has 60,000 × 60,000 pixels."""
    cards = ["SIMPLE  =                    T", "BITPIX  =                    8", "NAXIS   =                    2",
             "NAXIS1  =                60000", "NAXIS2  =                60000", "END"]  # fmt: skip
    return "".join(card.ljust(80) for card in cards).ljust(2880).encode()


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 60000 60000\n%%EndComments\n{} loop\n%%EOF\n"
JP2 = b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 \0\0\0-jp2h\0\0\0\x16ihdr" + struct.pack(
    ">IIHBBBB", 60_000, 60_000, 3, 7, 7, 0, 0
)


def flate_pdf(mega: int) -> bytes:
    """One page whose content inflates to so many MB of text."""
    return _packed_pdf(b"BT /F 9 Tf (aaaaaaaa) Tj ET\n", mega)


def _packed_pdf(unit: bytes, mega: int) -> bytes:
    stream, _, _ = deflated(unit * (_MEGA // len(unit)), mega)
    data = b"\x78\x9c" + stream + b"\0\0\0\1"
    plain = Samples.pdf([b"@"])
    return plain.replace(b"<</Length 1>>stream\n@", b"<</Length %d/Filter/FlateDecode>>stream\n" % len(data) + data)


def many_pages(count: int) -> bytes:
    """A page tree that names the same page again and again."""
    plain = Samples.pdf([b"BT /F 9 Tf (a) Tj ET"])
    return plain.replace(b"/Count 1/Kids[6 0 R]", b"/Count %d/Kids[%s]" % (count, b"6 0 R " * count))


def ring_pdf() -> bytes:
    """A page tree that is its own child, and a form that draws itself."""
    plain = Samples.pdf([b"/I Do " * 10_000])
    ring = plain.replace(b"/Kids[6 0 R]", b"/Kids[2 0 R 6 0 R]")
    return ring.replace(b"/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode",
                        b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</I 4 0 R>>>>")  # fmt: skip


def huge_scan() -> bytes:
    """A page that is one picture of 60,000 × 60,000 pixels, so that we render it to look for a seal."""
    plain = Samples.pdf([b"q 595 0 0 842 0 0 cm /I Do Q"], image=Samples.picture((8, 8)))
    return plain.replace(b"/Width 8/Height 8", b"/Width 60000/Height 60000").replace(
        b"/Filter/DCTDecode", b"/Filter/FlateDecode"
    )


def deep_rtf(levels: int) -> bytes:
    """Groups within groups."""
    return b"{\\rtf1 " + b"{" * levels + b"}" * levels + b"}"


def ring_ole() -> bytes:
    """A compound file whose sectors follow each other in a ring."""
    data = bytearray(Samples.ole(WordDocument=bytes(9000)))
    for sector in range(2, 20):
        struct.pack_into("<I", data, 512 + 4 * sector, 2)
    return bytes(data)


def gz(mega: int) -> bytes:
    """So many MB of nothing, packed by gzip."""
    stream, crc, size = deflated(bytes(_MEGA), mega)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\3" + stream + struct.pack("<II", crc, size & 0xFFFFFFFF)


def spread_ods() -> bytes:
    """A row that repeats itself a million times, each with 16,384 values."""
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    return ods(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')


def flood(kind: str, count: int) -> bytes:
    """An archive of many files, each as full of words or figures as a reader keeps."""
    unit = {"csv": b"1," * 99 + b"1\n", "txt": "图1：通知\n".encode()}[kind]
    mega = {"csv": 3, "txt": 3}[kind]
    one = deflated(unit * (_MEGA // len(unit)), mega)
    return packed(*((f"{number}.{kind}", one) for number in range(count)))


def words(unit: str, mega: int = 10) -> bytes:
    """10 MB of one word, where patterns might look for it again and again."""
    data = unit.encode()
    return data * (mega * _MEGA // len(data))


def boxes() -> bytes:
    """A film of a million empty boxes."""
    return b"\0\0\0\x08ftyp" + b"\0\0\0\x08free" * 1_000_000


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "xlsx of 50 MB": ("统计表.xlsx", lambda: rows(50, noise=False)),
    "xlsx of 300 MB": ("统计表.xlsx", lambda: rows(300, noise=True)),
    "xlsx of 45 MB that passes for honest": ("统计表.xlsx", lambda: rows(45, noise=True)),
    "xlsx, one text in all cells": ("统计表.xlsx", lambda: one_text_in_all(3000)),
    "xlsx, far cell": ("统计表.xlsx", far),
    "xlsx, hidden far cell": ("统计表.xlsx", hungry_xlsx),
    "xlsx, billion laughs": ("统计表.xlsx", laughs),
    "xlsx, quadratic entities": ("统计表.xlsx", quadratic),
    "xlsx, external entity": ("统计表.xlsx", stranger),
    "xlsx that lies about its size": (
        "统计表.xlsx",
        lambda: workbook(deflated(bytes(_MEGA), 300)).replace(struct.pack("<I", 300 << 20), struct.pack("<I", 9000)),
    ),
    "ods, a repeated row": ("统计表.ods", spread_ods),
    "zip, overlapping entries": ("材料.zip", lambda: overlapping(2000, 100)),
    "zip, 42 within 42": ("材料.zip", lambda: nested(4, 16)),
    "zip of 20,001 entries": ("材料.zip", lambda: Samples.zip(*[(str(n), b"") for n in range(20_001)])),
    "zip of 10,000 entries": ("材料.zip", lambda: Samples.zip(*[(f"{n}.txt", b"x") for n in range(10_000)])),
    "zip that lies about its size": ("材料.zip", lambda: packed(("a.txt", deflated(bytes(_MEGA), 250)), declared=9)),
    "zip full of figures": ("材料.zip", lambda: flood("csv", 60)),
    "zip full of words": ("材料.zip", lambda: flood("txt", 60)),
    "gz of 1 GB": ("材料.gz", lambda: gz(1000)),
    "bz2 of 240 MB": ("材料.bz2", lambda: bz2.compress(bytes(8 * _MEGA)) * 30),
    "xz of 240 MB": ("材料.xz", lambda: lzma.compress(bytes(8 * _MEGA), preset=0) * 30),
    "png of 400 million pixels": ("图1.png", lambda: huge_png(20_000)),
    "png of 81 million pixels": ("图1.png", lambda: huge_png(9_000)),
    "png with packed comments": ("图1.png", chatty_png),
    "jpg that says 4,290 million pixels": ("图1.jpg", lying_jpeg),
    "jpg of 6,000 scans": ("图1.jpg", lambda: slow_jpeg(6000)),
    "jpg, half of it": ("图1.jpg", lambda: Samples.picture((2000, 1500))[:300_000]),
    "gif of 500,000 frames": ("图1.gif", lambda: frames_gif(500_000)),
    "tif in a ring": ("图1.tif", endless_tiff),
    "fits called jpg": ("图1.jpg", fits),
    "eps called jpg": ("图1.jpg", lambda: EPS),
    "jp2 called jpg": ("图1.jpg", lambda: JP2),
    "pdf of 1 GB of words": ("总结.pdf", lambda: flate_pdf(1000)),
    "pdf of 300,000 pages": ("总结.pdf", lambda: many_pages(300_000)),
    "pdf in a ring": ("总结.pdf", ring_pdf),
    "pdf of one huge picture": ("总结.pdf", huge_scan),
    "docx of 300 MB": ("总结.docx", lambda: long_document(300)),
    "docx of 45 MB that passes for honest": ("总结.docx", lambda: long_document(45)),
    "docx of 100,000 tables within tables": ("总结.docx", lambda: deep_document(100_000)),
    "rtf of 3,000,000 groups": ("总结.rtf", lambda: deep_rtf(3_000_000)),
    "doc in a ring": ("总结.doc", ring_ole),
    "mp4 of a million boxes": ("视频.mp4", boxes),
    "txt of one sign": ("总结.txt", lambda: words("a")),
    "txt of one word": ("总结.txt", lambda: words("通知")),
    "txt of lines of captions": ("照片说明.txt", lambda: words("图1：通知\n")),
    "csv of quotes": ("统计表.csv", lambda: words('"', 4)),
    "html of open tables": ("总结.html", lambda: b"<html>" + words("<table><tr><td>", 10)),
    "html of one sign": ("总结.html", lambda: b"<html>" + words("<", 10)),
}


REFUSED = {
    "xlsx of 50 MB": "too-large",
    "xlsx of 300 MB": "too-large",
    "xlsx, one text in all cells": "too-large",
    "xlsx, hidden far cell": "too-large",
    "xlsx, billion laughs": "damaged",
    "xlsx, quadratic entities": "damaged",
    "xlsx, external entity": "damaged",
    "xlsx that lies about its size": "damaged",
    "ods, a repeated row": "too-large",
    "zip of 20,001 entries": "too-large",
    "zip that lies about its size": "damaged",
    "gz of 1 GB": "too-large",
    "bz2 of 240 MB": "too-large",
    "xz of 240 MB": "too-large",
    "png of 400 million pixels": "too-large",
    "png with packed comments": "damaged",
    "jpg that says 4,290 million pixels": "too-large",
    "jpg, half of it": "damaged",
    "jp2 called jpg": "unsupported",
    "tif in a ring": "too-large",
    "docx of 300 MB": "too-large",
    "rtf of 3,000,000 groups": "damaged",
    "doc in a ring": "damaged",
    "mp4 of a million boxes": "damaged",
}
"""How those end that must not be read; the others are read, as far as the limits go."""
SLOW = frozenset(
    ("zip full of figures", "zip full of words", "gz of 1 GB", "jpg of 6,000 scans", "gif of 500,000 frames", "pdf of 1 GB of words",
     "html of open tables", "html of one sign", "xlsx, far cell", "xlsx of 45 MB that passes for honest",
     "docx of 45 MB that passes for honest", "29 levels and 300,000 boundaries", "text of senders", "page of one sign",
     "page of open tags", "page of links")
)  # fmt: skip
"""Those that take more than a second of processor time."""


def parts(count: int) -> bytes:
    """A mail of many empty parts."""
    return MIXED + b"--b\r\n\r\n\r\n" * count + b"--b--\r\n"


def levels(count: int, lines: int = 0) -> bytes:
    """Multiparts within multiparts, and below them lines that look like boundaries."""
    head = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(count))
    return HEAD + b"MIME-Version: 1.0\r\n" + head + b"--b\r\n" * lines


def mails_within(count: int) -> bytes:
    """Mails within mails."""
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * count + b"x"


def with_header(line: bytes) -> bytes:
    """A small mail with one hostile header."""
    return HEAD + line + b"\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nx\r\n"


def body(kind: bytes, data: bytes) -> bytes:
    """A mail of one text."""
    return HEAD + b"MIME-Version: 1.0\r\nContent-Type: " + kind + b"; charset=utf-8\r\n\r\n" + data


def attached(name: str, data: bytes) -> bytes:
    """A mail that brings one file."""
    named = b"Content-Disposition: attachment; filename*=UTF-8''" + "".join(f"%{b:02X}" for b in name.encode()).encode()
    coded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    head = b"--b\r\nContent-Type: application/octet-stream\r\n" + named
    return MIXED + head + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + coded + b"--b--\r\n"


def joined(pieces: Iterable[bytes], by: bytes) -> bytes:
    """Pieces in one header."""
    return by.join(pieces)


WORD = b"=?utf-8?b?6YCa55+l?="
MAILS: dict[str, Callable[[], bytes]] = {
    "100,000 parts": lambda: parts(100_000),
    "450 parts of mails": lambda: MIXED + (b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + HEAD + b"\r\nx\r\n") * 450,
    "64,000 addresses": lambda: with_header(b"Cc: " + joined((b"a%d@b.example" % n for n in range(64_000)), b",\r\n ")),
    "100,000 parameters": lambda: (
        HEAD + b"Content-Type: text/plain" + b"".join(b"; a%d=b" % n for n in range(100_000)) + b"\r\n\r\nx"
    ),
    "100,000 pieces of a name": lambda: (
        MIXED
        + b"--b\r\nContent-Disposition: attachment"
        + b"".join(b";\r\n filename*%d*=a" % n for n in range(100_000))
        + b"\r\n\r\nx\r\n--b--"
    ),
    "16,000 encoded words": lambda: with_header(b"Subject: " + joined([WORD] * 16_000, b"\r\n ")),
    "16,000 encoded words in From": lambda: with_header(
        b"From: " + joined([WORD] * 16_000, b"\r\n ") + b" <a@b.example>"
    ),
    "1,000 parentheses": lambda: with_header(b"From: " + b"(" * 1000 + b"a@b.example"),
    "100,000 parentheses": lambda: with_header(b"Sender: " + b"(" * 100_000),
    "3,000 levels": lambda: levels(3000),
    "900 levels and 30,000 boundaries": lambda: levels(900, 30_000),
    "29 levels and 300,000 boundaries": lambda: levels(29, 300_000),
    "3,000 mails within mails": lambda: mails_within(3000),
    "blank lines after a delivery status": lambda: (
        HEAD + b"Content-Type: message/delivery-status\r\n\r\n" + b"\r\n" * 250_000
    ),
    "100,000 headers": lambda: HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(100_000)) + b"\r\nx",
    "a header of 10 MB": lambda: with_header(b"Subject: " + words("a")),
    "10 MB without a line end": lambda: HEAD + b"\r\n" + words("a"),
    "5 million blank lines": lambda: HEAD + b"\r\n" + b"\n" * 5_000_000,
    "text of one sign": lambda: body(b"text/plain", words("a")),
    "text of one word": lambda: body(b"text/plain", words("通知")),
    "text of lines of captions": lambda: body(b"text/plain", words("图1：通知\r\n")),
    "text of quotation signs": lambda: body(b"text/plain", words(">", 10)),
    "text of senders": lambda: body(b"text/plain", words("发件人: a@b.example\r\n", 4)),
    "page of one sign": lambda: body(b"text/html", words("<", 10)),
    "page of open tags": lambda: body(b"text/html", words("<div><table><tr><td>", 10)),
    "page of links": lambda: body(
        b"text/html", words("<a href='https://mail.qq.com/cgi-bin/ftnExs_download?k=1&code=2'>超大附件</a>", 10)
    ),
    "uuencoded nothing": lambda: body(b"text/plain", b"begin 644 a\r\n" * 100_000),
    "quoted-printable signs": lambda: HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + words("=", 10),
    "a subject of 90 kB of one word": lambda: with_header(b"Subject: " + words("通知", 1)[:90_000]),
    "a name of 90 kB": lambda: attached("总结" * 9_000 + ".docx", b"x"),
    "winmail.dat of empty attributes": lambda: attached(
        "winmail.dat", b"\x78\x9f\x3e\x22\1\0" + (b"\2" + struct.pack("<II", 0x90, 0) + b"\0\0") * 300_000
    ),
}


def mail(name: str) -> bytes:
    """The mail of this name, or the one that brings the file of this name."""
    if name in MAILS:
        return MAILS[name]()
    file, make = FILES[name]
    return attached(file, make())


NAMES = (*FILES, *MAILS)
WHOLE_LINE = (
    "xlsx, one text in all cells", "jpg, half of it", "txt of lines of captions", "100,000 parts", "3,000 levels",
    "text of one word", *sorted(SLOW),
)  # fmt: skip
"""Those that are also sent through everything behind the reading."""
