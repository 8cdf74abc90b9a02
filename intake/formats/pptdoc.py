"""PowerPoint's binary files ([MS-PPT]): the slides in order, each with its lines of text and its pictures.

A file that was saved several times holds old slides too; the directory of the last edit says which ones count.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from intake.formats.officeart import picture_number, records

ENCRYPTED = 0xF3D1C4DF
MAX_SLIDES = 500
_SLIDE, _DOCUMENT, _LIST, _PERSIST = 0x03EE, 0x03E8, 0x0FF0, 0x03F3
_HEADER, _CHARS, _BYTES, _OUTLINE = 0x0F9F, 0x0FA0, 0x0FA8, 0x0F9E
_USER_EDIT, _DIRECTORY = 0x0FF5, 0x1772
_FBSE, _OPTIONS = 0xF007, 0xF00B
_TITLES = frozenset((0, 6))


class Line(NamedTuple):
    """A paragraph of a slide, or a picture (`place` in the Pictures stream)."""

    text: str
    title: bool = False
    place: int | None = None


class Slides:
    """The slides of one presentation; struct.error or ValueError on what is none."""

    def __init__(self, stream: bytes, user: bytes) -> None:
        self._stream = stream
        self._store: list[int] = []
        places = self._directory(user) if len(user) >= 20 else {}
        self._slides = list(self._listed(places)) if places else []
        if not self._slides:  # no directory: whatever slides there are, in the order of the file
            self._slides = [(body, []) for kind, _, body in containers(stream) if kind == _SLIDE]

    def __iter__(self) -> Iterator[list[Line]]:
        for body, outline in self._slides[:MAX_SLIDES]:
            yield list(self._lines(body, outline))

    def __len__(self) -> int:
        return len(self._slides)

    def _directory(self, user: bytes) -> dict[int, int]:
        """Number of every living part → its place ([MS-PPT] 2.1.2), 0 → that of the document's."""
        (at,) = struct.unpack_from("<I", user, 16)
        found: dict[int, int] = {}
        seen: set[int] = set()
        while at and at not in seen and len(seen) < 1000:
            seen.add(at)
            kind, body = self._record(at)
            if kind != _USER_EDIT:
                break
            at, directory, document = struct.unpack_from("<III", body, 8)
            for number, place in self._entries(directory):
                found.setdefault(number, place)
            if 0 not in found and document in found:
                found[0] = found[document]
        return found

    def _entries(self, at: int) -> Iterator[tuple[int, int]]:
        kind, body = self._record(at)
        if kind != _DIRECTORY:
            return
        here = 0
        while here + 4 <= len(body):
            (head,) = struct.unpack_from("<I", body, here)
            first, count = head & 0xFFFFF, head >> 20
            for number in range(min(count, (len(body) - here) // 4 - 1)):
                yield first + number, int.from_bytes(body[here + 4 + 4 * number : here + 8 + 4 * number], "little")
            here += 4 + 4 * count

    def _record(self, at: int) -> tuple[int, bytes]:
        _, kind, length = struct.unpack_from("<HHI", self._stream, at)
        return kind, self._stream[at + 8 : at + 8 + length]

    def _listed(self, places: dict[int, int]) -> Iterator[tuple[bytes, list[Line]]]:
        """Every slide of the document's list, with the lines of its outline."""
        if 0 not in places:
            return
        kind, document = self._record(places[0])
        if kind != _DOCUMENT:
            return
        self._store = [int.from_bytes(body[28:32], "little") for kind, body in records(document) if kind == _FBSE]
        for kind, instance, body in containers(document):
            if kind != _LIST or instance:  # 1: masters, 2: notes
                continue
            slides: list[tuple[int, list[Line]]] = []
            for kind, atom, line in _texts(body):
                if kind == _PERSIST:
                    slides.append((int.from_bytes(atom[:4], "little"), []))
                elif slides and kind in (_CHARS, _BYTES):
                    slides[-1][1].append(line)
            for number, outline in slides:
                kind, slide = self._record(places[number]) if number in places else (0, b"")
                if kind == _SLIDE:
                    yield slide, outline

    def _lines(self, slide: bytes, outline: list[Line]) -> Iterator[Line]:
        told: set[int] = set()
        for kind, body, line in _texts(slide):
            if kind == _OUTLINE and len(body) >= 4:
                number = int.from_bytes(body[:4], "little")
                if number < len(outline) and number not in told:
                    told.add(number)
                    yield outline[number]
            elif kind == _OPTIONS:
                number = picture_number(body)
                if 0 < number <= len(self._store):
                    yield Line("", place=self._store[number - 1])
            elif kind in (_CHARS, _BYTES):
                yield line
        yield from (line for number, line in enumerate(outline) if number not in told)


def _texts(data: bytes) -> Iterator[tuple[int, bytes, Line]]:
    """Every atom; those of text with their words and whether they are a title."""
    title = False
    for kind, body in records(data):
        if kind == _HEADER:
            title = int.from_bytes(body[:4], "little") in _TITLES
        elif kind == _CHARS:
            text = body[: len(body) & ~1].decode("utf-16-le", "replace")
            yield kind, body, Line(text, title)
        elif kind == _BYTES:
            yield kind, body, Line(body.decode("latin-1"), title)
        elif kind in (_PERSIST, _OUTLINE, _OPTIONS):
            yield kind, body, Line("")


def containers(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Type, instance and body of the records at the top."""
    at, seen = 0, 0
    while at + 8 <= len(data) and seen < 100_000:
        head, kind, length = struct.unpack_from("<HHI", data, at)
        yield kind, head >> 4, data[at + 8 : at + 8 + length]
        at += 8 + length
        seen += 1
