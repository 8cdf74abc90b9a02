"""Is the office's form filled in as it was sent out: headings and rows kept, numbers as numbers, sums right?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from rules.case import Case
from rules.checks import Settings, check
from rules.facts import TableFacts, TextFacts
from rules.finding import Finding
from rules.item import Item
from rules.kinds import alike, kind_of
from rules.notice import Requirement
from rules.tables.alignment import Alignment, Field
from rules.tables.form import fold
from rules.tables.labels import same
from rules.tables.table import align
from rules.tables.table_findings import altered, cell_name, finding, is_blank, listed, some, totals, words
from rules.tables.titles import strangers


class TableSettings(Settings):
    """What to do about cells that were left blank while others were filled in."""

    blanks: Literal["note", "fail"] = "note"
    required: tuple[str, ...] = ()
    """Labels of rows, columns or places that must be filled in, beside those that the blank form marks itself."""


_MUST = re.compile(r"必填|^[*＊★]|[*＊★][：:]?$")
"""How blank forms mark what must be filled in."""


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
        if not laid.found:
            yield from _no_table(item, laid)
            continue
        yield from _of_another(item, case, laid)
        if laid.kind == "labels":
            yield from _labels(item, laid, settings)
        else:
            yield from altered(item, laid, cut=filled.truncated)
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
        yield finding("table-empty", "unsure", item, says, expected="可核对的电子表格", measured="扫描件")
    elif asked:
        says = f"“{item.name}”中没有读出表格，已留待人工核对。"
        fix = "如方便，请另发一份电子表格。"
        yield finding("table-empty", "unsure", item, says, fix, expected="可核对的电子表格", measured="没有读出表格")


def _no_table(item: Item, laid: Alignment) -> Iterator[Finding]:
    if not laid.missing_headings:
        says = f"“{item.name}”已收到，但空表的栏目未能识别，已留待人工核对。"
        yield finding("table-altered", "unsure", item, says, expected="与空表一致", measured="未能比对")
        return
    headings = "、".join(laid.missing_headings)
    says = f"“{item.name}”里没有找到通知所附表格的表头（{headings}）。"
    fix = "请在通知所附的空表上填写后报送。"
    yield finding("table-altered", "fail", item, says, fix, expected=f"表头：{headings}", measured="没有这样的表头")


def _of_another(item: Item, case: Case, laid: Alignment) -> Iterator[Finding]:
    """Another year's form, another form of the same shape, another unit's table: a person looks."""
    lines = item.facts.text[:2000].split("\n")[:15] if isinstance(item.facts, TextFacts) else ()
    for stranger in strangers(case.form, laid, case.unit_names, lines) if case.form is not None else ():
        says = f"“{item.name}”的{stranger.what}写的是“{stranger.there}”，是否报错了表已留待人工核对。"
        fix = "如报错了表，请重新报送。"
        expected, measured = f"{stranger.what}：{stranger.wanted}", f"{stranger.what}：{stranger.there}"
        yield finding("table-altered", "unsure", item, says, fix, expected=expected, measured=measured)


def _labels(item: Item, laid: Alignment, settings: TableSettings) -> Iterator[Finding]:
    """A form that asks label by label: only what is clear is told."""
    asked = [field for field in laid.fields if not field.lost]
    if not any(fold(field.value) for field in asked):
        says, fix = f"“{item.name}”是空表，没有填写内容。", "请填写后重新报送。"
        yield finding("table-empty", "fail", item, says, fix, expected="已填写", measured="没有填写")
        return
    if laid.missing_rows:
        names = some(laid.missing_rows)
        says = f"“{item.name}”中没有找到{names}，已留待人工核对。"
        yield finding("table-altered", "unsure", item, says, expected="与空表一致", measured=f"没有找到{names}")
    yield from _must(item, laid, settings)
    blank = [f.row for f in asked if not fold(f.value) and not f.optional and not _is_must(f, settings)]
    if blank:
        says = f"“{item.name}”中{some(blank)}没有填写。"
        fix = "如确无内容，不必重报。" if settings.blanks == "note" else "请补填后重新报送，没有的填“无”。"
        measured = f"空白：{some(blank)}"
        yield finding("table-empty", settings.blanks, item, says, fix, expected="各项均填写", measured=measured)


def _numbers(item: Item, laid: Alignment, settings: TableSettings) -> Iterator[Finding]:
    """What stands in the number cells; nothing about rows and columns that are not there."""
    fields = [field for field in laid.fields if not field.lost]
    if all(is_blank(field) for field in fields):
        if fields or not laid.missing_headings:
            yield _untouched(item, fields)
        return
    yield from _must(item, laid, settings)
    empty = [f for f in fields if not fold(f.value) and not f.optional and not _is_must(f, settings)]
    if empty:
        names = listed([cell_name(field, laid) for field in empty], "、")
        counted = settings.blanks == "note" and not all(field.words for field in empty)
        says = f"“{item.name}”中 {names} 没有填写" + ("，数字暂按 0 计。" if counted else "。")
        fix = "如确为 0，不必重报。" if settings.blanks == "note" else "请补填后重新报送，没有的填 0。"
        expected, measured = "各格均填写，没有的填 0", f"空白：{names}"
        yield finding("table-empty", settings.blanks, item, says, fix, expected=expected, measured=measured)
    yield from words(item, fields, laid)
    yield from totals(item, laid)


def _must(item: Item, laid: Alignment, settings: TableSettings) -> Iterator[Finding]:
    """Cells that must be filled in and are not, whatever is said of other blanks."""
    empty = [field for field in laid.fields if not field.lost and not fold(field.value) and _is_must(field, settings)]
    if empty:
        names = listed([cell_name(field, laid) for field in empty], "、")
        says, fix = f"“{item.name}”中必填的 {names} 没有填写。", "请补填后重新报送。"
        yield finding("table-empty", "fail", item, says, fix, expected="必填项均填写", measured=f"空白：{names}")


def _is_must(field: Field, settings: TableSettings) -> bool:
    labels = [label for label in (field.row, field.column) if label]
    return any(_MUST.search(label) or any(same(one, label) == 0 for one in settings.required) for label in labels)


def _untouched(item: Item, fields: Sequence[Field]) -> Finding:
    """Nothing filled in; where the form prints zeros of its own, they may be meant."""
    if any(field.printed is not None and not field.total_of and fold(field.value) for field in fields):
        says = f"“{item.name}”各项数字与空表所印的相同，是否已填写已留待人工核对。"
        return finding("table-empty", "unsure", item, says, expected="已填写", measured="与空表相同")
    says, fix = f"“{item.name}”是空表，没有填写内容。", "请填写后重新报送，没有的项目填 0。"
    return finding("table-empty", "fail", item, says, fix, expected="已填写", measured="没有填写")
