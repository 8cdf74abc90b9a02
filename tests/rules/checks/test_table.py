"""table: the office's form kept, numbers as numbers, sums right. The rows come from the form, not from the check."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rules.facts import Cell, Sheet, TableFacts
from tests.rules.checks.bench import codes, item, jpg, run, text

Rows = list[list[Cell]]
HEAD: Rows = [
    ["活动情况统计表", None, None, None],
    ["填报单位：", None, "填报人：", None],
    ["序号", "项目", "数量（个）", "备注"],
]
FILLED: Rows = [
    ["统计表", None, None, None],
    ["填报单位：某单位", None, "填报人：某人", None],
    ["序号", "项目", "数量(个)", "备注"],
    [1, "讲座", 3, None],
    [2, "展览", 4, "含线上"],
    [3, "合计", 7, None],
    [4, "宣传册（份）", 0, None],
]


def sheet(rows: Rows) -> TableFacts:
    return TableFacts(format="xlsx", sheets=(Sheet(name="1", rows=tuple(tuple(row) for row in rows)),))


FORM = sheet(
    [*HEAD, [1, "讲座", None, None], [2, "展览", None, None], [3, "合计", None, None], [4, "宣传册 （份）", None, None]]
)


def changed(change: Callable[[Rows], object]) -> TableFacts:
    rows = [list(row) for row in FILLED]
    change(rows)
    return sheet(rows)


def cell(row: int, column: int, value: Cell) -> TableFacts:
    def put(rows: Rows) -> None:
        rows[row][column] = value

    return changed(put)


@pytest.mark.parametrize(
    ("filled", "expected"),
    [
        (sheet(FILLED), []),
        (sheet([[None] * 4, *([None, *row] for row in FILLED)]), []),  # shifted
        (FORM, [("table-empty", "fail")]),
        (cell(3, 2, None), [("table-empty", "note"), ("table-total-wrong", "fail")]),
        (cell(6, 2, None), [("table-empty", "note")]),
        (cell(6, 2, "约2000余份"), [("table-not-a-number", "note")]),
        (cell(6, 2, "若干"), [("table-not-a-number", "fail")]),
        (cell(5, 2, 8), [("table-total-wrong", "fail")]),
        (cell(5, 2, "７"), []),
        (cell(6, 2, "无"), [("table-not-a-number", "note")]),
        (cell(3, 2, "3+1"), [("table-not-a-number", "fail")]),
        (cell(3, 2, "近4"), [("table-not-a-number", "note"), ("table-total-wrong", "note")]),
        (cell(2, 2, "次数"), [("table-altered", "fail")]),
        # the sum is not faulted as well: one of its rows is not there
        (cell(4, 1, "展会"), [("table-altered", "fail"), ("table-altered", "note")]),
        (cell(4, 1, "展览（含线上）"), []),
        (changed(lambda rows: rows.append([5, "其他", 1, None])), [("table-altered", "note")]),
        (sheet([["姓名", "电话"], ["甲", "1"]]), [("table-altered", "fail")]),
        (sheet([]), [("table-altered", "fail")]),
    ],
)
def test_table(filled: TableFacts, expected: list[tuple[str, str]]) -> None:
    assert codes(run("table", {}, item("表.xlsx", filled), form=FORM)) == expected


def test_blanks_can_be_a_fault() -> None:
    assert codes(run("table", {"blanks": "fail"}, item("表.xlsx", cell(6, 2, None)), form=FORM)) == [
        ("table-empty", "fail")
    ]


def test_a_table_typed_into_a_document_is_weighed_too() -> None:
    document = text(tables=sheet(FILLED).sheets)
    assert run("table", {}, item("表.docx", document), form=FORM) == []


def test_a_scan_is_left_to_a_person_and_a_photo_to_the_format() -> None:
    scan = item("表.pdf", text(0, format="pdf", scanned=True))
    assert codes(run("table", {}, scan, form=FORM)) == [("table-empty", "unsure")]
    assert run("table", {}, item("表.jpg", jpg()), form=FORM) == []


def test_a_document_without_a_table_of_an_asked_format_is_left_to_a_person() -> None:
    letter = item("表.pdf", text(format="pdf"))
    assert codes(run("table", {}, letter, form=FORM, formats=["pdf"])) == [("table-empty", "unsure")]
    assert run("table", {}, letter, form=FORM, formats=["xlsx"]) == []  # wrong-format tells it


def test_a_blank_form_that_is_of_no_use_is_not_held_against_the_unit() -> None:
    form = sheet([["关于填报的说明"]])
    assert codes(run("table", {}, item("表.xlsx", sheet(FILLED)), form=form)) == [("table-altered", "unsure")]


def test_a_table_that_was_cut_off_is_not_blamed_for_its_last_rows() -> None:
    cut = TableFacts(format="xlsx", sheets=sheet(FILLED[:5]).sheets, truncated=True)
    assert ("table-altered", "unsure") in codes(run("table", {}, item("表.xlsx", cut), form=FORM))


def test_without_a_form_nothing_is_compared() -> None:
    assert run("table", {}, item("表.xlsx", sheet(FILLED))) == []


def test_the_wrong_sum_is_told_with_both_figures() -> None:
    (found,) = run("table", {}, item("表.xlsx", cell(5, 2, 8)), form=FORM)
    assert (found.expected, found.measured) == ("7", "8")


def test_a_list_of_words_is_a_form_too() -> None:
    form = sheet([["报名表", None, None, None], ["序号", "姓名", "单位", "联系电话"]])
    people: Rows = [
        ["报名表", None, None, None],
        ["序号", "姓名", "单位", "联系电话"],
        [1, "甲某", "一局", "13900001111"],
    ]
    assert codes(run("table", {}, item("表.xlsx", sheet(people)), form=form)) == []
    assert codes(run("table", {}, item("表.xlsx", form), form=form)) == [("table-empty", "fail")]
    numbered = sheet([*people[:2], [1, None, None, None], [2, None, None, None]])
    assert codes(run("table", {}, item("表.xlsx", numbered), form=form)) == [("table-empty", "fail")]
    without = sheet([row[:3] for row in people])
    assert codes(run("table", {}, item("表.xlsx", without), form=form)) == [("table-altered", "fail")]
