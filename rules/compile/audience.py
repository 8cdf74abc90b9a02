"""Which senders something is asked of: 各高校报送……；各县区报送……, or list points that are headed by a class of units."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.classes import CLASSES, QUALIFIERS, class_of
from rules.compile.mentions import Mention
from rules.compile.outline import Sentence
from rules.compile.thing import WANTED

_CLASS = "|".join(f"{QUALIFIERS}(?:{pattern})" for _, pattern, _ in CLASSES)
_LIST = rf"(?:{_CLASS})(?:(?:、|和|及|以及|与)(?:各)?(?:{_CLASS}))*"
AUDIENCES: tuple[tuple[str, str], ...] = (
    (
        rf"(?:^|(?<=[,。;:、(]))(?:其中[,:]?)?(?:请|由|对)?(?:各|全市各?|全省各?|所有|全体)(?P<who>{_LIST})(?:单位)?(?=负责|须|需|应|要|还|另|可|请|于|在|按|将|同时|统一|填|报|提|上|汇总|分别|每|推|[:])",
        "各高校报送……；各县区报送……",
    ),
    (rf"^(?:\(?[一二三四五六七八九十\d]+\)?[、.]?)?(?:各)?(?P<who>{_LIST})(?:类|组|单位)?(?=:|$)", "（一）高校：……"),
)
"""Pattern and example; the first anywhere before what is asked, the second as the label of a list point."""
_SENDERS = re.compile(
    r"^((?:各|由)?[^,。;:]{2,20}(?:单位|企业|地区|市|县|区|学校|院校|部门|协会|学会))(?:须|需|应|还|另)"
)
_BEFORE, _LABEL = (re.compile(pattern) for pattern, _ in AUDIENCES)


def audience(lines: Sequence[Sentence], mentions: Sequence[Mention], addressees: Sequence[str]) -> tuple[str, ...]:
    """The classes of units that something is asked of, in the words of the notice; () where it is asked of all.

    Asked of one class here and of another there means both; asked once without naming any means all, and so do
    all those the notice is addressed to.
    """
    wanted = [one for one in mentions if one.weight >= WANTED and not one.barred]
    found: dict[str, None] = {}
    for mention in wanted:
        said = _at(lines[mention.sentence], mention.start)
        if not said:
            return ()
        found.update(dict.fromkeys(said))
    return () if _all(tuple(found), addressees) else tuple(found)


def some_senders(text: str) -> str:
    """Other words at the head of a sentence that restrict who sends: 获奖单位须……; "" when there are none."""
    found = _SENDERS.search(text)
    return found[1] if found else ""


def _at(sentence: Sentence, start: int) -> tuple[str, ...]:
    before = list(_BEFORE.finditer(sentence.text[: start - sentence.start]))
    if before:
        return _words(before[-1]["who"])
    heads = [match for head in (*sentence.heads, sentence.label) if head and (match := _LABEL.match(head))]
    return _words(heads[-1]["who"]) if heads else ()


def _words(said: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match[0] for match in re.finditer(_CLASS, said)))


def _all(found: Sequence[str], addressees: Sequence[str]) -> bool:
    """True when these are all classes that the notice speaks to."""
    spoken_to = {class_of(match[0]) for one in addressees for match in re.finditer(_CLASS, one)}
    return bool(spoken_to) and spoken_to <= {class_of(one) for one in found}
