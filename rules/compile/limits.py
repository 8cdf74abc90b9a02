"""All limits of a notice, each with the item it holds for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from rules.compile import nouns
from rules.compile.amounts import Amount, amounts
from rules.compile.measures import measure_limits
from rules.compile.naming import namings
from rules.compile.outline import Sentence
from rules.compile.scope import CAPTION, Given, Limit, Loose, Scope
from rules.compile.states import formats_given, states_given, things_named
from rules.compile.thing import Thing


def limits(scope: Scope) -> tuple[Given, list[Loose], str]:
    """All limits with their items, quantities nobody owns, and the subject that mails must bear."""
    given: Given = []
    loose: list[Loose] = []
    subject = ""
    for sentence in scope.lines:
        heard = _heard(sentence)
        if heard is None:
            continue
        sentence = heard  # what only winners are asked for is not listened to
        names = list(namings(scope.page.text, sentence.start, sentence.end))
        here: list[tuple[Amount, Given]] = [
            (amount, list(measure_limits(scope, sentence, amount)))
            for amount in amounts(scope.page.text, sentence.start, sentence.end)
            if not any(name.start < amount.start < name.end for name in names)  # 命名为“照片主题+5-10字的描述”
        ]
        unclear = _by_genre(scope, sentence, here)
        for amount, found in here:
            given += [] if amount in unclear else found
            if (not found or amount in unclear) and amount.family != "count":
                loose.append(Loose(text=scope.page.quote(amount.start, amount.end), sentence=sentence.number))
        given += formats_given(scope, sentence)
        given += states_given(scope, sentence)
        for naming in names:
            if naming.what == "mail":
                subject = subject or naming.pattern
            if naming.what == "file" or naming.both:
                given += [
                    (thing, Limit(field="naming", value=naming.pattern, sentence=sentence.number))
                    for thing in things_named(scope, sentence, naming)
                ]
    return given, loose, subject


def _by_genre(scope: Scope, sentence: Sentence, here: Sequence[tuple[Amount, Given]]) -> list[Amount]:
    """散文1000字以上、小说1500字以上: lengths that differ by genre while the item is one; nobody can say which holds."""
    said: dict[tuple[int, str], list[Amount]] = {}
    for amount, found in here:
        before = [
            m for m in scope.mentions if m.sentence == sentence.number and amount.start - 12 <= m.end <= amount.start
        ]
        if amount.family in ("chars", "seconds") and before and before[-1].work:
            for thing, limit in found:
                said.setdefault((id(thing), limit.field), []).append(amount)
    row = [amount for amount, _ in here if amount.family == "chars"]
    rows = [
        pair
        for pair in pairwise(row)
        if pair[0].bound == pair[1].bound
        and re.fullmatch(r"(?:的)?[、和及与]{1,2}", scope.page.text[pair[0].end : pair[1].start])
    ]
    if rows:  # 3000字左右、1000字左右和300字左右的事迹材料: one text in several lengths
        return list({id(a): a for pair in rows for a in pair}.values())
    return [a for every in said.values() if len({a.low for a in every}) > 1 for a in every]


def captions_only(scope: Scope, given: Given) -> list[Thing]:
    """Texts that are nothing but the captions of photos, whose length was given to the photos."""
    told = {limit.sentence for _, limit in given if limit.field.startswith("caption")}
    return [
        thing
        for thing in scope.things
        if thing.category == "article"
        and not thing.work
        and re.search(CAPTION, thing.name)
        and any(m.sentence in told for m in thing.mentions)
    ]


def _heard(sentence: Sentence) -> Sentence | None:
    """The sentence up to the words that only winners are asked; None when it speaks of prizes and judging alone."""
    later = re.search(rf"{nouns.WINNERS}|{nouns.LATER}", sentence.text)
    if later is not None and later.start() < 8:
        return None
    if _silent(sentence):
        return None
    if later is None:
        return sentence
    return msgspec.structs.replace(sentence, end=sentence.start + later.start(), text=sentence.text[: later.start()])


def _silent(sentence: Sentence) -> bool:
    """Sentences about prizes and judging limit nothing that is sent."""
    if re.search(r"@|报送|提交|投稿|格式|每人|每位|限[交投报]", sentence.text):
        return False
    return bool(re.search(nouns.PRIZES, sentence.text)) or any(
        re.search(r"奖(?!学金|证书|情况|证明|统计|汇总|成果|信息)|评审|评选办法|评分", head) for head in sentence.heads
    )
