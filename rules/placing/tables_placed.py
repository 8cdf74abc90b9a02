"""Tables among the files of a unit: blank forms that were filled in, lists of captions, tables by name or title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rules.captioning.caption_sources import is_caption_table
from rules.facts import Sheet, TableFacts
from rules.placing.found import Found, merged, placed, set_aside
from rules.placing.lexicon import Reading
from rules.placing.looks import first_cells, labels_of

if TYPE_CHECKING:
    from rules.placing.desk import Desk

_OWN_WORDS = 3
"""Strength of a reading that names the requirement in its own words."""
_ALIKE = 0.2
"""Share of a form's labels below which a table has nothing to do with it."""


def find_table(desk: Desk, facts: TableFacts, reading: Reading) -> Found:
    """What labels, title and name of a table tell: a blank form filled in, a list of captions, a table by its name."""
    whole = like_form(desk, facts.sheets)
    # two forms may be filled in on two sheets of one workbook
    alike = merged(*((id,) for sheet in facts.sheets if (id := like_form(desk, (sheet,))))) or (
        (whole,) if whole else ()
    )
    if alike:
        return Found(ids=alike, why="表格栏目与空白表一致", confidence=0.95, settled=True)
    if reading.aside or is_caption_table(facts.sheets):
        return set_aside(reading.aside or "captions")
    wanted = tuple(t for t in reading.targets if t in desk.table + desk.text)
    if wanted and wanted == reading.targets and reading.certain:
        if reading.strength < _OWN_WORDS and _unlike_form(desk, wanted, facts.sheets):
            return Found(candidates=wanted, why=f"名称含“{reading.word}”，但栏目与空白表没有相同之处")
        return placed(wanted, f"表格文件，名称含“{reading.word}”", 0.9)
    for line in first_cells(facts.sheets):
        titled = desk.lexicon.read(line)
        if titled.certain and len(titled.targets) == 1 and titled.targets[0] in desk.table:
            return placed(titled.targets, f"表内标题为“{line[:30]}”", 0.9)
    if reading.targets:
        return Found(candidates=reading.targets, why=f"表格文件，但名称写的是“{reading.word}”")
    if len(desk.table) == 1 and desk.table[0] not in desk.forms:
        return placed(desk.table, f"表格文件，只有“{desk.by_id[desk.table[0]].name}”一项要求表格", 0.7)
    if desk.table:
        return Found(candidates=desk.table, why="表格文件，栏目与空白表不同，无法确认是哪一项")
    return Found(why="表格文件，没有要求此类材料")


def like_form(desk: Desk, sheets: Sequence[Sheet]) -> str | None:
    """The requirement whose blank form shares most of its labels with these tables, if half or more do."""
    if not desk.forms or not sheets:
        return None
    labels = labels_of(sheets)
    shares = {id: len(form & labels) / len(form) for id, form in desk.forms.items() if form}
    best = max(shares, key=lambda id: shares[id], default=None)
    return best if best is not None and shares[best] >= 0.5 else None


def _unlike_form(desk: Desk, wanted: Sequence[str], sheets: Sequence[Sheet]) -> bool:
    """True when the table has next to nothing of the blank forms, perhaps 序号 and 备注 which every table has."""
    labels = labels_of(sheets)
    forms = [desk.forms[id] for id in wanted if desk.forms.get(id)]
    return bool(forms) and all(len(form & labels) < _ALIKE * len(form) for form in forms)
