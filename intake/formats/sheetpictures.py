"""Pictures in workbooks: drawn over the cells, or (WPS) within them. Where among the cells they stand is not asked."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from xml.parsers.expat import ExpatError

import msgspec

from intake.formats.officeart import blips
from intake.formats.package import parse_xml, relations, slices
from intake.readers.image import picture_in
from rules.facts import Picture

MAX_PICTURES = 200
_DRAWING = re.compile(r"xl/(drawings/drawing[0-9]+|cellimages)\.xml")
_GROUP, _CONTINUE = 0x00EB, 0x003C


def in_package(package: zipfile.ZipFile, kind: str) -> tuple[Picture, ...]:
    """Those of an xlsx or ods, in the order of its drawings, each once; none where the drawings are broken."""
    try:
        parts = _ods_parts(package) if kind == "ods" else list(_xlsx_parts(package))
    except (zipfile.BadZipFile, zlib.error, ExpatError, EOFError, KeyError):
        return ()  # the cells may be sound, and they are what a workbook is for
    unique = islice(dict.fromkeys(part for part in parts if part), MAX_PICTURES)
    return tuple(picture_in(package, part) for part in unique)


def in_biff(workbook: bytes) -> tuple[Picture, ...]:
    """Those of an xls: its drawing group, in records of at most 8 KB ([MS-XLS] 2.4.171 MsoDrawingGroup)."""
    group, at, inside = bytearray(), 0, False
    while at + 4 <= len(workbook):
        record, length = struct.unpack_from("<HH", workbook, at)
        inside = record == _GROUP or (inside and record == _CONTINUE)
        if inside:
            group += workbook[at + 4 : at + 4 + length]
        at += 4 + length
    found = islice(blips(bytes(group)), MAX_PICTURES)
    return tuple(msgspec.structs.replace(picture, name=f"图片{number}") for number, picture in enumerate(found, 1))


def _xlsx_parts(package: zipfile.ZipFile) -> Iterator[str]:
    for drawing in sorted(filter(_DRAWING.fullmatch, package.namelist()), key=lambda part: (len(part), part)):
        targets = relations(package, drawing)
        ids: list[str] = []

        def start(tag: str, attributes: dict[str, str], ids: list[str] = ids) -> None:
            if tag.endswith(" blip"):
                ids.extend(value for key, value in attributes.items() if key.endswith("/relationships embed"))

        parse_xml(slices(package, drawing), start)
        yield from (targets[id][0] for id in ids if id in targets)


def _ods_parts(package: zipfile.ZipFile) -> list[str]:
    parts: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith(":drawing:1.0 image"):
            parts.extend(value.removeprefix("./") for key, value in attributes.items() if key.endswith("xlink href"))

    parse_xml(slices(package, "content.xml"), start)
    return [part for part in parts if part.startswith("Pictures/")]
