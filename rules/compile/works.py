"""What a contest collects: list points of their own, else what the title or the first sentences name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rules.compile import nouns
from rules.compile.heads import Head
from rules.compile.mentions import Mention
from rules.compile.outline import Sentence
from rules.compile.page import Page
from rules.compile.thing import WANTED, Thing
from rules.compile.workpoints import work_points
from rules.notice import Category

_EVENT = r"(?:作品)?(?:的)?(?:创意|设计[与和及]?|原创|主题|创作|优秀|拍摄|制作|有奖|网络|展示|展播)*(?:征集|大赛|大展|影展|联展|比赛|竞赛|评选|展(?!示)|征稿|征文|评比|活动|投稿|作品|启事|推荐)"


def find_works(page: Page, lines: Sequence[Sentence], found: Sequence[Mention], head: Head) -> list[Thing]:
    """The kinds of work: list points of their own, else what the title or the first sentences name."""
    genres = [m for m in found if m.work and not m.generic]
    points = work_points(lines, genres)
    together = any(
        re.search(
            r"以上(?:[一二两三四五\d]项|材料|内容)[^。]{0,12}(?:同|一并|均|放入)|同一(?:个)?文件夹"
            r"|每(?:部|件|个|份|项)(?:参赛|申报)?作品(?:都|均)?(?:应|须|需|要)?(?:当)?(?:提交|包括|包含|报送)",
            s.text,
        )
        for s in lines
    )
    works = [
        Thing(
            category=category, name=name, work=True, alternative=len(points) > 1 and not together, paragraph=paragraph
        )
        for category, name, paragraph in points
    ]
    opened = _opening_sentences(lines, genres) if len(works) < 2 else []
    if len(works) < 2:
        works = _merged_genres(_named_genres(page, lines, genres, head)) or works
    if len(works) < 2 and len(opened) > 1:
        works = opened
    if not works:
        fallback = next((m for m in found if m.generic and m.weight >= WANTED), None)
        if fallback:
            words = "".join(sentence.text for sentence in lines)
            lead = head.title + "".join(sentence.text for sentence in lines[:5])
            traces = () if re.search(r"设计|绘画|书画|美术|创意|文创", lead) else _TRACES
            category: Category = next((c for pattern, c in traces if len(re.findall(pattern, words)) > 1), "other")
            works = [Thing(category=category, name=fallback.name, work=True)]
    for mention in found:
        if mention.barred or not mention.work:
            continue
        if mention.generic:
            continue
        home = _home(works, mention)
        if home is not None:
            home.mentions.append(mention)
    return works


_TRACES: tuple[tuple[str, Category], ...] = (
    (r"摄影|拍摄|组照|单幅|像素|长边|照片", "photo"), (r"时长|片长|视频|字幕|(?i:mp4)", "video"), (r"字数|体裁|文风|题材|散文|原创文", "article"),
)  # fmt: skip
"""Words that tell what kind of work is collected where no sentence names it."""


def _opening_sentences(lines: Sequence[Sentence], genres: Sequence[Mention]) -> list[Thing]:
    """视频作品时长8分钟以内。音频作品时长5分钟以内: kinds of work that each open a sentence with limits of its own."""
    kinds: dict[str, Thing] = {}
    for sentence in lines:
        opened = re.match(r"(?:其中[,:]?)?([\u4e00-\u9fa5、]{2,6}?)(?:类)?作品", sentence.text)
        if not opened or not re.search(r"[\dA-Za-z]|尺|格式", sentence.text):
            continue
        first = next((m for m in genres if m.sentence == sentence.number and not m.barred), None)
        if first is not None and first.start - sentence.start <= len(opened[0]):
            kinds.setdefault(
                opened[1], Thing(category=first.category, name=f"{opened[1]}作品", work=True, alternative=True)
            )
    return list(kinds.values())


def _home(works: Sequence[Thing], mention: Mention) -> Thing | None:
    """The work a noun speaks of: that of its own list point, else the only one of its kind."""
    if mention.noun in nouns.PORTRAITS:
        return None
    own = [w for w in works if w.paragraph in mention.points]
    if own and mention.category == "photo" and not any(w.category == "photo" for w in own) and mention.weight >= WANTED:
        return None  # 文字2000字以内，配图不少于3张
    if own:
        return next((w for w in own if mention.noun in w.name), own[0])
    kind = [w for w in works if w.category == mention.category]
    close = [w for w in kind if mention.noun in w.name]
    if len(close) > 1 and all(mention.noun != w.name for w in close):
        return None  # 视频格式 beside 常规短视频 and 延展类视频: of all of them
    if close:
        return next((w for w in close if mention.noun == w.name), close[0])
    if len(works) == 1 and works[0].category == "other" and mention.noun in nouns.DRAWINGS:
        return works[0]
    return kind[0] if len(kind) == 1 and mention.category != "other" else None


def _named_genres(
    page: Page, lines: Sequence[Sentence], genres: Sequence[Mention], head: Head
) -> list[tuple[Category, str]]:
    """Kinds of work by name: in the title, else in the sentences that open the notice, else the one most spoken of."""
    title = re.sub(r"[“《][^”》]*[”》]", "", head.title) if re.search(r"[”》].{2,}", head.title) else head.title
    said = _events(title)
    if said:
        return said
    for sentence in lines[:8]:
        said = [] if re.search(nouns.FORMS_OF_WORKS, sentence.text) else _events(sentence.text)
        if said:
            return said
    for sentence in lines:
        stated = re.search(nouns.FORMS_OF_WORKS, sentence.text)
        there = [m for m in genres if m.paragraph == sentence.paragraph and m.start >= sentence.start and not m.barred]
        if stated and stated[0][-1] != ":":
            there = [m for m in there if m.sentence == sentence.number]
        along = {m.noun for m in there if _beside(page.text, m)}
        there = [m for m in there if not _refused(page.text, m) and m.noun not in along]
        kinds = {(m.category, m.noun) for m in there} if stated else set()
        if stated and (
            len({category for category, _ in kinds}) > 1
            or (kinds and (along or (len(kinds) == 1 and stated[0][-1] == ":")))
        ):
            return list(dict.fromkeys((m.category, m.noun) for m in there))
    wanted = [
        m for m in genres if m.weight >= 2 and not m.optional and not re.search(nouns.RANGE, lines[m.sentence].text)
    ]
    if wanted:
        count: dict[str, int] = {}
        for m in wanted:
            count[m.noun] = count.get(m.noun, 0) + m.weight
        noun = max(count, key=lambda n: count[n])
        first = next(m for m in wanted if m.noun == noun)
        others = {
            m.category: m
            for a, b in pairwise(genres)
            for m in (a, b)
            if noun in (a.noun, b.noun) and page.text[a.end : b.start] in ("或", "或者")
        }
        others[first.category] = first
        return [(m.category, m.name if m is first else m.noun) for m in sorted(others.values(), key=lambda m: m.start)]
    return []


def _refused(text: str, mention: Mention) -> bool:
    """近期征集过的材料严禁重复报送: named only to be refused."""
    return bool(re.match(r"[^,。;]{0,12}(?:严禁|不得|谢绝|不接受|不收|重复)", text[mention.end : mention.end + 20]))


def _beside(text: str, mention: Mention) -> bool:
    """每篇作品可配照片: what may go along is no kind of work."""
    return bool(re.search(r"[附配][^,。;]{0,4}$", text[max(0, mention.start - 5) : mention.start]))


def _events(text: str) -> list[tuple[Category, str]]:
    """Kinds of work right before 征集, 大赛 and the like."""
    text = text.replace("音视频", "音频视频").replace("•", "·")
    said: list[tuple[int, Category, str]] = []
    for category, words in nouns.WORKS.items():
        for word in words:
            for found in re.finditer(re.escape(word), text):
                said.append((found.start(), category, word))
    taken: list[tuple[int, int, Category, str]] = []
    for start, category, word in sorted(said, key=lambda one: (-len(one[2]), one[0])):
        if not any(a < start + len(word) and start < b for a, b, _, _ in taken):
            taken.append((start, start + len(word), category, word))
    taken.sort()
    strict = [
        one
        for one in taken
        if re.match(_EVENT, text[one[1] :])
        or re.match(r"主题征文(?:的)?(?:通知|公告|启事|函|通告|$)", text[one[1] - 4 :])
    ]
    strict = strict or [one for one in taken if re.match(rf"[”》]{_EVENT}", text[one[1] :])]
    strict = strict or [
        one
        for one in taken
        if re.search(r"(?:征集|征稿|征求|推选|推荐|展播|评选|遴选|收集|拍摄)[^,。;]{0,26}$", text[: one[0]])
        and not re.match(r"[\u4e00-\u9fa5]{0,2}的(?!通知|公告|启事|函|通告|预?公示)", text[one[1] :])
    ]
    if not strict:
        return []
    last = strict[0]
    row = [last]
    for one in reversed([t for t in taken if t[1] <= last[0]]):
        gap, kinds = text[one[1] : row[-1][0]], {one[2], row[-1][2]}
        if re.fullmatch(r"[、和及与暨/·]?(?:作品)?[、和及与]?", gap) and (gap or kinds <= {"photo", "video", "other"}):
            row.append(one)
    return [(category, word) for _, _, category, word in reversed(row)]


def _merged_genres(said: Iterable[tuple[Category, str]]) -> list[Thing]:
    """One work for each category; several of them are alternatives."""
    by_category: dict[Category, list[str]] = {}
    for category, word in said:
        by_category.setdefault(category, []).append(word)
    return [
        Thing(
            category=category,
            name="、".join(dict.fromkeys(words)) + ("作品" if words[-1] == "摄影" else ""),
            work=True,
            alternative=len(by_category) > 1,
        )
        for category, words in by_category.items()
    ]
