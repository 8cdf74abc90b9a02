"""Short prints of what we wrote into each row, kept in a hidden column: they tell her words from our old ones.

A cell of ours that differs from what we write now may be our own older state, or something she typed over it.
Only the print of what we wrote says which. Programs change the form of values when they save (001 becomes 1,
a moment becomes a fraction), so a print is taken of what the value means.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zlib import crc32

from openpyxl.cell.rich_text import CellRichText

HEADER: Final = "核对码（请勿改动）"
SIZE: Final = 3
"""Bytes of one print: one changed cell in 16 million would go unnoticed."""
EMPTY: Final = bytes(SIZE)
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(\.\d+)?")
_BREAKS: Final = re.compile(r"(?:_x000D_)?\s+")


def sign(value: Any) -> bytes:
    """The print of one value; all forms that programs give the same value have the same print.

    >>> sign("001") == sign(1.0), sign("甲\\r\\n乙") == sign("甲\\n乙"), sign("甲") == sign("乙")
    (True, True, False)
    """
    if isinstance(value, str | CellRichText):
        return _of_text(str(value))
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        plain = str(int(value))
    elif isinstance(value, int | float):
        plain = f"{float(value):.12g}"
    elif isinstance(value, datetime):
        plain = f"{value + timedelta(milliseconds=500):%Y-%m-%d %H:%M:%S}"
    elif isinstance(value, date):
        plain = f"{value:%Y-%m-%d} 00:00:00"
    else:
        plain = str(value)
    return _print(plain)


@lru_cache(maxsize=8192)  # names, states and remarks stand in many rows
def _of_text(text: str) -> bytes:
    plain = text.strip()
    if plain[:1] in "+-0123456789" and _NUMBER.fullmatch(plain):
        plain = f"{float(plain):.12g}"
    elif not plain.isalnum():
        plain = _BREAKS.sub(" ", plain)
    return _print(plain) if plain else EMPTY


def _print(plain: str) -> bytes:
    return crc32(plain.encode("utf-8", "replace")).to_bytes(4, "big")[:SIZE]


def join(signs: Sequence[bytes]) -> str:
    """The prints of one row as text for a cell: key, our columns in order, then our comments."""
    return b64encode(b"".join(signs)).decode("ascii")


def split(text: Any) -> list[bytes]:
    """The prints again; none when the text does not hold prints."""
    if not isinstance(text, str):
        return []
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return []
    return [data[start : start + SIZE] for start in range(0, len(data), SIZE)]
