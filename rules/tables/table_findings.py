"""The sentences about a returned table: each deviation one, with its cell, what was measured and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.finding import Finding, Outcome
from rules.item import Item
from rules.tables.alignment import Alignment, Field
from rules.tables.figures import Figure, figure
from rules.tables.form import fold

KEEP = "请在通知所附的空表上填写，不要增删或改动行列。"
_SHOWN = 4
"""How many names a sentence gives before it says 等."""
_EACH = 6
"""How many cells of one kind get a finding of their own; the rest share one."""


def finding(
    code: str, outcome: Outcome, item: Item, says: str, fix: str = "", *, expected: str, measured: str
) -> Finding:
    """A finding about one file."""
    return Finding(
        code=code,
        outcome=outcome,
        says=says,
        fix=fix,
        file=item.path,
        expected=expected,
        measured=measured,
        about=item.key,
    )


def altered(item: Item, laid: Alignment, *, cut: bool) -> Iterator[Finding]:
    """Headings and rows that are not as the form has them."""

    def told(outcome: Outcome, says: str, fix: str, expected: str, measured: str) -> Finding:
        return finding(
            "table-altered", outcome, item, f"“{item.name}”{says}", fix, expected=expected, measured=measured
        )

    if laid.missing_headings:
        names = some(laid.missing_headings)
        instead = f"，表中另有{some(laid.extra_headings)}" if laid.extra_headings else ""
        says = f"与空表不一致：缺少或改动了栏目{names}{instead}。"
        yield told("fail", says, KEEP, "栏目与空表一致", f"缺少{names}{instead}")
    if laid.missing_rows and cut:
        says = "过长，系统只读了一部分，其余行已留待人工核对。"
        yield told("unsure", says, "", "各行与空表一致", "只读出一部分")
    elif laid.missing_rows:
        names = some(laid.missing_rows)
        yield told("fail", f"与空表不一致：缺少或改动了{names}。", KEEP, "各行与空表一致", f"缺少{names}")
    for mine, other in laid.rescaled:
        says = f"的“{mine}”栏写作“{other}”，计量单位与空表不同，已留待人工核对。"
        yield told("unsure", says, f"请按“{mine}”核对该栏数字。", f"“{mine}”", f"“{other}”")
    for mine, other in laid.renamed:
        says = f"中“{mine}”一行写作“{other}”，是否同一项目已留待人工核对。"
        yield told("unsure", says, "行名请与空表一致。", f"“{mine}”", f"“{other}”")
    for name in laid.doubled:
        yield told("unsure", f"中“{name}”不止一行，已留待人工核对。", "同一项目请只填一行。", "一行", "不止一行")
    if laid.rivals:
        says = f"中有 {laid.rivals + 1} 张填好的表，数字不同，以哪一张为准已留待人工核对。"
        yield told("unsure", says, "请告知以哪一张为准。", "一张", f"{laid.rivals + 1} 张")
    yield from _harmless(item, laid)


def _harmless(item: Item, laid: Alignment) -> Iterator[Finding]:
    """What was changed without harm: said in one sentence."""
    said = [f"“{mine}”栏写作“{other}”" for mine, other in laid.reworded]
    said += ["行与列对调了"] if laid.turned else []
    said += [f"缺少{some(laid.missing_asides)}栏"] if laid.missing_asides and not laid.missing_headings else []
    if said:
        names = listed(said, "，")
        says = f"“{item.name}”{names}，内容已照常读取。"
        yield finding("table-altered", "note", item, says, "不必重报。", expected="与空表一致", measured=names)
    added = [f"“{name}”一行" for name in laid.extra_rows]
    added += [f"“{name}”一栏" for name in laid.extra_headings] if not laid.missing_headings else []
    if added:
        names = listed(added, "、")
        says = f"“{item.name}”比空表多了{names}，汇总时不计入。"
        yield finding(
            "table-altered", "note", item, says, "不必重报。", expected="行列与空表一致", measured=f"多了{names}"
        )


def words(item: Item, fields: Sequence[Field], laid: Alignment) -> Iterator[Finding]:
    """Cells that hold more than a number: those that are none, those that a person should see, those understood."""
    weighed = [(field, figure_of(field)) for field in fields if not field.words]
    wrong = [(f, n) for f, n in weighed if n.state == "words" and f.figures]
    perhaps = [(f, n) for f, n in weighed if n.state == "words" and not f.figures]
    doubtful = [(f, n) for f, n in weighed if n.state == "doubt" and not f.doubt]
    read = [(f, n) for f, n in weighed if n.state == "read"]
    fix = "请改填阿拉伯数字，没有的填 0，其他情况写在备注栏。"
    yield from _cells(item, laid, wrong, "fail", "不是数字", fix)
    yield from _cells(item, laid, perhaps, "unsure", "不是数字，已留待人工核对", "如该栏应填数字，请更正。")
    yield from _cells(item, laid, doubtful, "unsure", "", "请核对，填写与空表单位一致的数字。")
    yield from _cells(item, laid, read, "note", "", "如有准确数字，请更正。")


def _cells(
    item: Item, laid: Alignment, cells: Sequence[tuple[Field, Figure]], outcome: Outcome, what: str, fix: str
) -> Iterator[Finding]:
    told = [(field, f"{cell_name(field, laid)}填的是“{n.raw[:30]}”{_how(n, what)}") for field, n in cells]
    single, rest = (told, []) if len(told) <= _EACH else (told[: _EACH - 1], told[_EACH - 1 :])
    for field, said in single:
        expected = f"数字（{field.unit}）" if field.unit else "数字"
        says = f"“{item.name}”的 {said}。"
        yield finding("table-not-a-number", outcome, item, says, fix, expected=expected, measured=said.strip())
    if rest:
        names = listed([said for _, said in rest])
        yield finding(
            "table-not-a-number", outcome, item, f"“{item.name}”另有{names}。", fix, expected="数字", measured=names
        )


def _how(n: Figure, what: str) -> str:
    if what:
        return f"，{what}"
    return f"，{n.why}，已留待人工核对" if n.state == "doubt" else f"，已按 {shown(n.number or 0.0)} 计"


def totals(item: Item, laid: Alignment) -> Iterator[Finding]:
    """Sums that do not add up."""
    for field, total, rough in wrong_totals(laid):
        stated = figure_of(field).number or 0.0
        outcome: Outcome = "note" if rough else "fail"
        says = f"“{item.name}”的 {cell_name(field, laid)}填 {shown(stated)}，各项相加为 {shown(total)}，两者不符。"
        fix = "如有准确数字，请更正。" if rough else "请核对后重新报送。"
        yield finding("table-total-wrong", outcome, item, says, fix, expected=shown(total), measured=shown(stated))


def wrong_totals(laid: Alignment) -> Iterator[tuple[Field, float, bool]]:
    """(field, what its parts add up to, True when a part is only about right) of sums that do not add up.

    Blank parts count as 0; sums with a part that is no sure number are left alone.
    """
    for field in laid.fields:
        parts = [laid.fields[part] for part in field.total_of]
        stated = figure_of(field)
        if not parts or stated.number is None or field.lost or any(part.lost for part in parts):
            continue
        figures = [figure_of(part) for part in parts]
        if any(one.state in ("doubt", "words") for one in figures):
            continue
        total = sum((one.number for one in figures if one.number is not None), 0.0)
        if abs(total - stated.number) > 1e-6 * max(1.0, abs(total)):
            yield field, total, any(one.state == "read" for one in (stated, *figures))


def figure_of(field: Field) -> Figure:
    """What a field of the filled table says."""
    return figure(field.value, field.unit, field.doubt)


def is_blank(field: Field) -> bool:
    """True for a cell that is empty, or still as the blank form has it."""
    return not fold(field.value) or (field.printed is not None and field.value == field.printed)


def shown(value: float) -> str:
    """All digits, no exponent: 1234567, 0.5."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.4f}".rstrip("0")


def cell_name(field: Field, laid: Alignment) -> str:
    """C5（讲座）; with the column where there are several."""
    columns = {one.column for one in laid.fields}
    label = field.row if len(columns) == 1 else f"{field.row}/{field.column}"
    return f"{field.place}（{label}）" if field.place else f"“{label}”"


def some(names: Sequence[str]) -> str:
    """“甲”、“乙”等 7 处."""
    return listed([f"“{name}”" for name in names], "、")


def listed(told: Sequence[str], between: str = "；") -> str:
    """The first ones, and how many there are."""
    return between.join(told[:_SHOWN]) + (f"等 {len(told)} 处" if len(told) > _SHOWN else "")
