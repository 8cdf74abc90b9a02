"""Kinds of work that stand as list points of their own: （一）书法 （二）摄影, 视频类：, 散文2篇以内."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rules.compile import nouns
from rules.compile.mentions import Mention
from rules.compile.outline import Sentence
from rules.compile.thing import WANTED
from rules.notice import Category


def work_points(lines: Sequence[Sentence], genres: Sequence[Mention]) -> list[tuple[Category, str, int]]:
    """List points whose label is a kind of work, two or more under one heading."""
    groups: dict[tuple[str, ...], list[tuple[Category, str, int]]] = {}
    noun_of: dict[int, str] = {}
    others: dict[tuple[str, ...], list[tuple[Category, str, int]]] = {}
    for sentence in lines:
        if not sentence.label or "·" in sentence.label or (sentence.level is None and not _is_line_label(sentence)):
            continue
        if any(re.search(nouns.SECTION_NOT, h) and not re.search(r"征集|宣传资料", h) for h in _above(sentence)):
            continue
        here = [
            m
            for m in genres
            if m.sentence == sentence.number
            and m.start - sentence.start < len(sentence.label)
            and not _away(m, sentence)
        ]
        labelled = [m for m in here if m.label and not re.match(nouns.TELLING, sentence.label)]
        opening = _opens_with_work(sentence, here) if not labelled else None
        if opening is not None:
            name = sentence.text[: opening.end - sentence.start]
            noun_of[sentence.paragraph] = opening.noun
            groups.setdefault(_above(sentence), []).append((opening.category, name, sentence.paragraph))
            continue
        kind = _kind_of_label(sentence) if not labelled else None
        if kind is not None:
            groups.setdefault(_above(sentence), []).append((kind, _kind_name(sentence), sentence.paragraph))
            continue
        if not labelled:
            kinds: dict[str, Mention] = {}
            for m in genres:
                if sentence.paragraph in m.points and m.weight >= WANTED and not m.barred:
                    kinds.setdefault(m.noun, m)
            others.setdefault(_above(sentence), []).extend((m.category, m.name, m.paragraph) for m in kinds.values())
            continue
        name = _kind_name(sentence) or labelled[0].name
        if len(name) > 24:
            name = labelled[0].name
        first = here[0]
        noun_of[sentence.paragraph] = labelled[-1].noun
        groups.setdefault(_above(sentence), []).append((first.category, name, sentence.paragraph))
    under = _outermost(groups, noun_of)
    if under is None:
        return []
    best = list({(c, n): (c, n, p) for c, n, p in reversed(groups[under])}.values())[::-1]
    # （二）演讲。提交演讲稿和演讲视频: a point beside the others that does not name its work in its label
    if any(re.search(r"内容|类别|形式|项目|类型|赛道", head) for head in (under or ())):
        best = best + others.get(under or (), [])
    return best


_DEMANDS = re.compile(r"(?:、[\u4e00-\u9fa5]{1,8}?)?类?(?:作品)?(?:\([^()]*\))?(?:要|应|须|需|必须|一律)")


def _opens_with_work(sentence: Sentence, here: Sequence[Mention]) -> Mention | None:
    """1、漫画作品要开门见山: a list point that begins with its work and says at once what it must be."""
    if sentence.level is None or not here or here[0].start != sentence.start or here[0].barred:
        return None
    demands = _DEMANDS.match(sentence.text, here[0].end - sentence.start)
    return here[0] if demands and "作品" in here[0].noun + demands[0] else None


def _kind_name(sentence: Sentence) -> str:
    """The label without what it goes on to say: 征文类包括诗歌 is 征文类."""
    label = re.sub(r"(类(?:作品)?)(?:包括|须|必须|应|为).*", r"\1", sentence.label)
    label = re.sub(r"\([^()]*\)(?:要|应|须|必须|需).*", "", label)
    return re.sub(rf"(?:征集|报送|的?要求|格式|规格|{nouns.SHORT_LIMIT})$|\(.*?\)$", "", label).strip("“”:【】")


def _outermost(
    groups: Mapping[tuple[str, ...], Sequence[tuple[Category, str, int]]], noun_of: Mapping[int, str]
) -> tuple[str, ...] | None:
    """The heading over two kinds of work or more, the outermost first.

    校园照片；活动照片；毕业照片 are subjects of one kind, not kinds.
    """
    kinds = {
        heading: {name for _, name, _ in found}
        for heading, found in groups.items()
        if len({noun_of.get(paragraph, name) for _, name, paragraph in found}) > 1
    }
    several = [heading for heading, names in kinds.items() if len(names) > 1]
    return min(several, key=lambda heading: (len(heading), -len(kinds[heading])), default=None)


_CLASSES: tuple[tuple[str, Category], ...] = (
    (r"文字|文学|文章|文本|征文", "article"), (r"影像|影视|视频|微电影|动态", "video"), (r"摄影|图片|照片|影像", "photo"), (r"", "other"),
)  # fmt: skip
"""Words in 平面类, 视频类 and the category they mean; the first that fits."""


def _kind_of_label(sentence: Sentence) -> Category | None:
    """平面类：, 广播类：: a class of works by its ending, where headings speak of classes."""
    label = re.sub(r"\(.*?\)", "", sentence.label).strip("【】")
    opened = re.match(r"[\u4e00-\u9fa5、]{1,8}类(?:作品)?(?=包括|须|必须|应|为)", sentence.text)
    label = opened[0] if opened else label
    if re.match(r"第[一二三四五六七八九十\d]+类", label):
        return None
    if not re.fullmatch(r"[\u4e00-\u9fa5A-Za-z0-9、]{1,8}类(?:作品)?|[\u4e00-\u9fa5]{2,8}作品", label) or re.match(
        rf"{nouns.TELLING}|(?:参赛|投稿|应征|优秀|获奖|入选|入围|报送|提交|征集|推荐|所有|各类|原创|每件|申报|参评|本次)",
        label,
    ):
        return None
    if not any(re.search(r"作品|类别|类型|征集|参赛|投稿|内容|形式|要求|分类", head) for head in _above(sentence)):
        return None
    kind = next(category for words, category in _CLASSES if re.search(words, label))
    return None if kind == "other" and label.endswith("作品") and not re.search(nouns.ARTS, label) else kind


def _above(sentence: Sentence) -> tuple[str, ...]:
    """The headings over a list point, its own label left out."""
    own = sentence.level is not None or sentence.heads[-1:] == (sentence.label,)
    return sentence.heads[:-1] if own else sentence.heads


def _is_line_label(sentence: Sentence) -> bool:
    """科普视频：时长…… on a line of its own, without a list mark."""
    behind = sentence.text[len(sentence.label) : len(sentence.label) + 1]
    return len(sentence.label) <= 12 and (
        behind in (":", "")
        or sentence.label.endswith("】")
        or (behind == "," and bool(re.search(nouns.SHORT_LIMIT, sentence.label)))
    )


def _away(mention: Mention, sentence: Sentence) -> bool:
    return mention.barred and mention.end - sentence.start < len(sentence.label) - 6
