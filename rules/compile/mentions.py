"""Where a notice speaks of material: the noun, its whole name, and how surely something is wanted there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from rules.compile import nouns
from rules.compile.outline import Sentence
from rules.compile.page import Page
from rules.compile.wanted import ASKS, TABLE, has_length, is_optional, online, two_kinds, vocabulary, weight_of
from rules.notice import Category

_LEFT = re.compile(
    r"以[上内下外]|左右|[,。;:、+()\n《》!?\d]|的|报送|贴(?!吧)|提交|提供|填写|填报|发送|附上?|将|把|请|需|须|及|和(?!谐)|与(?!会)|并|以及|连同|含|包括|或|每|各|为(?!民)|是|在|于|对|以|上传|形成|撰写|推荐(?!表|材料|汇总|书|函|意见|理由|名单|单|报告)"
    r"|一份|份|张|个(?!人)|篇|幅|件|征集(?!表|汇总)|面向|收集|制作|拍摄|另|同时|还|可|有|如|本(?!科)|该|此|其|均|再|应(?!征|急)|要求|要有|要|用(?!户|途|工|人|章|印|电|水|品|地|许|明|授|书)|按|从|交(?!流)|反馈(?!表)|携带|打包|完成|出具|签订|签署|创作|以下|如下|所|至|到|能|下载|开展(?!情况)|组织(?!情况|奖)|总结好|做好|认真|展示|体现|反映|围绕|结合|汇总(?!表)|整理|上报|投稿(?!表)|参加|进行|了|套|首|(?<![支干党总学各全本])部(?!门)|条|段|字|版|精选|遴选|配|发至|通过|凡|家(?=单位|企业)|申报(?!表|书|单|材料|片|报告)|所有|全部|相关|有关"
)
"""Where a name cannot reach over."""


_QUOTED = re.compile(r"《[^《》]{1,60}》|“[^“”]{1,40}”|'[^']{1,40}'|\"[^\"]{1,40}\"")


_DOCUMENT = re.compile(
    r"(?:通知|意见|办法|规定|条例|细则|纲要|决定|规划|公告|规程|法|标准|报|杂志|晚报|日报|公约|的函|指南|条件|指引)(?:\(.*\))?$"
)


_DEEDS = ("总结", "小结", "报告", "汇报", "计划", "介绍", "说明", "建议", "声明")


_DOING = re.compile(
    r"(?:注重|加强|做好|认真|及时|抓好|搞好|强化|进行|全面|深入|并|要|请|应|作|做|予以|如实|随时|立即|逐级|郑重|特此|电话|口头)$"
)
"""Nouns that are verbs as well, and the words before them that make them so."""


_TO_BE_WRITTEN = re.compile(r"(?:注明|标注|标明|写明|命名为|备注为?|主题为?|标题为?)[:]?$")


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A noun in its place. `weight` tells how surely it is wanted; from 3 upwards it is."""

    category: Category
    noun: str
    name: str
    start: int
    end: int
    sentence: int
    paragraph: int
    points: tuple[int, ...]
    """List points it stands in, as in `Sentence.points`."""
    weight: int
    work: bool
    """One of the words for what contests collect."""
    generic: bool = False
    """作品, 材料: stands for another item."""
    whole: bool = False
    """材料: stands for everything."""
    optional: bool = False
    label: bool = False
    """The noun ends the label of a list point."""
    barred: bool = False
    """Prizes, rights, other people's documents: only the genre may be learnt from it."""


def mentions(page: Page, lines: Sequence[Sentence]) -> tuple[Mention, ...]:
    """All nouns of material in the notice, in order."""
    asking = {point for s in lines for point in s.points if re.search(ASKS, s.text[len(s.label) if s.label else 0 :])}
    listing = _behind_intro(lines)
    return tuple(
        found
        for sentence in lines
        for found in _shared(
            page.text, list(_of_sentence(page, sentence, sentence.paragraph in asking)), sentence.number in listing
        )
    )


def _behind_intro(lines: Sequence[Sentence]) -> set[int]:
    """Numbers of the sentences that go on with a list: 报送以下材料：推荐报告1份。每名候选人推荐表1份。"""
    begun: dict[int, int] = {}
    for s in lines:
        if re.search(r"(?:以下|下列|如下)(?:材料|资料|文件)(?:\([^()]*\))?:.", s.text):
            begun.setdefault(s.paragraph, s.number)
    return {s.number for s in lines if s.number >= begun.get(s.paragraph, len(lines))}


IN_A_ROW = re.compile(r"[》”]?(?:\([^()]*\))?(?:、|/|和|及|与|以及|、?或者?)[《“]?[\u4e00-\u9fa5“”\d]{0,10}")
"""What stands between two nouns that are asked for in one breath."""


def _shared(text: str, every: list[Mention], listing: bool) -> list[Mention]:
    """申报表及申报书（附件1、附件2）: what makes one of a row wanted makes the others wanted."""
    if listing:
        every = [
            msgspec.structs.replace(m, weight=max(m.weight, 3)) if m.weight >= 0 and not m.whole else m for m in every
        ]
    found = [m for m in every if not m.whole]
    for here in (range(len(found) - 1), range(len(found) - 2, -1, -1)):
        for n in here:
            a, b = found[n], found[n + 1]
            if a.barred or b.barred or a.generic or b.generic:
                continue
            if min(a.weight, b.weight) >= 1 and IN_A_ROW.fullmatch(text[a.end : b.start]):
                weight = min(3, max(a.weight, b.weight))
                found[n : n + 2] = (msgspec.structs.replace(one, weight=max(one.weight, weight)) for one in (a, b))
    return sorted([*found, *(m for m in every if m.whole)], key=lambda m: m.start)


def _of_sentence(page: Page, sentence: Sentence, asking: bool) -> Iterator[Mention]:
    pattern, kinds = vocabulary()
    text = page.text
    quoted = [(m.start(), m.end(), m[0]) for m in _QUOTED.finditer(text, sentence.start, sentence.end)]
    place = sentence.start
    while found := pattern.search(text, place, sentence.end):
        start, end = _longest(text, found.start(), found.end(), sentence.end)
        place = end
        noun = text[start:end]
        noun = noun if noun in kinds or noun in nouns.GENERIC_WORK or noun in nouns.GENERIC_ALL else found[0]
        category, work = kinds.get(noun, ("other", False))
        generic = noun in nouns.GENERIC_WORK
        text_itself = noun in nouns.WRITTEN and has_length(text, sentence, start, end)
        category, whole = ("article", False) if text_itself else (category, noun in nouns.GENERIC_ALL)
        inside = next((q for q in quoted if q[0] <= start and end <= q[1]), None)
        name = _name(text, sentence, start, end, inside)
        barred = bool(
            re.match(nouns.NOT_WANTED_BEHIND, text[end : min(end + 6, sentence.end)])
            or (inside and _DOCUMENT.search(inside[2].strip("《》“”")))
            or online(sentence, start, text)
            or (noun in ("文稿", "稿件") and text[start - 1 : start] == ")")  # 教学设计（教案）文稿
            or (noun == "名单" and text[start - 1 : start] == "奖")  # 一、二、三等奖名单
        )
        modifier = re.match(r"的?[\u4e00-\u9fa5]{0,4}", text[end : end + 5])
        if text[end : end + 1] == "的" and modifier and pattern.search(text, end + 1, min(end + 8, sentence.end)):
            barred = True  # 体现先进事迹的工作照片
        if (
            inside
            and inside[2][0] != "《"
            and _TO_BE_WRITTEN.search(text, max(sentence.start, inside[0] - 6), inside[0])
        ):
            barred = True  # 标注“……活动信息稿”: words of a subject
        if noun in _DEEDS and _DOING.search(text[max(sentence.start, start - 4) : start]):
            barred = True  # 注重总结, 及时报告
        if noun == TABLE:
            category = "stat_table" if re.search(nouns.COUNTING, name) else "form"
        if noun == "汇总表" and re.search(nouns.APPLYING, name):
            category = "form"
        if noun in ("书面材料", "文字材料") and re.match(
            r"[^,。;:]{0,2}(?:包括|包含|如下)|[和及与、]电子", text[end : end + 5]
        ):
            barred = True  # 书面材料须包括： what follows is wanted
        if noun == "说明" and text[start - 1 : start] == "(" and text[end : end + 1] == ":":
            barred = True  # （说明：……）
        if noun == "表格" and re.search(r"(?:电子|以下|上述|该|此|本)$", text[max(0, start - 2) : start]):
            barred = True
        part = inside and (inside[2][0] != "《" or generic or pattern.search(text, end, inside[1]))
        barred = barred or bool(inside and part and end < inside[1] - 1)  # a word within a motto or a name
        label = _is_label(sentence, start, end)
        weight = weight_of(text, sentence, start, end, inside, label, asking)
        yield Mention(
            category=category,
            noun=noun,
            name=name,
            start=inside[0] if inside and inside[2][0] == "《" else start,
            end=inside[1] if inside and inside[2][0] == "《" else end,
            sentence=sentence.number,
            paragraph=sentence.paragraph,
            points=sentence.points,
            weight=-9 if barred else weight,
            work=work or generic,
            generic=generic,
            whole=whole,
            optional=is_optional(text, sentence, start, end),
            label=label,
            barred=barred,
        )


def _longest(text: str, start: int, end: int, stop: int) -> tuple[int, int]:
    """视频作品 is one noun, 报告表 is none of 报告: the last of nouns that follow upon each other decides."""
    pattern, _ = vocabulary()
    while True:
        following = pattern.match(text, end, stop)
        if following and following[0] not in nouns.GENERIC_ALL:
            if following[0] in nouns.GENERIC_WORK:
                return start, end  # 摄影作品 stays 摄影
            if two_kinds(text[start:end], following[0]):
                return start, end  # 图片视频 are two
            start, end = following.start(), following.end()
            continue
        # 图片说明 and the like overlap by some signs
        for begin in range(start + 1, end):
            longer = pattern.match(text, begin, stop)
            if longer and longer.end() > end:
                start, end = begin, longer.end()
                break
        else:
            return start, end


def _name(text: str, sentence: Sentence, start: int, end: int, inside: tuple[int, int, str] | None) -> str:
    """The noun with the words that belong to it on its left."""
    if inside and inside[2][0] in "《“'\"" and end >= inside[1] - 5:
        return inside[2].strip("《》“”'\"")
    floor = max(sentence.start, start - 16)
    left = text[floor:start]
    quote = re.search(r"(?:“[^“”]{1,30}”|《[^《》]{1,40}》)$", text[max(sentence.start, start - 44) : start])
    if quote:
        return quote[0] + text[start:end]
    cut = max((found.end() for found in _LEFT.finditer(left)), default=0)
    tail = re.match(
        r"(?:\((?:电子版|扫描件|原件|复印件)\)|原图|作品|电子版|电子文件|原件|扫描件|电子稿|资料|材料|复印件)",
        text[end : end + 8],
    )
    return (left[cut:] + text[start:end] + (tail[0] if tail else "")).strip('“”" .年')


def _is_label(sentence: Sentence, start: int, end: int) -> bool:
    """The noun ends the short beginning of a list point, up to its colon or full stop."""
    label = sentence.label
    if not label or start - sentence.start > len(label):
        return False
    if sentence.level is None and len(label) == len(sentence.text) and len(label) > 14:
        return False
    if (
        len(label) < len(sentence.text)
        and sentence.text[len(label)] == ","
        and not re.search(rf"{nouns.SHORT_LIMIT}$", label[:12])
        and (
            sentence.level is None
            or len(re.sub(r"\([^()]*\)", "", label)) > 24
            or re.search(rf"[为是以]|{nouns.ACCORDING_TO}", label)
        )
    ):
        return False
    going_by = re.search(rf"(?:{nouns.ACCORDING_TO})[^,;]{{0,12}}$", label[: start - sentence.start])
    rest = label[end - sentence.start :]
    return (
        end - sentence.start <= len(label)
        and not going_by
        and bool(
            re.fullmatch(
                rf"(?:{nouns.SHORT_LIMIT}|》|”|】|类|作品|资料|部分|组|征集|报送|推荐|推选|的?(?:要求|格式|规格)|征稿|捐赠|投稿|等|电子版|扫描件|材料|制作|各?[一二三四五六七八九\d]+[份张篇个幅部件]|\([^)]*\)|[(《“].*|见附件\d?|\s)*",
                rest,
            )
        )
    )
