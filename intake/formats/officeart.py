"""Pictures in old Office files: the OfficeArt records of Word, PowerPoint and Excel ([MS-ODRAW]).

A picture (`blip`) stands in a record of its own: a short head, one or two digests, then the bytes of a JPEG or PNG
as they were pasted. Metafiles (EMF, WMF) have no pixels; they are told by their kind only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice

from intake.readers.image import measure_bytes
from rules.facts import Picture

_KINDS = {0xF01A: "EMF", 0xF01B: "WMF", 0xF01C: "PICT", 0xF01D: "JPEG", 0xF01E: "PNG", 0xF01F: "BMP",
          0xF029: "TIFF", 0xF02A: "JPEG"}  # fmt: skip
_FBSE, _SHAPE, _OPTIONS, _PIB = 0xF007, 0xF00A, 0xF00B, 0x0104
_HEADS = (b"\xff\xd8\xff", b"\x89PNG", b"II*\x00", b"MM\x00*", b"GIF8")
MAX_RECORDS = 20_000
DEEP = 12


def blips(data: bytes, delayed: bytes = b"") -> Iterator[Picture]:
    """The pictures among these records, in order; `delayed` is the stream to which entries of a store point."""
    for kind, body in records(data):
        if kind == _FBSE:
            yield from _stored(body, delayed)
        elif kind in _KINDS:
            yield picture(kind, body)


def blip_at(data: bytes, place: int) -> Picture | None:
    """The picture whose record begins at a place of a stream."""
    length = int.from_bytes(data[place + 4 : place + 8], "little")
    return next(blips(data[place : place + 8 + length]), None)


def floating(art: bytes, document: bytes) -> tuple[dict[int, Picture], list[Picture]]:
    """Pictures in Word's drawings: by the number of their shape, and those within groups ([MS-DOC] 2.9.172).

    Drawings of headers (a letterhead, a logo) are left out, as in newer documents.
    """
    store: list[Picture | None] = []
    end = 8 + int.from_bytes(art[4:8], "little")
    for kind, body in records(art[:end]):
        if kind == _FBSE:
            store.append(next(_stored(body, document), None))
    single: dict[int, Picture] = {}
    grouped: list[Picture] = []
    while end + 9 <= len(art):
        header, length = art[end] == 1, int.from_bytes(art[end + 5 : end + 9], "little")
        for shape, number, group in _shapes(art[end + 1 : end + 9 + length]):
            found = store[number - 1] if 0 < number <= len(store) else None
            if found is None or header:
                continue
            if group:
                grouped.append(found)
            else:
                single[shape] = found
        end += 9 + length
    return single, grouped


def picture_number(options: bytes) -> int:
    """Number of the picture in the store, counted from 1, among the properties of a shape; 0 without one."""
    for at in range(0, min(len(options) - 5, 6 * 500), 6):
        name, value = struct.unpack_from("<HI", options, at)
        if name & 0x3FFF == _PIB and name & 0x4000:
            return int(value)
    return 0


def _shapes(drawing: bytes) -> Iterator[tuple[int, int, bool]]:
    """Number of each shape that shows a picture, number of the picture, and whether it is part of a group."""
    shape, child = 0, False
    for kind, body in records(drawing):
        if kind == _SHAPE and len(body) >= 8:
            shape, flags = struct.unpack_from("<II", body)
            child = bool(flags & 0x2)
        elif kind == _OPTIONS and (number := picture_number(body)):
            yield shape, number, child


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and body of every record that is no container, depth first; at most `MAX_RECORDS`."""
    ends, at, seen = [len(data)], 0, 0
    while ends and seen < MAX_RECORDS:
        if at + 8 > ends[-1]:
            at = ends.pop()
            continue
        version, kind, length = struct.unpack_from("<HHI", data, at)
        end = min(at + 8 + length, ends[-1])
        seen += 1
        if version & 0xF == 0xF and len(ends) < DEEP:
            ends.append(end)
            at += 8
            continue
        yield kind, data[at + 8 : end]
        at = end


def picture(kind: int, body: bytes) -> Picture:
    """One blip measured; metafiles have no pixels."""
    start = min((at for head in _HEADS if (at := body.find(head, 0, 80)) >= 0), default=-1)
    format = _KINDS.get(kind, "")
    if start < 0:
        return Picture(name="", format=format, width=0, height=0, size=len(body))
    found = measure_bytes(body[start:])
    format, width, height = found or (format, 0, 0)
    return Picture(name="", format=format, width=width, height=height, size=len(body) - start)


def _stored(body: bytes, delayed: bytes) -> Iterator[Picture]:
    """An entry of the picture store ([MS-ODRAW] 2.2.32): the blip follows in it, or stands in another stream."""
    if len(body) < 36:
        return
    size, uses, place = struct.unpack_from("<III", body, 20)
    if len(body) > 44:
        yield from blips(body[36 + body[33] :])
    elif delayed and uses and place + 8 <= len(delayed):
        yield from islice(blips(delayed[place : place + size]), 1)
