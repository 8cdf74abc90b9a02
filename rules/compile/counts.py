"""How many pieces of an item: 照片2张, 3张照片, 每人限3幅, 每类不超过3件."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.compile import nouns
from rules.compile.amounts import Amount
from rules.compile.outline import Sentence
from rules.compile.owners import base_name, right_behind
from rules.compile.scope import PER_SENDER, PIECES, Limit, Scope
from rules.compile.thing import Thing
from rules.notice import Category


def count_limits(scope: Scope, sentence: Sentence, amount: Amount) -> Iterator[tuple[Thing, Limit]]:
    """The limits that one number of pieces makes, for each item it counts."""
    text = scope.page.text
    units = [u for u in re.split(r"[/(、)]", amount.unit) if u in PIECES]
    if not units:
        return
    kinds = frozenset[Category]().union(*(PIECES[u] for u in units))
    before, behind = (
        text[max(sentence.start, amount.start - 26) : amount.start],
        text[amount.end : min(sentence.end, amount.end + 14)],
    )
    clause = re.split(r"[,;]", before)[-1]
    if re.search(
        r"一式$|另发$|另$|再$|按$|第$|附件$|共$|设$|前$|评|选出|类典型|入围|页|荣获|近$|视为|计为|算作?|已|累计|(?:开展|组织|举办)(?![^,]*[报送交推])|每[天周月年]$",
        clause[-8:],
    ) or re.match(
        r"(?:材料|计|页|单位|部门|方面|工作日|小时|月|年|自然|阶段|环节|步骤|板块|类别|主题(?!鲜明|突出|明确|积极)|名额|班|代表(?!性|作)|行业|领域|集体|专题|文件夹|压缩|邮箱|(?:省|市|县|区)(?!、|或)|部分|奖|赛道|组别|重点|季度|联系人)",
        behind,
    ):
        return
    if (
        amount.bound == "exact"
        and amount.low == 1
        and amount.high is None
        and re.match(
            r"(?:参赛|投稿)?(?:作品)?(?:的)?(?:图片|照片)?(?:张数|数量)?(?:不超过|不多于|不少于|限|最多|至多|至少)",
            behind,
        )
    ):
        return  # 一件作品图片不超过四张
    if re.search(
        r"\([^()]{0,8}(?:含|有|其中|包括)[^(),;\d]{0,2}$",
        text[sentence.start : amount.end - 1].rstrip("0123456789一二两三"),
    ):
        return  # 照片3张（含1张全家福）: a part of the pieces counted before the bracket
    if re.search(r"鼓励[^,;。]*$", text[sentence.start : amount.start]):
        return  # 鼓励提交应用效果图3-5张: welcome, but not asked for
    if "幅面" in text[amount.start : amount.end + 2] or (
        re.search(r"^(?:以|大)?(?:上|下)?(?:的)?(?:画|版|规)", behind) and "幅" in units
    ):
        return
    if re.search(r"(?:关键词|关键字|标签|亮点|知识点)[^,;。]{0,6}$", before):
        return  # 关键词（3-5个）
    if amount.bound == "exact" and "份" in units and re.search(r"纸质|打印|复印|原件", clause + behind[:4]):
        return  # copies on paper
    if units == ["份"] and re.search(
        r"每(?:项|个|次|场)[\u4e00-\u9fa5]{0,6}$", clause[: max(0, len(clause))].rsplit("填", 1)[0]
    ):
        return  # 每项活动填报一份: as many as there are
    if re.match(r"[\u4e00-\u9fa5]{0,4}为(?:一|1)组", behind):
        return
    if re.search(
        r"[\u4e00-\u9fa5]、[^,;。、]{1,6}等[各几]?[类种]?作品[^,;。]{0,4}$", text[sentence.start : amount.start]
    ):
        return  # 每人可提交书法、绘画、摄影等作品1至3幅: of all kinds together
    if units == ["项"] and re.search(r"[二两三四五六七八\d](?:大)?(?:项|类|种)", text[sentence.start : amount.start]):
        return  # 书法、绘画、摄影三项，每人限报一项: of the kinds one, not of the pieces
    if units == ["组"]:
        return  # a group is several files, nobody knows how many
    owners = _counted(scope, sentence, amount, kinds, clause, behind)
    if amount.bound == "exact" and amount.high is None and units == ["份"] and (amount.low or 0) > 1:
        owners = [t for t in owners if t.category not in ("form", "stat_table", "roster")]  # 申报表2份: copies on paper
    one = text[amount.start : amount.end]
    if "为宜" in one:
        return  # 组照以3—6张为宜 is advice
    whole = re.split(r"[,;。]", text[sentence.start : amount.start])[-1]
    if re.search(rf"纸质(?:版|材料|稿)?[^、]*$|光盘[^、]*$|{nouns.DONE}", whole):
        return  # copies on paper, and what was done before
    if amount.unit == "组" and amount.high is None and re.search(r"组[图照]|单张", text[amount.start : sentence.end]):
        return  # 每人仅可投稿一组作品，组图不得超过四张
    if (
        re.match("[一两二三]", one)
        and amount.bound == "exact"
        and amount.high is None
        and not re.search(rf"{PER_SENDER}|报|交|附|提供|发", clause)
    ):
        owners = [t for t in owners if not t.work]  # 写一封家书 says what to write, not how many may come
    whole = re.search(PER_SENDER.removesuffix("|限"), clause + text[amount.start : amount.end])
    group = re.search(r"组照|系列|每组|组图|连环|套", before)
    if group and amount.bound == "min" and amount.high is None:
        return  # 每组最少4幅: of a group, and nobody must send one
    for thing in owners:
        low, high = amount.low or 0, amount.high
        doubt = "系列（组）作品的件数，按每个报送者的上限理解" if group and not whole else ""
        if high is not None:
            pairs = [("count_max", high)] if group else [("count_min", low), ("count_max", high)]
        elif amount.bound == "min":
            pairs = [("count_min", low)]
        elif amount.bound in ("max", "soft-max") or re.search(r"限", clause[-6:]):
            pairs = [("count_max", low)]
        elif amount.bound == "exact":
            pairs = [("count_min", low), ("count_max", low)]
        else:
            pairs = []
        for field, value in pairs:
            yield (
                thing,
                Limit(
                    field=field,
                    value=value,
                    sentence=sentence.number,
                    soft=amount.bound == "soft-max" or bool(re.search("原则上|一般", clause)),
                    doubt=doubt,
                    sure=not doubt,
                ),
            )


def _counted(
    scope: Scope, sentence: Sentence, amount: Amount, kinds: frozenset[Category], clause: str, behind: str
) -> list[Thing]:
    """照片2张, 2张照片, 每人限3幅: the noun right beside the number, or all works."""
    beside: list[Thing] = []
    first = amount.start - len(clause)
    for thing in scope.things:
        if thing.category not in kinds:
            continue
        for m in thing.mentions:
            if m.sentence != sentence.number:
                continue
            ahead = right_behind(scope, amount, m)
            gap = scope.page.text[m.end : amount.start]
            after = (
                m.end <= amount.start
                and m.start >= first - 1
                and (
                    (len(gap) <= 6 and ("、" not in gap or amount.each))
                    or (bool(re.search(r"不|至少|最多|限|控制|数量", gap)) and "、" not in gap and len(gap) <= 16)
                )
            )
            if ahead or after:
                beside.append(thing)
                break
    if "/" in amount.unit:
        sharing = [
            t
            for t in scope.things
            if t.category in kinds
            and any(m.sentence == sentence.number and first - 12 <= m.start < amount.start for m in t.mentions)
        ]
        if len(sharing) > 1:
            return sharing
    if beside:
        ahead_first = [t for t in beside if any(right_behind(scope, amount, m) for m in t.mentions)]
        shared = (
            len(beside) > 1
            and not ahead_first
            and re.search(r"(?:各|每)", scope.page.text[amount.start - 2 : amount.start + 2])
        )
        if shared or "/" in amount.unit or "(" in clause:
            return beside
        return ahead_first[:1] or beside[-1:]
    named = [t for t in scope.things if t.work and len(base_name(t.name)) > 1 and base_name(t.name) in clause]
    if named and any(t.paragraph for t in named):
        return named
    if amount.unit in ("件", "个", "篇", "幅", "部", "项", "份") and re.search(
        r"(?:每|各|同)一?(?:类|项|个?类别|种|个?组别|组)", clause + scope.page.text[amount.start : amount.end]
    ):
        works = [t for t in scope.things if t.work]
        if works:
            return [t for t in works if t.paragraph in sentence.points] or works
    if (re.search(r"作品[^,;、]{0,6}$", clause[:26]) and amount.bound != "exact") or re.search(
        r"作品[^,;、]{0,4}限", clause + scope.page.text[amount.start : amount.end]
    ):
        works = [t for t in scope.things if t.work]
        own = [t for t in works if t.paragraph in sentence.points]
        if own or len(works) == 1:
            return own or works
        if works:
            return []  # 报送作品不少于5件: of all kinds together
    limited = (
        amount.bound in ("min", "max", "soft-max")
        or amount.high is not None
        or "限" in clause
        or bool(re.search(r"(?:每|各)[^,;]{1,10}(?:报送|选送|提交|上报|推荐|投稿|报|送)$", clause))
    )
    works = [t for t in scope.things if t.work and t.category in kinds]
    if (
        limited
        and works
        and (
            re.search(PER_SENDER, clause) or re.search(r"作品|投稿|组照|组图|系列|图片|照片|视频|数量", clause + behind)
        )
    ):
        own = [t for t in works if t.paragraph in sentence.points]
        return own or works
    every = [t for t in scope.things if t.category in kinds and any(m.paragraph in sentence.points for m in t.mentions)]
    if limited and re.search(PER_SENDER, clause) and every:
        return every[-1:]
    before = [m for m in scope.mentions if m.sentence == sentence.number and m.end <= amount.start and not m.barred]
    owner = {id(m): t for t in scope.things for m in t.mentions}
    for mention in reversed(before if limited else []):  # 提交设计图，横式排版，不超过3张
        spoken = owner.get(id(mention))
        if spoken is not None:
            return [spoken] if spoken.category in kinds else []
        if mention.generic:
            return [t for t in works if t.paragraph in sentence.points] or works
    return []
