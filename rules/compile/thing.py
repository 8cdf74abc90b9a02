"""One item in the making, and when two names speak of one thing."""

from __future__ import annotations

import re

import msgspec

from rules.compile.annexes import Annex
from rules.compile.mentions import Mention
from rules.notice import Category

WANTED = 3


_FILLER = re.compile(
    r"参赛|应征|投稿|电子版|电子|扫描件|原件|纸质|word|版|文档|材料|作品|类|的|相关|有关|特色|优秀|主题|个人|单位|现场|报送|\d{4}年?度?|[“”《》\s()./]|工作|活动|情况|年|本|各|附件\d*"
)


ENDINGS = re.compile(r"表|书|函|单|回执|材料|报告|总结|说明|简介|名单|照片|图片|视频|案例|文件|证明|复印件")


class Thing(msgspec.Struct, kw_only=True):
    """One item in the making: its mentions gather while the notice is read."""

    category: Category
    name: str
    work: bool = False
    alternative: bool = False
    paragraph: int | None = None
    """The list point that is about this item alone."""
    mentions: list[Mention] = msgspec.field(default_factory=list)
    from_annex: Annex | None = None
    together: bool = False
    """It goes along with works of one kind, whose explanations are one text."""
    required: bool = True


def same(a: str, b: str) -> bool:
    """Do two names speak of one thing? 报名表 and 参赛报名表 do, 报名表 and 登记表 do not.

    >>> same("“质量月”活动总结", "活动总结"), same("原创承诺函", "著作权转让承诺函")
    (True, False)
    """
    if contrary(a, b):
        return False
    x, y = core(a), core(b)
    if not x or not y:
        return a == b
    return x == y or x.endswith(y) or y.endswith(x) or (len(x) > 3 and len(y) > 3 and (x in y or y in x))


def contrary(a: str, b: str) -> bool:
    """先进个人推荐表 and 先进单位推荐表: of one person the one, of an office the other.

    >>> contrary("作者授权书", "单位授权书"), contrary("授权书", "单位授权书")
    (True, False)
    """
    single = r"个人|作者|本人|教师|学生"
    return any(
        bool(re.search(single, m)) > bool(re.search(single, n)) and bool(re.search(r"单位|集体|团队|组织|企业", n))
        for m, n in ((a, b), (b, a))
    )


def core(name: str) -> str:
    """The name without what only decorates it."""
    return _FILLER.sub("", name.lower())
