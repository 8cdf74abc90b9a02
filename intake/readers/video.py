"""Films, by their headers only: MP4, MOV, M4V, 3GP (ISO/IEC 14496-12), AVI; `film` reads the others.

Nothing is decoded. A film whose boxes reach beyond the end of the file was cut on its way.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from intake.readers import Given, Reading, Refused, reads
from rules.facts import VideoFacts

MAX_BOXES = 10_000
"""Boxes that are looked at in one file."""


@reads("mp4", "mov", "m4v", "3gp", largest=1 << 40)
def read_mp4(path: Path, given: Given) -> Reading:
    """Length, upright size and codec from the `moov` box."""
    size = path.stat().st_size
    with path.open("rb") as file:
        film = _Film()
        film.walk(file, 0, size)
    if not film.moov:
        raise Refused("damaged", "no moov box: the film is cut or was never finished")
    if film.cut:
        raise Refused("damaged", "the film is cut")
    return Reading(
        facts=VideoFacts(
            format=given.kind,
            seconds=film.seconds,
            width=film.width,
            height=film.height,
            codec=film.codec,
        )
    )


@reads("avi", largest=1 << 40)
def read_avi(path: Path, given: Given) -> Reading:
    """Length and size from the main header (`avih`), codec from the first video stream."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4096)
    declared = int.from_bytes(head[4:8], "little")
    at = head.find(b"avih")
    if at < 0 or at + 48 > len(head):
        raise Refused("damaged", "no avih header")
    if declared + 8 > size + 1:
        raise Refused("damaged", f"{size} bytes of {declared + 8}")
    per_frame, frames, width, height = struct.unpack_from("<I12xI12xII", head, at + 8)
    stream = head.find(b"strh")
    codec = head[stream + 12 : stream + 16] if stream > 0 and head[stream + 8 : stream + 12] == b"vids" else b""
    return Reading(
        facts=VideoFacts(
            format="avi",
            seconds=round(per_frame * frames / 1e6, 2) or None,
            width=width or None,
            height=height or None,
            codec=word(codec) or None,
        )
    )


class _Film(msgspec.Struct):
    """What the boxes told so far."""

    moov: bool = False
    cut: bool = False
    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    codec: str | None = None
    boxes: int = 0
    is_video: bool = False
    track_size: tuple[int, int] = (0, 0)

    def walk(self, file: IO[bytes], start: int, end: int, depth: int = 0) -> None:
        """Visit the boxes between two places of the file, and those inside containers."""
        for kind, body, after in self._boxes(file, start, end, depth):
            if kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex") and depth < 8:
                self.moov |= kind == b"moov"
                if kind == b"trak":
                    self.is_video, self.track_size = False, (0, 0)
                self.walk(file, body, after, depth + 1)
            elif kind in (b"mvhd", b"mehd", b"tkhd", b"hdlr", b"stsd"):
                file.seek(body)
                self._told(kind, file.read(min(after - body, 256)))

    def _boxes(self, file: IO[bytes], start: int, end: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
        """ISO/IEC 14496-12 4.2: size, type; size 1 = 64 bits follow, 0 = to the end of the file."""
        at = start
        while at + 8 <= end and self.boxes < MAX_BOXES:
            self.boxes += 1
            file.seek(at)
            size, kind = struct.unpack(">I4s", file.read(8))
            header = 8
            if size == 1:
                size, header = int.from_bytes(file.read(8), "big"), 16
            elif size == 0:
                size = end - at
            if size < header:
                return
            if at + size > end:
                self.cut |= depth == 0
                if kind != b"moov":
                    return
            yield kind, at + header, min(at + size, end)
            at += size

    def _told(self, kind: bytes, data: bytes) -> None:
        if kind == b"mvhd" and len(data) >= 32:  # 8.2.2: version 1 has 64-bit times
            scale, length = struct.unpack_from(">IQ", data, 20) if data[0] == 1 else struct.unpack_from(">II", data, 12)
            unknown = 0xFFFFFFFF if data[0] == 0 else 0xFFFFFFFFFFFFFFFF
            if scale and length not in (0, unknown):
                self.seconds = round(length / scale, 2)
        elif kind == b"tkhd" and len(data) >= 84:  # 8.3.2: matrix, then width and height in 16.16
            place = 88 if data[0] == 1 else 76
            matrix = struct.unpack_from(">9i", data, place - 36)
            width, height = (value >> 16 for value in struct.unpack_from(">II", data + bytes(12), place))
            self.track_size = (height, width) if matrix[0] == 0 and matrix[1] != 0 else (width, height)
        elif kind == b"hdlr" and len(data) >= 12 and data[4:8] != b"dhlr":  # QuickTime names the data's handler too
            self.is_video = data[8:12] == b"vide"
        elif kind == b"stsd" and len(data) >= 16 and self.is_video and self.codec is None:
            self.codec = word(data[12:16]) or None
            if all(self.track_size):
                self.width, self.height = self.track_size


def word(code: bytes) -> str:
    """A four-character code as text, "" when it is not printable ASCII."""
    text = code.decode("ascii", "replace").strip().lower()
    return text if text.isprintable() and "\ufffd" not in text else ""
