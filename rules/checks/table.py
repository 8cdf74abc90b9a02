"""Is the office's form filled in as it was sent out: headings and rows kept, numbers as numbers, sums right?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from rules.case import Case
from rules.checks import Settings, check
from rules.facts import TableFacts, TextFacts
from rules.finding import Finding
from rules.item import Item
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
    """Only where the notice names a blank form; a picture or scan of the table is left to a person."""
    if case.form is None:
        return
    for item in case.items:
        filled = _filled(item)
        if filled is None:
            if isinstance(item.facts, TextFacts) and item.facts.scanned:
                yield _finding(
                    "table-empty",
                    "unsure",
                    item,
                    f"“{item.name}”是扫描件，表内数字已留待人工核对。",
                    "",
                    "可核对的电子表格",
                    "扫描件",
                )
            continue
        laid = align(case.form, filled)
        yield from _altered(item, laid) if laid.found else _no_table(item, laid)
        if laid.found and not laid.missing_headings:
            yield from _numbers(item, laid, settings)


def _filled(item: Item) -> TableFacts | None:
    if isinstance(item.facts, TableFacts):
        return item.facts
    if isinstance(item.facts, TextFacts) and item.facts.tables:
        return TableFacts(format=item.facts.format, sheets=item.facts.tables)
    return None


def _no_table(item: Item, laid: Alignment) -> Iterator[Finding]:
    headings = "、".join(laid.missing_headings)
    says = f"“{item.name}”里没有找到通知所附表格的表头（{headings}）。"
    yield _finding(
        "table-altered", "fail", item, says, "请在通知所附的空表上填写后报送。", f"表头：{headings}", "没有这样的表头"
    )


def _altered(item: Item, laid: Alignment) -> Iterator[Finding]:
    fix = "请在通知所附的空表上填写，不要增删或改动行列。"
    if laid.missing_headings:
        names = _some(laid.missing_headings)
        says = f"“{item.name}”与空表不一致：缺少或改动了栏目{names}。"
        yield _finding("table-altered", "fail", item, says, fix, "栏目与空表一致", f"缺少{names}")
    if laid.missing_rows:
        names = _some(laid.missing_rows)
        says = f"“{item.name}”与空表不一致：缺少或改动了{names}等行。"
        yield _finding("table-altered", "fail", item, says, fix, "各行与空表一致", f"缺少{names}")
    if laid.extra_rows:
        names = _some(laid.extra_rows)
        says = f"“{item.name}”比空表多了{names}，汇总时不计入。"
        yield _finding("table-altered", "note", item, says, "不必重报。", "各行与空表一致", f"多了{names}")


def _numbers(item: Item, laid: Alignment, settings: TableSettings) -> Iterator[Finding]:
    fields = [field for field in laid.fields if field.row not in laid.missing_rows]
    values = [to_number(field.value) for field in fields]
    blank = [field for field in fields if not fold(field.value) and not field.total_of]
    if all(not fold(field.value) for field in fields):
        says, fix = f"“{item.name}”是空表，没有填写数字。", "请填写后重新报送，没有的项目填 0。"
        yield _finding("table-empty", "fail", item, says, fix, "已填写", "没有填写任何数字")
        return
    if blank:
        names = _some([_name(field, laid) for field in blank])
        says = f"“{item.name}”中{names}没有填写" + ("，暂按 0 计。" if settings.blanks == "note" else "。")
        fix = "如确为 0，不必重报。" if settings.blanks == "note" else "请补填后重新报送，没有的填 0。"
        yield _finding("table-empty", settings.blanks, item, says, fix, "各格均填写，没有的填 0", f"空白：{names}")
    for field, value in zip(fields, values, strict=True):
        if fold(field.value):
            yield from _number(item, field, value, laid)
    yield from _totals(item, laid)


def _number(item: Item, field: Field, value: Number | None, laid: Alignment) -> Iterator[Finding]:
    name, raw = _name(field, laid), str(field.value).strip()
    if value is None:
        says = f"“{item.name}”中“{name}”填的是“{raw[:30]}”，不是数字。"
        yield _finding("table-not-a-number", "fail", item, says, "请改填阿拉伯数字，没有的填 0。", "数字", raw[:60])
    elif not value.exact and isinstance(field.value, str):
        says = f"“{item.name}”中“{name}”填的是“{raw[:30]}”，已按 {value.value:g} 计。"
        yield _finding("table-not-a-number", "note", item, says, "如有准确数字，请更正。", "数字", raw[:60])


def _totals(item: Item, laid: Alignment) -> Iterator[Finding]:
    for field in laid.fields:
        stated = to_number(field.value)
        if not field.total_of or stated is None:
            continue
        cells = [laid.fields[part] for part in field.total_of]
        parts = [to_number(cell.value) for cell in cells]
        if any(part is None and fold(cell.value) for part, cell in zip(parts, cells, strict=True)):
            continue
        total = sum(part.value for part in parts if part is not None)
        if abs(total - stated.value) > 1e-6 * max(1.0, abs(total)):
            name = _name(field, laid)
            says = f"“{item.name}”中“{name}”填 {stated.value:g}，各项相加为 {total:g}，两者不符。"
            yield _finding(
                "table-total-wrong", "fail", item, says, "请核对后重新报送。", f"{total:g}", f"{stated.value:g}"
            )


def _name(field: Field, laid: Alignment) -> str:
    columns = {one.column for one in laid.fields}
    return field.row if len(columns) == 1 else f"{field.row}/{field.column}"


def _some(names: tuple[str, ...] | list[str]) -> str:
    shown = "、".join(f"“{name}”" for name in names[:_SHOWN])
    return shown + (f"等 {len(names)} 处" if len(names) > _SHOWN else "")


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
