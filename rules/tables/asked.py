"""Forms that ask label by label (推荐表, 申报表): each label with an empty place beside it, no rows and columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import msgspec

from rules.facts import Cell, TableFacts
from rules.tables.alignment import Alignment, Field
from rules.tables.form import Rows, at, fold, said
from rules.tables.labels import same

_LONGEST = 24
"""Characters of a label; longer texts are explanations."""
_LEAST = 3
"""Labels a form has at least."""
_TITLE = re.compile(r"表$|表\)$|^附件|^[一二三四五六七八九十]+、")
_INLINE = re.compile(r"^(\S{2,16}?)[:：](.*)$", re.DOTALL)
_NOT_JUDGED = re.compile(
    r"选填|可不填|可空|如有|备注|照片|意见|盖章|公章|签[字名章]|日期|时间$|审[核批]|编号|序号|传真|邮编|邮政编码|说明|附件|^注"
)
"""Labels whose place may stay empty: for others to fill in, for paper, or for remarks."""

Where = Callable[[int, int], str]


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One label of the form."""

    label: str
    required: bool


@lru_cache(maxsize=32)
def asked(form: TableFacts, *, certain: bool) -> tuple[Ask, ...]:
    """The labels of the first sheet that asks so; () when none does.

    With `certain` only where labels and places alternate over the rows, as no table of rows and columns has it.
    """
    for sheet in form.sheets:
        if any(_run(row) >= _LEAST for row in sheet.rows) or (certain and not _alternates(sheet.rows)):
            continue
        labels = list(dict.fromkeys(label for row in sheet.rows for label, value in _pairs(row) if not value))
        asks = tuple(
            Ask(label=label, required="必填" in label or not _NOT_JUDGED.search(fold(label))) for label in labels
        )
        if len(asks) >= _LEAST:
            return asks
    return ()


def answers(asks: Sequence[Ask], rows: Rows, where: Where) -> Alignment:
    """The returned form laid over the labels."""
    found: dict[int, Field] = {}
    for index, row in enumerate(rows):
        for column, label, value in _read(row, asks):
            number = _number(label, asks, found)
            if number is not None:
                found[number] = _field(asks[number], value, where(index, column))
    lost = [ask.label for n, ask in enumerate(asks) if n not in found]
    fields = tuple(found.get(n) or _field(ask, None, "", lost=True) for n, ask in enumerate(asks))
    return Alignment(
        found=len(found) * 2 >= len(asks), kind="labels", fields=fields, missing_rows=tuple(lost), rows=rows
    )


def _field(ask: Ask, value: Cell, place: str, *, lost: bool = False) -> Field:
    return Field(row=ask.label, column="", value=value, place=place, words=True, lost=lost, optional=not ask.required)


def _number(label: str, asks: Sequence[Ask], found: dict[int, Field]) -> int | None:
    for rank in range(3):
        near = [n for n, ask in enumerate(asks) if n not in found and same(ask.label, label) == rank]
        if len(near) == 1 or (near and rank == 0):
            return near[0]
    return None


def _run(row: Sequence[Cell]) -> int:
    """The most texts that stand side by side."""
    longest = run = 0
    for cell in row:
        run = run + 1 if fold(cell) else 0
        longest = max(longest, run)
    return longest


def _alternates(rows: Rows) -> bool:
    places = [len([1 for _, value in _pairs(row) if not value]) for row in rows]
    return sum(count >= 2 for count in places) >= 2 and sum(_run(row) > 1 for row in rows) * 3 <= len(rows)


def _pairs(row: Sequence[Cell]) -> Iterator[tuple[str, str]]:
    """(label, what stands in its place) of a row of the blank form."""
    texts = [i for i, cell in enumerate(row) if fold(cell)]
    for index in texts:
        text = said(row[index])
        inline = _INLINE.match(text)
        if inline and not fold(inline[2].strip(" _＿")):
            yield inline[1], ""
            continue
        alone = len(texts) == 1 and _TITLE.search(fold(text))
        # the empty columns at the right edge were cut off when the sheet was read
        if len(text) <= _LONGEST and not alone and not fold(at(row, index + 1)):
            yield text, ""


def _read(row: Sequence[Cell], asks: Sequence[Ask]) -> Iterator[tuple[int, str, Cell]]:
    """(column, label, value) of a row of the returned form: what stands right of a label up to the next one."""
    labels = {
        i for i, cell in enumerate(row) if fold(cell) and any(same(a.label, said(cell)) is not None for a in asks)
    }
    for index, cell in enumerate(row):
        inline = _INLINE.match(str(cell)) if isinstance(cell, str) else None
        if index in labels:
            end = next((i for i in sorted(labels) if i > index), len(row))
            values = [at(row, i) for i in range(index + 1, end) if fold(at(row, i))]
            yield index, said(cell), values[0] if len(values) == 1 else " ".join(map(said, values)) or None
        elif inline and _is_label(inline[1], asks):
            yield index, inline[1], inline[2].strip(" _＿\n") or None


def _is_label(text: str, asks: Sequence[Ask]) -> bool:
    return any(same(ask.label, text) is not None for ask in asks)
