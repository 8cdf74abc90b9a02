"""Makers of sample files: pictures, documents, tables, archives, films. The same arguments give the same bytes.

All content is invented. Needs the `demo` extra (python-docx); pictures carry no Chinese text, because no
font can be counted on.
"""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.shared import Cm
from openpyxl import load_workbook
from PIL import Image, ImageDraw, ImageFilter, ImageFont

CellValue = str | int | float | None

# everything in a sample archive is dated alike, so that the bytes depend on the arguments only
_STAMP = (2022, 9, 28, 10, 30, 0)
_CORE_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def photo(
    width: int,
    height: int,
    *,
    seed: int,
    quality: int = 85,
    noise: int = 24,
    exif_orientation: int | None = None,
    format: str = "JPEG",
) -> bytes:
    """A picture of `width` x `height` stored pixels that looks like a photo of a hall or a street.

    `noise` (0-255) is the strength of the grain and with `quality` decides the size: 24 and 85 give about
    0.2 MB a megapixel. `exif_orientation` 6 or 8 turns what viewers show by 90 degrees. `format` is
    Pillow's word (JPEG, PNG, WEBP, BMP, GIF, TIFF).
    """
    dice = random.Random(seed)
    image = _backdrop(width, height, dice)
    _draw_scene(image, dice)
    if noise:
        grain = Image.frombytes("L", (width, height), dice.randbytes(width * height))
        grain = grain.filter(ImageFilter.BoxBlur(1))
        image = Image.blend(image, grain.convert("RGB"), min(noise, 255) / 255)
    options: dict[str, Any] = {"quality": quality} if format in ("JPEG", "WEBP") else {}
    if exif_orientation is not None:
        exif = Image.Exif()
        exif[0x0112] = exif_orientation
        exif[0x010F] = "Sample"
        options["exif"] = exif
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def docx(
    title: str,
    paragraphs: Iterable[str] = (),
    *,
    pictures: Iterable[tuple[bytes, str]] = (),
    tables: Iterable[Sequence[Sequence[str]]] = (),
) -> bytes:
    """A Word document: heading, paragraphs, each picture with its caption below, tables of cells."""
    document = Document()
    document.add_heading(title, level=1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    for picture, caption in pictures:
        document.add_picture(io.BytesIO(picture), width=Cm(14))
        if caption:
            document.add_paragraph(caption)
    for rows in tables:
        table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
        table.style = "Table Grid"
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=False):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return _settled(out.getvalue())


def filled_form(blank: Path | bytes, values: Mapping[str, CellValue]) -> bytes:
    """The office's blank form (.xlsx) with values written into cells, keyed by reference such as `C5`.

    What the cells mean is the caller's knowledge: see `intake.demo.forms`. An empty mapping gives the blank
    form as a unit would send it back untouched.
    """
    workbook = load_workbook(io.BytesIO(blank) if isinstance(blank, bytes) else blank)
    sheet = workbook.worksheets[0]
    for reference, value in values.items():
        sheet[reference] = value
    out = io.BytesIO()
    workbook.save(out)
    return _settled(out.getvalue())


def pdf(text: str) -> bytes:
    """A one-page PDF whose text can be copied out; Chinese by the standard font every reader has (STSong)."""
    lines = text.splitlines() or [""]
    shown = b"".join(b"<%s> Tj T*\n" % line.encode("utf-16-be", "replace").hex().encode("ascii") for line in lines)
    content = b"BT /F1 12 Tf 72 770 Td 18 TL\n" + shown + b"ET"
    to_unicode = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Same def /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        b"1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"
    )
    return _pdf_objects(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>",
            _pdf_stream(content),
            b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
            b" /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 8 0 R >>",
            _pdf_stream(to_unicode),
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
            b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        ]
    )


def zip_utf8(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip as 7-Zip or macOS write it: names in UTF-8 with the language flag (APPNOTE 4.4.4, bit 11)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(_member(name), data)
    return out.getvalue()


def zip_gbk(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip as Chinese Windows writes it: names in GBK and nothing that says so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(_GbkInfo(name), data)
    return out.getvalue()


def mp4(seconds: float, width: int, height: int, *, padding: int = 4096, seed: int = 0) -> bytes:
    """An MP4 whose header (ISO 14496-12: ftyp, moov, one video track) is sound; the film itself is grain."""
    timescale = 1000
    duration = round(seconds * timescale)
    track = _box(
        b"trak",
        _full(
            b"tkhd",
            struct.pack(">IIIIIQHHHH", 0, 0, 1, 0, duration, 0, 0, 0, 0, 0)
            + _MATRIX
            + struct.pack(">II", width << 16, height << 16),
            flags=7,
        ),
        _box(
            b"mdia",
            _full(b"mdhd", struct.pack(">IIIIHH", 0, 0, timescale, duration, 0x55C4, 0)),
            _full(b"hdlr", struct.pack(">I4s12x", 0, b"vide") + b"VideoHandler\0"),
            _box(
                b"minf",
                _full(b"vmhd", bytes(8), flags=1),
                _box(b"dinf", _full(b"dref", struct.pack(">I", 1) + _full(b"url ", b"", flags=1))),
                _box(b"stbl", _sample_entry(width, height), *_empty_sample_tables()),
            ),
        ),
    )
    movie = _box(
        b"moov",
        _full(
            b"mvhd",
            struct.pack(">IIIIIH10x", 0, 0, timescale, duration, 0x10000, 0x100)
            + _MATRIX
            + bytes(24)
            + struct.pack(">I", 2),
        ),
        track,
    )
    film = random.Random(seed).randbytes(padding)
    return _box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41") + movie + _box(b"mdat", film)


# -- pictures -------------------------------------------------------------------------------------------


def _backdrop(width: int, height: int, dice: random.Random) -> Image.Image:
    """A sky or wall: a gradient between two colours."""
    top, bottom = ([dice.randrange(60, 240) for _ in range(3)] for _ in range(2))
    ramp = Image.linear_gradient("L").resize((width, height))
    return Image.composite(
        Image.new("RGB", (width, height), (bottom[0], bottom[1], bottom[2])),
        Image.new("RGB", (width, height), (top[0], top[1], top[2])),
        ramp,
    )


def _draw_scene(image: Image.Image, dice: random.Random) -> None:
    """Houses or shelves, people, a red banner with a few letters."""
    width, height = image.size
    draw = ImageDraw.Draw(image)
    for _ in range(dice.randrange(5, 9)):
        left, top = dice.randrange(width), dice.randrange(height // 3, height)
        colour = (dice.randrange(256), dice.randrange(256), dice.randrange(256))
        draw.rectangle((left, top, left + width // 6, height), fill=colour)
    for _ in range(dice.randrange(4, 12)):
        size = max(4, height // 14)
        x, y = dice.randrange(width), dice.randrange(height // 2, height)
        draw.rectangle((x - size // 2, y, x + size // 2, y + 3 * size), fill=(dice.randrange(90), 40, 80))
        draw.ellipse((x - size // 2, y - size, x + size // 2, y), fill=(224, 180, 150))
    band = max(8, height // 12)
    draw.rectangle((width // 10, band, width - width // 10, 2 * band), fill=(190, 20, 30))
    font = ImageFont.load_default(size=max(6, band * 3 // 4))
    draw.text((width // 8, band), f"QUALITY 2022 / {dice.randrange(1000, 9999)}", (250, 230, 90), font)


# -- archives and office files --------------------------------------------------------------------------


class _GbkInfo(zipfile.ZipInfo):
    """A member whose name goes out as GBK bytes without the language flag."""

    def __init__(self, name: str) -> None:
        super().__init__(name, _STAMP)
        self.compress_type = zipfile.ZIP_DEFLATED
        self.create_system = 0

    # zipfile asks this private hook for the bytes of the name, in both directories
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _settled(package: bytes) -> bytes:
    """An Office file packed anew with fixed dates, so that making it twice gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _CORE_DATES.sub(rb"\g<1>2022-09-28T02:30:00Z", data)
            new.writestr(_member(name), data)
    return out.getvalue()


# -- PDF ------------------------------------------------------------------------------------------------


def _pdf_stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _pdf_objects(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe4\xe5\xe6\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


# -- MP4 ------------------------------------------------------------------------------------------------

_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def _full(kind: bytes, body: bytes, *, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", flags), body)


def _sample_entry(width: int, height: int) -> bytes:
    visual = struct.pack(
        ">6xH16xHHIII H32sHh".replace(" ", ""),
        1, width, height, 0x480000, 0x480000, 0, 1, b"", 24, -1,
    )  # fmt: skip
    configuration = _box(b"avcC", b"\x01\x42\xc0\x1e\xff\xe0\x00")
    return _full(b"stsd", struct.pack(">I", 1) + _box(b"avc1", visual, configuration))


def _empty_sample_tables() -> tuple[bytes, ...]:
    return (
        _full(b"stts", bytes(4)),
        _full(b"stsc", bytes(4)),
        _full(b"stsz", bytes(8)),
        _full(b"stco", bytes(4)),
    )
