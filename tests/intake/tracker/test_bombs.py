"""Every text of a board is a bomb, whatever its field is called: each stays the text it is, in every column.

The board is walked by its types and the workbook by its cells, so a new field and a new sheet are covered unasked.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook
from pydantic import BaseModel
from python_calamine import CalamineWorkbook

from intake.tracker.book import write_tracker
from intake.tracker.cells import LIMIT, clean
from intake.view import Board

BOMBS = (
    '=HYPERLINK("http://evil.example/","点我")',
    "=cmd|'/c calc'!A0",
    '=DDE("cmd";"/c calc";"x")',
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "图\x00\x07片\u202egpj.exe",
    "\u200f=1+1",
    "_x003D_1+1_x000D_",
    "_x000",
    "http://evil.example/?a=1&b=2",
    "#REF!",
    "{=1+1}",
    "'=1+1",
    "]]>&amp;<f>1+1</f>",
    "半个\ud800字\ufffe\uffff",
    "1E5",
    " 前后空格 ",
    "字" * 40_000,
)
MACHINE = frozenset(
    {"code", "id", "key", "kind", "state", "outcome", "klass", "category", "trust", "sha256", "digest", "thumbnail"}
    | {"requirement", "unit", "notice", "mail", "mails", "letters", "notices", "proof", "blob", "form", "color", "mode"}
)
"""Fields that hold words of ours or keys, by which other fields are found."""
NEVER_SHOWN = frozenset(
    {"AttachmentRow.path", "Board.data_dir", "Contact.address", "Contact.fax", "File.message_id", "File.path"}
    | {"File.why", "Finding.office", "ImageFacts.dhash", "ImageFacts.format", "LetterRow.cc", "LetterRow.last_error"}
    | {"LetterRow.message_id", "LetterRow.subject", "LetterRow.to", "MailRow.identified_by", "MailRow.message_id"}
    | {"MailRow.no_reply", "MailRow.proof_by", "MailRow.routed_by", "MailRow.waits_in", "Notice.issuer"}
    | {"Notice.subject_rule", "Sheet.name", "TableFacts.format", "Told.said", "Unit.short", "Unit.superior"}
    | {"Verdict.basis"}
)
"""Texts that no sheet shows today."""


class Planted:
    """A board whose texts are bombs, each with a number of its own at its end; which field each number stands in."""

    def __init__(self, board: Board) -> None:
        self.fields: dict[int, str] = {}
        self._number = count(1)
        self.board: Board = self._made(board)

    def _made(self, value: Any) -> Any:
        if isinstance(value, msgspec.Struct):
            fields = {name: self._field(value, name) for name in value.__struct_fields__}
            return msgspec.structs.replace(value, **fields)
        if isinstance(value, BaseModel):
            return value.model_copy(update={name: self._field(value, name) for name in type(value).model_fields})
        if isinstance(value, tuple):
            return tuple(self._made(one) for one in value)
        if isinstance(value, Mapping):
            return {key: self._made(one) for key, one in value.items()}
        return value

    def _field(self, owner: Any, name: str) -> Any:
        value = getattr(owner, name)
        return value if name in MACHINE else self._bombed(value, f"{type(owner).__name__}.{name}")

    def _bombed(self, value: Any, field: str) -> Any:
        if isinstance(value, str):
            number = next(self._number)
            self.fields[number] = field
            bomb = BOMBS[number % len(BOMBS)]
            return f"{bomb[: LIMIT - 20]}⟦{number}⟧"
        if isinstance(value, tuple) and any(isinstance(one, str | tuple) for one in value):
            return tuple(self._bombed(one, field) if isinstance(one, str | tuple) else self._made(one) for one in value)
        return self._made(value)


@pytest.fixture(scope="module")
def planted(sample: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return Planted(sample.board(tmp_path_factory.mktemp("data"), units=9, thumbnails=2, bombs=True))


@pytest.fixture(scope="module")
def path(planted: Planted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Written twice: the second time every cell was read back too."""
    path = tmp_path_factory.mktemp("tracker") / "台账.xlsx"
    for _ in range(2):
        write_tracker(planted.board, path, day_copy=False)
    return path


def parts(path: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                yield name, archive.read(name).decode()


def test_the_only_formulas_are_sums_and_no_link_leads_outside(path: Path) -> None:
    for name, xml in parts(path):
        for formula in re.findall(r"<f(?: [^>]*)?>([^<]*)</f>", xml):
            ours = r"'总览'!.*" if "/charts/" in name else r"SUM\([A-Z]+2:[A-Z]+\d+\)"  # charts name ranges in <f>
            assert re.fullmatch(ours, formula), name
        assert "externalLink" not in name
        assert "ddeLink" not in xml
        for relation in re.findall(r"<Relationship [^>]*>", xml):
            assert ('TargetMode="External"' in relation) == ("/hyperlink" in relation), name
            assert "TargetMode" not in relation or 'Target="../' in relation or 'Target="files/' in relation, relation


def test_every_text_is_shown_as_it_came(path: Path, planted: Planted) -> None:
    """Each bomb that stands in a cell is the whole cell, or a line in one, and nothing else than text."""
    found: set[int] = set()
    for ws in load_workbook(path):
        for row in ws.iter_rows():
            for cell in row:
                told = f"{cell.value if isinstance(cell.value, str) else ''}{cell.comment.text if cell.comment else ''}"
                numbers = {int(number) for number in re.findall(r"⟦(\d+)⟧", told)}
                found |= numbers
                assert not numbers or cell.data_type == "s", cell
                if cell.data_type == "s" and str(cell.value)[:1] in ("=", "+", "-", "@"):
                    assert cell.quotePrefix, cell  # else it becomes a formula when she presses Enter in it
                assert clean(told) == told
    shown = {planted.fields[number] for number in found}
    fields = set(planted.fields.values())
    assert fields - shown - NEVER_SHOWN == set()
    assert fields & shown & NEVER_SHOWN == set()


def test_another_reader_sees_the_same(path: Path) -> None:
    workbook, other = load_workbook(path, data_only=True), CalamineWorkbook.from_path(str(path))
    assert other.sheet_names == workbook.sheetnames
    for ws in workbook:
        rows = other.get_sheet_by_name(ws.title).to_python(skip_empty_area=False)
        for row, line in zip(ws.iter_rows(values_only=True), rows, strict=False):
            texts = [value if isinstance(value, str) else "" for value in row]
            assert [line[n] if text else "" for n, text in enumerate(texts)] == texts, ws.title
