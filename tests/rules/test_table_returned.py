"""What units do to a form before they send it back: what is read from it, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts import Cell, Sheet, TableFacts
from rules.tables.figures import figure
from rules.tables.table import align
from rules.tables.table_findings import figure_of
from tests.rules.checks.bench import codes, item, run

N = None
Rows = list[list[Cell]]
NAMES = {"unit_names": ("云岭市东河区市场监督管理局", "东河区局")}


def facts(*sheets: Rows, form: str = "xlsx") -> TableFacts:
    laid = (Sheet(name=str(n), rows=tuple(map(tuple, rows))) for n, rows in enumerate(sheets, 1))
    return TableFacts(format=form, sheets=tuple(laid))


TITLE = "2022年“质量月”活动情况统计表"
FORM: Rows = [
    [TITLE, N, N, N, N, N],
    ["填报单位：", N, N, N, "填报日期：", N],
    ["序号", "类别", "项目", "计量单位", "数量", "备注"],
    [1, "宣传", "现场咨询", "场", N, N],
    [2, N, "质量讲座", "场", N, N],
    [3, N, "合计", "场", N, N],
    [4, "材料", "发放宣传资料", "份", N, N],
    [5, N, "悬挂标语", "条", N, N],
    [6, "检查", "检查企业", "家", N, N],
    [7, N, "投诉办结率", "%", N, N],
    ["注：没有发生的填0", N, N, N, N, N],
]
VALUES = (3, 4, 7, 200, 0, 12, 95)
BLANK = facts(FORM)
HEAD = 2


def filled(*values: Cell) -> Rows:
    rows = [list(row) for row in FORM]
    for row, value in zip(rows[3:10], values or VALUES, strict=True):
        row[4] = value
    return rows


def with_value(number: int, value: Cell) -> Rows:
    return filled(*VALUES[:number], value, *VALUES[number + 1 :])


def swap(old: str, new: Cell) -> Rows:
    return [[new if cell == old else cell for cell in row] for row in filled()]


def ordered(*order: int) -> Rows:
    """The columns of the table itself in another order."""
    rows = filled()
    return [*rows[:HEAD], *([row[n] for n in order] for row in rows[HEAD:10]), rows[10]]


def turned(rows: Rows) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def without(label: str) -> Rows:
    return [row for row in filled() if label not in row]


def inserted(at: int, *rows: list[Cell]) -> Rows:
    whole = filled()
    return [*whole[:at], *rows, *whole[at:]]


def found(*sheets: Rows, form: str = "xlsx", blank: TableFacts = BLANK) -> list[tuple[str, str]]:
    return codes(run("table", {}, item("表.xlsx", facts(*sheets, form=form)), form=blank))


def counted(*sheets: Rows, form: str = "xlsx", blank: TableFacts = BLANK) -> list[float | None]:
    fields = align(blank, facts(*sheets, form=form)).fields
    return [None if field.lost else figure_of(field).counted for field in fields]


HARMLESS: dict[str, tuple[Rows, ...]] = {
    "as sent out": (filled(),),
    "shifted": ([[N] * 9, [N] * 9, *([N, N, N, *row] for row in filled())],),
    "letterhead above": ([["东河区市场监管局报送材料", *[N] * 5], ["2022年10月8日", *[N] * 5], *filled()],),
    "填表人 above and below": (
        [["填表人：张三", N, N, "电话：0871-5550000", N, N], *filled(), ["（盖章）"], ["2022年10月8日"]],
    ),
    "own name as unit": (swap("填报单位：", "填报单位：东河区市监局"),),
    "wide brackets and spaces": (swap("发放宣传资料", " 发 放 宣传资料"),),
    "measure added in brackets": (swap("数量", "数量（个）"),),
    "numbered headings": (swap("数量", "5、数量"),),
    "numbered labels": (swap("质量讲座", "（2）质量讲座："),),
    "remark behind a label": (swap("质量讲座", "质量讲座（含线上）"),),
    "columns in another order": (ordered(0, 4, 1, 2, 5, 3),),
    "columns backwards, labels kept": (ordered(5, 4, 3, 1, 2, 0),),
    "empty columns between": ([[*row[:3], N, *row[3:5], N, *row[5:]] for row in filled()],),
    "empty rows between": (inserted(6, [N] * 6, [N] * 6),),
    "headings again on page two": (inserted(7, list(FORM[HEAD])),),
    "merged labels undone": ([[r[0], {4: "宣传", 5: "宣传"}.get(n, r[1]), *r[2:]] for n, r in enumerate(filled())],),
    "rows in another order": ([*filled()[:3], filled()[6], filled()[7], *filled()[3:6], *filled()[8:]],),
    "with a sheet of instructions": ([["填表说明"], ["请如实填写"]], filled()),
    "with the blank form": (filled(), FORM),
    "blank form first": (FORM, filled()),
    "the same sheet twice": (filled(), filled()),
    "full-width digits": (with_value(3, "２００"),),
    "digits as text": (with_value(3, " 200 "),),
    "a rate as a percentage": (with_value(6, "95%"),),
    "an example row": (inserted(3, ["示例", "宣传", "讲座", "场", 99, N]),),
}  # fmt: skip


@pytest.mark.parametrize("sheets", HARMLESS.values(), ids=HARMLESS)
def test_nothing_is_said_and_all_is_read(sheets: tuple[Rows, ...]) -> None:
    assert found(*sheets) == []
    assert counted(*sheets) == list(VALUES)


ALTERED = ("table-altered", "note")
NOTED: dict[str, tuple[Rows, list[tuple[str, str]]]] = {
    "heading in other words": (swap("项目", "指标名称"), [ALTERED]),
    "two headings in other words": (
        [["统计数" if c == "数量" else "说明" if c == "备注" else c for c in row] for row in filled()],
        [ALTERED],
    ),
    "label heading unknown, labels known": (swap("项目", "我局所做工作"), [ALTERED]),
    "备注 left out": ([row[:5] for row in filled()], [ALTERED]),
    "序号 left out": ([row[1:] for row in ordered(0, 1, 2, 3, 4, 5)], [ALTERED]),
    "printed measures left out": ([[*row[:3], *row[4:]] for row in filled()], [ALTERED]),
    "a column more": ([[*r, {HEAD: "链接", 4: "见附件"}.get(n)] for n, r in enumerate(filled())], [ALTERED]),
    "a row more": (inserted(10, [8, "其他", "拍摄短片", "部", 1, N]), [ALTERED]),
    "about": (with_value(3, "200余"), [("table-not-a-number", "note")]),
    "with its measure": (with_value(5, "12家"), [("table-not-a-number", "note")]),
    "in words": (with_value(5, "十二"), [("table-not-a-number", "note")]),
    "nothing to report": (with_value(4, "无"), [("table-not-a-number", "note")]),
    "nothing, as a stroke": (with_value(4, "/"), [("table-not-a-number", "note")]),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "said"), NOTED.values(), ids=NOTED)
def test_a_note_and_all_is_read(rows: Rows, said: list[tuple[str, str]]) -> None:
    assert found(rows) == said
    assert counted(rows) == list(VALUES)


Lost = set[int]
FAULTS: dict[str, tuple[tuple[Rows, ...], list[tuple[str, str]], Lost]] = {
    "blank": ((with_value(3, N),), [("table-empty", "note")], {3}),
    "words": ((with_value(3, "若干"),), [("table-not-a-number", "fail")], {3}),
    "a date": ((with_value(3, "2022-09-01"),), [("table-not-a-number", "fail")], {3}),
    "several figures": ((with_value(3, "100-200"),), [("table-not-a-number", "fail")], {3}),
    "an error value": ((with_value(3, "#REF!"),), [("table-not-a-number", "fail")], {3}),
    "the wrong sum": ((with_value(2, 8),), [("table-total-wrong", "fail")], set()),
    "a row left out": ((without("悬挂标语"),), [("table-altered", "fail")], {4}),
    "another heading": ((swap("数量", "完成进度"),), [("table-altered", "fail")], set(range(7))),
    "last year's figures": ((swap("数量", "数量（上年）"),), [("table-altered", "fail")], set(range(7))),
    "the figures left out": (([[*r[:4], *r[5:]] for r in filled()],), [("table-altered", "fail")], set(range(7))),
    "another measure in the cell": ((with_value(0, "3家"),), [("table-not-a-number", "unsure")], {0}),
    "a rate as a fraction": ((with_value(6, 0.95),), [("table-not-a-number", "unsure")], {6}),
    "half a firm": ((with_value(5, 12.5),), [("table-not-a-number", "unsure")], {5}),
    "a formula without result": ((with_value(3, "=Sheet2!A1"),), [("table-not-a-number", "unsure")], {3}),
    "a label reworded": ((swap("发放宣传资料", "发放宣传材料"),), [("table-altered", "unsure")], {3}),
    "a row twice": ((inserted(8, [9, N, "悬挂标语", "条", 5, N]),), [("table-altered", "unsure")], {4}),
    "two sheets filled in": ((filled(), with_value(3, 300)), [("table-altered", "unsure")], set(range(7))),
    "another year": ((swap(TITLE, TITLE.replace("2022", "2021")),), [("table-altered", "unsure")], set()),
    "another form": ((swap(TITLE, "食品抽检合格明细表"),), [("table-altered", "unsure")], set()),
}  # fmt: skip


@pytest.mark.parametrize(("sheets", "said", "lost"), FAULTS.values(), ids=FAULTS)
def test_a_fault_or_a_doubt_counts_nothing(sheets: tuple[Rows, ...], said: list[tuple[str, str]], lost: Lost) -> None:
    assert found(*sheets) == said
    read = counted(*sheets)
    assert {n for n, value in enumerate(read) if value is None} == lost
    assert all(value == VALUES[n] for n, value in enumerate(read) if n not in lost and n != 2)


def test_the_form_sent_back_untouched() -> None:
    assert found(FORM) == [("table-empty", "fail")]
    printed = filled(*[0] * 7)
    zeros = facts(printed)
    assert found(printed, blank=zeros) == [("table-empty", "unsure")]  # all 0 may well be meant
    assert found(filled(), blank=zeros) == []


def test_another_units_table_is_left_to_a_person() -> None:
    def told(name: str) -> list[tuple[str, str]]:
        rows = swap("填报单位：", f"填报单位：{name}")
        from rules.case import Case
        from rules.checks import registry
        from rules.notice import Requirement
        from tests.rules.checks.bench import AT

        names = NAMES["unit_names"]
        case = Case(
            requirement=Requirement(id="x", name="表"),
            items=(item("表.xlsx", facts(rows)),),
            form=BLANK,
            deadline=AT,
            unit_names=names,
        )
        check = registry()["table"]
        return codes(list(check.run(check.settings(), case)))

    assert told("云岭市西岭区市场监督管理局") == [("table-altered", "unsure")]
    for own in ("东河区市监局（盖章）", "云岭市东河区市场监督管理局", "质量发展科", "________", "云岭市市场监督管理局"):
        assert told(own) == []


def test_the_finding_names_the_cell_and_the_figures() -> None:
    (said,) = run("table", {}, item("表.xlsx", facts(with_value(3, "若干"))), form=BLANK)
    assert "E7（发放宣传资料）填的是“若干”，不是数字" in said.says
    assert said.expected == "数字（份）"
    (said,) = run("table", {}, item("表.docx", facts(with_value(3, "若干"), form="docx")), form=BLANK)
    assert "第7行第5列" in said.says


def test_many_cells_of_one_kind_are_told_one_by_one_up_to_a_point() -> None:
    rows: Rows = [["项目", "数量"], *(list[Cell]([f"第{n}类", "若干"]) for n in "一二三四五六七八九")]
    form: Rows = [["项目", "数量"], *(list[Cell]([row[0], N]) for row in rows[1:])]
    said = run("table", {}, item("表.xlsx", facts(rows)), form=facts(form))
    assert len(said) == 6 and "等" not in said[0].says and said[-1].says.count("若干") == 4


def test_a_table_over_two_pages_of_a_document() -> None:
    rows = filled()
    assert found(rows[:6], rows[6:], form="docx") == []
    assert counted(rows[:6], rows[6:], form="docx") == list(VALUES)


DIVIDED: Rows = [
    ["地区", "线上", N, "线下", N, "经费（万元）"],
    [N, "场次", "参加人次", "场次", "参加人次", N],
    ["城东", N, N, N, N, N],
    ["城西", N, N, N, N, N],
]
DEEP: Rows = [
    ["地区", "活动", N, N, N, "备注"],
    [N, "线上", N, "线下", N, N],
    [N, "场次", "人次", "场次", "人次", N],
    ["城东", N, N, N, N, N],
    ["城西", N, N, N, N, N],
]


@pytest.mark.parametrize(
    ("form", "change"),
    [
        (DIVIDED, lambda rows: rows),
        (DIVIDED, lambda rows: [["地区", "线上", "线上", "线下", "线下", "经费（万元）"], *rows[1:]]),  # merging undone
        (
            DIVIDED,
            lambda rows: [["地区", "线上场次", "线上参加人次", "线下场次", "线下参加人次", "经费(万元)"], *rows[2:]],
        ),
        (DIVIDED, lambda rows: [rows[0], [N, "场数", "参与人次", "场次", "参加人次", N], *rows[2:]]),
        (DIVIDED, lambda rows: [[r[0], r[5], *r[1:5]] for r in rows]),
        (DIVIDED, lambda rows: [[r[0], *r[3:5], *r[1:3], r[5]] for r in rows]),
        (DIVIDED, turned),
        (DEEP, lambda rows: rows),
        (DEEP, lambda rows: [[N, *row] for row in rows]),
        (DEEP, lambda rows: [row[:5] for row in rows]),
        (DEEP, lambda rows: [["地区", *rows[1][1:]], *rows[2:]]),  # the top heading cut off
    ],
)
def test_headings_of_several_rows(form: Rows, change: Callable[[Rows], Rows]) -> None:
    depth = 2 if form is DIVIDED else 3
    rows = [list(row) for row in form]
    width = 5 if form is DIVIDED else 4
    for n, row in enumerate(rows[depth:]):
        row[1 : 1 + width] = [10 * n + c for c in range(1, width + 1)]
    sent = change(rows)
    want = [10 * n + c for n in range(2) for c in range(1, width + 1)]
    assert counted(sent, blank=facts(form)) == want
    assert all(outcome == "note" for _, outcome in found(sent, blank=facts(form)))


def test_万元_and_元_are_not_confused() -> None:
    rows = [list(row) for row in DIVIDED]
    rows[2][1:], rows[3][1:] = [1, 2, 3, 4, 50000], [1, 2, 3, 4, 60000]
    rows[0][5] = "经费（元）"
    assert found(rows, blank=facts(DIVIDED)) == [("table-altered", "unsure")]
    assert counted(rows, blank=facts(DIVIDED))[4] is None
    rows[0][5], rows[2][5] = "经费（万元）", "1.5万"
    assert found(rows, blank=facts(DIVIDED)) == [("table-not-a-number", "unsure")]


WRONG_SUM = ("table-total-wrong", "fail")
LISTED: Rows = [["2022年抽查企业名单", N, N, N, N], ["序号", "企业名称", "检查次数", "合格率（%）", "备注"]]


@pytest.mark.parametrize(
    ("rows", "said", "read"),
    [
        ([[1, "甲厂", 3, 100, N], [2, "乙厂", 2, "95%", N]], [], [3, 100, 2, 95]),
        ([[1, "甲厂", 3, 100, N], [N] * 5, [2, "乙厂", 2, 95, N], [3, N, N, N, N]], [], [3, 100, 2, 95]),
        ([["例", "某厂", 9, 99, N], [1, "甲厂", 3, 100, N]], [], [3, 100]),
        ([[1, "甲厂", 3, 100, N], [2, "乙厂", 2, 95, N], ["合计", N, 5, N, N]], [], [3, 100, 2, 95, 5]),
        ([[1, "甲厂", 3, 100, N], [2, "乙厂", 2, 95, N], ["合计", N, 6, N, N]], [WRONG_SUM], [3, 100, 2, 95, 6]),
        ([[1, "甲厂", N, 100, N]], [("table-empty", "note")], [None, 100]),
        ([[1, "甲厂", "多次", 100, N]], [("table-not-a-number", "fail")], [None, 100]),
        ([[1, "甲厂", 3, 100, N], ["填表人：张三", N, N, N, N]], [], [3, 100]),
        ([], [("table-empty", "fail")], []),
    ],
)  # fmt: skip
def test_lists(rows: Rows, said: list[tuple[str, str]], read: list[float | None]) -> None:
    sent, form = [*LISTED, *rows], facts(LISTED)
    assert found(sent, blank=form) == said
    assert [figure_of(f).counted for f in align(form, facts(sent)).fields if not f.words] == read


UNSURE = ("table-altered", "unsure")
ASKED: Rows = [
    ["典型案例推荐表", N, N, N],
    ["单位名称", N, "联系人", N],
    ["联系电话", N, "邮箱", N],
    ["案例名称", N, N, N],
    ["主要做法（500字以内）", N, N, N],
    ["推荐单位意见", N, N, N],
]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({(1, 1): "某局", (1, 3): "张三", (2, 1): 139, (2, 3): "a@unit.example", (3, 1): "甲", (4, 1): "做了"}, []),
        ({(1, 1): "某局", (1, 3): "张三", (2, 1): 139, (3, 1): "甲", (4, 1): "做了"}, [("table-empty", "note")]),
        ({}, [("table-empty", "fail")]),
        ({(1, 0): "单位名称：某局", (1, 2): "联系人：张三", (2, 1): 1, (2, 3): "a", (3, 1): "甲", (4, 1): "做了"}, []),
        ({(1, 1): "某局", (1, 3): "张三", (2, 0): "电话", (2, 1): 139, (2, 3): "a", (3, 1): "甲", (4, 1): "做了"}, []),
        ({(1, 1): "某局", (1, 3): "张三", (2, 1): 1, (2, 3): "a", (3, 1): "甲", (4, 0): "x"}, [UNSURE]),
    ],
)  # fmt: skip
def test_forms_that_ask_label_by_label(cells: dict[tuple[int, int], Cell], said: list[tuple[str, str]]) -> None:
    rows = [list(row) for row in ASKED]
    for (row, column), value in cells.items():
        rows[row][column] = value
    assert found(rows, form="docx", blank=facts(ASKED, form="docx")) == said


def test_words_where_the_form_does_not_plainly_ask_for_a_number() -> None:
    form = facts([["工作", "牵头科室", "进度", "场次"], ["讲座", N, N, N], ["展览", N, N, N]])
    sent: Rows = [["工作", "牵头科室", "进度", "场次"], ["讲座", "质量科", "已完成", 3], ["展览", "质量科", "过半", 4]]
    assert {outcome for _, outcome in found(sent, blank=form)} <= {"unsure"}


@given(st.permutations(range(6)))
@settings(max_examples=60, deadline=None)
def test_columns_may_stand_in_any_order(order: list[int]) -> None:
    """As long as the group stands left of its rows, every value is the same."""
    if order.index(1) < order.index(2):
        assert counted(ordered(*order)) == list(VALUES)


@given(
    st.lists(
        st.lists(
            st.none()
            | st.integers()
            | st.floats(allow_nan=False)
            | st.text(max_size=8)
            | st.sampled_from([c for row in FORM for c in row]),
            max_size=7,
        ),
        max_size=12,
    )
)
@settings(max_examples=150, deadline=None)  # fmt: skip
def test_no_sheet_makes_it_raise(rows: list[list[Cell]]) -> None:
    for blank in (BLANK, facts(LISTED), facts(ASKED), facts(DEEP), facts(rows)):
        run("table", {}, item("表.xlsx", facts(rows)), form=blank)


WAYS: tuple[Callable[[int], str], ...] = (
    str,
    lambda n: f" {n} ",
    lambda n: f"{n:,}",
    lambda n: f"{n:,}".replace(",", "，"),
    lambda n: f"{n:,}".replace(",", " "),
    lambda n: str(n).translate({48 + d: 0xFF10 + d for d in range(10)}),
    lambda n: f"约{n}",
    lambda n: f"{n}余",
    lambda n: f"{n}余人次",
    lambda n: f"共{n}人次",
    lambda n: f"{n} 人次",
    lambda n: f"{n}（人次）",
    lambda n: f"{n}多人",
    lambda n: f"{n}人左右",
    lambda n: f"{n}。",
    lambda n: f"{n / 10000:.4f}万",
    lambda n: f"{n / 10000:.4f}万余人次",
    lambda n: f"{n // 10000}万{n % 10000}" if n >= 10000 and n % 10000 >= 1000 else str(n),
    lambda n: chinese(n),
)


def chinese(number: int) -> str:
    """The number in Chinese numerals, below 100,000."""
    text, zero = "", False
    for unit, word in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if zero else "") + "零一二三四五六七八九"[digit] + word
            zero = False
        elif text and number:
            zero = True
    return text or "零"


@given(st.integers(1, 99_999), st.sampled_from(WAYS))
@settings(max_examples=300, deadline=None)
def test_a_number_comes_back_from_every_way_of_writing_it(number: int, way: Callable[[int], str]) -> None:
    read = figure(way(number), "人次")
    assert (read.counted, read.state in ("exact", "read")) == (number, True), way(number)
