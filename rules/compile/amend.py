"""A supplementary notice (补充通知, 延期通知) laid over the one it amends; a notice that was issued anew in its place.

Ids stay those of the old notice wherever the requirement is the same, so that what people decided still applies.
"""

from __future__ import annotations

import re
import tomllib
from datetime import tzinfo
from typing import Any

import msgspec

from rules.changes import paired
from rules.compile.assemble import compile_notice
from rules.compile.draft import Draft
from rules.compile.written import draft_toml
from rules.faults import Fault
from rules.lint import parse_notice
from rules.notice import Contact, Notice, Requirement

SUPPLEMENTS: tuple[tuple[str, str], ...] = (
    (r"补充通知", "补充通知"),
    (r"延期|延长|顺延|推迟", "延长至10月19日"),
    (r"更正", "更正"),
    (r"(?:其[他它余](?:事项|要求|内容|各项)?|原通知)[^。;；]{0,12}(?:不变|有效|执行)", "其他要求不变"),
    (r"仍按原通知", "仍按原通知执行"),
    (r"由[^。;；]{1,30}(?:调整|修改|变更|改)为", "由2张调整为5张"),
)
"""Pattern and example of what only changes an earlier notice."""
_SUPPLEMENT = re.compile("|".join(pattern for pattern, _ in SUPPLEMENTS))
FORMER = (
    r"(?:由|从)[^。;；,，由从]{1,24}?(?:调整|修改|变更|更改|延长|推迟|顺延|提前|改)(?=为|至|到)",
    "由1至2张调整为3至5张",
)
"""What something was changed from, and an example."""
_FORMER = re.compile(FORMER[0])


def is_supplement(text: str) -> bool:
    """True when the words only change an earlier notice, and what they do not mention goes on as it was.

    >>> is_supplement("报送截止时间延长至10月19日，其他要求不变。"), is_supplement("请于10月12日前报送活动总结。")
    (True, False)
    """
    return _SUPPLEMENT.search(text) is not None


def compile_amendment(text: str) -> Draft:
    """The draft of a later notice: what something was changed from is not asked any more. Clauses stay verbatim.

    >>> draft = compile_amendment("照片数量由1至2张调整为3至5张。请报送活动照片。")
    >>> [(i.value("count_min"), i.value("count_max"), i.rules["count_max"].clause) for i in draft.items]
    [(3, 5, '照片数量由1至2张调整为3至5张。')]
    """
    draft = compile_notice(_FORMER.sub("", text))
    seams = [
        (text[max(m.start() - 4, 0) : m.start()], m[0], text[m.end() : m.end() + 3]) for m in _FORMER.finditer(text)
    ]

    def verbatim(clause: str) -> str:
        for left, former, right in seams:
            clause = clause.replace(left + right, left + former + right)
        return clause

    items = [
        msgspec.structs.replace(
            item,
            clause=verbatim(item.clause),
            rules={
                field: msgspec.structs.replace(rule, clause=verbatim(rule.clause)) for field, rule in item.rules.items()
            },
        )
        for item in draft.items
    ]
    clause = verbatim(draft.deadline_clause)
    return msgspec.structs.replace(draft, items=tuple(items), deadline_clause=clause)


def amended(old: Notice, draft: Draft, tz: tzinfo, *, whole: bool) -> tuple[Notice | None, tuple[Fault, ...]]:
    """The old notice as the draft of a later one changes it; None and the faults when the draft makes no notice.

    `whole`: the later notice stands in the place of the old one, and what it does not ask is not asked any more.
    A draft without a date keeps the old deadline, one without any material the old requirements.
    """
    new, faults = _parsed(old, draft, tz)
    if new is None:
        return None, faults
    dated = bool(draft.deadline) and not draft.deadline.startswith("--")
    changed: dict[str, Any] = {
        "deadline": new.deadline if dated else old.deadline,
        "contact": _contact(old.contact, new.contact),
        "subject_rule": new.subject_rule or old.subject_rule,
        "requirements": _requirements(old, new, whole=whole) if draft.items else old.requirements,
    }
    if whole:
        changed |= {key: getattr(new, key) or getattr(old, key) for key in ("title", "number", "issuer", "addressees")}
    return old.model_copy(update=changed), ()


def _parsed(old: Notice, draft: Draft, tz: tzinfo) -> tuple[Notice | None, tuple[Fault, ...]]:
    known = draft.deadline and not draft.deadline.startswith("--")
    data = tomllib.loads(draft_toml(draft, id=old.id))
    if not known:
        data["deadline"] = old.deadline
    if not draft.items:  # a notice needs one; it is not looked at
        data["requirement"] = [{"id": "any", "name": "any"}]
    return parse_notice(data, tz)


def _contact(old: Contact, new: Contact) -> Contact:
    said = {key: value for key, value in new.model_dump().items() if value}
    return old.model_copy(update=said)


def _requirements(old: Notice, new: Notice, *, whole: bool) -> tuple[Requirement, ...]:
    pairs, added, dropped = paired(old, new)
    matched = {before.id: _laid_over(before, after, whole=whole) for before, after in pairs}
    kept = [
        matched.get(one.id, one) for one in old.requirements if one.id in matched or not whole or one not in dropped
    ]
    used = {one.id for one in kept}
    for one in added:
        id, number = one.id, 2
        while id in used:
            id, number = f"{one.id}-{number}", number + 1
        used.add(id)
        kept.append(one.model_copy(update={"id": id}))
    return tuple(kept)


def _laid_over(before: Requirement, after: Requirement, *, whole: bool) -> Requirement:
    """What the later notice says of a requirement; what it does not say stays, unless it was issued as a whole."""
    lasting = {"id": before.id, "form": before.form, "keywords": before.keywords, "link_counts": before.link_counts}
    if whole:
        return after.model_copy(update={**lasting, "name": before.name})
    said: dict[str, Any] = {
        key: getattr(after, key) for key in ("formats", "only_for", "deadline") if getattr(after, key)
    }
    checks = {kind: {**before.checks.get(kind, {}), **settings} for kind, settings in after.checks.items()}
    if checks or said:
        said["clauses"] = {**before.clauses, **dict.fromkeys(after.checks, after.clause)}
    return before.model_copy(update={**said, "checks": {**before.checks, **checks}})
