"""Does the file bear the name that the notice asks for? The right name is proposed, sending again is not asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import Field

from rules.case import Case
from rules.checks import Settings, check
from rules.finding import Finding
from rules.item import Item
from rules.words import bare, stem

_JOINTS = re.compile(r"[+＋\-_—–－·、，,\s]+")
UNIT = re.compile(r"单位|学校|学院|部门|企业|地区|院校|市州|县区|院系|公司|支部")
"""Parts of a pattern that stand for the sender."""


class NamingSettings(Settings):
    """`pattern` as the notice writes it, like 单位+姓名+题目; several ways are parted by |."""

    pattern: str = Field(min_length=1)
    strict: bool = False
    """True: a wrong name is a fault."""


@check("naming", NamingSettings, codes=("naming",))
def naming(settings: NamingSettings, case: Case) -> Iterator[Finding]:
    """A note (fail when `strict`) for a name that lacks the unit or has fewer parts than every pattern."""
    patterns = [_JOINTS.split(one.strip()) for one in settings.pattern.split("|") if one.strip()]
    for item in case.items:
        if any(_meets(item, parts, case.unit_names) for parts in patterns):
            continue
        proposed = _proposed(item, patterns[0] if patterns else [], settings.pattern.split("|")[0], case.unit_names)
        yield Finding(
            code="naming",
            outcome="fail" if settings.strict else "note",
            says=f"文件“{item.name}”没有按“{settings.pattern}”命名。",
            fix=f"请改名为“{proposed}”后重新发送。" if settings.strict else f"不必重报，今后请命名为“{proposed}”。",
            file=item.path,
            expected=settings.pattern,
            measured=item.name,
            about=item.key,
        )


def _meets(item: Item, parts: list[str], names: tuple[str, ...]) -> bool:
    name = stem(item.name)
    if any(UNIT.search(part) for part in parts) and names and not any(bare(one) in bare(name) for one in names):
        return False
    if len(parts) == 1 and not UNIT.search(parts[0]):
        return True  # a single word like 题目 is met by any name
    return len([piece for piece in _JOINTS.split(name) if piece]) >= len(parts)


def _proposed(item: Item, parts: list[str], pattern: str, names: tuple[str, ...]) -> str:
    """The pattern with the unit's name in its place."""
    joint = next((sign for sign in "+＋-_—" if sign in pattern), "-")
    filled = [names[0] if names and UNIT.search(part) else part for part in parts]
    return joint.join(filled) + (f".{item.suffix}" if item.suffix else "")
