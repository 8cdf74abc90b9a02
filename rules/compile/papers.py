"""Everything else that is wanted: forms, tables, reports, lists, texts and enclosures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.compile import nouns
from rules.compile.annexes import Annex
from rules.compile.mentions import Mention
from rules.compile.outline import Sentence
from rules.compile.thing import ENDINGS, WANTED, Thing, contrary, core, same
from rules.compile.wanted import is_list
from rules.notice import Category


def find_papers(
    lines: Sequence[Sentence], found: Sequence[Mention], works: Sequence[Thing], contest: bool, listed: Sequence[Annex]
) -> list[Thing]:
    """Everything else that is wanted."""
    papers: list[Thing] = []
    work_points: set[int | None] = {w.paragraph for w in works if w.paragraph is not None}
    work_kinds = {w.category for w in works}
    for mention in found:
        if mention.generic or mention.whole or mention.barred or any(a.start <= mention.start < a.end for a in listed):
            continue
        if _describes(lines[mention.sentence], papers, mention):
            continue
        if not _is_paper(lines[mention.sentence], mention, works, work_kinds, work_points, contest, bool(listed)):
            continue
        home = next((p for p in papers if p.category == mention.category and _one_thing(p, mention)), None)
        if home is None:
            home = (
                _in_short(papers, lines[mention.sentence], mention)
                or _or_else(papers, lines, mention)
                or _of_point(papers, mention)
            )
        if home is None:
            home = Thing(category=mention.category, name=mention.name, together=bool(works) and not work_points)
            if mention.label and not any(p.paragraph == mention.paragraph for p in papers):
                home.paragraph = mention.paragraph
            papers.append(home)
        elif (home.paragraph is not None and home.paragraph in mention.points) or mention.noun in (
            "照片",
            "图片",
            "相片",
        ):
            pass  # the label of its own list point is its name
        elif (mention.weight >= WANTED and not ENDINGS.search(home.name)) or (
            len(core(mention.name)) > len(core(home.name)) and mention.weight >= max(m.weight for m in home.mentions)
        ):
            home.name = mention.name
        home.mentions.append(mention)
    for mention in found:  # a mention of little weight only helps to find the limits
        if (
            mention.generic
            or mention.whole
            or mention.barred
            or mention.weight >= 1
            or any(mention in p.mentions for p in papers)
        ):
            continue
        home = next((p for p in papers if p.category == mention.category and _one_thing(p, mention)), None)
        if home is not None:
            home.mentions.append(mention)
    return [p for p in papers if any(m.weight >= WANTED for m in p.mentions)]


def _describes(sentence: Sentence, papers: Sequence[Thing], mention: Mention) -> bool:
    """总结：包括做法、成效和建议: within a list point that is about one item, what 包括 names is what it is made of."""
    owner = next((p for p in papers if p.paragraph in mention.points), None)
    if owner is None or mention.label or owner.category == mention.category:
        return False
    before = sentence.text[: mention.start - sentence.start]
    return bool(re.search(r"(?:包括|包含|内容为|主要|围绕|介绍|反映|涵盖|说明)[^;]*$", before)) and not re.search(
        r"(?:附|提供|提交|同时)[^,;]*$", before
    )


def _goes_along(sentence: Sentence, mention: Mention) -> bool:
    """In the list point of a work: texts and forms, and pictures that are to be added, are items of their own."""
    if mention.category == "photo":
        return bool(
            re.search(r"[附配][^,;]{0,8}$", sentence.text[: mention.start - sentence.start])
            or mention.noun in ("配图", "插图")
        )
    return not mention.work and mention.category in ("article", "form")


def _in_short(papers: Sequence[Thing], sentence: Sentence, mention: Mention) -> Thing | None:
    """汇总表 and 统计表: the one that was named in full before, as 作品汇总表 or 科普统计调查表."""
    if mention.name in ("文稿", "稿件"):
        return next((p for p in papers if p.category == "article" and p.name.endswith("稿")), None)
    if mention.noun == "表格":  # 填写《报名表》，将表格发至……
        return next((p for p in reversed(papers) if p.category == "form" and p.name != "表格"), None)
    if core(mention.name) != mention.noun or mention.category not in ("form", "stat_table", "roster", "summary"):
        return None
    for paper in papers:
        if contrary(paper.name, mention.name):
            continue
        if (
            mention.noun[:2] in ("申请", "申报")
            and core(paper.name).endswith((f"{mention.noun[:-1]}表", f"{mention.noun[:-1]}书"))
            and any(m.sentence == mention.sentence and m.end < mention.start for m in paper.mentions)
            and re.search(r"将[^,;、]{0,4}$", sentence.text[: mention.start - sentence.start])
        ):
            return paper  # 填写《立项申请书》，并将申请表发至……
        signs = iter(core(paper.name))
        if paper.name[-1:] == mention.noun[-1:] and all(sign in signs for sign in mention.noun):
            return paper
    return None


def _or_else(papers: Sequence[Thing], lines: Sequence[Sentence], mention: Mention) -> Thing | None:
    """工作照或活动照2张: two names for one demand, unless each is a paper with a name of its own."""
    if mention.category not in ("photo", "video", "summary", "case"):
        return None
    sentence = lines[mention.sentence]
    for paper in papers:
        for m in paper.mentions:
            if m.sentence == mention.sentence and paper.category == mention.category and m.end < mention.start:
                between = sentence.text[m.end - sentence.start : mention.start - sentence.start]
                if re.match(r"或者?", between) and len(between) <= 8:
                    return paper
    return None


def _of_point(papers: Sequence[Thing], mention: Mention) -> Thing | None:
    """活动图片：活动现场图片10张: what a list point is about stays one item, however it is called there."""
    if mention.category in ("form", "stat_table", "roster", "other") or mention.label:
        return None
    return next(
        (
            p
            for p in papers
            if p.paragraph in mention.points and p.category == mention.category and not _of_other_scene(p, mention)
        ),
        None,
    )


def _of_other_scene(thing: Thing, mention: Mention) -> bool:
    """免冠照 and 活动照: a portrait and a picture of what was done are two things."""
    named = {m.noun for m in (*thing.mentions, mention)} & {*nouns.PORTRAITS, *nouns.SCENES}
    return len({noun in nouns.SCENES for noun in named}) > 1


def _is_paper(
    sentence: Sentence, mention: Mention, works: Sequence[Thing], kinds: set[Category], points: set[int | None], contest: bool, has_annexes: bool
) -> bool:  # fmt: skip
    if contest:
        if any(mention in w.mentions for w in works):
            return False
        if mention.noun in nouns.SOURCES or (
            mention.work and mention.category in kinds and mention.noun not in nouns.PORTRAITS
        ):
            return False
        if points.intersection(mention.points) and not _goes_along(sentence, mention):
            return False
        if mention.work and not re.search(nouns.SENT_ALONG, sentence.text) and not is_list(sentence):
            return False
        if mention.noun == "原稿" and not any(re.search("[音视]频|朗诵|诵读|讲述", w.name) for w in works):
            return False  # of a painting it is the painting, of a recital the text
        if mention.noun in ("图片", "照片", "原稿", "文稿", "稿件") and _is_the_work(sentence, mention, works):
            return False
        if mention.category in ("summary", "case") and not mention.label and mention.weight < 4:
            return False
        if re.search(r"意见|建议", mention.noun) and (
            not mention.label or any(re.search(r"内容|主题|题材|方向", head) for head in sentence.heads[:-1])
        ):
            return False  # what an essay may speak of
        if re.match(r"(?:要|须|应)?清晰", sentence.text[mention.end - sentence.start :]):
            return False
    if mention.noun == "复印件" and re.search(
        r"\([^()]*(?:原件|扫描)[^()]*$", sentence.text[: mention.start - sentence.start]
    ):
        return False  # 反馈表（原件或扫描、复印件）
    if (
        mention.noun in ("复印件", "电子版")
        and re.search(r"(?:\([^()]*\)|全文|原件|[\u4e00-\u9fa5])$", sentence.text[: mention.start - sentence.start])
        and (contest or sentence.text[: mention.start - sentence.start].endswith(")"))
    ):
        return False
    if mention.noun in nouns.LOOSE and (
        not re.search(r"收集|整理", sentence.text) or any(re.search(r"条件|标准", head) for head in sentence.heads)
    ):
        return False
    if mention.noun == "附件表格" and has_annexes:
        return False
    if mention.category == "summary" and sentence.number < 5 and re.fullmatch(nouns.TITLE_LINE, sentence.text):
        return False
    if mention.noun.endswith("情况") and mention.label and mention.weight <= WANTED + 1:
        return False
    if mention.name in ("说明", "简介", "介绍") and not mention.label:
        return False
    if mention.noun in ("说明", "清单", "目录") and re.search(nouns.REMARKS, sentence.label):
        return False
    if mention.noun in ("推选", "人选推荐", "目录", "建议") and not mention.label:
        return mention.noun == "建议" and mention.weight >= WANTED
    if mention.category == "roster" and "联系" in mention.noun and not re.match(nouns.PERSONS_ASKED, sentence.text):
        return False
    return mention.weight >= 1


def _is_the_work(sentence: Sentence, mention: Mention, works: Sequence[Thing]) -> bool:
    """每张图片不超过3MB in a contest of paintings, 征文原稿 in one of essays: the work under another name."""
    if mention.category == "article":
        return any(w.category == "article" for w in works)
    before, behind = (
        sentence.text[: mention.start - sentence.start],
        sentence.text[mention.end - sentence.start :],
    )
    return bool(
        re.search(r"(?:每|单|该|一)[张幅]$|所有$|(?:拍|转|扫描|翻拍|制作?)成$", before)
        or re.match(r"(?:文件)?(?:格式|大小|像素|分辨率|尺寸)", behind)
    )


def _unnamed(noun: str) -> bool:
    """书面报告, 工作情况: the report that has its name elsewhere."""
    return noun in nouns.ONE_SUMMARY or noun.endswith("情况")


def _one_report(thing: Thing, mention: Mention) -> bool:
    """活动总结 and 书面报告 are one; plans are none of them, nor is what accompanies a recommendation."""
    return all(bool(re.search(kind, mention.name)) == bool(re.search(kind, thing.name)) for kind in nouns.OWN_REPORTS)


def _one_thing(thing: Thing, mention: Mention) -> bool:
    if (
        mention.category == "other"
        and re.search(nouns.CERTIFICATES, mention.noun)
        and re.search(nouns.CERTIFICATES, thing.name)
    ):
        return any(m.sentence == mention.sentence for m in thing.mentions)  # 身份证、职称证书复印件
    explains = [re.search(nouns.EXPLANATIONS, name) for name in (thing.name, mention.name)]
    if all(explains) and mention.category == "article" and thing.together:
        return True
    if mention.category == "summary" and (_unnamed(mention.noun) or any(_unnamed(m.noun) for m in thing.mentions)):
        return _one_report(thing, mention)
    if mention.category == "photo" and thing.category == "photo":
        if _of_other_scene(thing, mention):
            return False
        a, b = (
            re.sub(r"电子版|相关|有关|高清|电子|数码|彩色|清晰|原始|[\d“”]|张", "", name)
            for name in (mention.name, thing.name)
        )
        plain = ("照片", "图片", "相片", "原图")
        return a == b or a.endswith(b) or b.endswith(a) or a in plain or b in plain or mention.noun == "原图"
    return same(thing.name, mention.name)
