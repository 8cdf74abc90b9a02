"""The way in: the text of a notice becomes a draft of its requirements.

Pages are tidied (`page`), cut into sentences under headings (`outline`); dates, mailboxes, people, the head of the
letter, nouns of material, quantities, formats and names are read each by its own grammar; here they are put together.
Nothing is guessed silently: what was reckoned or could be read in two ways becomes a question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from rules.compile.annexes import annexes
from rules.compile.audience import audience, some_senders
from rules.compile.channels import channels
from rules.compile.deadlines import ENOUGH, Due, dues, first_due
from rules.compile.draft import Draft, DraftContact, DraftItem, Rule
from rules.compile.heads import Head, head, with_year
from rules.compile.items import is_contest, things
from rules.compile.limits import captions_only, limits
from rules.compile.mentions import Mention, mentions
from rules.compile.outline import Sentence, body, sentences
from rules.compile.page import Page, read_page
from rules.compile.people import Box, boxes, person
from rules.compile.questions import questions
from rules.compile.scope import Limit, Scope, strongest
from rules.compile.thing import WANTED, Thing


def compile_notice(text: str) -> Draft:
    """What a notice asks for, as far as its words tell. Never raises; an empty text gives an empty draft.

    >>> draft = compile_notice("请各单位于2022年10月12日前将活动总结（2000字以内）发送至zlb@example.gov.cn。")
    >>> draft.deadline, draft.mailbox, [(i.name, i.value("words_max")) for i in draft.items]
    ('2022-10-12', 'zlb@example.gov.cn', [('活动总结', 2000)])
    """
    page = read_page(text)
    lines = sentences(page)
    top = head(page, lines)
    lines = body(page, lines)
    due = [_dated(one, top) for one in dues(page, lines)]
    due = [one for one in due if one.day.month]
    first = first_due(due)
    due = [one for one in due if one.weight >= ENOUGH or one is first]
    found_boxes = boxes(page, lines)
    box = found_boxes[0] if found_boxes else None
    who = person(page, box)
    found = mentions(page, lines)
    made = things(page, lines, found, top, annexes(page))
    scope = Scope(page=page, lines=lines, things=made, mentions=found, contest=is_contest(top, lines))
    given, loose, subject = limits(scope)
    captions = captions_only(scope, given)
    made = [thing for thing in made if thing not in captions]
    items = tuple(_item(page, lines, thing, strongest(given, thing), due, first, top.addressees) for thing in made)
    ways = channels(lines)
    draft = Draft(
        title=_title(top, items, lines),
        number=top.number,
        issuer=top.issuer,
        addressees=top.addressees,
        deadline=first.day.iso() if first else "",
        deadlines=tuple(dict.fromkeys(one.day.iso() for one in due)),
        deadline_clause=_whole(page, first.sentence.start, first.sentence.end) if first else "",
        mailbox=box.address if box else "",
        mailboxes=_mailboxes(found_boxes),
        channel="email" if box else (ways[0] if ways else "unknown"),
        contact=DraftContact(name=who.name, phone=who.phone, fax=who.fax),
        subject_rule=subject,
        items=items,
        confidence=_confidence(top, first, box, who.name),
    )
    asked = questions(draft, top, first, lines, given, made, [one.text for one in loose], ways, page)
    return msgspec.structs.replace(draft, questions=tuple(asked))


def _dated(due: Due, top: Head) -> Due:
    return msgspec.structs.replace(due, day=with_year(due.day, top))


def _title(top: Head, items: Sequence[DraftItem], lines: Sequence[Sentence]) -> str:
    if top.title:
        return top.title
    said = next(
        (
            m[0]
            for s in lines[:12]
            if (m := re.search(r"[“《][^”》]{2,30}[”》](?:[\u4e00-\u9fa5]{0,12}(?:活动|大赛|比赛|工作|征集))", s.text))
        ),
        "",
    )
    return said or (f"{items[0].name}报送通知" if items else "")


def _mailboxes(found: Sequence[Box]) -> tuple[str, ...]:
    best = found[0].weight if found else 0
    return tuple(box.address for box in found if box.weight >= max(1, best - 2)) or tuple(
        box.address for box in found[:1]
    )


def _item(
    page: Page,
    lines: Sequence[Sentence],
    thing: Thing,
    best: Mapping[str, Limit],
    due: Sequence[Due],
    first: Due | None,
    addressees: Sequence[str],
) -> DraftItem:
    home = _home(lines, thing, best)
    rules = {field: _rule(page, lines, limit) for field, limit in best.items()}
    rules = _consistent(rules)
    own = _own_deadline(lines, thing, due, first)
    strong = max((m.weight for m in thing.mentions), default=0)
    only_for = audience(lines, _outside(thing), addressees)
    name = thing.name.strip("“”") if thing.name.count("“") != thing.name.count("”") else thing.name
    return DraftItem(
        name=name,
        category=thing.category,
        required=thing.required,
        clause=_quote(page, lines, home) if home else "",
        rules=rules,
        deadline=own,
        both_formats=best["formats"].both if "formats" in best else False,
        annex=thing.from_annex.name if thing.from_annex else "",
        annex_number=thing.from_annex.number if thing.from_annex else 0,
        only_for=only_for,
        audience="" if only_for else some_senders(home.text if home else ""),
        confidence=0.9 if thing.work or strong > WANTED else 0.75,
    )


def _home(lines: Sequence[Sentence], thing: Thing, best: Mapping[str, Limit]) -> Sentence | None:
    """The sentence to quote: that with most of the item's limits, else where it is wanted most."""
    weight: dict[int, float] = {}
    for mention in _outside(thing):
        if not mention.barred or thing.work:
            bonus = 0.2 if mention.optional == (not thing.required) else 0
            weight[mention.sentence] = max(weight.get(mention.sentence, 0), min(mention.weight, 4) * 0.5 + bonus)
    for field, limit in best.items():
        weight[limit.sentence] = weight.get(limit.sentence, 0) + (
            0.5 if field == "naming" else 2 if thing.work else 1.2
        )
    if thing.paragraph is not None:
        for number in weight:
            if thing.paragraph in lines[number].points:
                weight[number] += 1
    if not weight:
        word = re.split(r"[、,(]", thing.name)[0].strip("“”")
        own = (s for s in lines if thing.paragraph is not None and s.paragraph == thing.paragraph)
        return next(own, next((s for s in lines if word and word in s.text), None))
    number = max(weight, key=lambda n: (weight[n], -n))
    return lines[number]


def _outside(thing: Thing) -> Sequence[Mention]:
    """Where it is spoken of in the notice itself, not in the list of annexes, unless it is nowhere else."""
    annex = thing.from_annex
    return [m for m in thing.mentions if not (annex and annex.start <= m.start < annex.end)] or thing.mentions


def _quote(page: Page, lines: Sequence[Sentence], home: Sentence) -> str:
    """The sentence; a bare label takes the sentence behind it along: 活动总结。请全面总结……"""
    following = lines[home.number + 1] if home.number + 1 < len(lines) else None
    if (
        len(home.text) <= 20
        and following is not None
        and following.paragraph == home.paragraph
        and len(following.text) < 160
    ):
        return _whole(page, home.start, following.end)
    return _whole(page, home.start, home.end)


def _whole(page: Page, start: int, end: int) -> str:
    """The words with the full stop that ends them."""
    return page.quote(start, end + 1 if page.text[end : end + 1] in ("。", "!", "?") else end)


def _rule(page: Page, lines: Sequence[Sentence], limit: Limit) -> Rule:
    sentence = lines[limit.sentence]
    value = limit.value
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return Rule(
        value=value,
        clause=_whole(page, sentence.start, sentence.end),
        soft=limit.soft,
        confidence=0.95 if limit.sure and not limit.doubt else 0.6,
    )


def _consistent(rules: dict[str, Rule]) -> dict[str, Rule]:
    """A least above the most was two limits of different things: the one that is less sure goes, of equals the least."""
    kept = dict(rules)
    for low, high in (("count_min", "count_max"), ("words_min", "words_max"), ("min_mb", "max_mb"), ("duration_s_min", "duration_s_max"),
                      ("caption_chars_min", "caption_chars_max"), ("min_width", "max_width"), ("min_height", "max_height")):  # fmt: skip
        if low in kept and high in kept and kept[low].value > kept[high].value:
            del kept[low if kept[low].confidence <= kept[high].confidence else high]
    if "words_approx" in kept and ("words_max" in kept or "words_min" in kept):
        del kept["words_approx"]
    if "caption_chars_exact" in kept and ("caption_chars_max" in kept or "caption_chars_min" in kept):
        del kept["caption_chars_exact"]
    return kept


def _own_deadline(lines: Sequence[Sentence], thing: Thing, due: Sequence[Due], first: Due | None) -> str | None:
    """Another date than that of the whole notice, said where the item is asked for."""
    if first is None or len({one.day.iso() for one in due}) < 2 or thing.work:
        return None
    strong = [m for m in thing.mentions if m.weight >= WANTED]
    for mention in strong:  # 于5月28日前将方案、于6月25日前将总结报送: the date that was said last before the item
        same = [one for one in due if one.sentence.number == mention.sentence]
        before = [one for one in same if one.day.end <= mention.start]
        if same:
            return (before[-1] if before else same[0]).day.iso()
    for one in due:
        if any(m.paragraph in one.sentence.points for m in strong):
            return one.day.iso()
    return None


def _confidence(top: Head, first: Due | None, box: Box | None, name: str) -> dict[str, float]:
    said: dict[str, float] = {}
    if first is not None:
        said["deadline"] = 0.95 if not first.day.inferred and first.weight >= 6 else 0.8 if first.weight >= 4 else 0.6
    if box is not None:
        said["mailbox"] = 0.97 if box.weight >= 3 else 0.8
    if top.issuer:
        said["issuer"] = 0.9 if top.signed else 0.7
    if top.title:
        said["title"] = 0.9
    if top.addressees:
        said["addressees"] = 0.9
    if name:
        said["contact"] = 0.9
    return said
