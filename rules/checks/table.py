"""Is the office's form filled in as it was sent out: headings and rows kept, numbers as numbers, sums right?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from rules.case import Case
from rules.checks import Settings, check
from rules.facts import TableFacts, TextFacts
from rules.finding import Finding
from rules.item import Item
from rules.kinds import alike, kind_of
from rules.notice import Requirement
from rules.numbers import Number, to_number
from rules.table import Alignment, Field, align, fold

_SHOWN = 4
"""How many rows a sentence names before it says 等."""


class TableSettings(Settings):
    """What to do about cells that were left blank while others were filled in."""

    blanks: Literal["note", "fail"] = "note"


@check(
    "table",
    TableSettings,
    codes=("table-empty", "table-altered", "table-not-a-number", "table-total-wrong"),
    always=True,
)
def table(settings: TableSettings, case: Case) -> Iterator[Finding]:
    """Only where the notice names a blank form; what holds no table that can be read is left to a person."""
    if case.form is None:
        return
    for item in case.items:
        filled = _filled(item)
        if filled is None:
            yield from _unread(item, case.requirement)
            continue
        laid = align(case.form, filled)
        yield from _altered(item, laid, cut=filled.truncated) if laid.found else _no_table(item, laid)
        if laid.found:
            yield from _numbers(item, laid, settings)


def _filled(item: Item) -> TableFacts | None:
    if isinstance(item.facts, TableFacts):
        return item.facts
    if isinstance(item.facts, TextFacts) and item.facts.tables:
        return TableFacts(format=item.facts.format, sheets=item.facts.tables, truncated=item.facts.truncated)
    return None


def _unread(item: Item, requirement: Requirement) -> Iterator[Finding]:
    """A document without a table of its own; of a format that is not asked for, the check of formats tells it."""
    if not isinstance(item.facts, TextFacts):
        return
    asked = not requirement.formats or any(alike(kind_of(item.facts), one) for one in requirement.formats)
    if item.facts.scanned:
        says = f"“{item.name}”是扫描件，表内数字已留待人工核对。"
        yield _finding("table-empty", "unsure", item, says, "", "可核对的电子表格", "扫描件")
    elif asked:
        says = f"“{item.name}”中没有读出表格，已留待人工核对。"
        fix = "如方便，请另发一份电子表格。"
        yield _finding("table-empty", "unsure", item, says, fix, "可核对的电子表格", "没有读出表格")


def _no_table(item: Item, laid: Alignment) -> Iterator[Finding]:
    if not laid.missing_headings:
        says = f"“{item.name}”已收到，但空表的栏目未能识别，已留待人工核对。"
        yield _finding("table-altered", "unsure", item, says, "", "与空表一致", "未能比对")
        return
    headings = "、".join(laid.missing_headings)
    says = f"“{item.name}”里没有找到通知所附表格的表头（{headings}）。"
    fix = "请在通知所附的空表上填写后报送。"
    yield _finding("table-altered", "fail", item, says, fix, f"表头：{headings}", "没有这样的表头")


def _altered(item: Item, laid: Alignment, *, cut: bool) -> Iterator[Finding]:
    fix = "请在通知所附的空表上填写，不要增删或改动行列。"
    if laid.missing_headings:
        names = _some(laid.missing_headings)
        says = f"“{item.name}”与空表不一致：缺少或改动了栏目{names}。"
        yield _finding("table-altered", "fail", item, says, fix, "栏目与空表一致", f"缺少{names}")
    if laid.missing_rows and cut:
        says = f"“{item.name}”过长，系统只读了一部分，其余行已留待人工核对。"
        yield _finding("table-altered", "unsure", item, says, "", "各行与空表一致", "只读出一部分")
    elif laid.missing_rows:
        names = _some(laid.missing_rows)
        says = f"“{item.name}”与空表不一致：缺少或改动了{names}。"
        yield _finding("table-altered", "fail", item, says, fix, "各行与空表一致", f"缺少{names}")
    if laid.extra_rows:
        names = _some(laid.extra_rows)
        says = f"“{item.name}”比空表多了{names}，汇总时不计入。"
        yield _finding("table-altered", "note", item, says, "不必重报。", "各行与空表一致", f"多了{names}")


def _numbers(item: Item, laid: Alignment, settings: TableSettings) -> Iterator[Finding]:
    """What stands in the number cells; nothing about rows and columns that are not there."""
    fields = [field for field in laid.fields if not field.lost]
    if all(not fold(field.value) for field in fields):
        if fields or not laid.missing_headings:
            says, fix = f"“{item.name}”是空表，没有填写内容。", "请填写后重新报送，没有的项目填 0。"
            yield _finding("table-empty", "fail", item, says, fix, "已填写", "没有填写")
        return
    blank = [_name(field, laid) for field in fields if not fold(field.value)]
    if blank:
        names = _some(blank)
        says = f"“{item.name}”中{names}没有填写" + ("，暂按 0 计。" if settings.blanks == "note" else "。")
        fix = "如确为 0，不必重报。" if settings.blanks == "note" else "请补填后重新报送，没有的填 0。"
        yield _finding("table-empty", settings.blanks, item, says, fix, "各格均填写，没有的填 0", f"空白：{names}")
    yield from _words(item, fields, laid)
    yield from _totals(item, laid)


def _words(item: Item, fields: Sequence[Field], laid: Alignment) -> Iterator[Finding]:
    """Cells that hold more than a number: one finding for those not understood, one for those that were."""
    wrong, guessed = [], []
    for field in fields:
        if field.words:
            continue
        value, raw = _number(field), str(field.value).strip()
        if fold(field.value) and value is None:
            wrong.append(f"“{_name(field, laid)}”填的是“{raw[:30]}”")
        elif value is not None and not value.exact:
            guessed.append(f"“{_name(field, laid)}”填的是“{raw[:30]}”，已按 {_shown(value.value)} 计")
    if wrong:
        names = _listed(wrong)
        says = f"“{item.name}”中{names}，不是数字。"
        fix = "请改填阿拉伯数字，没有的填 0，其他情况写在备注栏。"
        yield _finding("table-not-a-number", "fail", item, says, fix, "数字", names)
    if guessed:
        names = _listed(guessed)
        says, fix = f"“{item.name}”中{names}。", "如有准确数字，请更正。"
        yield _finding("table-not-a-number", "note", item, says, fix, "数字", names)


def _totals(item: Item, laid: Alignment) -> Iterator[Finding]:
    """Sums that do not add up; blank parts count as 0, sums with a part that is no number are left alone."""
    wrong, rough = [], False
    for field in laid.fields:
        parts = [laid.fields[part] for part in field.total_of]
        stated = _number(field)
        if not parts or stated is None or field.lost or any(part.lost for part in parts):
            continue
        values = [_number(part) for part in parts]
        if any(value is None and fold(part.value) for value, part in zip(values, parts, strict=True)):
            continue
        total = sum(value.value for value in values if value is not None)
        if abs(total - stated.value) > 1e-6 * max(1.0, abs(total)):
            wrong.append((field, stated.value, total))
            rough |= not all(value.exact for value in (stated, *values) if value is not None)
    if not wrong:
        return
    told = [f"“{_name(f, laid)}”填 {_shown(stated)}，各项相加为 {_shown(total)}" for f, stated, total in wrong]
    yield _finding(
        "table-total-wrong",
        "note" if rough else "fail",
        item,
        f"“{item.name}”中{_listed(told)}，两者不符。",
        "如有准确数字，请更正。" if rough else "请核对后重新报送。",
        "、".join(_shown(total) for _, _, total in wrong[:_SHOWN]),
        "、".join(_shown(stated) for _, stated, _ in wrong[:_SHOWN]),
    )


def _number(field: Field) -> Number | None:
    return to_number(field.value, field.unit)


def _shown(value: float) -> str:
    """All digits, no exponent: 1234567, 0.5."""
    return f"{value:.0f}" if value.is_integer() else f"{value:.4f}".rstrip("0")


def _name(field: Field, laid: Alignment) -> str:
    columns = {one.column for one in laid.fields}
    return field.row if len(columns) == 1 else f"{field.row}/{field.column}"


def _some(names: Sequence[str]) -> str:
    return _listed([f"“{name}”" for name in names], "、")


def _listed(told: Sequence[str], between: str = "；") -> str:
    return between.join(told[:_SHOWN]) + (f"等 {len(told)} 处" if len(told) > _SHOWN else "")


def _finding(
    code: str,
    outcome: Literal["note", "unsure", "fail"],
    item: Item,
    says: str,
    fix: str,
    expected: str,
    measured: str,
) -> Finding:
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
