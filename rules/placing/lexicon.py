"""Reading a name or a heading: which requirements do its words point at, and how surely."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from rules.notice import Requirement
from rules.placing.vocabulary import CAPTIONS, CAPTIONS_TAIL, PLANS, Aside, Word, words_of
from rules.words import NUMERAL, fold

# 总结及典型案例, 总结（含2篇案例）: two things in one file; 典型案例照片: one thing, the last word says which
_LISTS = re.compile(r"^[^a-z]{0,8}[及和与、,+&;][^a-z]{0,8}$|^[(\[【]?[含附]\d{0,2}[份篇个张]?$")
_COMPOUND = re.compile(r"^(?:的|类|活动|工作|现场|展示|宣传|素材|\d{1,2}[.、]?)?$")
# never given back, since digits match twice: 30 of them before another sign would otherwise take for ever
_TAIL_NOISE = re.compile(
    rf"(?:[(\[【][^)\]】]*[)\]】]|扫描件?|盖章[版件]?|签字[版件]?|终稿|定稿|最终版?|正式版|副本|电子版|第?{NUMERAL}[份篇]?|[-_.\s\d])++$"
)
_TAIL = 200
"""Characters at the end of a text in which such noise is looked for."""
_LETTER = re.compile(
    r"(?:函|请示|报送单|交接单|呈报单|送审单|红头文件?|批复|^(?:附件|材料|报送|文件)?(?:材料)?(?:目录|清单|封面))$"
)
_NOTICE = re.compile(r"通知$")
_ANNEX = re.compile(rf"^附(?:件)?(?:{NUMERAL})?[:：]")
_PAPER_LINE = 20
_SECTION_NUMBER = re.compile(rf"^(?:第?[(（]?{NUMERAL}[)）]?[、.．:：\s部分章节]*)")
# 统计局, 摄影家协会, 视频中心: part of an office's name, no word about the file
_OFFICE = re.compile(r"(?:家|学|行业)?(?:局|科(?![普技])|站|学会|协会|研究会|中心|部门|馆|系统|[总支大]队)")
# these stand in every summary as a chapter: as a section heading they do not announce a second paper
_CHAPTERS = frozenset(
    {"经验做法", "典型做法", "典型经验", "经验总结", "典型事迹", "情况汇报", "统计", "数据", "报道", "信息"}
)

ASIDE = "~"
"""Prefix of targets that are an `Aside` and no requirement id (ids cannot begin so)."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a text says about the file it names."""

    targets: tuple[str, ...] = ()
    """Requirement ids, as the text lists them."""
    aside: Aside | None = None
    """Something enclosed that is no answer; only when no requirement is named."""
    certain: bool = True
    """False: the text points at each of them, but they may be alternatives."""
    strength: int = 0
    """0 nothing found, 1 a hint, 2 a word of the category, 3 the requirement's own words."""
    at_end: bool = False
    """The text ends with the word: it names the thing, and does not just mention it."""
    mentioned: tuple[str, ...] = ()
    """Every requirement with a word anywhere in the text."""
    word: str = ""
    """The word that decided, for the reason that is kept."""


class Lexicon:
    """The words of all requirements of one notice, ready for reading. Immutable after construction."""

    def __init__(self, requirements: Sequence[Requirement]) -> None:
        self._words: dict[str, list[Word]] = {}
        asides = [Word(word, ASIDE + "captions", 2) for word in CAPTIONS]
        asides += [Word(word, ASIDE + "plan", 2) for word in PLANS]
        own = [word for requirement in requirements for word in words_of(requirement)]
        for word in own + asides:
            self._words.setdefault(word.text, []).append(word)
        longest_first = sorted(self._words, key=lambda text: (-len(text), text))
        self._pattern = re.compile("(?=(" + "|".join(map(re.escape, longest_first)) + "))")

    def read(self, text: str) -> Reading:
        """What a file name (without extension) or a title says."""
        # blanks part words (活动总结 典型案例), but some titles are spaced out (总 结)
        folded = "_".join(map(fold, text.split()))
        spans = self._spans(folded)
        if not spans:
            folded = fold(text)
            spans = self._spans(folded)
        core = folded[:-_TAIL] + _TAIL_NOISE.sub("", folded[-_TAIL:]) or folded
        if not spans:
            return Reading(aside=_tail(core))
        heads, certain = _heads(folded, spans)
        targets = _unique(target for _, words in heads for target in _targets(words))
        asked = tuple(target for target in targets if not target.startswith(ASIDE))
        at_end = spans[-1][1] >= len(core)
        tail = None if at_end and asked else _tail(core)
        mentioned = _unique(w.target for _, _, ws in spans for w in ws if not w.target.startswith(ASIDE))
        if tail is not None or not asked:
            return Reading(aside=tail or _aside(targets), mentioned=mentioned, at_end=at_end)
        certain = certain and all(len(_targets(words)) == 1 for _, words in heads)
        strength = max(word.strength for _, words in heads for word in words)
        return Reading(
            targets=asked, certain=certain, strength=strength, at_end=at_end, mentioned=mentioned, word=heads[-1][0]
        )

    def read_section(self, line: str) -> Reading:
        """What a heading inside a document announces: 典型案例一：…, but not a chapter like 三、经验做法."""
        folded = fold(line)
        core = _SECTION_NUMBER.sub("", folded)
        for start, end, words in self._spans(core):
            text = core[start:end]
            strong = [word for word in words if word.strength >= 2 and not word.target.startswith(ASIDE)]
            if not strong or text in _CHAPTERS:
                continue
            ends = end == len(core.rstrip(":")) and len(core) <= 30
            begins = start == 0 and re.match(rf"[(:]|$|{NUMERAL}", core[end:]) is not None
            # a chapter 四、总结 closes a paper; 质量月活动总结 opens one
            alone = core != folded and len(core) <= 4 and "总结" in core
            if (ends or begins) and not alone:
                targets = _targets(strong)
                return Reading(targets=targets, certain=len(targets) == 1, strength=2, word=text)
        return Reading()

    def names_a_paper(self, line: str) -> bool:
        """True for a line that is nothing but a strong word, perhaps numbered as an annex: 典型案例, 附2：典型案例.

        A number of a chapter (三、典型案例) makes it part of the paper it stands in.
        """
        if not 2 <= len(line) <= _PAPER_LINE:
            return False
        core = _ANNEX.sub("", fold(line)).rstrip(":")
        words = self._words.get(core, ())
        return core not in _CHAPTERS and any(w.strength >= 2 and not w.target.startswith(ASIDE) for w in words)

    def _spans(self, text: str) -> list[tuple[int, int, list[Word]]]:
        """Longest words found, none within another; hints only when nothing stronger stands there."""
        spans: list[tuple[int, int, list[Word]]] = []
        reach = 0
        for match in self._pattern.finditer(text):
            start, end = match.start(), match.start() + len(match[1])
            if end > reach and not _OFFICE.match(text, end):
                spans.append((start, end, self._words[match[1]]))
                reach = end
        if any(word.strength > 1 for _, _, words in spans for word in words):
            spans = [span for span in spans if any(word.strength > 1 for word in span[2])]
        return spans


def _heads(text: str, spans: Sequence[tuple[int, int, list[Word]]]) -> tuple[list[tuple[str, list[Word]]], bool]:
    """The words that name things, modifiers dropped; and whether they surely are a list."""
    heads: list[tuple[str, list[Word]]] = []
    certain = True
    previous_end = 0
    for start, end, words in spans:
        gap = text[previous_end:start] if start > previous_end else ""
        head = (text[start:end], words)
        if not heads:
            heads.append(head)
        elif _COMPOUND.match(gap) or set(_targets(words)) == set(_targets(heads[-1][1])):
            heads[-1] = head
        else:
            certain = certain and _LISTS.match(gap) is not None
            heads.append(head)
        previous_end = end
    return heads, certain


def _targets(words: Iterable[Word]) -> tuple[str, ...]:
    """Targets of the strongest words among those of one text."""
    found = list(words)
    top = max(word.strength for word in found)
    return _unique(word.target for word in found if word.strength == top)


def _aside(targets: Sequence[str]) -> Aside | None:
    if ASIDE + "captions" in targets:
        return "captions"
    return "plan" if targets else None


def _tail(core: str) -> Aside | None:
    if CAPTIONS_TAIL.search(core):
        return "captions"
    if _LETTER.search(core):
        return "letter"
    return "notice" if _NOTICE.search(core) else None


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
