"""Archives that were cut into volumes: one part alone cannot be opened, and is not broken for that."""

from __future__ import annotations

import re
import struct
from pathlib import Path

WHY = "one volume of a split archive"
_NAMES = re.compile(r"\.part\d+\.rar|\.[rz]\d\d|\.(?:zip|rar|7z|tar|gz|tgz)\.\d{2,3}", re.IGNORECASE)
_RAR4, _RAR5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_MAIN_4, _MAIN_5 = 0x73, 1
_END_OF_ZIP, _SPLIT_ZIP = b"PK\x05\x06", b"PK\x07\x08"
_TAIL = 66_000
"""Bytes at the end in which a zip says how it ends: 22 and a comment of at most 65,535."""


def is_named_so(name: str) -> bool:
    """True for the names that archivers give to volumes.

    >>> is_named_so("材料.part2.rar"), is_named_so("材料.zip.001"), is_named_so("材料.rar")
    (True, True, False)
    """
    return any(match.end() == len(name) for match in _NAMES.finditer(name.strip()))


def is_marked_so(path: Path, kind: str) -> bool:
    """True when the archive itself says that it is one of several volumes."""
    if kind not in ("rar", "zip"):
        return False
    with path.open("rb") as file:
        head = file.read(64)
        if kind == "rar":
            return _rar5(head) if head.startswith(_RAR5) else head.startswith(_RAR4) and _rar4(head)
        size = path.stat().st_size
        file.seek(max(0, size - _TAIL))
        return _zip(head, file.read())


def _rar4(head: bytes) -> bool:
    """The flag of the main header, right behind the signature."""
    _, kind, flags = struct.unpack_from("<HBH", head, len(_RAR4))
    return kind == _MAIN_4 and bool(flags & 1)


def _rar5(head: bytes) -> bool:
    """Behind signature and checksum: size, kind, flags, perhaps the size of an extra area, flags of the archive."""
    position, numbers = len(_RAR5) + 4, list[int]()
    while position < len(head) and len(numbers) < 5:
        value = shift = 0
        while position < len(head):
            value |= (head[position] & 0x7F) << shift
            shift, position = shift + 7, position + 1
            if head[position - 1] < 0x80:
                break
        numbers.append(value)
    if len(numbers) < 3 or numbers[1] != _MAIN_5:
        return False
    flags = numbers[4:5] if numbers[2] & 1 else numbers[3:4]
    return bool(flags and flags[0] & 1)


def _zip(head: bytes, tail: bytes) -> bool:
    """The last volume tells its number, which is not 0; the first begins with a mark of its own and does not end."""
    place = tail.rfind(_END_OF_ZIP)
    if place < 0:
        return head.startswith(_SPLIT_ZIP)
    end = tail[place + 4 : place + 6]
    return len(end) == 2 and end not in (b"\0\0", b"\xff\xff")  # all ones: told in zip64 instead
