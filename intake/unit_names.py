"""Finding the units of the roster by their names in free text, without trying every unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rules.unit import Unit
from rules.words import fold

_SAME = (
    ("监督管理", "监管"),
    ("管理委员会", "管委"),
    ("管委会", "管委"),
    ("委员会", "委"),
    ("办公室", "办"),
    ("人民政府", "政府"),
    ("有限责任公司", "公司"),
    ("股份有限公司", "公司"),
    ("有限公司", "公司"),
)
"""Spellings that offices use for one another; both text and roster are brought to the right-hand one."""
_CITY = re.compile(r"[\u4e00-\u9fff]{2,4}?(?=市|省)")
_PLACE_END = frozenset("区县旗镇乡")
_LEAST = 3
"""Names shorter than this are too common in running text; they count only where they stand alone."""
_KEY = 2
"""Characters by which candidates are looked up."""


class Names:
    """All names of all units. Looking up costs the length of the text, not the number of units."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._codes: dict[str, tuple[str, ...]] = {}
        own: dict[str, list[str]] = {}
        for unit in units:
            for name in (unit.name, unit.short, *unit.aliases):
                _add(own, canonical(name), unit.code)
        derived: dict[str, list[str]] = {}
        for unit in units:
            for name in _shortened(canonical(unit.name)):
                _add(derived, name, unit.code)
        self._codes = {name: tuple(codes) for name, codes in own.items()}
        # a shortened form is ours to make only when it cannot mean anybody else
        self._codes |= {name: tuple(codes) for name, codes in derived.items() if name not in own and len(codes) == 1}
        lengths: dict[str, set[int]] = {}
        for name in self._codes:
            lengths.setdefault(name[:_KEY], set()).add(len(name))
        self._lengths = {key: sorted(found, reverse=True) for key, found in lengths.items()}

    def find(self, text: str) -> list[tuple[str, str]]:
        """(unit code, words that named it) for every unit named in a text, in order, longest names first.

        A name within a longer one is not named: 东山区 in 东山区教育局. A name that several units bear names
        all of them.
        """
        found: dict[str, str] = {}
        for line in text.split("\n"):
            for words in self._in_line(canonical(line)):
                for code in self._codes[words]:
                    found.setdefault(code, words)
        return list(found.items())

    def _in_line(self, line: str) -> Iterator[str]:
        reach = 0
        for start in range(len(line) - _KEY + 1):
            for length in self._lengths.get(line[start : start + _KEY], ()):
                end = start + length
                if end <= reach or end > len(line):
                    continue
                name = line[start:end]
                if name in self._codes and _stands(name, line[start - 1 : start], line[end : end + 1]):
                    reach = end
                    yield name
                    break


def _add(names: dict[str, list[str]], name: str, code: str) -> None:
    if len(name) >= _KEY and code not in names.setdefault(name, []):
        names[name].append(code)


def canonical(text: str) -> str:
    """One spelling for the same name; the names of a text and of the roster are compared in it."""
    folded = fold(text)
    for long, short in _SAME:
        folded = folded.replace(long, short)
    return folded


def _shortened(name: str) -> Iterable[str]:
    """The name without the city it lies in: 青岩市财政局 is 市财政局 within Qingyan; 青岩市云岭区… is 云岭区…."""
    match = _CITY.match(name)
    if match is None:
        return
    rest = name[match.end() :]
    # 东城市场监管局 lies in no city called 东城
    if len(rest) >= _LEAST + 1 and not rest.startswith("市场"):
        yield rest
        if any(sign in rest[2:6] for sign in _PLACE_END):
            yield rest[1:]


def _stands(name: str, before: str, after: str) -> bool:
    """Whether this is a name of its own here: not 财政局 after 云岭区, nothing short within other words."""
    if before in _PLACE_END and before and not _PLACE_END.intersection(name[:6]):
        return False
    if name.isascii() or len(name) < _LEAST:
        return not (before.isalnum() or after.isalnum())
    return True
