"""Whose limit is it: the nearest noun that can have such a limit, else its list point, else the only one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.compile import nouns
from rules.compile.amounts import Amount
from rules.compile.mentions import Mention
from rules.compile.outline import Sentence
from rules.compile.scope import ACCEPTS, PIXELS_FIRST, Scope
from rules.compile.thing import Thing
from rules.notice import Category


def right_behind(scope: Scope, amount: Amount, mention: Mention) -> bool:
    """3张照片: the noun follows upon the measure word."""
    between = scope.page.text[amount.end : mention.start]
    if amount.end <= mention.start <= amount.end + 30 and re.fullmatch(r"[^,;。:()\d]{4,29}的", between):
        return True  # 1-2个特色鲜明、成效明显的典型案例
    if re.match(r"[和及与并附]|以及|连同", between):
        return False  # 申报表2份和事迹材料
    if re.fullmatch(r"(?!、)[\u4e00-\u9fa5、]{1,12}", between) and not any(
        amount.end <= other.start and other.end <= mention.start for other in scope.mentions
    ):
        return True  # 1-2个市、县或校典型案例
    return amount.end <= mention.start <= amount.end + 8 and not re.search(r"[,;、()。:]", between)


def base_name(name: str) -> str:
    """平面类作品 is 平面 wherever it is spoken of."""
    return re.sub(r"(?:类|作品)+$", "", name)


def owners_of(scope: Scope, sentence: Sentence, start: int, end: int, family: str) -> tuple[list[Thing], bool]:
    """The items a limit holds for, and whether there was no choice."""
    accepted = ACCEPTS[family]
    if _of_a_film(scope, sentence, start):
        return [], False
    nearest = _nearest(scope, sentence, start, end, family)
    if nearest:
        return nearest, True
    if family in ("chars", "document") and _of_a_text(scope, sentence, start):
        accepted -= {"photo", "video", "other", "form", "stat_table", "roster"}
    if family == "mb" and re.search(
        r"[每单][张幅]|图片|照片", scope.page.text[max(sentence.start, start - 10) : start]
    ):
        accepted -= {"case", "summary", "form", "video"}
        if not any("图" in t.name for t in scope.things if t.category == "article"):
            accepted -= {"article"}  # 每张大于1M: of pictures, though they are no item
    own = [t for t in scope.things if t.paragraph in sentence.points and t.category in accepted]
    if own:
        return own, True
    same_point = _last_before(scope, sentence, start, accepted)
    works = [t for t in scope.things if t.work and t.category in accepted]
    first = PIXELS_FIRST.get(family)
    preferred = [t for t in works if t.category == first]
    if same_point and not (
        works and not same_point.work and scope.contest and not _is_own_point(scope, sentence, same_point)
    ):
        return [same_point], True
    if preferred:
        return preferred, len(works) == 1
    if works:
        return works, len(works) == 1
    kind = [t for t in scope.things if t.category == first] or [
        t
        for t in scope.things
        if t.category in accepted and t.category != "other" and not (family == "chars" and t.category == "form")
    ]
    if family in ("chars", "document") and len(kind) > 1:
        return [], False
    return (kind, False) if len(kind) == 1 or first else ([], False)


def _of_a_text(scope: Scope, sentence: Sentence, start: int) -> bool:
    """散文每篇2000字以内: a text is spoken of right before the number, though it is no item; no poster has that length."""
    begin = max(sentence.text.rfind(sign, 0, start - sentence.start) for sign in ",;") + 1 + sentence.start
    last = [m for m in scope.mentions if m.sentence == sentence.number and begin <= m.start and m.end <= start]
    return bool(last) and last[-1].category in ("article", "summary", "case")


def _of_a_film(scope: Scope, sentence: Sentence, start: int) -> bool:
    """视频不超过10分钟 where no film is asked for by name: of courseware nobody knows whether it is meant."""
    last = [m for m in scope.mentions if m.sentence == sentence.number and m.end <= start]
    return (
        bool(last)
        and last[-1].noun == "视频"
        and not any(t.category == "video" for t in scope.things)
        and any(t.category == "other" for t in scope.things)
    )


def _is_own_point(scope: Scope, sentence: Sentence, thing: Thing) -> bool:
    return any(m.label and m.paragraph in sentence.points for m in thing.mentions)


def _nearest(scope: Scope, sentence: Sentence, start: int, end: int, family: str) -> list[Thing]:
    """Items named in the same sentence: right behind the number, else the last before it; 作品 stands for the works."""
    text, accepted = scope.page.text, ACCEPTS[family]
    here = [m for m in scope.mentions if m.sentence == sentence.number]
    owner = {id(m): t for t in scope.things for m in t.mentions}
    behind = [
        m
        for m in here
        if (end <= m.start <= end + 9 and not re.search(r"[,;、。:)]|和|及|与|附|配", text[end : m.start]))
        or (end < m.start <= end + 40 and re.fullmatch(r"(?:的|关于|有关)[^,;。:]{1,36}", text[end : m.start]))
    ]
    for mention in behind:
        thing = owner.get(id(mention))
        if thing is not None and thing.category in accepted:
            return [thing]
    if family == "chars" and re.search(
        r"(?:全文|正文|全篇)[^,;。]{0,8}$", text[max(sentence.start, start - 14) : start]
    ):
        whole = [t for t in scope.things if t.work and t.category == "article"]
        if whole:
            return whole  # 摘要300字以内，全文不超过6000字
    before = [m for m in here if m.end <= start]
    for mention in reversed(before):
        thing = owner.get(id(mention))
        if thing is None and family == "document" and mention.whole and mention.noun[-2:] in ("材料", "资料"):
            return [t for t in scope.things if not t.work and t.category in accepted]
        if thing is not None and family == "mb" and re.search(nouns.EXPLANATIONS, thing.name):
            continue  # 作品附文字说明，大小不超过40M
        if thing is None and mention.noun in ("图片", "照片") and family == "mb":
            accepted = accepted & {"photo", "other"}
        if (mention.generic and not mention.barred) or (mention.noun in ("图片", "照片", "视频") and thing is None):
            works = [t for t in scope.things if t.work and t.category in accepted]
            named = [
                owner[id(m)]
                for m in here
                if m.end <= start and id(m) in owner and not m.generic and owner[id(m)] in works
            ]
            own = [t for t in works if t.paragraph in sentence.points]
            beside = [
                t
                for t in scope.things
                if t.category == "photo" and any(m.sentence == sentence.number for m in t.mentions)
            ]
            if thing is None and not mention.generic and beside and beside[0].category in accepted:
                return beside
            if (
                named
                and len(works) > 1
                and before[0].generic
                and re.search(r"一律|均|统一|都", text[sentence.start : start])
            ):
                return own or works  # 投稿作品只收电子版，书画摄影一律为JPG格式
            if named or own or works:
                return named[-1:] or own or works
        if thing is not None and thing.category in accepted:
            alike = [t for t in scope.things if t.work and t.category == thing.category]
            if thing in alike and mention.name in ("视频", "图片", "照片") and thing.paragraph not in sentence.points:
                return alike  # 视频格式：MP4, of short and of long ones
            if (
                mention.noun in ("照片", "图片")
                and len(re.sub("高清|电子|数码|彩色|清晰|原始|版", "", mention.name)) <= 4
            ):
                group = [
                    t
                    for t in scope.things
                    if t.category == "photo" and any(m.sentence == sentence.number for m in t.mentions)
                ]
                return group if thing in group else [thing]
            return [thing]
    return []


def _last_before(scope: Scope, sentence: Sentence, start: int, accepted: frozenset[Category]) -> Thing | None:
    """The item spoken of last in the same list point, else in the heading above."""
    best: tuple[int, Thing] | None = None
    for thing in scope.things:
        if thing.category not in accepted:
            continue
        for mention in thing.mentions:
            if (
                mention.start < start
                and mention.paragraph in sentence.points
                and (best is None or mention.start > best[0])
            ):
                best = (mention.start, thing)
    if best:
        return best[1]
    for head in reversed(sentence.heads[:-1] if sentence.level is not None else sentence.heads):
        for thing in scope.things:
            if thing.category in accepted and (thing.name in head or any(m.noun in head for m in thing.mentions[:3])):
                return thing
    return None


def tied_in_row(text: str, sentence: Sentence, owners: Sequence[Thing], place: int) -> list[Thing]:
    """The item named last before a place, and those tied to it by 和 or 、: 报告和台账加盖公章. In brackets it is that one alone."""
    spots = sorted(
        (m.start, m.end, n)
        for n, t in enumerate(owners)
        for m in t.mentions
        if m.sentence == sentence.number and m.start <= place
    )
    start, end, number = spots[-1]
    chosen = [owners[number]]
    forms = [t for t in owners if t.category == "form"]
    if (
        owners[number].category in ("other", "article")
        and forms
        and text[end:place].count("(") <= text[end:place].count(")")
    ):
        return forms[-1:]  # 填写申请表，附证书复印件，经单位盖章后
    if text[end:place].count("(") > text[end:place].count(")"):
        return chosen
    for first, last, other in reversed(spots[:-1]):
        if text[last - 1 : last + 1] != "》《" and not re.fullmatch(
            r"[》”]?(?:\([^()]*\))?(?:[、和及与以]{1,2}|或者?|/)(?:[《“][^《》“”]{0,40}|[\u4e00-\u9fa5]{0,8})",
            text[last:start],
        ):
            break
        chosen.append(owners[other])
        start = first
    return list({id(t): t for t in chosen}.values())
