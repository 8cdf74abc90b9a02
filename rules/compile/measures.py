"""Sizes, lengths, times and words as limits of items, captions of photos among them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.compile.amounts import Amount
from rules.compile.counts import count_limits
from rules.compile.outline import Sentence
from rules.compile.owners import owners_of
from rules.compile.scope import CAPTION, PARTS, SIDES, SPOKEN, Limit, Scope, words_near
from rules.compile.thing import Thing


def measure_limits(scope: Scope, sentence: Sentence, amount: Amount) -> Iterator[tuple[Thing, Limit]]:
    """The limits that one quantity makes: pixels, density, size, time, or words; nothing for what nobody owns."""
    text = scope.page.text
    if amount.family == "count":
        yield from count_limits(scope, sentence, amount)
        return
    if amount.family == "chars":
        yield from _chars(scope, sentence, amount)
        return
    if amount.family == "mb" and re.search(
        r"内存|硬盘|U盘|流量|带宽", text[max(sentence.start, amount.start - 8) : amount.end + 4]
    ):
        return
    if (
        amount.family == "seconds"
        and re.search(SPOKEN, sentence.text)
        and not re.search(r"视频|音频|片|录|作品", sentence.text)
    ):
        return  # 讲解限时4分钟 is no length of a film
    owners, sure = owners_of(scope, sentence, amount.start, amount.end, amount.family)
    fields = list(_fields(text, sentence, amount, [t.category for t in owners] == ["video"]))
    for thing in owners:
        for field, value, doubt in fields:
            yield (
                thing,
                Limit(
                    field=field,
                    value=value,
                    sentence=sentence.number,
                    soft=amount.bound in ("about", "soft-max"),
                    sure=sure and not doubt,
                    doubt=doubt,
                    firm=bool(re.search(r"最[长大多高]$", text[max(sentence.start, amount.start - 2) : amount.start])),
                ),
            )


def _fields(text: str, sentence: Sentence, amount: Amount, film: bool) -> Iterator[tuple[str, float, str]]:
    """The fields a quantity fills, with a doubt where the notice says less than a machine must know."""
    low, high, bound = amount.low or 0.0, amount.high, amount.bound
    before = text[max(sentence.start, amount.start - 14) : amount.start]
    if amount.family in ("size", "p"):
        if bound in ("max", "soft-max"):
            yield from (("max_width", low, ""), ("max_height", high or 0, ""))
        elif (
            bound == "min"
            or film
            or amount.family == "p"
            or (re.search(r"分辨率|像素|清晰度|画面|画质", before) and not re.search(r"尺寸|规格|大小|版面", before))
        ):
            doubt = "" if bound == "min" else f"{amount.low:g}×{amount.high:g}：按“不低于”理解"
            yield from (("min_width", low, doubt), ("min_height", high or 0, doubt))
    elif amount.family == "dpi":
        if bound not in ("max", "soft-max"):
            yield "min_dpi", low, ""
    elif amount.family == "megapixels":
        if bound not in ("max", "soft-max", "about"):
            yield "min_megapixels", low, ""
    elif amount.family == "pixels":
        if bound in ("min", "exact"):
            field = next(
                (f for f, words, _ in SIDES if re.search(rf"(?:{words})[^,;。]{{0,10}}$", before)), "min_side_px"
            )
            if field == "min_side_px" and low in (72, 150, 300, 350) and not re.search("边", before):
                yield "min_dpi", low, f"{low:g}像素：按每英寸{low:g}点理解"
            elif low >= 100:
                yield field, low, "" if bound == "min" else f"{low:g}像素：按“不低于”理解"
    elif amount.family in ("mb", "seconds"):
        least, most = ("min_mb", "max_mb") if amount.family == "mb" else ("duration_s_min", "duration_s_max")
        if high is not None:
            yield from ((least, low, ""), (most, high, ""))
        elif bound == "min":
            yield least, low, ""
        elif bound in ("max", "soft-max"):
            yield most, low, ""


def _chars(scope: Scope, sentence: Sentence, amount: Amount) -> Iterator[tuple[Thing, Limit]]:
    text = scope.page.text
    soft, number = amount.bound in ("about", "soft-max"), sentence.number
    doubt = "两个数之间的符号丢失，按范围理解" if amount.lost else ""
    photo = _captioned(scope, sentence, amount)
    if photo is not None:
        if amount.high is not None:
            yield photo, Limit(field="caption_chars_min", value=amount.low or 0, sentence=number)
            yield photo, Limit(field="caption_chars_max", value=amount.high, sentence=number)
        else:
            field = {"max": "caption_chars_max", "soft-max": "caption_chars_max", "min": "caption_chars_min"}.get(
                amount.bound, "caption_chars_exact"
            )
            asked = f"{amount.low:g}字：约{amount.low:g}字？以内？" if amount.bound == "exact" else ""
            yield (
                photo,
                Limit(field=field, value=amount.low or 0, sentence=number, soft=soft or bool(asked), doubt=asked),
            )
        return
    if re.search(r"体裁[是为][^,;。]{1,24}的,?[^,;。\d]{0,10}$", text[sentence.start : amount.start]):
        return  # 体裁是散文、诗歌的，2000字以内: of some genres only
    owners, sure = owners_of(scope, sentence, amount.start, amount.end, "chars")
    part = re.search(PARTS, text[max(sentence.start, amount.start - 12) : amount.start])
    if part:  # 摘要300字以内, 标题不超过20字: no length of the whole
        owners = [t for t in owners if t.category == "form" or part[1] in t.name]
    owners = [t for t in owners if not (t.category == "form" and _past(t, text, sentence, amount.start))]
    for thing in owners[:1] if not _all_works(text, sentence, amount.start) else owners:
        if amount.high is not None:
            yield (
                thing,
                Limit(
                    field="words_min",
                    value=amount.low or 0,
                    sentence=number,
                    sure=sure and not amount.lost,
                    doubt=doubt,
                ),
            )
            yield (
                thing,
                Limit(
                    field="words_max", value=amount.high, sentence=number, sure=sure and not amount.lost, doubt=doubt
                ),
            )
        else:
            field = {"max": "words_max", "soft-max": "words_max", "min": "words_min"}.get(amount.bound, "words_approx")
            asked = f"{amount.low:g}字：约{amount.low:g}字？以内？" if amount.bound == "exact" else ""
            yield (
                thing,
                Limit(
                    field=field,
                    value=amount.low or 0,
                    sentence=number,
                    soft=soft or bool(asked),
                    sure=sure,
                    doubt=asked,
                ),
            )


def _past(form: Thing, text: str, sentence: Sentence, place: int) -> bool:
    """须填报推荐表(一式3份),事迹简介要精炼(300字以内): the form was named in an earlier clause, and the next has its own subject."""
    ends = [m.end for m in form.mentions if m.sentence == sentence.number and m.end <= place]
    between = text[max(ends) : place] if ends else ""
    return bool(re.search(r"[,;][\u4e00-\u9fa5]{0,4}(?:简介|事迹|介绍|材料|说明|报告|总结)[^,;。]{0,30}$", between))


def _captioned(scope: Scope, sentence: Sentence, amount: Amount) -> Thing | None:
    """The photo item whose caption is measured here."""
    photos = [t for t in scope.things if t.category == "photo"]
    if not photos or re.match(r"[^。;]{0,10}(?i:word|文档)", scope.page.text[amount.end : sentence.end]):
        return None
    clause = words_near(scope.page.text, sentence, amount.start, amount.end, 26)
    if not re.search(CAPTION, clause) or max(amount.low or 0, amount.high or 0) > 500:
        return None
    if not re.search(
        r"每[张幅件组副]|[配附]|注明|(?:图片|照片|作品)[^,;]{0,4}(?:说明|简介|介绍)",
        words_near(scope.page.text, sentence, amount.start, amount.end, 36),
    ):
        return None
    about = re.search(
        r"图|照|摄影|每张|每幅|幅|张", words_near(scope.page.text, sentence, amount.start, amount.end, 44)
    )
    others = [
        t
        for t in scope.things
        if t.category in ("article", "case", "summary")
        and any(m.sentence == sentence.number and amount.start - 16 < m.start < amount.end + 14 for m in t.mentions)
    ]
    only_caption = all(
        re.search(CAPTION, t.name) and not re.search(r"作者|个人|单位|企业|公司|本人", t.name) for t in others
    )
    works = [t for t in scope.things if t.work]
    if (about or works == photos[:1]) and only_caption:
        return photos[-1] if not works else next((t for t in works if t.category == "photo"), photos[0])
    return None


def _all_works(text: str, sentence: Sentence, start: int) -> bool:
    return bool(re.search(r"作品", text[max(sentence.start, start - 20) : start]))
