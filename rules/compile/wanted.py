"""How surely something is wanted where a noun stands, and whether it is a duty."""

from __future__ import annotations

import re
from functools import cache

from rules.compile import nouns
from rules.compile.outline import Sentence
from rules.notice import Category

_ANNEX = re.compile(
    r"^[》”)]?(?:\([^)]{0,4})?(?:见|详见)?附[件表]|附件\d{0,2}[》”:、.]?$|^[》”]?\((?:见|详见|附|模板|样式|格式见)"
)


ASKS = r"报送|提交|提供|填写|填报|上报|发送|不少于|不超过|不低于|以内|格式|请|附件\d"
"""Words of a list point that show its label to be wanted."""


TABLE = "表"
"""Ends the name of a table that is no word of its own: 推选表, 自检表."""


_ONLINE = re.compile(
    r"(?:登录|登陆|通过|进入|注册)[^,。;]{0,30}(?:网站|客户端|平台|系统|小程序)[^。;]{0,40}(?:补充|完善|登记|填报|录入|更新)"
)
_MAILED = re.compile(r"@|邮箱|邮件|电子版|发送|发至|投稿|纸质")


def online(sentence: Sentence, place: int, text: str) -> bool:
    """可通过网站补充完善活动信息，包括照片: what goes to a website only, when there is a mailbox for the rest."""
    found = _ONLINE.search(sentence.text, 0, place - sentence.start)
    return bool(found) and "@" in text and not _MAILED.search(sentence.text)


@cache
def vocabulary() -> tuple[re.Pattern[str], dict[str, tuple[Category, bool]]]:
    """All nouns as one pattern, the longest first, and the category of each with whether contests collect it."""
    kinds: dict[str, tuple[Category, bool]] = {TABLE: ("form", False)}
    for category, words in nouns.PAPERS.items():
        kinds.update(dict.fromkeys(words, (category, False)))
    for category, words in nouns.WORKS.items():
        kinds.update(dict.fromkeys(words, (category, True)))
    every = {*kinds, *nouns.GENERIC_WORK, *nouns.GENERIC_ALL} - {TABLE}
    escaped = [re.escape(word) for word in sorted(every, key=len, reverse=True)]
    return re.compile("|".join([*escaped, nouns.OTHER_TABLE])), kinds


def weight_of(
    text: str, sentence: Sentence, start: int, end: int, inside: tuple[int, int, str] | None, label: bool, asking: bool
) -> int:
    """How surely what stands between two places is wanted; from 3 upwards it is."""
    if inside and inside[2][0] == "《":
        start, end = inside[0], inside[1]
    before, behind = text[sentence.start : start], text[end : sentence.end]
    near = re.split(r"[;]", before)[-1][-60:]
    clause = re.split(r"[,;]", before)[-1]
    weight = max((w for w, verbs in nouns.WANTED_BEFORE if re.search(verbs, near)), default=0)
    if not weight or weight < 3:
        after = max(
            (
                w
                for w, verbs in nouns.WANTED_BEHIND
                if re.search(verbs, re.split(r"[;]", behind)[0][: 110 if re.search("将|把", near) else 48])
            ),
            default=0,
        )
        weight = max(weight, after)
    if re.search(rf"(?:{nouns.DOING})[^,;]{{0,12}}$", clause) and re.search(
        r"[,;][^。]*将[^。;]+(?:报送|报至|上报|提交|发送|发至|反馈)", behind
    ):
        weight = min(weight, 1)
    if weight == 2 and re.search(r"@|报送|发送|报至|前报|邮箱|反馈", behind):
        weight = 3
    if _ANNEX.search(behind[:12]) or _ANNEX.search(before[-8:]):
        weight += 2
    if re.search(r"(?:[一两二三四五\d]+[份张幅篇部个条段])(?:以上|以内|左右)?的?[^,;]{0,6}$", clause[-12:]) or re.match(
        r"(?:[^,;(]{0,4}\(?)(?:各?[一两二三四五\d]+(?:[-至][一两二三四五\d]+)?[份张幅篇部条段])", behind[:12]
    ):
        weight += 1
    wanted = any(re.search(nouns.SECTION_WANTED, head) for head in sentence.heads)
    barred = any(len(head) <= 12 and re.search(nouns.SECTION_NOT, head) for head in sentence.heads[:1])
    if weight < 3 and (_listed(sentence, start) or re.search(r"作品形式:[^,。;]{0,20}$", before)):
        weight = 3
    if label:
        weight += 3 if (wanted or asking) and not barred else 1
    elif barred and not re.search("@|报送|提交|发送|填[报写]《", sentence.text):
        weight -= 2
    if any(re.search(nouns.PROCEDURE, head) for head in sentence.heads) and not re.search(
        "@|填|[日号]前|附件", sentence.text
    ):
        weight -= 4
    if re.search(nouns.PRIZES, sentence.text) and not re.search(r"@|报送|提交", sentence.text):
        weight -= 4
    if re.search(rf"{nouns.WINNERS}|{nouns.COMPLAINTS}", sentence.text):
        weight -= 4
    if re.search(nouns.RIGHTS, sentence.text) and not re.search(r"@|提交|签署|签订|填写", sentence.text):
        weight -= 4
    if re.search(nouns.PURPOSE, sentence.text) and not re.search(r"@|填写|附件", sentence.text):
        weight -= 3
    if re.search(rf"(?:{nouns.NOT_WANTED_BEFORE})[^,;]{{0,12}}$", clause):
        weight -= 4
    going_by = re.search(rf"(?:{nouns.ACCORDING_TO})([^,;]{{0,40}})$", clause)
    if going_by and not any(re.search(verbs, going_by[1]) for _, verbs in nouns.WANTED_BEFORE[:1]):
        weight -= 4
    if re.search(rf"{nouns.CONTENTS}|{nouns.DONE}", before):
        weight -= 4
    if not (inside and inside[2][0] == "《") and _explains(text, sentence, start, end):
        weight -= 4
    return weight


def is_list(sentence: Sentence) -> bool:
    """A line of things under 材料清单 or 报送材料."""
    under = [head for head in sentence.heads if head != sentence.label]
    return bool(under and sentence.label and "、" in sentence.text and re.match(nouns.LIST_HEADING, under[-1]))


def _listed(sentence: Sentence, start: int) -> bool:
    """In a list behind 辅助材料： or 报送材料包括."""
    if is_list(sentence):
        return True
    head, colon, _ = sentence.text[: start - sentence.start].partition(":")
    return (
        bool(colon)
        and len(head) <= 24
        and any(head.endswith(word) for word in (*nouns.GENERIC_ALL, "包括", "如下", "内容", "以下材料"))
    )


def _explains(text: str, sentence: Sentence, start: int, end: int) -> bool:
    """Within brackets behind another noun, as in 总结材料（含图片、视频）: what that one is made of."""
    opened = text.rfind("(", sentence.start, start)
    if opened < 0 or text.rfind(")", opened, start) >= 0:
        return False
    before = vocabulary()[0].search(text, max(sentence.start, opened - 6), opened)
    generic = before is not None and before[0] in nouns.GENERIC_ALL
    inside = text[opened : start + 1]
    alone = start == opened + 1 and text[end : end + 1] == ")"
    if (
        alone
        and before is not None
        and before.end() == opened
        and before[0] not in (*nouns.GENERIC_ALL, *nouns.GENERIC_WORK)
    ):
        return True  # 教学设计（教案）: the same thing by another name
    if re.match(r"\([\u4e00-\u9fa5]{2,4}/[\u4e00-\u9fa5]{2,4}\)", text[opened : opened + 12]):
        return True  # 作品的原件（视频/音频）
    if (
        before is not None
        and not generic
        and before.end() == opened
        and re.search(r"、[^()]*等", text[opened : text.find(")", opened) + 1])
    ):
        return True  # 作品简介（拍摄地点、主题、创意说明等）
    return not generic and bool(re.match(r"\((?:应|须|需)?(?:含|包括|包含|如|可|内容|主要|例如|即)", inside))


def is_optional(text: str, sentence: Sentence, start: int, end: int) -> bool:
    """True when the words around make it no duty: 如有, 可一并, 鼓励."""
    clause = re.split(r"[,;。]", text[sentence.start : start])
    here = clause[-1]
    # 如开展线上活动，须另外提供网址: the condition is a clause of its own
    if (
        len(clause) > 1
        and re.match(r"(?:如|若|倘|对于?|凡|有)[^,]{2,24}(?:的|活动)?$", clause[-2])
        and not re.search(r"如下|如期|如实", clause[-2])
    ):
        return True
    if re.search(r"有(?:相关)?$", here) and re.match(
        r"[^,。;]{0,6}的(?:单位|地区|学校|可|请|企业|部门)", text[end : min(end + 12, sentence.end)]
    ):
        return True
    return bool(re.search(nouns.OPTIONAL_BEFORE, here) and not re.search(r"如下|如期|如实|可以是", here)) or bool(
        re.match(nouns.OPTIONAL_BEHIND, text[end : min(end + 24, sentence.end)])
    )


_LENGTH = r"(?:字数)?(?:应|要|须|需)?(?:为|限|不|控制|一般|原则上|约|在)?[^,。;()]{0,8}\d{3,5}字"


def has_length(text: str, sentence: Sentence, start: int, end: int) -> bool:
    """申报材料不少于1000字, 3000字以内的申报材料: a text of its own, not all that is sent."""
    return bool(
        re.match(rf"\(?{_LENGTH}", text[end : min(end + 30, sentence.end)])
        or re.search(r"\d{3,5}字(?:以内|以上|左右|之内|以下)?的$", text[max(sentence.start, start - 12) : start])
    )


def two_kinds(first: str, second: str) -> bool:
    """图片视频 are two things, 视频作品 is one."""
    kinds = vocabulary()[1]
    return {kinds[word][0] for word in (first, second) if word in kinds} == {"photo", "video"}
