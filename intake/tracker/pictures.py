"""Puts a thumbnail into its cell so that it moves, hides and sorts with the row."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any, Final

from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from PIL import UnidentifiedImageError

BOX: Final = (124, 88)
"""Largest width and height of a thumbnail on the sheet, pixels at 96 dpi."""
BOX_POINTS: Final = BOX[1] * 0.75 + 9
"""Height of a row with a thumbnail, points."""
LARGEST: Final = 400_000
"""Bytes of a thumbnail file; ours are about a tenth of it."""
_EMU: Final = 9525
"""English metric units per pixel (ECMA-376 part 1, 20.1.2.1)."""


def thumbnail(blobs: str, digest: str | None) -> bytes | None:
    """The bytes of a thumbnail kept at `{blobs}/{digest[:2]}/{digest}`; None when there is none to show."""
    if not blobs or not digest or not digest.isalnum():
        return None
    path = Path(blobs) / digest[:2] / digest
    try:
        if path.stat().st_size > LARGEST:
            return None
        data = path.read_bytes()
    except OSError:  # pruned, or not written yet: the sheet says so
        return None
    return data if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) else None


def place(ws: Any, row: int, column: int, data: bytes) -> bool:
    """Lay the picture into the cell; False when it cannot be read."""
    try:
        image = Image(BytesIO(data))
    except (UnidentifiedImageError, OSError, ValueError):
        return False
    scale = min(BOX[0] / image.width, BOX[1] / image.height, 1.0)
    wide, high = max(1, int(image.width * scale)), max(1, int(image.height * scale))
    corner = AnchorMarker(col=column - 1, row=row - 1, colOff=6 * _EMU, rowOff=6 * _EMU)
    end = AnchorMarker(col=column - 1, row=row - 1, colOff=(6 + wide) * _EMU, rowOff=(6 + high) * _EMU)
    image.anchor = TwoCellAnchor(editAs="twoCell", _from=corner, to=end)
    ws.add_image(image)
    return True
