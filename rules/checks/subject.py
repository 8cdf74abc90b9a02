"""Did the mail bear the subject that the notice asks for? A word in the letter, never a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import Field

from rules.case import Case
from rules.checks import Settings, check
from rules.checks.naming import UNIT
from rules.finding import Finding
from rules.words import bare

_JOINTS = re.compile(r"[+＋_—–－-]+")
_STANDS_FOR = re.compile(r"姓名|名称|题目|标题|类别|电话|手机|联系方式|专业|班级|学号|组别|地区|作者|编号")
"""Parts of a pattern that stand for something; the others must be written as they are."""


class SubjectSettings(Settings):
    """`pattern` as the notice writes it: fixed words, or parts like 单位+姓名."""

    pattern: str = Field(min_length=1)


@check("subject", SubjectSettings, codes=("subject",), per_item=False)
def subject(settings: SubjectSettings, case: Case) -> Iterator[Finding]:
    """One note when no mail of the requirement has the unit's name and the fixed words in its subject."""
    subjects = list(dict.fromkeys(item.subject for item in case.items))
    if not subjects or any(_meets(one, settings.pattern, case.unit_names) for one in subjects):
        return
    proposed = "+".join(
        case.unit_names[0] if case.unit_names and UNIT.search(part) else part
        for part in _JOINTS.split(settings.pattern)
    )
    yield Finding(
        code="subject",
        outcome="note",
        says=f"邮件主题没有按“{settings.pattern}”填写。",
        fix=f"不必重发，今后请写作“{proposed}”。",
        expected=settings.pattern,
        measured=subjects[-1].strip() or "无主题",
    )


def _meets(subject: str, pattern: str, names: tuple[str, ...]) -> bool:
    said = bare(subject)
    for part in _JOINTS.split(pattern):
        if UNIT.search(part):
            if names and not any(bare(name) in said for name in names):
                return False
        elif not _STANDS_FOR.search(part) and bare(part) not in said:
            return False
    return bool(said)
