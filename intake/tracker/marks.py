"""What one cell, comment or row of hers is, once it was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from openpyxl.worksheet.formula import ArrayFormula

from intake.tracker.cells import Formula


@dataclass(slots=True)
class Mark:
    """One cell of hers."""

    value: Any = None
    origin: str = ""
    """Where it stood, for formulas."""
    style: Any = None
    comment: Any = None
    link: str = ""

    @property
    def filled(self) -> bool:
        """True when losing it would lose something she wrote."""
        return self.value not in (None, "") or self.comment is not None

    @property
    def written(self) -> Any:
        """What 保留的备注 shows of a cell: the value; a formula as its text; a comment after it."""
        value = self.value.text if isinstance(self.value, ArrayFormula) else self.value
        if isinstance(value, Formula):
            value = str(value)
        if self.comment is not None:
            return f"{text_of(value)}（批注：{self.comment.text}）"
        return value


class Note(NamedTuple):
    """What she wrote in a comment on a cell of ours."""

    text: str
    author: str


@dataclass(slots=True)
class Own:
    """What she left on our own cells of one row, by heading."""

    typed: dict[str, Any] = field(default_factory=dict)
    """Values that are not those we wrote."""
    notes: dict[str, Note] = field(default_factory=dict)
    edited: dict[str, str] = field(default_factory=dict)
    """Comments in our name that are not as we wrote them."""


class Lost(NamedTuple):
    """A cell of hers whose row has gone, as 保留的备注 lists it."""

    sheet: str
    key: str
    label: str
    header: str
    value: Any
    since: datetime | None


def text_of(value: Any) -> str:
    """A value as text, without spaces around it."""
    return "" if value is None else str(value).strip()
