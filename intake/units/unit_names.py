"""Finding the units of the roster by their names in free text, without trying every unit.

The law: a name from the roster binds to every unit that bears it; a form made by rule binds only where it fits
one unit alone; words around a name may show that it is another body's, or that the text only speaks of the unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from intake.units.name_forms import forms
from intake.units.name_parts import Line, Places, canonical, take_apart
from intake.units.office_words import (
    AFTER,
    BEFORE,
    GENERIC,
    OTHER_PLACE,
    SPOKEN_AFTER,
    SPOKEN_BEFORE,
    SUBORDINATE,
    TRAIL,
    VERBAL,
)
from rules.unit import Unit

_PLACE_END = frozenset("区县旗镇乡市省州盟")
_OTHER_CITY = re.compile(r"((?:(?![我本全各市区县])[\u4e00-\u9fff]){2,4})[市省]$")
_LEAST = 3
"""Names shorter than this are too common in running text; they count only where they stand alone."""
_KEY = 2
"""Characters by which candidates are looked up."""
_BRACKETED = re.compile(r"[(（]([^()（）]{2,20})[)）]")
_AROUND = 24


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit named in a text."""

    code: str
    words: str
    """The words that named it, in canonical spelling."""
    plain: bool
    """False when the words may be part of another body's name, or only speak of the unit."""
    before: str
    after: str
    """The rest of the line, canonical."""


@dataclass(frozen=True, slots=True)
class _Entry:
    codes: tuple[str, ...]
    made: bool = False
    """Made by rule, not written in the roster."""
    loose: bool = False


class Names:
    """All names of all units. Looking up costs the length of the text, not the number of units."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units

    @cached_property
    def _plain(self) -> list[str]:
        return [canonical(unit.name).text for unit in self._units]

    @cached_property
    def _places(self) -> Places:
        return Places(self._plain)

    @cached_property
    def _own(self) -> dict[str, list[str]]:
        """Codes by the names that the roster itself gives."""
        own: dict[str, list[str]] = {}
        for unit, plain in zip(self._units, self._plain, strict=True):
            for name in (plain, unit.short, *unit.aliases):
                short = canonical(name).text if name and name is not plain else name
                if len(short) >= _KEY and unit.code not in own.setdefault(short, []):
                    own[short].append(unit.code)
        return own

    @cached_property
    def _made(self) -> tuple[dict[str, str], set[str]]:
        """Code by form made by rule, "" where it fits several units; and the forms that are not loose."""
        made: dict[str, str] = {}
        firm: set[str] = set()
        for unit, plain in zip(self._units, self._plain, strict=True):
            code = unit.code
            for form, loose in self._forms(unit, plain):
                if made.setdefault(form, code) != code:
                    made[form] = ""
                elif not loose:
                    firm.add(form)
        return made, firm

    def _entry(self, name: str) -> _Entry | None:
        own = self._own.get(name)
        if own is not None:
            # 市场监管局 may be a unit's short name; without a place it needs a clear border all the same
            return _Entry(tuple(own), loose=bool(GENERIC.fullmatch(name)))
        made, firm = self._made
        code = made.get(name, "")
        return _Entry((code,), made=True, loose=name not in firm) if code else None

    def _forms(self, unit: Unit, plain: str) -> Iterator[tuple[str, bool]]:
        parts = self._places.parts[plain]
        yield from forms(parts, home=self._places.is_home(parts))
        if _BRACKETED.search(unit.name):  # 晨露（青岩）食品公司 is 晨露食品公司 as well
            shorter = canonical(_BRACKETED.sub("", unit.name)).text
            yield shorter, True
            yield from forms(take_apart(shorter, self._places.cities), home=False)
        for name in filter(None, (unit.short, *unit.aliases)):  # 滨江区市监局 is short for 滨江区市场监管局 as well
            short = take_apart(canonical(name).text)
            if short.kind or short.city:
                yield from ((form, loose) for form, loose in forms(short, home=False) if not loose)

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        lengths: dict[str, set[int]] = {}
        for name in (*self._own, *self._made[0]):
            if len(name) >= _KEY:
                lengths.setdefault(name[:_KEY], set()).add(len(name))
        return {key: sorted(found, reverse=True) for key, found in lengths.items()}

    def find(self, text: str) -> list[Mention]:
        """Every unit named in a text, in order, the longest name at each place; plain mentions before others.

        A name within a longer one is not named: 东山区 in 东山区教育局. A name that several units bear names
        all of them.
        """
        found: dict[str, Mention] = {}
        for raw in text.split("\n"):
            for mention in self._in_line(canonical(raw)):
                known = found.get(mention.code)
                if known is None or (mention.plain and not known.plain):
                    found[mention.code] = mention
        return list(found.values())

    def _in_line(self, line: Line) -> Iterator[Mention]:
        reach = 0
        for start in range(len(line.text) - _KEY + 1):
            if start < reach:
                continue
            for length in self._lengths.get(line.text[start : start + _KEY], ()):
                end = start + length
                entry = self._entry(line.text[start:end]) if end <= len(line.text) else None
                if entry is None:
                    continue
                name = line.text[start:end]
                before, after = line.text[:start], line.text[end:]
                bordered = start in line.gaps or self._after_our_city(name, before)
                if not _stands(name, entry, "" if bordered else before, "" if end in line.gaps else after):
                    continue
                reach = end
                plain = self._is_home_city(name, before) and _names_itself("" if start in line.gaps else before, after)
                for code in entry.codes:
                    yield Mention(code, name, plain, before, after)
                break

    def _after_our_city(self, name: str, before: str) -> bool:
        """青岩 + 滨江高新区; but 青岩 + 第一中学 may be the city's, when ours is a county's."""
        return not GENERIC.fullmatch(name) and before.removesuffix("市").endswith(tuple(self._places.cities))

    def _is_home_city(self, name: str, before: str) -> bool:
        """滨江区教育局 after 杭州市 is not the one of our city."""
        match = _OTHER_CITY.search(before[-_AROUND:])
        cities = self._places.cities
        return match is None or not cities or any(match[1].endswith(city) for city in cities)


def _stands(name: str, entry: _Entry, before: str, after: str) -> bool:
    """Whether this is a name of its own here: not 财政局 after 云岭区, nothing short within other words.

    `before` and `after` are empty at a border.
    """
    last, following = before[-1:], after[:1]
    if last in _PLACE_END and last and not _PLACE_END.intersection(name[:8]):
        return False
    if len(name) <= 5 and following and following in TRAIL.get(name[-1], ""):
        return False
    if name.isascii() or (len(name) < _LEAST and not entry.made):
        return not (last.isalnum() or following.isalnum())
    if entry.loose and last.isalnum() and not BEFORE.search(before[-_AROUND:]):
        return False
    return len(name) >= _LEAST or AFTER.match(after) is not None


def _names_itself(before: str, after: str) -> bool:
    """False when a longer name goes on, or the words around speak of the unit."""
    longer = SUBORDINATE.match(after)
    if longer and not VERBAL.search(longer[0]):
        return False
    return not (SPOKEN_BEFORE.search(before[-_AROUND:]) or OTHER_PLACE.search(before[-1:]) or SPOKEN_AFTER.match(after))
