"""Zip containers from outside, opened with care: docx, xlsx, ods and plain archives.

The sizes that a container declares are checked before anything is inflated: 2.5 MB of xlsx can hold
50 MB of XML, 15 MB can hold 300. What is inflated nevertheless is counted while it is read, since
declared sizes may lie.
"""

from __future__ import annotations

import posixpath
import stat
import struct
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from intake.mail.charset import decode

PART_TOTAL = 50 << 20
"""Bytes that all parts of one document may inflate to."""
RATIO = 100
"""Inflated to packed size, of the whole document."""
RATIO_FREE = 1 << 20
"""Documents that inflate to less than this are not judged by their ratio."""
ENTRIES = 2000
DIRECTORY = 8 << 20
"""Bytes of a central directory; it is read into memory as a whole."""
_END = struct.Struct("<4s4H2LH")
_SLICE = 1 << 18


class TooLarge(Exception):
    """The container would inflate beyond the limits."""


def directory(path: Path, entries: int = ENTRIES) -> zipfile.ZipFile:
    """Open a container after a look at its end record only.

    Raises `TooLarge` for directories beyond the limits and `zipfile.BadZipFile` for what is no zip.
    """
    with path.open("rb") as file:
        head = file.read(4)
        size = file.seek(0, 2)
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile("no end record")
    _, _, _, _, count, length, start, _ = _END.unpack_from(tail, at)
    if (
        head == b"PK\x03\x04"
        and start + length < size - len(tail) + at
        and start != 0xFFFFFFFF
        and not _is_64(tail, at)
    ):
        raise zipfile.BadZipFile("cut: the end is that of an archive within")
    if (count == 0xFFFF or length == 0xFFFFFFFF) and _is_64(tail, at):
        count, length = _end64(path, int.from_bytes(tail[at - 12 : at - 4], "little"))
    if count > entries or length > DIRECTORY:
        raise TooLarge(f"{count} entries, directory of {length} bytes")
    return zipfile.ZipFile(path)


def _is_64(tail: bytes, at: int) -> bool:
    """A zip64 locator stands right before the end record."""
    return tail[max(0, at - 20) : max(0, at - 16)] == b"PK\x06\x07"


def _end64(path: Path, at: int) -> tuple[int, int]:
    """Entries and bytes of the directory by the zip64 end record (APPNOTE 4.3.14)."""
    with path.open("rb") as file:
        file.seek(min(at, 1 << 62))
        record = file.read(56)
    if len(record) < 56 or not record.startswith(b"PK\x06\x06"):
        raise zipfile.BadZipFile("no zip64 end record")
    count, length = struct.unpack_from("<QQ", record, 32)
    return count, length


def document(path: Path) -> zipfile.ZipFile:
    """Open a container whose parts will all be inflated; raises like `directory`."""
    package = directory(path)
    total = sum(entry.file_size for entry in package.infolist())
    packed = max(1, path.stat().st_size)
    if total > PART_TOTAL or (total > RATIO_FREE and total / packed > RATIO):
        package.close()
        raise TooLarge(f"{packed} bytes would inflate to {total}")
    return package


def slices(package: zipfile.ZipFile, entry: zipfile.ZipInfo | str, limit: int = PART_TOTAL) -> Iterator[bytes]:
    """Inflate one part piece by piece; raises `TooLarge` past `limit`, whatever size it declared."""
    done = 0
    with package.open(entry) as file:
        while piece := file.read(_SLICE):
            done += len(piece)
            if done > limit:
                raise TooLarge(f"more than {limit} bytes in one part")
            yield piece


def parse_xml(pieces: Iterator[bytes], start: Any, end: Any = None, data: Any = None) -> None:
    """Stream XML through expat; declarations of entities are refused (billion laughs, XXE).

    Names come as `NAMESPACE LOCAL`, joined by one blank.
    """
    from xml.parsers import expat

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data

    def forbid(*_: object) -> int:
        raise zipfile.BadZipFile("entity declared in XML")

    parser.EntityDeclHandler = forbid
    parser.UnparsedEntityDeclHandler = forbid
    parser.ExternalEntityRefHandler = forbid
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def main_part(package: zipfile.ZipFile) -> str:
    """The part that holds the body: by the package's relations, else by its usual name."""
    for target, kind in relations(package, "").values():
        if kind.endswith("/officeDocument") and target in package.namelist():
            return target
    for usual in ("word/document.xml", "ppt/presentation.xml", "xl/workbook.xml"):
        if usual in package.namelist():
            return usual
    raise zipfile.BadZipFile("no main part")


def relations(package: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relation ids of a part → (full part name, type); external ones have ""."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith(" Relationship"):
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            outside = attributes.get("TargetMode") == "External"
            found[attributes.get("Id", "")] = ("" if outside else target, attributes.get("Type", ""))

    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path in package.namelist():
        parse_xml(slices(package, path), start)
    return found


def legacy_charset(entries: Iterable[zipfile.ZipInfo]) -> str:
    """Charset of the names without a flag: utf-8, or gb18030 where Chinese archivers write GBK without a word.

    Decided on all names together: 图片 in GBK happens to be UTF-8 for ͼƬ.
    """
    raw = b"\n".join(_raw_name(entry) for entry in entries if not entry.flag_bits & 0x800)
    return "gb18030" if decode(raw[:100_000], "gb18030").step == "declared" else "utf-8"


def name_of(entry: zipfile.ZipInfo, charset: str) -> str:
    """Name of a member as its writer meant it; backslashes become slashes.

    UTF-8 when flagged, else the Unicode Path extra field (APPNOTE 4.6.9), else `charset`, else what fits.
    """
    if entry.flag_bits & 0x800:
        name = entry.orig_filename
    else:
        raw = _raw_name(entry)
        name = next(filter(None, (_strict(_unicode_path(entry.extra), "utf-8"), _strict(raw, charset))), "")
        name = name or decode(raw).text
    return name.replace("\\", "/")


def _raw_name(entry: zipfile.ZipInfo) -> bytes:
    return entry.orig_filename.encode("cp437", "replace")  # zipfile decoded it so, and every byte has its place


def _strict(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset)
    except UnicodeDecodeError:
        return ""


def _unicode_path(extra: bytes) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, at)
        if tag == 0x7075 and length > 5:
            return extra[at + 9 : at + 4 + length]
        at += 4 + length
    return b""


def is_regular(entry: zipfile.ZipInfo) -> bool:
    """False for links, devices and other things that only a Unix archive can carry."""
    mode = entry.external_attr >> 16
    return not stat.S_IFMT(mode) or stat.S_ISREG(mode)
