"""What comes of laying a filled-in table over the blank form: its cells, and every difference."""

from __future__ import annotations

from typing import Literal

import msgspec

from rules.facts import Cell
from rules.tables.form import Rows


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the filled table that the form asks for."""

    row: str
    column: str
    value: Cell
    place: str = ""
    """Where it stands: C5 in a workbook, 第5行第3列 in a document."""
    unit: str = ""
    """What is counted there, as the form says."""
    total_of: tuple[int, ...] = ()
    """For a sum: positions of the fields it adds up, within the alignment."""
    words: bool = False
    """True for words of a list, which are not weighed as numbers."""
    lost: bool = False
    """True when its row or column was not found: then `value` says nothing."""
    printed: Cell = None
    """What the blank form holds there."""
    doubt: str = ""
    """Why the whole row or column may not be the one that is asked for, Chinese."""
    figures: bool = True
    """True where the form plainly asks for a number; else words may be meant."""
    optional: bool = False
    """True where nothing need be written."""


class Alignment(msgspec.Struct, frozen=True, kw_only=True):
    """A filled table laid over the blank form."""

    found: bool
    """False when no heading row like the form's was found."""
    kind: Literal["grid", "list", "labels"] = "grid"
    """Rows and columns that are printed; rows that the unit adds; labels with a place beside each."""
    fields: tuple[Field, ...] = ()
    columns: tuple[Field, ...] = ()
    """Of a list: what each of its rows is asked for, without values."""
    missing_headings: tuple[str, ...] = ()
    """Empty with `found` False: the blank form itself is of no use."""
    missing_asides: tuple[str, ...] = ()
    """Columns that are not there and hold no answer: 序号, 备注, the printed 单位."""
    missing_rows: tuple[str, ...] = ()
    extra_rows: tuple[str, ...] = ()
    """Rows with figures that the form does not have."""
    extra_headings: tuple[str, ...] = ()
    """Columns with entries that the form does not have."""
    reworded: tuple[tuple[str, str], ...] = ()
    """Headings that mean the same in other words: the form's, and what stands there."""
    rescaled: tuple[tuple[str, str], ...] = ()
    """Headings that count in another measure: the form's, and what stands there."""
    renamed: tuple[tuple[str, str], ...] = ()
    """Rows that are probably the form's, reworded."""
    doubled: tuple[str, ...] = ()
    """Rows of the form that stand there several times."""
    turned: bool = False
    """Rows and columns were exchanged."""
    rivals: int = 0
    """Other sheets that are filled in as well, with other figures."""
    above: Rows = ()
    """What stands above the headings."""
    rows: Rows = ()
    """The whole sheet as it was read."""
