"""A form that was typed into the words of a mail instead of being attached."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.facts import TableFacts
from rules.item import Text
from rules.tables.blank import layout
from rules.tables.form import fold
from rules.tables.labels import taken_apart

_SENTENCE = re.compile(r"[。;，,]")
_FIGURE = re.compile(r"\d[\d,.]*[余多]?万?\S{0,3}")
_BESIDE = 16
"""Characters beside a label in a row: number, measure, a short remark."""
_LEAST = 3
"""Rows that must be found; two labels may stand in any letter."""


def is_typed_in(form: TableFacts | None, texts: Sequence[Text]) -> bool:
    """True when half of the form's rows stand in one mail, each with its figure beside or below it."""
    wanted = layout(form) if form is not None else None
    if wanted is None:
        return False
    labels = {taken_apart(row.label).core for row in wanted.rows if not row.total}
    labels = {label for label in labels if len(label) >= 2}
    for text in texts:
        lines = [line for line in map(fold, text.text.split("\n")) if line]
        found = sum(any(_told(label, lines[n : n + 4]) for n in range(len(lines))) for label in labels)
        if found >= _LEAST and found * 2 >= len(labels):
            return True
    return False


def _told(label: str, lines: Sequence[str]) -> bool:
    """The label in a line of its own, with a figure in it or, a cell a line, in the next ones; no sentence."""
    first = lines[0]
    if label not in first or len(first) > len(label) + _BESIDE or _SENTENCE.search(first):
        return False
    if _FIGURE.search(first.partition(label)[2]):
        return True
    return any(_FIGURE.fullmatch(line) for line in lines[1:])
