"""References in her formulas follow the cells that they mean when columns and rows of our lists stand elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
from openpyxl.utils.cell import column_index_from_string, get_column_letter
from openpyxl.worksheet.formula import ArrayFormula

_END: Final = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)(\d{1,7})?")


class Move(NamedTuple):
    """Where the columns and rows of one list stand now, by where they stood; what is not named stands where it did."""

    columns: Mapping[int, int] = {}
    rows: Mapping[int, int] = {}
    last: tuple[int, int] = (0, 0)
    """The last row with a key, before and now: a range down to it, or further, still reaches it."""


def carried(formula: str, moves: Mapping[str, Move]) -> str:
    """The formula with its references to the sheets in `moves`; "" is the sheet that it stands on.

    >>> carried('=SUM(B2:B9)+"C1"+明细!C5', {"": Move(columns={2: 3}), "明细": Move(rows={5: 6})})
    '=SUM(C2:C9)+"C1"+明细!C6'
    >>> carried("=COUNTIF(明细!C2:C31,1)", {"明细": Move(rows={2: 4, 31: 3}, last=(31, 32))})
    '=COUNTIF(明细!C2:C32,1)'
    """
    if not any(move.columns or move.rows or move.last[0] != move.last[1] for move in moves.values()):
        return formula
    try:
        tokens = Tokenizer(formula).items
    except TokenizerError:  # whatever it is, it is hers
        return formula
    for token in tokens:
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            token.value = _carried(token.value, moves)
    return "=" + "".join(token.value for token in tokens)


def _carried(reference: str, moves: Mapping[str, Move]) -> str:
    sheet, mark, place = reference.rpartition("!")
    move = moves.get(sheet.strip("'").replace("''", "'"))
    ends = place.split(":")
    found = [_END.fullmatch(end) for end in ends]
    if move is None or len(ends) > 2 or not all(one and (one[4] or (one[2] and len(ends) == 2)) for one in found):
        return reference
    parts = [(one[1] or "", one[2] or "", one[3] or "", one[4] or "") for one in found if one is not None]
    columns, rows = [part[1] for part in parts], [part[3] for part in parts]
    return f"{sheet}{mark}" + ":".join(
        f"{lock}{column}{tie}{row}"
        for (lock, _, tie, _), column, row in zip(parts, _columns(columns, move), _rows(rows, move), strict=True)
    )


def _columns(letters: list[str], move: Move) -> list[str]:
    if not all(letters):
        return letters
    numbers = [column_index_from_string(one) for one in letters]
    moved = [move.columns.get(number, number) for number in numbers]
    return [get_column_letter(number) for number in moved] if moved == sorted(moved) else letters


def _rows(rows: list[str], move: Move) -> list[str]:
    if not all(rows):
        return rows
    numbers = [int(row) for row in rows]
    old, new = move.last
    if len(numbers) == 1:
        return [str(move.rows.get(numbers[0], numbers[0]))]
    if old and numbers[0] <= old <= numbers[1]:  # the whole list, from a row on
        return [str(numbers[0]), str(numbers[1] + new - old)]
    moved = [move.rows.get(number, number) for number in numbers]
    return [str(number) for number in moved] if moved == sorted(moved) else rows


def carry(sheets: Iterable[Any], moves: Mapping[str, Move]) -> None:
    """The same for all cells and charts of her own sheets, as openpyxl holds them."""
    for ws in sheets:
        for cell in getattr(ws, "_cells", {}).values():
            if isinstance(cell.value, ArrayFormula):
                cell.value.text = carried(cell.value.text or "", moves)
            elif cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = carried(cell.value, moves)
        for one in (series for chart in ws._charts for series in getattr(chart, "series", ())):
            for name in ("tx", "cat", "val", "xVal", "yVal", "bubbleSize"):
                for kind in ("numRef", "strRef"):
                    reference = getattr(getattr(one, name, None), kind, None)
                    if reference is not None and reference.f:
                        reference.f = carried(f"={reference.f}", moves)[1:]
