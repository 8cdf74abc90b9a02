"""Makers of sample files: pictures, documents, tables, archives, films. The same arguments give the same bytes.

All content is invented. Needs the `demo` extra (python-docx); pictures carry no Chinese text, because no
font can be counted on.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.shared import Cm
from openpyxl import load_workbook
from PIL import Image, ImageDraw, ImageFont

from intake.demo.binaries import mp4, pdf, winmail

__all__ = ["docx", "filled_form", "mp4", "pdf", "photo", "recode", "winmail", "zip_gbk", "zip_utf8"]

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
    noise: int = 12,
    exif_orientation: int | None = None,
    format: str = "JPEG",
) -> bytes:
    """A picture of `width` x `height` stored pixels that looks like a photo of a hall or a street.

    `noise` (0-255) is the strength of the grain and with `quality` decides the size: 12 and 85 give about
    0.15 MB a megapixel, 48 and 88 about 0.4. `exif_orientation` 6 or 8 turns what viewers show by 90 degrees.
    `format` is Pillow's word (JPEG, PNG, WEBP, BMP, GIF, TIFF).
    """
    dice = random.Random(seed)
    image = _backdrop(width, height, dice)
    _draw_scene(image, dice)
    if noise:
        grain = Image.frombytes("L", (width, height), dice.randbytes(width * height))
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


def recode(picture: bytes, *, width: int, format: str = "JPEG", quality: int = 85) -> bytes:
    """The same picture at another width, proportions kept, in another format: what chat programs make of a photo."""
    with Image.open(io.BytesIO(picture)) as image:
        copy = image.convert("RGB").resize((width, round(image.height * width / image.width)))
    out = io.BytesIO()
    copy.save(out, format, quality=quality)
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


def filled_form(blank: Path, values: Mapping[tuple[int, int], CellValue]) -> bytes:
    """The office's blank form (.xlsx) with values written into cells of its first sheet, by (row, column) from 1.

    What the cells mean is the caller's knowledge (`intake.demo.forms`). No values give the form as a unit
    would send it back untouched.
    """
    workbook = load_workbook(blank)
    sheet = workbook.worksheets[0]
    for (row, column), value in values.items():
        sheet.cell(row, column).value = value
    out = io.BytesIO()
    workbook.save(out)
    return _settled(out.getvalue())


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
