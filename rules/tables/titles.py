"""Whose table it is, and of which year: what stands above, below and beside the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import msgspec

from rules.facts import TableFacts
from rules.tables.alignment import Alignment
from rules.tables.blank import layout
from rules.tables.form import Rows, fold, said

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_CHINESE_YEAR = re.compile(r"二[〇零○][〇零○一二三四五六七八九]{2}(?=年)")
_NUMERALS = {sign: str(n) for n, sign in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_FILLED_BY = re.compile(r"^(?:填报|报送|填表|上报|制表)单位(?:名称)?(?:[（(][^（()）]{0,8}[)）])?\s*[:：]?\s*")
_OFFICE = re.compile(
    r"(?:局|委|办|厅|政府|公司|中心|街道|镇|乡|院|校|学会|协会|集团|厂|区|县|市|旗|队|所|银行|大学|管委会|委员会|办公室)$"
)
_CITY = re.compile(r"^(?:[^\W区县旗镇乡省市]{2,3}省(?=..))?(?:[^\W区县旗镇乡省市]{2,3}市(?![场监])(?=..))?")
_GENERIC = re.compile(
    r"市场监督管理|市场监管|监督管理|人民政府|管理委员会|管委会|委员会|办公室"
    r"|有限责任公司|股份有限公司|有限公司|公司|集团|街道|开发区|新区|服务中心|中心|质量|管理|局|委|办|厅|省|市|区|县|旗|镇|乡"
)


class Stranger(msgspec.Struct, frozen=True, kw_only=True):
    """A sign that the table is another one than the form."""

    what: str
    """标题 or 填报单位."""
    wanted: str
    there: str


def strangers(form: TableFacts, laid: Alignment, names: Sequence[str], lines: Sequence[str] = ()) -> list[Stranger]:
    """Another year or another form in the title, another unit as the one that filled it in.

    `names` of the unit that sent it; `lines` of the document around the table.
    """
    found = []
    wanted = layout(form)
    above = wanted.above if wanted is not None else ()
    differs = _other_year(above, laid.above) or _other_title(above, laid.above)
    if differs:
        found.append(Stranger(what="标题", wanted=differs[0], there=differs[1]))
    named = [name for name in stated_units(laid.rows, lines) if is_other_unit(name, names)]
    return [*found, *(Stranger(what="填报单位", wanted=names[0], there=name) for name in named[:1])]


def titles(rows: Rows) -> list[str]:
    """The lines above a table that may be its title: no 填报单位：…, no dates."""
    texts = [said(cell) for row in rows for cell in row if isinstance(cell, str) and fold(cell)]
    return [text for text in texts if not re.search(r"[:：]", text) and not re.fullmatch(r"[\d年月日.\-/ ]+", text)]


def _other_year(form: Rows, filled: Rows) -> tuple[str, str] | None:
    """The form's year and the returned table's, when both tell one and they differ."""
    wanted, there = _years(titles(form)), _years(titles(filled))
    return (min(wanted), min(there)) if wanted and there and not wanted & there else None


def _years(lines: Sequence[str]) -> set[str]:
    found = {year for line in lines for year in _YEAR.findall(line)}
    words = (match[0] for line in lines for match in _CHINESE_YEAR.finditer(line))
    return found | {"".join(_NUMERALS.get(sign, sign) for sign in word).replace("二", "2") for word in words}


def _other_title(form: Rows, filled: Rows) -> tuple[str, str] | None:
    """The form's title and the returned table's, when both end in 表 and have hardly a word in common."""
    wanted = [line for line in titles(form) if line.rstrip("）)").endswith("表")]
    there = [line for line in titles(filled) if line.rstrip("）)").endswith("表")]
    if not wanted or not there:
        return None
    near = max(SequenceMatcher(None, fold(a), fold(b), autojunk=False).ratio() for a in wanted for b in there)
    inside = any(fold(b) in fold(a) or fold(a) in fold(b) for a in wanted for b in there)
    return None if inside or near >= 0.4 else (wanted[0], there[0])


def stated_units(rows: Rows, lines: Sequence[str] = ()) -> Iterator[str]:
    """What stands after 填报单位, in the same cell or the next one of the row."""
    for row in rows:
        cells = [said(cell) for cell in row if isinstance(cell, str) and fold(cell)]
        for number, cell in enumerate(cells):
            match = _FILLED_BY.match(cell)
            if match and (rest := _bare(cell[match.end() :]) or _bare(_next(cells, number))):
                yield rest
    for line in lines:
        match = _FILLED_BY.match(line.strip())
        if match and ("：" in match[0] or ":" in match[0]) and (rest := _bare(line.strip()[match.end() :])):
            yield rest.split()[0]


def _next(cells: Sequence[str], number: int) -> str:
    return cells[number + 1] if number + 1 < len(cells) else ""


def _bare(text: str) -> str:
    return re.sub(r"[（(][^（()）]*[)）]|[_＿\s]+$", "", text).strip()


def is_other_unit(stated: str, names: Sequence[str]) -> bool:
    """True when a full name of an office shares nothing with any name of the unit but what all offices share.

    >>> is_other_unit("西岭区市场监管局", ["云岭市东河区市场监督管理局", "东河区局"])
    True
    >>> is_other_unit("东河市监局", ["云岭市东河区市场监督管理局"]), is_other_unit("质量科", ["东河区局"])
    (False, False)
    """
    text = fold(stated)
    if len(text) < 4 or not _OFFICE.search(text) or not names:
        return False
    mine = [fold(name) for name in names if fold(name)]
    if any(text in name or name in text for name in mine):
        return False
    core = _core(text)
    return bool(core) and not any(_shares(core, _core(name)) for name in mine)


def _core(name: str) -> str:
    """What tells it from other offices of the same city."""
    return _GENERIC.sub(" ", _CITY.sub("", name)).strip()


def _shares(one: str, other: str) -> bool:
    """Two signs in a row that both have; a single sign where one has no more."""
    least = min(2, len(one), len(other))
    parts = {other[i : i + least] for i in range(len(other) - least + 1)}
    return least == 0 or any(part in one for part in parts if part.strip())
