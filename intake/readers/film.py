"""Films in other containers, by their headers only: Matroska and WebM, WMV, FLV, MPEG, RealMedia.

Nothing is decoded. What a header does not tell stays None; a film that its own header calls longer than the file is
was cut on its way.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO
from uuid import UUID

from intake.readers import Given, Reading, Refused, reads
from intake.readers.video import word
from rules.facts import VideoFacts

HEAD = 1 << 20
"""Bytes at the beginning, and at the end, that are looked at."""
_CONTAINERS = frozenset((0x1549A966, 0x1654AE6B, 0xAE, 0xE0))  # Info, Tracks, TrackEntry, Video
_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_ASF_FILE = UUID("8cabdca1-a947-11cf-8ee4-00c00c205365").bytes_le
_ASF_STREAM = UUID("b7dc0791-a9b7-11cf-8ee6-00c00c205365").bytes_le
_ASF_VIDEO = UUID("bc19efc0-5b4d-11cf-a8fd-00805f5c442b").bytes_le
_FLV_CODECS = {2: "h263", 4: "vp6", 7: "avc1", 12: "hvc1"}
_MATROSKA_CODECS = {b"V_MPEG4/ISO/AVC": "avc1", b"V_MPEGH/ISO/HEVC": "hvc1"}
Told = tuple[float | None, int | None, int | None, str | None]
"""Seconds, width, height, codec."""


@reads("mkv", "webm", "wmv", "flv", "mpg", "rmvb", "ts", largest=1 << 40)
def read_film(path: Path, given: Given) -> Reading:
    """Length, size and codec, as far as the header tells them."""
    with path.open("rb") as file:
        try:
            seconds, width, height, codec = _READERS[given.kind](file, path.stat().st_size)
        except (struct.error, IndexError) as error:
            raise Refused("damaged", f"the header is cut: {error}") from error
    if seconds is not None and not 0 < seconds < 1e7:
        seconds = None
    facts = VideoFacts(
        format=given.kind,
        seconds=round(seconds, 2) if seconds is not None else None,
        width=width or None,
        height=height or None,
        codec=codec or None,
    )
    return Reading(facts=facts)


def _matroska(file: IO[bytes], size: int) -> Told:
    """RFC 9559: the segment's `Info` and the first video track, which stand before the pictures."""
    data = file.read(HEAD)
    scale, length, width, height, codec = 1_000_000, 0.0, 0, 0, ""
    track_codec, is_video = "", False
    for id, start, end in _elements(data):
        body = data[start : min(end, len(data))]
        if id == _SEGMENT and end > size:
            raise Refused("damaged", f"{size} bytes of {end}")
        if id == 0x2AD7B1:
            scale = int.from_bytes(body[:8], "big")
        elif id == 0x4489 and len(body) in (4, 8):
            (length,) = struct.unpack(">f" if len(body) == 4 else ">d", body)
        elif id == 0xAE:
            track_codec, is_video = "", False
        elif id == 0x86:
            track_codec = _MATROSKA_CODECS.get(body, body[:40].decode("ascii", "replace").removeprefix("V_").lower())
        elif id == 0x83:
            is_video = body[:1] == b"\x01"
        elif id == 0xB0 and not width:
            width = int.from_bytes(body[:8], "big")
        elif id == 0xBA and not height:
            height = int.from_bytes(body[:8], "big")
        if is_video and track_codec and not codec:
            codec = track_codec
    return length * scale / 1e9 or None, width, height, codec


def _elements(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Id, start and end of the content of each element, containers first; stops at the first pictures."""
    at = 0
    while at < len(data):
        id, at = _number(data, at, keep=True)
        length, at = _number(data, at, keep=False)
        if id == _CLUSTER:
            return
        yield id, at, at + length if length >= 0 else 0
        if id != _SEGMENT and id not in _CONTAINERS:
            if length < 0:
                return
            at += length


def _number(data: bytes, at: int, *, keep: bool) -> tuple[int, int]:
    """RFC 8794 4: the zeros before the first one bit tell how many bytes follow; -1 for "unknown"."""
    length = 9 - data[at].bit_length()
    if length > 8:
        raise IndexError("not an EBML number")
    value = int.from_bytes(data[at : at + length], "big")
    if not keep:
        value &= (1 << 7 * length) - 1
        if value == (1 << 7 * length) - 1:
            value = -1
    return value, at + length


def _asf(file: IO[bytes], size: int) -> Told:
    """Advanced Systems Format 3: the header object holds file and stream properties."""
    data = file.read(HEAD)
    end = min(len(data), int.from_bytes(data[16:24], "little"))
    seconds: float | None = None
    width = height = 0
    codec = ""
    at = 30
    while at + 24 <= end:
        kind, length = data[at : at + 16], int.from_bytes(data[at + 16 : at + 24], "little")
        if kind == _ASF_FILE:
            declared, play, roll, flags = struct.unpack_from("<Q16xQ8xQI", data, at + 40)
            if not flags & 1:  # a recorded broadcast does not know its own length
                seconds = play / 1e7 - roll / 1e3
                if declared > size:
                    raise Refused("damaged", f"{size} bytes of {declared}")
        elif kind == _ASF_STREAM and data[at + 24 : at + 40] == _ASF_VIDEO:
            width, height = struct.unpack_from("<II", data, at + 78)
            codec = word(data[at + 78 + 11 + 16 : at + 78 + 11 + 20])
        if length < 24:
            break
        at += length
    return seconds, width, height, codec


def _flv(file: IO[bytes], size: int) -> Told:
    """The numbers of `onMetaData`, as they stand in AMF 0: length and name, type 0, a double."""
    data = file.read(HEAD)

    def number(name: bytes) -> float | None:
        at = data.find(len(name).to_bytes(2, "big") + name + b"\0")
        return struct.unpack_from(">d", data, at + len(name) + 3)[0] if at >= 0 else None

    width, height, codec = number(b"width") or 0, number(b"height") or 0, number(b"videocodecid")
    whole = [int(value) if 0 < value < 1 << 20 else 0 for value in (width, height)]
    return number(b"duration"), whole[0], whole[1], _FLV_CODECS.get(int(codec) if codec and codec < 99 else 0)


def _mpeg(file: IO[bytes], size: int) -> Told:
    """ISO/IEC 13818-1 and 11172-1: the clock of the first and of the last pack, the size of the first sequence."""
    data = file.read(HEAD)
    at = data.find(b"\0\0\1\xb3")
    width = height = 0
    if 0 <= at <= len(data) - 7:
        sizes = int.from_bytes(data[at + 4 : at + 7], "big")
        width, height = sizes >> 12, sizes & 0xFFF
    first = _clock(data, data.find(b"\0\0\1\xba"))
    file.seek(max(0, size - HEAD))
    tail = file.read(HEAD)
    last = _clock(tail, tail.rfind(b"\0\0\1\xba"))
    seconds = (last - first) / 90_000 if first is not None and last is not None and last > first else None
    return seconds, width, height, "mpeg" if width else None


def _clock(data: bytes, at: int) -> int | None:
    if at < 0 or at + 9 > len(data):
        return None
    b = data[at + 4 : at + 9]
    if b[0] >> 6 == 1:  # MPEG 2
        bits = int.from_bytes(b, "big")
        return (bits >> 35 & 7) << 30 | (bits >> 19 & 0x7FFF) << 15 | (bits >> 3 & 0x7FFF)
    return (b[0] >> 1 & 7) << 30 | (int.from_bytes(b[1:3], "big") >> 1) << 15 | int.from_bytes(b[3:5], "big") >> 1


def _real(file: IO[bytes], size: int) -> Told:
    """RealMedia: milliseconds in the properties chunk, size in the description of the video stream."""
    data = file.read(HEAD)
    seconds, width, height, codec = None, 0, 0, ""
    at = data.find(b"PROP")
    if at >= 0:
        seconds = struct.unpack_from(">I", data, at + 30)[0] / 1000
    at = data.find(b"VIDO")
    if at >= 0:
        codec = word(data[at + 4 : at + 8])
        width, height = struct.unpack_from(">HH", data, at + 8)
    return seconds, width, height, codec


def _unread(file: IO[bytes], size: int) -> Told:
    return None, None, None, None


_READERS: dict[str, Callable[[IO[bytes], int], Told]] = {
    "mkv": _matroska,
    "webm": _matroska,
    "wmv": _asf,
    "flv": _flv,
    "mpg": _mpeg,
    "rmvb": _real,
    "ts": _unread,
}
