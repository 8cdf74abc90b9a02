"""Forms that stand in the list of annexes only, claimed by the sentence that asks for them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from rules.compile.annexes import Annex
from rules.compile.mentions import Mention
from rules.compile.outline import Sentence
from rules.compile.page import Page
from rules.compile.thing import WANTED, Thing, same


def add_annex_forms(
    page: Page, lines: Sequence[Sentence], every: list[Thing], listed: Sequence[Annex], found: Sequence[Mention]
) -> None:
    """Forms that stand in the list of annexes only: claimed by the sentence that speaks of what they ask, else alone."""
    for annex in listed:
        mention = next(
            (
                m
                for m in reversed(found)
                if annex.start <= m.start < annex.end and m.category in ("form", "stat_table", "roster")
            ),
            None,
        )
        if mention is None or not re.search(
            r"(?:表|书|函|单|回执|卡|声明)(?:\(.*\))?$|\(.*(?:表|书)\)$|模板$", annex.name
        ):
            continue
        if "通知" in annex.name:
            annex = msgspec.structs.replace(annex, name=mention.name)
        tables = [t for t in every if t.category in ("form", "stat_table", "roster")]
        known = next(
            (t for t in tables if same(annex.name, t.name) or any(same(annex.name, m.name) for m in t.mentions)), None
        ) or _numbered(page, lines, [t for t in every if not t.work], annex)
        if known is not None:
            known.from_annex = known.from_annex or annex
            continue
        if (
            re.search(
                r"(?:评分|评审|评价标准|分配|日程|安排|名额|时间|联系方式|参考|获奖|成员|任务分解|指标|标准)[^表]{0,4}(?:表|一览表)?$",
                annex.name,
            )
            and "反馈" not in annex.name
        ):
            continue
        claimed = _cited(lines, annex) or _claim(lines, annex)
        thing = Thing(category=mention.category, name=annex.name, from_annex=annex)
        if claimed is not None:
            for other in [
                t
                for t in every
                if t.category in ("article", "summary", "other")
                and not t.work
                and (
                    all(m.sentence == claimed.number or m.sentence < 3 for m in t.mentions)
                    or t.mentions[0].noun in annex.name
                )
            ]:
                every.remove(other)
            thing.mentions.append(
                msgspec.structs.replace(
                    mention,
                    start=claimed.start,
                    end=claimed.end,
                    sentence=claimed.number,
                    paragraph=claimed.paragraph,
                    points=claimed.points,
                    weight=WANTED,
                )
            )
        else:
            thing.mentions.append(mention)
        every.append(thing)


_NUMBERS = re.compile(r"[》”]?\((?:见|详见)?((?:附[件表]\d{1,2}[、,和及]?)+)\)")


def _numbered(page: Page, lines: Sequence[Sentence], papers: Sequence[Thing], annex: Annex) -> Thing | None:
    """《立项申请书》及《申报说明》（附件1、附件2）: the papers in front of the bracket, last to last, bear its numbers."""
    for sentence in lines:
        for found in _NUMBERS.finditer(page.text, sentence.start, sentence.end):
            numbers = [int(n) for n in re.findall(r"\d+", found[1])]
            if annex.number not in numbers or sentence.start >= annex.start:
                continue
            before = sorted(
                {
                    m.end: t
                    for t in papers
                    for m in t.mentions
                    if sentence.start <= m.start and m.end <= found.start() + 1
                }.items()
            )
            place = len(before) - len(numbers) + numbers.index(annex.number)
            if 0 <= place < len(before) and before[-1][0] >= found.start() - 1:
                return before[place][1]
    return None


def _cited(lines: Sequence[Sentence], annex: Annex) -> Sentence | None:
    """The sentence that asks for the annex by its number: 请填写附件3."""
    cited = re.compile(
        rf"(?:填写|填报|填好|提交|报送|填|上报)[^,。;]{{0,12}}附[件表]{annex.number}(?!\d)|附[件表]{annex.number}(?!\d)[^,。;]{{0,16}}(?:填写|填报|填好|报送|提交)"
    )
    return next((s for s in lines if s.end <= annex.start and cited.search(s.text)), None)


def _claim(lines: Sequence[Sentence], annex: Annex) -> Sentence | None:
    """The sentence that asks for what the form is for: most of the form's words stand in it."""
    wanted = re.sub(r"(?:反馈|报名|登记|申报|推荐|征集|填报|统计|汇总)?(?:表|回执|单)$|[“”《》本单位]", "", annex.name)
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    if len(pairs) < 3:
        return None
    best, most = None, 0.6
    for sentence in lines:
        if (
            sentence.end > annex.start
            or sentence.number < 3
            or not re.search(r"请|须|需|报送|提供|提交|填", sentence.text)
        ):
            continue
        share = sum(pair in sentence.text for pair in pairs) / len(pairs)
        if share >= most:
            best, most = sentence, share
    return best
