"""Lines that are captions: 图1：…, 照片二说明：…, IMG_2301.jpg：…, 1、…; and names that say what a photo shows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import islice

import msgspec

from rules.captioning.caption_marks import squeezed, untangled
from rules.captioning.photo_names import LEAST_NAME, SAYS, WORD
from rules.words import NUMERAL, bare, numeral, stem

_LED = re.compile(
    rf"^\s*[▲△●■·*]?\s*[（(\[【]?\s*{WORD}{SAYS}\s*[（(]?\s*({NUMERAL})\s*[）)]?\s*(?:\.(?:jpe?g|png))?\s*{SAYS}"
    r"\s*(?:[）)\]】]\s*[:：.．、,，]?|[:：.．、,，]|[-—]+|\s|$)\s*(.*)$",
    re.IGNORECASE,
)
_SHARED = re.compile(
    rf"^\s*[（(\[【]?\s*{WORD}\s*({NUMERAL})\s*(?:[、和及与,，/]|[-—~～至到])\s*(?:{WORD})?\s*({NUMERAL})\s*{SAYS}"
    r"\s*[）)\]】]?\s*[:：]\s*(.*)$"
)
_SINGLE = re.compile(
    rf"^\s*[▲△●■·*]?\s*[（(\[【]?\s*(?:{WORD}{SAYS}|文字说明|说明文字|图说|图注)\s*[）)\]】]?\s*[:：]\s*(.*)$"
)
# 请查收。照片说明：…, 图1：…图2：…: a caption that begins within a line
_INLINE = re.compile(
    rf"(?<=[。！？!?；;，,])\s*(?=[（(\[【]?{WORD}(?:{NUMERAL}|(?:{NUMERAL})?(?:的)?(?:文字)?(?:说明|简介|介绍))[）)\]】]?\s*[:：])"
)
# 照片漏了说明，补上：
_ANNOUNCED = re.compile(rf"^[^:：。]{{0,30}}{WORD}[^:：。]{{0,12}}(?:说明|简介|文字)[^:：。]{{0,12}}[:：]$")
_ORDINAL = re.compile(rf"^\s*第\s*({NUMERAL})\s*[张幅](?:{WORD})?{SAYS}\s*[:：]\s*(.*)$")
_NUMBERED = re.compile(rf"^\s*(?:[（(]\s*({NUMERAL})\s*[）)]|({NUMERAL})\s*[、.．:：)）]|([①-⑳]))\s*(\S.*)$")
_NAME_TAIL = re.compile(r"(?:的)?(?:图片|照片)?(?:文字)?(?:说明|简介|介绍|内容)?\s*[:：]?\s*$")
_MOST_LINES = 5000
"""Of one text, in which captions are looked for; each is held against many patterns."""
_LONGEST_LINE = 5000
_SHORTEST_NAME = 4
_SHORTEST_SAYING = 5
_SAYING = re.compile(r"^(?:图片|照片|文字|内容)*(?:说明|简介|介绍|描述)\s*[:：]\s*(.+)$")
_LIST_NUMBER = re.compile(r"^\d{1,2}[、.．]\s*")
_NAMED = re.compile(r"^\s*[“\"《]?(.{1,80}?)[”\"》]?\s*(?:[:：]|—+|--+|\s-\s)\s*(.+)$")
_ENDING = re.compile(r"[。！？!?；;…”]$")
_CLOSING = re.compile(
    r"^\s*(?:此致|敬礼|祝|联系人|联系电话|电话|附件|附[:：]|报送单位|填报单位|单位|特此|以上|谢谢|妥否|请查收|发自|发件人)"
)
_INTRODUCES = re.compile(r"^(?:您好|你好|尊敬的)|[:：]$|如下[。.]?$")
_ENCLOSURES = re.compile(
    r"总结|统计表|典型案例|附件|一份|[0-9一二三四五六七八九十两]+[份张篇个]\s*[）)]?[；;。]?$|\.(?:docx?|xlsx?|pdf|jpe?g|mp4|zip|rar)"
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One caption as it stood in a text, with what tells its photo."""

    text: str
    number: int | None = None
    stem: str = ""
    """Comparable name of the photo it names, "" when it names none."""
    key: str = ""
    """`Item.key` of the photo that it stands below, "" when it stands elsewhere."""

    @classmethod
    def below(cls, words: str, key: str) -> Entry | None:
        """The words below a photo in a mail; None when they are a greeting, a closing or too short to be a caption."""
        entry = cls.of(words)
        idle = _CLOSING.match(words) or _INTRODUCES.search(words) or len(entry.text) < LEAST_NAME
        return None if idle else msgspec.structs.replace(entry, key=key)

    @classmethod
    def of(cls, line: str) -> Entry:
        """The words beside a picture: a leading 图1： tells the number and is no part of the caption."""
        line = squeezed(line[:_LONGEST_LINE])
        match = _LED.match(line)
        if match and match[2].strip():
            return cls(text=match[2].strip(), number=numeral(match[1]))
        single = _SINGLE.match(line)
        return cls(text=(single[1] if single and single[1].strip() else line).strip())


class _Open(msgspec.Struct):
    """An entry that may go on in the next line."""

    number: int | None
    stem: str
    lines: list[str]
    numbered_only: bool = False
    headed: bool = False
    """Opened by a heading without words of its own."""


def entries(
    text: str, stems: Collection[str], *, lists: bool, photos: int, title: Sequence[str] = ()
) -> tuple[Entry, ...]:
    """The captions in a text, in order.

    `stems`: comparable names of the photos. `lists`: lines with a bare number (1、…) count as captions
    everywhere, and when nothing is marked at all each paragraph counts; else only below a heading like
    图片说明, or when there are exactly `photos` of them and they cannot be a list of enclosures.
    """
    found: list[_Open] = []
    current: _Open | None = None
    section = lists
    listing = False
    paragraphs: list[str] = []
    whole = _INLINE.sub("\n", squeezed(text)).split("\n", _MOST_LINES)
    lines = (part for one in whole for part in untangled(one[:_LONGEST_LINE]))
    for line in islice(lines, _MOST_LINES):
        words = line.strip()
        if not words or words in title:
            current = current if current is not None and not current.lines else None
            continue
        told = _SAYING.match(words)
        if told and current is not None and not current.lines and not current.headed:
            current.lines.append(told[1])  # 图片1：IMG_2034.jpg, and in the next line 说明：…
            continue
        opened, section = _open(words, stems, section)
        if opened:
            found += opened
            current = opened[-1]
        elif current is not None and not _CLOSING.match(words) and _goes_on(current):
            current.lines.append(words)
            listing = listing or (photos > 1 and _is_heading(current))
        elif listing and _listed(found, words, photos):
            # 两张照片的说明如下: one paragraph for each
            current = _Open(None, "", [words])
            found.append(current)
        else:
            listing = False
            current = None
            paragraphs.append(words)
    marked = [entry for entry in found if entry.lines and not entry.numbered_only]
    bare_numbers = [entry for entry in found if entry.lines and entry.numbered_only]
    if marked or not (bare_numbers or lists):
        chosen = [entry for entry in found if entry.lines and (section or lists or not entry.numbered_only)]
        chosen = chosen if lists else marked
    elif bare_numbers and (lists or _like_captions(bare_numbers, photos)):
        chosen = bare_numbers
    else:
        chosen = []
    if not chosen and lists and not found:
        rest = [words for words in paragraphs if len(words) >= LEAST_NAME and not _CLOSING.match(words)]
        rest = [words for words in rest if not _INTRODUCES.search(words)]
        return tuple(Entry(text=words) for words in rest)
    return tuple(Entry(text="".join(e.lines), number=e.number, stem=e.stem) for e in chosen)


def _open(line: str, stems: Collection[str], section: bool) -> tuple[list[_Open], bool]:
    """The entries that a line begins, if it does; and whether a section of captions is open after it."""
    named = _by_name(line, stems)
    if named:
        return [named], section
    shared = _SHARED.match(line)
    if shared:
        words = [shared[3].strip()] if shared[3].strip() else []
        # one list for both: what follows in the next line belongs to both
        return [_Open(numeral(shared[1]), "", words), _Open(numeral(shared[2]), "", words)], section
    led = _LED.match(line)
    if led and not _ENCLOSURES.fullmatch(led[2]):
        name = bare(stem(led[2]))
        if name in stems:  # 图片1：IMG_2034.jpg announces the picture, its words follow
            return [_Open(numeral(led[1]), name, [])], section
        return [_Open(numeral(led[1]), "", [led[2].strip()] if led[2].strip() else [])], section
    single = _SINGLE.match(line)
    if single:
        return [_Open(None, "", [single[1].strip()] if single[1].strip() else [], headed=not single[1].strip())], True
    ordinal = _ORDINAL.match(line)
    if ordinal:
        return [_Open(numeral(ordinal[1]), "", [ordinal[2].strip()] if ordinal[2].strip() else [])], section
    if _ANNOUNCED.match(line):
        return [_Open(None, "", [], headed=True)], True
    numbered = _NUMBERED.match(line)
    if numbered and len(numbered[4].strip()) < _SHORTEST_SAYING:
        return [], False  # 三、其他: the next chapter
    if numbered:
        number = numeral(next(part for part in numbered.groups()[:3] if part))
        return [_Open(number, "", [numbered[4].strip()], numbered_only=not section)], section
    return [], section


def _by_name(line: str, stems: Collection[str]) -> _Open | None:
    """An entry that begins with a photo's file name: NAME：words, NAME words, or the name alone above its words."""
    named = _NAMED.match(line)
    head, _, rest = line.partition(" ")
    for written, words in ((named[1], named[2]) if named else ("", ""), (line, ""), (head, rest.strip())):
        plain = _NAME_TAIL.sub("", written.strip()).strip('“”"《》:： ')
        for name in (bare(stem(plain)), bare(stem(_LIST_NUMBER.sub("", plain)))):
            # a photo called 1 or 活动 is not named by any line that begins so
            if name and name in stems and (written != head or len(name) >= _SHORTEST_NAME):
                return _Open(None, name, [words.strip()] if words.strip() else [])
    return None


def _goes_on(entry: _Open) -> bool:
    """A caption goes on until its sentence ends; a heading without words takes the next line."""
    return not entry.lines or (not _ENDING.search(entry.lines[-1]) and len(entry.lines) < 6)


def _listed(found: Sequence[_Open], words: str, photos: int) -> bool:
    """Whether a line goes on with a list of captions that has one paragraph for each photo."""
    more = sum(bool(entry.lines) for entry in found) < photos
    return more and len(words) >= LEAST_NAME and not _CLOSING.match(words)


def _is_heading(entry: _Open) -> bool:
    """A heading for all photos that has just taken the first line below it."""
    return entry.number is None and not entry.stem and entry.headed and len(entry.lines) == 1


def _like_captions(found: Sequence[_Open], photos: int) -> bool:
    texts = ["".join(entry.lines) for entry in found]
    return len(found) == photos > 0 and all(len(t) >= 10 and not _ENCLOSURES.search(t) for t in texts)
