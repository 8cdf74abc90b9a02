"""HEIC, the photos of iPhones, decoded by pillow-heif where it is installed; their size is known without it.

ISO/IEC 23008-12: the `meta` box says which item is the picture (`pitm`), and which properties it has (`iprp`):
its size (`ispe`) and whether it lies on its side (`irot`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from intake.readers import Given, Reading, Refused, reads
from intake.readers.image import described
from intake.tools import importable

MAX_BOXES = 5000
_META = 4 << 20
"""Bytes of the head in which the `meta` box must end."""


@reads("heic")
def read_heic(path: Path, given: Given) -> Reading:
    """Decode the photo and measure it upright."""
    told = size_told(path)
    if not importable("pillow_heif"):
        size = f"{told[0]}×{told[1]}, " if told else ""
        raise Refused("unsupported", f"{size}pillow-heif is not installed", missing="pillow-heif")
    import pillow_heif

    if told and told[0] * told[1] > MAX_PIXELS:
        raise Refused("too-large", f"{told[0]}×{told[1]} pixels")
    pillow_heif.register_heif_opener(thumbnails=False)
    return described(path, given, "HEIF")


MAX_PIXELS = 89_000_000
"""Decoded at 4 bytes each, they must fit into one child."""


def size_told(path: Path) -> tuple[int, int] | None:
    """Upright pixels of the main picture by the header; None when it does not tell."""
    with path.open("rb") as file:
        data = file.read(_META)
    try:
        return _size(data)
    except (struct.error, IndexError):
        return None


def _size(data: bytes) -> tuple[int, int] | None:
    meta = next((body for kind, body in _boxes(data) if kind == b"meta"), b"")[4:]
    parts = dict(_boxes(meta))
    main = _primary(parts.get(b"pitm", b""))
    inside = dict(_boxes(parts.get(b"iprp", b"")))
    properties = list(_boxes(inside.get(b"ipco", b"")))
    width = height = turns = 0
    for index in _associated(inside.get(b"ipma", b""), main):
        kind, body = properties[index - 1] if 0 < index <= len(properties) else (b"", b"")
        if kind == b"ispe":
            width, height = struct.unpack_from(">II", body, 4)
        elif kind == b"irot":
            turns = body[0] & 3
    if not width or not height:
        return None
    return (height, width) if turns % 2 else (width, height)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, seen = 0, 0
    while at + 8 <= len(data) and seen < MAX_BOXES:
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1 and at + 16 <= len(data):
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        if size < head:
            return
        yield kind, data[at + head : at + size]
        at, seen = at + size, seen + 1


def _primary(box: bytes) -> int:
    return int.from_bytes(box[4:8] if box[:1] == b"\x01" else box[4:6], "big")


def _associated(box: bytes, item: int) -> list[int]:
    """Numbers of the properties of one item (`ipma`), counted from 1."""
    version, wide = box[0], box[3] & 1
    (entries,) = struct.unpack_from(">I", box, 4)
    at = 8
    for _ in range(min(entries, MAX_BOXES)):
        (id,) = struct.unpack_from(">I" if version else ">H", box, at)
        at += 4 if version else 2
        count = box[at]
        at += 1
        step = 2 if wide else 1
        if id == item:
            values = [int.from_bytes(box[at + n * step : at + (n + 1) * step], "big") for n in range(count)]
            return [value & (0x7FFF if wide else 0x7F) for value in values]
        at += count * step
    return []
