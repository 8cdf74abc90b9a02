"""Does the file bear the name that the notice asks for? The right name is proposed, sending again is not asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import Field

from rules.case import Case
from rules.checks import Settings, check
from rules.facts import TextFacts
from rules.finding import Finding
from rules.item import Item
from rules.words import bare, stem

_JOINTS = re.compile(r"[+＋\-_—–－·、，,\s]+")
UNIT = re.compile(r"单位|学校|学院|部门|企业|地区|院校|市州|县区|院系|公司|支部")
"""Parts of a pattern that stand for the sender."""

_MATERIAL = re.compile(r"材料|类别|内容|项目|表名|附件名")
_TITLE = re.compile(r"题目|标题|题名|作品名|案例名|论文名|视频名|图片名|照片名|名称|篇名|主题")
_NO_NAME = re.compile(r'[\\/:*?"<>|\s]+')
"""What no file name may hold."""
_LONGEST_TITLE = 40


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
        proposed = _proposed(item, patterns[0] if patterns else [], settings.pattern.split("|")[0], case)
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


def _proposed(item: Item, parts: list[str], pattern: str, case: Case) -> str:
    """The pattern with the unit's name, the material's name and the title of this very file in their places."""
    joint = next((sign for sign in "+＋-_—" if sign in pattern), "-")
    filled = [_filled(part, item, case) for part in parts]
    return joint.join(filled) + (f".{item.suffix}" if item.suffix else "")


def _filled(part: str, item: Item, case: Case) -> str:
    if UNIT.search(part):
        return case.unit_names[0] if case.unit_names else part
    if _MATERIAL.search(part):
        return _NO_NAME.sub("", case.requirement.name)
    if _TITLE.search(part):
        return _title_of(item, case.unit_names) or part
    return part


def _title_of(item: Item, names: tuple[str, ...]) -> str:
    """The document's own title, else what the file is called beside the unit's name."""
    heads = item.facts.headings if isinstance(item.facts, TextFacts) else ()
    said = heads[0] if heads and len(heads[0]) <= _LONGEST_TITLE else stem(item.name)
    for name in sorted(names, key=len, reverse=True):
        said = said.replace(name, "")
    title = _NO_NAME.sub("", said).strip("-_+－—·、，,.。 ")
    return title if re.search(r"[\u4e00-\u9fa5]", title) else ""  # DSC01 is the camera's name for it
