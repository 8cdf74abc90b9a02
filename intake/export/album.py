"""图片册: the pictures in force with their captions and units, two a page, as a Word document to be printed.

The pictures are scaled down in the sandboxed child, one at a time; a volume holds `VOLUME` of them, so the memory of
one document stays bounded however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from intake.export.paper import HEI, KAI, SONG, Paper
from intake.letterwords import clean, last_day
from intake.sandbox import Sandbox
from intake.tracker.photos import picture_verdict
from intake.view import Board
from storage.blobs import Blobs

VOLUME: Final = 120
"""Pictures of one document."""
SIDE: Final = 1100
"""Pixels of the longer side: 180 a inch on paper."""
_BOX: Final = (15.4, 9.2)
"""Centimetres a picture may take."""
_CAPTION: Final = 160
"""Characters of a caption that are printed; the register has the file."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One picture of the album."""

    digest: str
    caption: str
    unit: str
    remark: str
    """What is still open about it, "" when nothing is."""
    thumbnail: str


def pictures(board: Board) -> Iterator[Shown]:
    """The pictures in force, in the order of the roster."""
    for row in board.units:
        seen: set[str] = set()
        for standing in row.verdict.standings:
            for file in standing.files:
                if file.key not in row.images or file.sha256 in seen or not file.sha256:
                    continue
                seen.add(file.sha256)
                word, tone, _ = picture_verdict(standing, file)
                yield Shown(
                    digest=file.sha256,
                    caption=clean(file.caption or "", _CAPTION),
                    unit=row.unit.name,
                    remark=word if tone in ("bad", "unsure") else "",
                    thumbnail=file.thumbnail or "",
                )


def volumes(shown: Sequence[Shown]) -> list[tuple[str, int, Sequence[Shown]]]:
    """(file name, number of its first picture, its pictures) of each volume; none when there are no pictures."""
    parts = [(start, shown[start : start + VOLUME]) for start in range(0, len(shown), VOLUME)]
    several = len(parts) > 1
    return [
        (f"图片册（{number}）.docx" if several else "图片册.docx", start + 1, part)
        for number, (start, part) in enumerate(parts, 1)
    ]


def write_album(
    board: Board, first: int, shown: Sequence[Shown], blobs: Blobs, sandbox: Sandbox, scratch: Path, path: Path
) -> None:
    """Write one volume. `scratch`: a folder for the scaled pictures."""
    paper = Paper(title="图片册", author=board.office, at=board.as_of, margins=(2.6, 2.4))
    end = last_day(board.notice.deadline, board.tz)
    units = len({one.unit for one in shown})
    paper.line("图　片　册", font=SONG, size=36, align="center", bold=True, before=170, spacing=52)
    paper.line(board.notice.title, font=KAI, size=18, align="center", before=30, spacing=32)
    paper.line(f"收录 {units} 家单位报送的图片 {len(shown)} 张", size=16, align="center", before=10)
    paper.line(board.office, font=HEI, size=18, align="center", before=210, spacing=32)
    paper.line(f"{end.year}年{end.month}月", size=16, align="center")
    for number, one in enumerate(shown, first):
        _block(paper, one, number, _scaled(one, blobs, sandbox, scratch), breaks=(number - first) % 2 == 0)
    paper.save(path)


def _scaled(one: Shown, blobs: Blobs, sandbox: Sandbox, scratch: Path) -> Path | None:
    """A small JPEG of the picture; its thumbnail where it cannot be decoded; None where there is none either."""
    source = blobs.path(one.digest)
    goal = scratch / "picture.jpg"
    if source.is_file() and sandbox.scale(source, goal, SIDE):
        return goal
    small = blobs.path(one.thumbnail) if one.thumbnail else None
    return small if small is not None and small.is_file() else None


def _block(paper: Paper, one: Shown, number: int, picture: Path | None, *, breaks: bool) -> None:
    if picture is not None:
        paper.picture(picture, _BOX, breaks=breaks)
    else:
        paper.line("（图片不能显示）", align="center", grey=True, before=100, after=100, together=True, breaks=breaks)
    caption = one.caption or "（无图片说明）"
    paper.line(f"图{number}　{caption}", size=12, align="center", spacing=18, before=2, together=True)
    remark = f"（{one.remark}）" if one.remark else ""
    paper.line(f"{one.unit}{remark}", font=KAI, size=12, align="center", grey=True, spacing=18, after=22)
