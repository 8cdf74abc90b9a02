"""The shorter names that people give a body, made by rule from its full one. Pure.

Whether a form may be used is decided in `intake.units.unit_names`: one that fits two units binds to neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from intake.units.name_parts import Parts, words
from intake.units.office_words import ENDINGS, GENERIC, GROUPS, ORDINAL, ORDINAL_SHORT

_TYPE = re.compile(r"[局厅]$")
_WITHIN = re.compile(r"(.{3,}?[委局]|.{2,}?(?:街道|镇|乡))(.{3,}(?:院|所|中心|站|队|居委|村委|学校|中学|小学|幼儿园))")
"""A body of another body: 市场监管委 + 特种设备检验院, 青云街道 + 锦绣社区居委."""
_DIGITS = "零一二三四五六七八九"
_POLICE = re.compile(r"公安局(?P<root>[^局]{2,5}?)(?P<kind>新区|区|县)?分局")
_BRAND = 4
"""Characters of a firm's name that tell it without 公司."""
_LONGEST = 30
"""Characters beyond which a name is a sentence; nothing is made of it."""


def forms(parts: Parts, *, home: bool) -> Iterator[tuple[str, bool]]:
    """(form, loose) for a unit. A loose form does not say its place in full and needs a clear left border.

    `home`: the roster is of one place, so that names without it can only be meant here.
    """
    if not parts.body or len(parts.name) > _LONGEST:
        return
    place = parts.district + parts.kind
    own = not GENERIC.fullmatch(parts.body)  # 青云街道办 tells itself, 财政局 does not
    for body in bodies(parts.body):
        if place and parts.kind:
            yield place + body, False
            yield parts.district + body, True
            if home:
                yield parts.kind[-1] + body, True
        elif parts.district:
            yield parts.district + body, True
            yield parts.district + "区" + body, True
        if parts.city and not place:
            yield f"{parts.city}市{body}", False
            if not body.startswith("市监"):  # 青岩市监委 is another body altogether
                yield parts.city + body, False
            yield "市" + body, True
        if (home or own or _POLICE.fullmatch(body)) and len(body) >= 2:
            yield body, True
    yield from _by_kind(parts)
    police = _POLICE.fullmatch(parts.body)
    if police:
        root, kind = police["root"], police["kind"] or "区"
        for head in (root, root + kind):
            for tail in ("公安分局", "公安局"):
                yield head + tail, True
            yield f"公安{head}分局", True
            yield f"公安局{head}分局", True
            yield f"市公安局{head}分局", True


def _by_kind(parts: Parts) -> Iterator[tuple[str, bool]]:
    """滨江局, 滨江区局, 区局, 市局: nothing but the place and what sort of body it is."""
    match = _TYPE.search(parts.body)
    if match is None:
        return
    if parts.district:
        yield parts.district + match[0], True
        yield parts.district + (parts.kind or "区") + match[0], True
        yield (parts.kind or "区")[-1] + match[0], True
    elif parts.city:
        yield "市" + match[0], True


@lru_cache(maxsize=4096)
def bodies(body: str) -> tuple[str, ...]:
    """The body in every way it is written, itself first.

    >>> bodies("市场监管局")
    ('市场监管局', '市监局', '市场局', '市场监督局', '市场管理局')
    >>> bodies("第一中学")
    ('第一中学', '一中', '第1中学', '1中')
    """
    found = [body, *_grouped(body), *_ordinal(body)]
    for form in tuple(found):
        for long, shorts in ENDINGS:
            head = form.removesuffix(long)
            if head != form:
                found += [head + short for short in shorts if short or len(head) >= _BRAND]
    within = _WITHIN.fullmatch(body)
    if within:
        inner = bodies(within[2])
        found += [head + one for head in (within[1], *_grouped(within[1])) for one in inner]
        found += inner
    if "和" in body[1:]:
        found.append(body.replace("和", ""))
    return tuple(word for word in words(found) if len(word) >= 2)


def _grouped(body: str) -> Iterator[str]:
    for group in GROUPS:
        start = next((one for one in sorted(group, key=len, reverse=True) if body.startswith(one)), None)
        if start is None:
            continue
        rest = body[len(start) :]
        for other in group:
            if rest or other != group[0]:
                yield other + rest


def _ordinal(body: str) -> Iterator[str]:
    match = ORDINAL.match(body)
    if match is None:
        return
    for number in words((match[1], _arabic(match[1]), _chinese(match[1]))):
        yield f"第{number}{body[match.start(2) :]}"
        if match.end() == len(body) or body[match.end() :] == "校":
            yield from (short.format(number) for short in ORDINAL_SHORT[match[2]])


def _arabic(number: str) -> str:
    tens, ten, ones = number.rpartition("十")
    if any(letter not in _DIGITS for letter in tens + ones) or len(tens) > 1 or len(ones) > 1:
        return ""
    value = (_DIGITS.index(tens) if tens else 1) * 10 if ten else 0
    return str(value + (_DIGITS.index(ones) if ones else 0))


def _chinese(number: str) -> str:
    if not number.isascii() or not 0 < int(number) < 100:
        return ""
    tens, ones = divmod(int(number), 10)
    head = "" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")
