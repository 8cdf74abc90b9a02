"""A picture as a small JPEG for a printed page, upright; decoded in the sandboxed child only."""

from __future__ import annotations

from pathlib import Path

from intake.readers import Refused
from intake.readers.heic import MAX_PIXELS, size_told
from intake.readers.image import format_of, open_image, upright
from intake.tools import importable


def scale(path: Path, goal: Path, side: int) -> None:
    """Write `path` as JPEG to `goal`, the longer side at most `side` pixels. Refused, or Pillow's errors, when it is
    no picture that can be decoded.
    """
    with path.open("rb") as file:
        head = file.read(16)
    format = format_of(head) or _heif(path, head)
    with open_image(path, format) as image:
        if image.format in ("JPEG", "MPO"):
            image.draft(image.mode, (side, side))
        image.load()
        small = upright(image, side)
        small.thumbnail((side, side), reducing_gap=2.0)
        small.save(goal, "JPEG", quality=85)


def _heif(path: Path, head: bytes) -> str:
    if head[4:8] != b"ftyp" or not importable("pillow_heif"):
        raise Refused("unsupported", "no picture that is opened")
    told = size_told(path)
    if told and told[0] * told[1] > MAX_PIXELS:
        raise Refused("too-large", f"{told[0]}×{told[1]} pixels")
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    return "HEIF"
