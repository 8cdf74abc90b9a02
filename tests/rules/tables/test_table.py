"""A filled table laid over the blank form: forms of many shapes, and what units do to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from intake.readers import read
from rules.facts import Cell, Sheet, TableFacts
from rules.tables.table import align, extract, layout

N = None


def table(*rows: tuple[Cell, ...], name: str = "1") -> TableFacts:
    return TableFacts(format="xlsx", sheets=(Sheet(name=name, rows=rows),))


GROUPED = table(
    ("附件3", N, N, N, N, N),
    ("2022年活动情况统计表", N, N, N, N, N),
    ("填报单位：", N, N, "填报日期：", N, N),
    ("序号", "项目", N, "单位", "数量", "备注"),  # 项目 stands over two columns
    (1, "宣传活动", "咨询活动", "场", N, N),
    (2, N, "讲座", "场", N, N),
    (3, "合计", N, "场", N, N),
    (4, "宣传效果", "宣传资料", "份", N, N),
    (5, N, "其他", "份", N, N),
    (6, "服务", "其他", "家", N, N),
    ("注：没有发生的填0", N, N, N, N, N),
)
DIVIDED = table(
    ("项目", "参加人数", N, N, "场次"), (N, "男", "女", "合计", N), ("讲座", N, N, N, N), ("展览", N, N, N, N)
)
LIST = table(("序号", "企业名称", "合格数量", "备注"))


def sums(form: TableFacts) -> dict[str, list[str]]:
    """By the row of each sum, the rows that it adds up (columns where they differ)."""
    fields = align(form, form).fields
    names = [f.row if f.column in ("数量", "场次") else f"{f.row}/{f.column}" for f in fields]
    return {name: [names[part] for part in f.total_of] for name, f in zip(names, fields, strict=True) if f.total_of}


def filled(form: TableFacts, *values: Cell) -> tuple[tuple[Cell, ...], ...]:
    """The rows of GROUPED with `values` in 数量."""
    left = list(values)
    return tuple((*row[:4], left.pop(0), *row[5:]) if isinstance(row[0], int) else row for row in form.sheets[0].rows)


def test_labels_under_a_merged_heading_and_labels_used_twice() -> None:
    assert list(extract(GROUPED, GROUPED)) == [
        (row, "数量") for row in ("咨询活动", "讲座", "合计", "宣传资料", "宣传效果·其他", "服务·其他")
    ]
    assert sums(GROUPED) == {"合计": ["咨询活动", "讲座"]}


def test_a_divided_heading() -> None:
    assert list(extract(DIVIDED, DIVIDED))[:4] == [
        ("讲座", "参加人数·男"), ("讲座", "参加人数·女"), ("讲座", "参加人数·合计"), ("讲座", "场次"),
    ]  # fmt: skip
    assert sums(DIVIDED)["讲座/参加人数·合计"] == ["讲座/参加人数·男", "讲座/参加人数·女"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # sub-totals, a part that is told apart, another unit: none is added twice or wrongly
        (
            (("讲座", "场", N), ("其中：线上", "场", N), ("资料", "份", N), ("小计", "场", N), ("展览", "场", N),
             ("小计", "场", N), ("合计", "场", N)),
            [["讲座"], ["展览"], ["讲座", "展览"]],
        ),
        ((("合计", "场", N), ("讲座", "场", N), ("展览", "场", N)), [["讲座", "展览"]]),
        ((("讲座", "场", N), ("展览", "场", "—"), ("合计", "场", N)), [["讲座"]]),
        ((("讲座", "场", N), ("展览", "场", N)), []),
    ],
)  # fmt: skip
def test_what_a_sum_adds_up(rows: tuple[tuple[Cell, ...], ...], expected: list[list[str]]) -> None:
    form = table(("项目", "单位", "数量"), *rows)
    fields = align(form, form).fields
    assert [[fields[part].row for part in field.total_of] for field in fields if field.total_of] == expected


def test_a_sum_within_a_group_leaves_the_other_groups_alone() -> None:
    form = table(
        ("类别", "项目", "数量"), ("甲", "讲座", N), (N, "展览", N), ("乙", "资料", N), (N, "合计", N), ("总计", N, N)
    )
    assert sums(form) == {"合计": ["资料"], "总计": ["讲座", "展览", "资料"]}


def test_a_form_of_two_columns_and_one_whose_labels_have_no_colon() -> None:
    assert list(extract(table(("项目", "数量"), ("场次", N)), table(("项目", "数量"), ("场次", 3)))) == [
        ("场次", "数量")
    ]
    asked = table(
        ("填报单位", N, "填报人", N, "联系电话", N), ("项目", "单位", "数量", N, N, N), ("讲座", "场", N, N, N, N)
    )
    assert list(extract(asked, asked)) == [("讲座", "数量")]


@pytest.mark.parametrize(
    "form", [table(), table(("说明",)), table(("甲", "乙"), ("丙", "丁")), TableFacts(format="xlsx", sheets=())]
)
def test_what_is_no_form(form: TableFacts) -> None:
    assert layout(form) is None
    assert not align(form, GROUPED).found


def test_shifted_padded_and_respelled() -> None:
    rows = filled(GROUPED, 1, 2, 3, 4, 0, 6)
    shifted = table((N,) * 8, ("我局情况", *(N,) * 7), *((N, N, *row) for row in rows))
    respelled = table(
        *(tuple(c.replace("数量", "数 量").replace("：", ":") if isinstance(c, str) else c for c in r) for r in rows)
    )
    repeated = table(*((r[0], r[1] or "宣传活动", *r[2:]) if r[0] == 2 else r for r in rows))
    for sent in (table(*rows), shifted, respelled, repeated):
        laid = align(GROUPED, sent)
        assert not laid.missing_headings and not laid.missing_rows and not laid.extra_rows
        assert [field.value for field in laid.fields] == [1, 2, 3, 4, 0, 6]


def test_the_sheet_with_the_figures_is_taken() -> None:
    blank, full = GROUPED.sheets[0], Sheet(name="填报", rows=filled(GROUPED, 1, 2, 3, 4, 5, 6))
    sent = TableFacts(format="xlsx", sheets=(Sheet(name="说明", rows=(("说明",),)), blank, full))
    assert list(extract(GROUPED, sent).values()) == [1, 2, 3, 4, 5, 6]


def test_rows_and_headings_lost_or_added() -> None:
    rows = filled(GROUPED, 1, 2, 3, 4, 5, 6)
    without = table(*(row for row in rows if row[2] != "讲座"))
    assert align(GROUPED, without).missing_rows == ("讲座",)
    assert [f.row for f in align(GROUPED, without).fields if f.lost] == ["讲座"]
    added = table(*rows[:-1], (7, "其他", "拍摄短片", "部", 1, N), (8, "其他", "尚无数据", "部", N, N), rows[-1])
    assert align(GROUPED, added).extra_rows == ("拍摄短片",)
    reworded = table(*(tuple("完成数" if c == "数量" else c for c in row) for row in rows))
    assert align(GROUPED, reworded).missing_headings == ("数量",)
    remarked = table(*(tuple("讲座（含线上）" if c == "讲座" else c for c in row) for row in rows))
    assert align(GROUPED, remarked).missing_rows == ()
    assert align(GROUPED, table(("姓名", "电话"), ("甲", "1"))).found is False


def test_a_reworded_label_heading_does_not_lose_the_rows() -> None:
    rows = filled(GROUPED, 1, 2, 3, 4, 5, 6)
    for heading in ("指标", "我局做的事"):
        laid = align(GROUPED, table(*(tuple(heading if c == "项目" else c for c in row) for row in rows)))
        assert (laid.missing_headings, laid.missing_rows, laid.reworded) == ((), (), (("项目", heading),))
        assert [field.value for field in laid.fields] == [1, 2, 3, 4, 5, 6]


def test_a_list_has_the_rows_that_were_filled_in() -> None:
    sent = table(("序号", "企业名称", "合格数量", "备注"), (1, "甲厂", 3, N), (2, "乙厂", "若干", N), (3, N, N, N))
    assert extract(LIST, sent) == {("第1行", "合格数量"): 3, ("第2行", "合格数量"): "若干"}
    assert extract(LIST, LIST) == {}


def test_the_form_that_is_shipped(tmp_path: Path) -> None:
    path = Path(rules.__file__).with_name("notices") / "annex-3.xlsx"
    _, reading = read(path, path.name, tmp_path)
    assert isinstance(reading.facts, TableFacts)
    laid = align(reading.facts, reading.facts)
    assert laid.found and not laid.missing_rows and not laid.missing_headings
    assert 10 <= len(laid.fields) <= 14
    assert all(field.value is None for field in laid.fields)
    assert [len(field.total_of) for field in laid.fields if field.total_of] == [3]


CELLS = (
    st.none()
    | st.integers(0, 99)
    | st.sampled_from(["项目", "数量", "单位", "合计", "讲座", "场", "备注", "填报人：", "注：", "—"])
)


@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=7), st.lists(st.lists(CELLS, max_size=5), max_size=7))
@settings(max_examples=100, deadline=None)
def test_any_two_tables_can_be_laid_over_each_other(form: list[list[Cell]], sent: list[list[Cell]]) -> None:
    """Laid over itself a form lacks nothing; laid over anything, every sum refers to fields that are there."""
    blank = table(*map(tuple, form))
    own = align(blank, blank)
    assert (not own.missing_headings and not own.missing_rows) or not own.found
    for laid in (own, align(blank, table(*map(tuple, sent)))):
        assert all(0 <= part < len(laid.fields) for field in laid.fields for part in field.total_of)
