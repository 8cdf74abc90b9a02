"""The only place where a value goes into a cell. Text stays text: nothing that came by mail can become a formula.

Two kinds of cell are not text, and both are made by us alone: sums (`total`) and links to saved files (`link`).
What the coordinator typed herself goes back through `restore`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from copy import copy
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import quote

from openpyxl.comments import Comment
from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink

from intake.copies import AUTHOR
from intake.tracker.references import Move, carried

Value = str | int | float | bool | datetime | date | None
"""What a cell may hold. Date-times are naive, in the office's time zone: a workbook knows no zones."""

LIMIT: Final = 32_767
"""Excel's limit of one cell, in UTF-16 code units."""
CUT: Final = "…（内容过长，已截断）"

# XML 1.0 section 2.2: what is not a Char may not stand in a document. Lone surrogates cannot be encoded at all.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Unicode Standard Annex 9: characters that reorder what stands around them, so that a name reads as another one.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# ECMA-376 part 1, 22.9.2.19 (ST_Xstring): _xHHHH_ is read as that character, a back door for controls.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# whatever one of the three or a line end may have to change; nearly all text has none of it
_SUSPECT = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|_x[0-9A-Fa-f]{4}_"
)
# ASCII signs that a link must not hold as they are
_UNSAFE = re.compile("[^/._~()0-9A-Za-z\x80-\U0010ffff-]+")
_STARTS_FORMULA = ("=", "+", "-", "@")


def clean(text: str) -> str:
    """The text as it may stand in a cell: controls removed, bidi controls visible, at most `LIMIT` long.

    >>> clean("a\\x00b\\u202egpj.exe")
    'ab\\\\u202Egpj.exe'
    >>> clean("一\\r\\n二\\t三")
    '一\\n二 三'
    """
    if not _SUSPECT.search(text) and len(text) * 2 <= LIMIT:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _NOT_XML.sub("", text)
    text = _BIDI.sub(lambda found: f"\\u{ord(found[0]):04X}", text)
    text = _ESCAPE.sub("_ ", text)
    if len(text) * 2 <= LIMIT:
        return text
    units = text.encode("utf-16-le")
    if len(units) // 2 <= LIMIT:
        return text
    # a surrogate pair cut in half is dropped by errors="ignore"
    return units[: 2 * (LIMIT - len(CUT))].decode("utf-16-le", "ignore") + CUT


def put(cell: Any, value: Value) -> None:
    """Write one value. Text is always stored as a string, whatever it looks like.

    Text that would turn into a formula when somebody edits the cell and presses Enter also gets Excel's
    quote prefix; set the style before calling this.
    """
    if isinstance(value, str):
        text = clean(value)
        if not text:
            cell.value = None
            return
        # past the property: openpyxl would guess a formula from "=" and an error value from "#N/A"
        cell._value = text
        cell.data_type = "s"
        if text.startswith(_STARTS_FORMULA):
            cell._style = copy(cell._style)  # cells dressed alike share one style
            cell.quotePrefix = True
    elif isinstance(value, float) and not math.isfinite(value):
        put(cell, str(value))
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**15:
        put(cell, str(value))  # Excel keeps 15 digits; an identity number must not be rounded
    else:
        cell.value = value


def total(cell: Any, column: str, first: int, last: int) -> str:
    """Make the cell the sum of rows `first` to `last` of a column; our only formula. Returns it."""
    formula = f"=SUM({column}{first}:{column}{last})"
    cell.value = formula
    return formula


def link(cell: Any, target: str) -> None:
    """Make the cell a link to a file beside the workbook; `target` comes from `intake.tracker.links`."""
    cell.hyperlink = Hyperlink(ref=cell.coordinate, target=target)


def link_target(relative: str) -> str:
    """A relative path with forward slashes as link target: ASCII signs quoted, Chinese left as it is.

    >>> link_target("../files/甲 乙#1.jpg")
    '../files/甲%20乙%231.jpg'
    """
    return _UNSAFE.sub(lambda found: quote(found[0]), clean(relative))


def remark(cell: Any, text: str) -> None:
    """Hang a comment on the cell, in our name; the box fits the text."""
    text = clean(text)
    if not text:
        return
    comment = Comment(text, AUTHOR)
    lines = sum(1 + len(line) // 24 for line in text.split("\n"))
    comment.width = 360
    comment.height = min(40 + 20 * lines, 400)
    cell.comment = comment


def restore(cell: Any, value: Any, origin: str = "", moved: Mapping[int, int] | None = None) -> None:
    """Put back what the coordinator had typed: her own formula stays one and moves with its row.

    `moved`: numbers of the columns of this sheet that stand elsewhere now, by their number before.
    """
    if isinstance(value, ArrayFormula):
        cell.value = ArrayFormula(cell.coordinate, _moved(value.text or "", origin, cell.row, moved or {}))
    elif isinstance(value, Formula):
        cell.value = _moved(value, origin, cell.row, moved or {})
    elif isinstance(value, Value):
        put(cell, value)
    else:
        cell.value = value  # times, durations, rich text: kept as openpyxl read them


class Formula(str):
    """A formula that the coordinator typed into a cell of her own."""

    __slots__ = ()


def _moved(formula: str, origin: str, row: int, moved: Mapping[int, int]) -> str:
    if not origin:
        return str(formula)
    goal = f"{origin.rstrip('0123456789')}{row}"
    try:
        formula = formula if origin == goal else Translator(str(formula), origin=origin).translate_formula(goal)
    except TranslatorError:  # it would point outside the sheet: left as she wrote it
        return str(formula)
    return carried(str(formula), {"": Move(columns=moved)})
