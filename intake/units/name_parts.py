"""The name of an office taken apart: the place it serves, and the body it is. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from intake.units.hanzi import simplified
from intake.units.office_words import SAME
from rules.words import fold

_HAN = "[\u4e00-\u9fff]"
_PROVINCE = re.compile(rf"(?:{_HAN}{{2,3}}省|{_HAN}{{2,7}}自治区)")
# 东城市场监管局 lies in no city called 东城, 天津城市职业学院 in none called 天津城
_CITY = re.compile(
    r"(?:[\u4e00-\u9fff]城|(?:(?![市区县])[\u4e00-\u9fff]){1,4}?(?![城市区县])[\u4e00-\u9fff])市(?!场|政(?!府|协|务)|民中心|容|区)"
)
_DISTRICT = re.compile(
    r"(?:(?![市区县旗])[\u4e00-\u9fff]){1,6}?"
    r"(?:新区|经济技术开发区|高新技术产业开发区|经开区|高新区|开发区|示范区|(?<![社校景小厂院])区|县|旗)(?![域块属划])"
)
_BODY_WORDS = re.compile(r"公司|学校|中学|小学|学院|大学|医院|集团|街道|办事处")
_BRACKETS = "()[]{}<>【】〔〕「」『』《》“”\"'‘’"
_SAME = re.compile("|".join(sorted(SAME, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Line:
    """A text in canonical spelling. `gaps`: positions before which white space or a bracket was left out."""

    text: str
    gaps: frozenset[int] = frozenset()


def canonical(text: str) -> Line:
    """One spelling for the same name: simplified, half-width, lower case, without white space and brackets.

    >>> canonical("濱江區 市場監督管理局（本級）").text
    '滨江区市场监管局本级'
    """
    letters: list[str] = []
    gaps: set[int] = set()
    for word in text.split():
        gaps.add(len(letters))
        for letter in fold(word):
            if letter in _BRACKETS:
                gaps.add(len(letters))
            else:
                letters.append(letter)
    plain = simplified("".join(letters))
    out: list[str] = []
    moved: set[int] = set()
    place = length = 0
    for match in _SAME.finditer(plain):
        moved |= {gap - place + length for gap in gaps if place <= gap <= match.start()}
        out += [plain[place : match.start()], SAME[match[0]]]
        length += match.start() - place + len(SAME[match[0]])
        place = match.end()
    moved |= {gap - place + length for gap in gaps if gap >= place}
    return Line("".join((*out, plain[place:])), frozenset(moved))


@dataclass(frozen=True, slots=True)
class Parts:
    """A name taken apart. 天津市滨江区市场监管局: city 天津, district 滨江, kind 区, body 市场监管局."""

    name: str
    city: str = ""
    district: str = ""
    kind: str = ""
    """What the district is: 区, 县, 新区, 开发区 …"""
    body: str = ""


def take_apart(name: str, cities: Collection[str] = (), districts: Collection[str] = ()) -> Parts:
    """The parts of a canonical name; `cities` and `districts`: roots that may stand without 市 and 区.

    >>> take_apart("天津市滨江区市场监管局")
    Parts(name='天津市滨江区市场监管局', city='天津', district='滨江', kind='区', body='市场监管局')
    >>> take_apart("滨江重工集团公司", districts=["滨江"]).body
    '滨江重工集团公司'
    """
    rest = name.removeprefix("国家税务总局")
    province = _PROVINCE.match(rest)
    rest = rest[province.end() :] if province else rest
    city = ""
    match = _CITY.match(rest)
    if match and match.end() < len(rest):
        city, rest = match[0][:-1], rest[match.end() :]
    else:
        city = next((root for root in cities if rest.startswith(root) and len(rest) > len(root) + 2), "")
        rest = rest[len(city) :]
    match = _DISTRICT.match(rest)
    if match and match.end() < len(rest) and not _is_body(match[0], rest[match.end() :]):
        kind = next(k for k in _KINDS if match[0].endswith(k))
        root = match[0][: -len(kind)]
        if root:
            return Parts(name, city, root, kind, rest[match.end() :])
    root = next((r for r in districts if rest.startswith(r) and _plain_body(rest[len(r) :])), "")
    return Parts(name, city, root, "", rest[len(root) :])


def _is_body(place: str, after: str) -> bool:
    """滨江高新区管委会 is not a body in that zone but the zone itself; 某某公司…区 is no place."""
    return after.startswith("管委") or _BODY_WORDS.search(place) is not None


_KINDS = ("经济技术开发区", "高新技术产业开发区", "经开区", "高新区", "开发区", "示范区", "新区", "区", "县", "旗")


def _plain_body(rest: str) -> bool:
    """What follows a bare root is surely a public body: 滨江 + 教育局."""
    return len(rest) >= 2 and rest.endswith(("局", "委")) and not rest.startswith(("区", "县", "新", "街", "镇", "乡"))


class Places:
    """The places that the units of a roster lie in."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)

    @cached_property
    def parts(self) -> dict[str, Parts]:
        """Each canonical name taken apart, with what the other names tell of cities and districts."""
        first = [take_apart(name) for name in self._names]
        cities = sorted({p.city for p in first if p.city}, key=len, reverse=True)
        districts = sorted({p.district for p in first if len(p.district) > 1}, key=len, reverse=True)
        known = {p.name: p for p in first if p.district or (p.city and not districts)}
        return {name: known.get(name) or take_apart(name, cities, districts) for name in self._names}

    @cached_property
    def cities(self) -> frozenset[str]:
        """Roots of all cities named."""
        return frozenset(p.city for p in self.parts.values() if p.city)

    @cached_property
    def home(self) -> tuple[str, str] | None:
        """(city, district) that nearly all units with a place share; a place need not be told there."""
        if not self.parts:
            return None
        (place, number), *_ = Counter((p.city, p.district + p.kind) for p in self.parts.values()).most_common(1)
        placed = [p for p in self.parts.values() if p.city or p.district]
        return place if placed and number >= 0.8 * len(self.parts) else None

    def is_home(self, parts: Parts) -> bool:
        """True when what stands without a place can only be meant here."""
        return self.home == (parts.city, parts.district + parts.kind)


def words(parts: Iterable[str]) -> Iterator[str]:
    """Each once, without empty ones."""
    yield from dict.fromkeys(part for part in parts if part)
