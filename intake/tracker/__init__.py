"""The tracker 台账: the workbook she lives in.

`book` writes it from one `Board`, `reopen` reads what she wrote in it. Both import openpyxl, which takes longer than a
cycle with nothing new: import them inside what needs them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

DRAFT: Final = "信件正文"
"""The column of 待办 with our words that she may change."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one writing."""

    path: Path
    """The workbook that was written: the wanted one, or the one beside it while that is open elsewhere."""
    note: str
    """What the coordinator should know, Chinese; "" when all went as usual."""
    kept: int
    """Cells of hers that were carried over."""
    read: str = ""
    """`stamp` of the workbook that they were taken from."""
    kept_as: Path | None = None
    """Where the old workbook lies now, when it could not be read or held what the new one cannot."""
    lost: str = ""
    """What it held that the new one does not, Chinese."""
