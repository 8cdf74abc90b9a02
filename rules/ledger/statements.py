"""What a unit says in a mail about what it sent: 以此件为准, 上一封作废, 更正, 撤回. Pure reading of words.

Only a clause whose actor is the unit and whose object is something that was sent counts. Negations, questions,
conditions, captions and the unit's tales of its work (督促企业召回缺陷产品) say nothing. Which files are meant is
decided later, in `rules.ledger.retire`, where the files are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from rules.ledger.phrases import (
    ASKED,
    BETWEEN,
    CAPTION_LINE,
    CONDITION,
    DAY,
    EARLIER,
    EVERYTHING,
    HARMLESS_CONDITION,
    INSIDE,
    NEGATED,
    NOT_FILES,
    OTHER_AUTHORITY,
    OUTSIDE,
    POLITE,
    PREVIOUS,
    TAIL,
    THIS,
    UNIT,
    VERBS,
    WHEN,
    Act,
)
from rules.words import NUMERAL, fold, numeral

_SENTENCE = re.compile(r"[。;；!！\n]|(?<=[?？])")
_QUOTED = re.compile(r"[“\"「『]([^”\"」』]{1,80})[”\"」』]")
_FILE = re.compile(
    r"[^\s,，。;；:：、“”\"《》「」()（）]{1,80}\.(?:docx?|wps|pdf|xlsx?|et|jpe?g|png|mp4|zip|rar|txt|pptx?)",
    re.IGNORECASE,
)
_NUMBERS = rf"{NUMERAL}(?:[、和及与]{NUMERAL})*"
_PICTURE = re.compile(rf"(?:图片|照片|相片|图)[(（]?({_NUMBERS})|第({_NUMBERS})[张幅]")
_PAPER = re.compile(rf"(?:案例|文章|稿件?)[(（]?({NUMERAL})[)）]?$|第({NUMERAL})[个篇份](?:典型)?(?:案例|文章|稿件?)$")
_MATERIAL = re.compile(r"[表片图例结频单稿件封份料信次版张个篇](?:[)）】\]\d]|[一二三四五])*$")
"""A stretch that ends with a word for a thing that can be sent."""
_ANSWERED = re.compile(r"^\s*(?:回复|答复|re|转发|fwd?|fw)\s*[:：]", re.IGNORECASE)
_RECALL = re.compile(r"^\s*(?:撤回|召回|邮件撤回|邮件召回|撤回邮件|recall)\s*[:：]\s*(.+)$", re.IGNORECASE)
_LONGEST = 140
"""Characters of a clause that may hold a statement."""
_MOST = 20
"""Statements taken from one mail."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing said about files."""

    act: Act
    object: str = ""
    """The words that name what is meant, folded; "" when the clause names nothing."""
    files: tuple[str, ...] = ()
    """File names it gives."""
    number: int | None = None
    """The number of one paper of several: 典型案例2."""
    pictures: tuple[int, ...] = ()
    """Numbers of pictures: 图2, 第二张."""
    previous: bool = False
    """It speaks of the mail before."""
    earlier: bool = False
    """It speaks of what came before this mail."""
    everything: bool = False
    day: tuple[int, int] | None = None
    """Month and day on which the meant mail came."""
    subject: str = ""
    """The subject of the mail that a mail program's recall (撤回: …) names."""
    words: str = ""
    """The clause as it was written, for people."""


@lru_cache(maxsize=4096)
def statements(subject: str, text: str, names: tuple[str, ...] = ()) -> tuple[Statement, ...]:
    """Everything that a mail says about what was sent, each once. `text`: its own words, history cut off.

    `names` of the requirements: words like 检查 or 产品 in them are no tale of the unit's work.
    """
    found: dict[tuple[Act, str], Statement] = {}
    for one in _read(subject, text, _tails(names)):
        found.setdefault((one.act, one.object), one)
        if len(found) >= _MOST:
            break
    return tuple(found.values())


@lru_cache(maxsize=64)
def _tails(names: tuple[str, ...]) -> re.Pattern[str]:
    """The names and their ends, as people shorten them: 现场检查照片, 检查照片."""
    ends = {fold(name)[start:] for name in names for start in range(max(1, len(fold(name)) - 2))}
    return re.compile("|".join(map(re.escape, sorted(ends, key=lambda end: (-len(end), end)))) or r"(?!)")


def _read(subject: str, text: str, named: re.Pattern[str]) -> Iterator[Statement]:
    recall = _RECALL.match(subject)
    if recall:
        yield Statement(act="withdraw", subject=recall[1].strip(), earlier=True, words=subject.strip()[:60])
    elif not _ANSWERED.match(subject):
        # a subject is a heading: the unit's name may stand before or after what it says
        yield from _sentence(re.sub(r"[()（）【】\[\]\-—_|/]+", ",", subject), named, free=True)
    for line in text.split("\n"):
        if line.lstrip().startswith((">", "＞")) or CAPTION_LINE.match(line.strip()):
            continue
        for sentence in _SENTENCE.split(line):
            yield from _sentence(sentence, named, free=False)


def _sentence(sentence: str, named: re.Pattern[str], *, free: bool) -> Iterator[Statement]:
    if not sentence.strip() or ASKED.search(sentence):
        return
    # what is only quoted was said by somebody else; names of files stay
    bare = _QUOTED.sub(lambda m: m[0] if _FILE.search(m[1]) or not _has_verb(m[1]) else "", sentence)
    held = CONDITION.search(bare) is not None and HARMLESS_CONDITION.search(bare) is None
    clauses = [part for part in re.split(r"[,，]", bare) if part.strip()]
    for n, clause in enumerate(clauses):
        said = _clause(clause.strip(), named, free=free)
        if said is None or (held and any(CONDITION.search(part) for part in clauses[: n + 1])):
            continue
        yield said


def _has_verb(text: str) -> bool:
    return any(verb.search(text) for verb in VERBS.values())


def _clause(clause: str, named: re.Pattern[str], *, free: bool) -> Statement | None:
    """What one clause says; None when it says nothing about files."""
    folded = fold(clause)
    if len(folded) > _LONGEST:
        return None
    for act, verb in VERBS.items():
        match = verb.search(folded)
        if match is None or NEGATED.search(folded[: match.start()]) or folded[match.end() :].startswith("率"):
            continue
        before, after = folded[: match.start()], folded[match.end() :]
        if OUTSIDE.search(named.sub("", f"{before}|{after}")):
            return None
        if act == "prefer":
            return _preferred(match, before, after, clause)
        return _stated(act, before, after, clause, free=free)
    return None


def _preferred(match: re.Match[str], before: str, after: str, clause: str) -> Statement | None:
    what = match["what"]
    if what is None:
        what = _trimmed(after)
        if not (_PICTURE.search(what) or re.search(r"采用|统计|计入|汇总|为准|版|件|稿|附件", what)) or _core(before):
            return None
        what = re.sub(r"(?:采用|统计|计入|汇总|为准|即可).*$", "", what)
    if OTHER_AUTHORITY.search(what):
        return None
    if THIS.search(what) and not PREVIOUS.search(what):
        named = _core(before)
        return _of("prefer", f"{named}{what}" if named and _names(named) else what, clause)
    if PREVIOUS.search(what) or EARLIER.search(what):
        return _of("keep", what, clause)
    return _of("prefer", what, clause) if _FILE.search(clause) or _PICTURE.search(what) else None


def _stated(act: Act, before: str, after: str, clause: str, *, free: bool) -> Statement | None:
    front = _core(before)
    while front and (match := BETWEEN.search(front)):
        front = front[: match.start()]
    back = _trimmed(re.sub(r"^(?:一下|下|了|后的?|版的?|稿|为|成|报送|上报|发送|[:：_—\-、)）】\]])+", "", after))
    front = INSIDE.sub("", front)
    if WHEN.fullmatch(front):
        front, back = "", f"{front}的{back}" if back else front
    speaks = _names(front)
    if front and not speaks and not free and not re.search(r"有|原因|问题|失误|疏忽|重新|特|再次", front):
        return None  # somebody else acts
    thing = front if speaks and act != "replace" else f"{front}{back}" if speaks else back
    if NOT_FILES.search(thing) and not _FILE.search(thing):
        return None
    if act in ("void", "faulty") and not thing:
        return None
    return _of(act, thing, clause)


def _names(text: str) -> bool:
    """Whether a stretch before the verb is an object, by its last word at least."""
    return bool(
        PREVIOUS.search(text)
        or EARLIER.search(text)
        or _FILE.search(text)
        or _PICTURE.search(text)
        or _MATERIAL.search(text)
    )


def _core(before: str) -> str:
    """The words before a verb without politeness and the unit's own name."""
    rest = before
    for _ in range(12):
        match = POLITE.match(rest) or (UNIT.match(rest) if rest == before or not EARLIER.match(rest) else None)
        if match is None or not match.end():
            break
        # 我单位 before an object is no object; but 附件 alone is one
        rest = rest[match.end() :]
    return rest


def _trimmed(after: str) -> str:
    rest = after
    for _ in range(8):
        match = TAIL.search(rest)
        if match is None:
            break
        rest = rest[: match.start()]
    return rest


def _of(act: Act, thing: str, clause: str) -> Statement:
    day = DAY.search(thing)
    numbers = (numeral(one) for match in _PICTURE.finditer(thing) for one in re.findall(NUMERAL, match[1] or match[2]))
    paper = _PAPER.search(thing)
    return Statement(
        act=act,
        object=thing,
        files=tuple(dict.fromkeys(_FILE.findall(clause))),
        number=numeral(paper[1] or paper[2]) if paper else None,
        pictures=tuple(dict.fromkeys(number for number in numbers if number is not None)),
        previous=PREVIOUS.search(thing) is not None,
        earlier=EARLIER.search(thing) is not None,
        everything=EVERYTHING.search(thing) is not None,
        day=(int(day[1]), int(day[2])) if day else None,
        words=clause.strip()[:60],
    )
