"""Formats, stamps, scans, signatures and names of files, each with the items they hold for."""

from __future__ import annotations

import re

from rules.compile.formats import Format, both_wanted, formats, states
from rules.compile.naming import Naming
from rules.compile.outline import Sentence
from rules.compile.owners import owners_of, tied_in_row
from rules.compile.scope import ACCEPTS, Given, Limit, Scope
from rules.compile.thing import Thing
from rules.notice import Category


def formats_given(scope: Scope, sentence: Sentence) -> Given:
    """The formats that one sentence names, for each item they hold for."""
    named = tuple(formats(scope.page.text, sentence.start, sentence.end))
    groups: dict[int, tuple[list[Thing], list[Format], bool]] = {}
    for one in named:
        owners, sure = owners_of(scope, sentence, one.start, one.end, one.kind)
        if one.kind == "document" and groups:
            # Word 版和 PDF 版: the same item as the format beside it
            last = list(groups.values())[-1]
            between = any(
                last[1][-1].end <= m.start < one.start and not m.barred and m.weight > 0
                for m in scope.mentions
                if m.sentence == sentence.number
            )
            if one.start - last[1][-1].end <= 10 and last[0] and not between:
                owners = [t for t in last[0] if t.category in ACCEPTS["document"]] or owners
        if one.kind == "document" and len(owners) == 1 and owners[0].category in ("form", "stat_table", "roster"):
            spoken = [
                t
                for t in scope.things
                if t.category in ACCEPTS["document"]
                and any(m.sentence == sentence.number and m.end <= one.start for m in t.mentions)
            ]
            if owners[0] in spoken:
                owners = [
                    t
                    for t in tied_in_row(scope.page.text, sentence, spoken, one.start)
                    if t.category in ("form", "stat_table", "roster")
                ] or owners
        key = hash(tuple(id(t) for t in owners))
        groups.setdefault(key, (owners, [], sure))[1].append(one)
    given: Given = []
    for owners, members, sure in groups.values():
        extensions = tuple(dict.fromkeys(e for one in members for e in one.extensions))
        both = both_wanted(scope.page.text, tuple(members))
        given += [
            (t, Limit(field="formats", value=extensions, sentence=sentence.number, sure=sure, both=both))
            for t in owners
        ]
    return given


def _by_annex_number(scope: Scope, sentence: Sentence, place: int) -> list[Thing]:
    """附件3须有实践单位盖章: the paper that bears the number, in the list of annexes or in brackets behind its name."""
    said = re.search(r"附[件表](\d{1,2})[^,;。()]{0,16}$", scope.page.text[sentence.start : place])
    if not said:
        return []
    bracket = re.compile(rf"[》”]?\((?:见)?附[件表]{said[1]}(?!\d)")
    return [
        t
        for t in scope.things
        if (t.from_annex is not None and t.from_annex.number == int(said[1]))
        or any(bracket.match(scope.page.text, m.end) for m in t.mentions)
    ]


def states_given(scope: Scope, sentence: Sentence) -> Given:
    """Stamp, scan and signature that one sentence asks for, for each item."""
    given: Given = []
    text = scope.page.text
    papers: frozenset[Category] = frozenset({"form", "stat_table", "roster", "summary", "case", "article", "other"})
    for state, place in states(text, sentence.start, sentence.end):
        whole = any(m.whole and m.sentence == sentence.number and m.start < place for m in scope.mentions)
        named = _by_annex_number(scope, sentence, place)
        owners = named or [
            t
            for t in scope.things
            if t.category in papers and any(m.sentence == sentence.number and m.start <= place for m in t.mentions)
        ]
        ahead = [
            t
            for t in scope.things
            if any(m.sentence == sentence.number and place < m.start <= place + 6 for m in t.mentions)
        ]
        if named:
            chosen = named
        elif state == "signature" and ahead and re.match("签[署订]", text[place : place + 2]):
            chosen = ahead[:1]  # 签署承诺书
        elif owners:
            chosen = tied_in_row(text, sentence, owners, place)
        elif whole:
            chosen = [t for t in scope.things if t.category in ("form", "stat_table", "summary") and not t.work]
        else:
            here = [
                t
                for t in scope.things
                if t.category in papers and any(m.paragraph in sentence.points and m.start < place for m in t.mentions)
            ]
            chosen = here[-1:] if here else [t for t in scope.things if t.category == "form"][:1]
        given += [(t, Limit(field=state, value=True, sentence=sentence.number, sure=bool(owners))) for t in chosen]
    return given


def things_named(scope: Scope, sentence: Sentence, naming: Naming) -> list[Thing]:
    """Files of the works bear the name, unless the phrase speaks of another item."""
    head = scope.page.text[max(sentence.start, naming.start - 24) : naming.end]
    works = [t for t in scope.things if t.work]
    about = [
        t
        for t in scope.things
        if any(
            m.sentence == sentence.number and m.end <= naming.end + 2 and m.start >= naming.start - 30 and not m.barred
            for m in t.mentions
        )
    ]
    if works and (re.search(r"作品|文件|压缩|打包|投稿|文档|图片|照片|视频|命名", head)):
        forms = [t for t in about if not t.work]
        if forms and not any(t.work for t in about) and not re.search(r"作品|压缩|打包|文件夹|图片|视频", head):
            return forms[-1:]
        return [t for t in works if t in about] or works
    if about:
        photos = [t for t in about if t.category == "photo"]
        last = max(about, key=lambda t: max(m.start for m in t.mentions if m.sentence == sentence.number))
        if last in photos:
            return photos
        return [last]
    mains = [t for t in scope.things if t.category in ("photo", "video", "case", "summary", "article")]
    before = [t for t in mains if any(m.paragraph in sentence.points and m.start < naming.start for m in t.mentions)]
    return before[-1:] or mains[:1] or list(scope.things[:1])
