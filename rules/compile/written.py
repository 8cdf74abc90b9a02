"""The draft as the notice file (TOML) that the service runs on: clauses verbatim, hard limits as checks, questions as remarks.

Only what the notice states firmly becomes a hard limit. What it advises (一般, 左右, a bare 50字) becomes a note or stays
a remark, so that nobody is refused on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from rules.compile.draft import Draft, DraftItem

_IDS = {
    "summary": "summary", "case": "cases", "photo": "photos", "video": "video", "stat_table": "statistics",
    "form": "form", "roster": "roster", "article": "article", "other": "work",
}  # fmt: skip
_SAME_FORMATS = {"jpg": ("jpg",), "mpeg": ("mpg", "mpeg"), "doc": ("doc", "docx", "wps"), "xls": ("xls", "xlsx", "et")}
"""Formats nobody tells apart in an office: who asks for Word takes wps."""


def draft_toml(draft: Draft, *, id: str = "", forms: dict[int, str] | None = None) -> str:
    """The text of a notice file that `notice lint` accepts, except that a date nobody could tell stays to be filled in.

    `id` of the notice; `forms`: file names of blank forms by the item's place from 0.
    """
    lines = ["# 由通知原文自动拟定，请逐项核对后使用（shouqi notice show 可查看）。", *_questions(draft), ""]
    lines += [f"id = {_text(id or notice_id(draft))}", f"title = {_text(draft.title or '未命名的通知')}"]
    if draft.number:
        lines.append(f"number = {_text(draft.number)}")
    if draft.issuer:
        lines.append(f"issuer = {_text(draft.issuer)}")
    if draft.addressees:
        lines.append(f"addressees = [{', '.join(map(_text, draft.addressees))}]")
    lines.append(_deadline(draft.deadline))
    if draft.deadline_clause:
        lines.append(f"# 期限原文：{_line(draft.deadline_clause)}")
    contact = {
        "name": draft.contact.name, "phone": draft.contact.phone, "fax": draft.contact.fax, "address": draft.mailbox
    }  # fmt: skip
    said = ", ".join(f"{key} = {_text(value)}" for key, value in contact.items() if value)
    if said:
        lines.append(f"contact = {{ {said} }}")
    keywords = subject_keywords(draft)
    if keywords:
        lines.append(f"subject_keywords = [{', '.join(map(_text, keywords))}]")
    if draft.subject_rule:
        lines.append(f"subject_rule = {_text(draft.subject_rule)}")
    for place, (item, name) in enumerate(zip(draft.items, item_ids(draft), strict=True)):
        subject = draft.subject_rule if place == 0 else ""  # one word about the mail is enough
        lines += ["", *_requirement(item, name, (forms or {}).get(place, ""), draft.deadline, subject)]
    return "\n".join(lines) + "\n"


def notice_id(draft: Draft) -> str:
    """`notice-2022-10-12`: an id of the notice made of its deadline."""
    return f"notice-{draft.deadline.partition('T')[0].lstrip('-')}" if draft.deadline else "notice"


def item_ids(draft: Draft) -> tuple[str, ...]:
    """One id for each item, unlike the others: photos, form, form-2."""
    used: dict[str, int] = {}
    ids = []
    for item in draft.items:
        base = _IDS[item.category]
        used[base] = used.get(base, 0) + 1
        ids.append(base if used[base] == 1 else f"{base}-{used[base]}")
    return tuple(ids)


def subject_keywords(draft: Draft) -> tuple[str, ...]:
    """Words in quotation marks in the title: by them a mail tells which notice it answers."""
    return tuple(dict.fromkeys(re.findall(r"[“《]([^”》]{2,16})[”》]", draft.title)))[:3]


def checks_of(item: DraftItem) -> dict[str, dict[str, float | str | bool]]:
    """The item's limits as settings of the checks in rules/checks, soft ones left out or as `about`."""
    checks: dict[str, dict[str, float | str | bool]] = {}
    for field, (kind, setting) in _CHECKS.items():
        rule = item.rules.get(field)
        if rule is None:
            continue
        if rule.soft and (kind, setting) not in _ADVISED:
            continue
        checks.setdefault(kind, {})[setting] = rule.value
    if item.rules.get("words_max") and item.rules["words_max"].soft and "text-length" not in checks:
        checks["text-length"] = {"about": item.rules["words_max"].value}
    if item.category in _SINGLE and checks.get("count") == {"min": 1, "max": 1}:
        del checks["count"]  # 总结一份 may come as Word and as a scan
    caption = checks.get("caption")
    if caption is not None:
        _widen(caption)
    if item.both_formats and len(item.value("formats") or ()) > 1:
        checks["all-formats"] = {}
    if any(item.value(field) for field in ("stamp", "scan", "signature")):
        checks["stamp"] = {}
    return checks


_CHECKS: dict[str, tuple[str, str]] = {
    "count_min": ("count", "min"),
    "count_max": ("count", "max"),
    "min_width": ("image-size", "min_width"),
    "min_height": ("image-size", "min_height"),
    "max_width": ("image-size", "max_width"),
    "max_height": ("image-size", "max_height"),
    "min_long_side": ("image-size", "min_long_side"),
    "min_side_px": ("image-size", "min_side"),
    "min_megapixels": ("image-size", "min_megapixels"),
    "min_dpi": ("dpi", "min"),
    "min_mb": ("file-size", "min_mb"),
    "max_mb": ("file-size", "max_mb"),
    "caption_chars_min": ("caption", "min"),
    "caption_chars_max": ("caption", "max"),
    "caption_chars_exact": ("caption", "about"),
    "words_min": ("text-length", "min"),
    "words_max": ("text-length", "max"),
    "words_approx": ("text-length", "about"),
    "duration_s_min": ("duration", "min_seconds"),
    "duration_s_max": ("duration", "max_seconds"),
    "naming": ("naming", "pattern"),
}
"""Field of the notice schema → check and its setting."""
_SINGLE = ("summary", "stat_table", "form", "roster")
"""Kinds of which a unit sends one by nature; 一份 says no more."""
_ADVISED = frozenset({("caption", "about"), ("text-length", "about")})


def _widen(caption: dict[str, float | str | bool]) -> None:
    """Outside half and double of what is asked there is a note; what is asked by name is never noted."""
    about, most = caption.get("about"), caption.get("max")
    if isinstance(about, int | float):
        caption["note_min"], caption["note_max"] = int(about * 0.4), int(about * 2)
    elif isinstance(most, int | float):
        caption["note_min"], caption["note_max"] = 0, int(most)
    else:
        least = caption.get("min")
        caption["note_max"] = max(100, int(least) * 4) if isinstance(least, int | float) else 100


def _requirement(item: DraftItem, id: str, form: str, deadline: str, subject: str) -> Iterator[str]:
    yield "[[requirement]]"
    yield f"id = {_text(id)}"
    yield f"name = {_text(item.name or '材料')}"
    yield f"category = {_text(item.category)}"
    if not item.required:
        yield "required = false"
    formats = tuple(
        dict.fromkeys(other for one in item.value("formats") or () for other in _SAME_FORMATS.get(one, (one,)))
    )
    if formats:
        yield f"formats = [{', '.join(map(_text, formats))}]"
    if form:
        yield f"form = {_text(form)}"
    if item.only_for:
        yield f"only_for = [{', '.join(map(_text, item.only_for))}]"
    if item.category == "video":
        yield "link_counts = true"
    if item.deadline and item.deadline != deadline and not item.deadline.startswith("--"):
        yield f"{_deadline(item.deadline)}"
    yield f"clause = {_text(_line(item.clause))}"
    checks = checks_of(item)
    if subject:
        checks["subject"] = {"pattern": subject}
    for kind, settings in checks.items():
        shown = ", ".join(f"{key} = {_value(value)}" for key, value in settings.items())
        yield f"checks.{kind} = {{ {shown} }}" if shown else f"checks.{kind} = {{}}"
    for kind in checks:
        clause = _source(item, kind)
        if clause and clause not in item.clause:
            yield f"clauses.{kind} = {_text(_line(clause))}"
    for field, rule in item.rules.items():
        if rule.soft and field not in ("caption_chars_exact", "words_approx", "words_max"):
            yield f"# 通知只作一般要求，未列为硬性核对：{field} = {_value(rule.value)}（{_line(rule.clause)}）"


def _source(item: DraftItem, kind: str) -> str:
    """The clause behind a check, when it is another than the item's."""
    fields = [field for field, (check, _) in _CHECKS.items() if check == kind]
    if kind == "stamp":
        fields = ["stamp", "scan", "signature"]
    elif kind == "all-formats":
        fields = ["formats"]
    said = dict.fromkeys(item.rules[field].clause for field in fields if field in item.rules)
    return "……".join(said)


def _questions(draft: Draft) -> Iterator[str]:
    for question in draft.questions:
        answer = f"（暂按：{_line(question.proposed)}）" if question.proposed else "（请填写）"
        yield f"# 待确认 {question.path}：{_line(question.asks)}{answer}"


def _deadline(text: str) -> str:
    """A TOML date or date-time; the end of a day is the bare date."""
    if not text or text.startswith("--"):
        known = f"（通知写明 {text[2:]}，没有年份）" if text else ""
        return f"# deadline =   # 请填写截止日期{known}，如 2022-10-12"
    date, _, time = text.partition("T")
    return f"deadline = {date}" if time in ("", "24:00") else f"deadline = {date}T{time}:00"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) and value != int(value) else str(int(value))
    if isinstance(value, tuple):
        return f"[{', '.join(map(_text, value))}]"
    return _text(str(value))


def _line(text: str) -> str:
    """One line, without control signs."""
    return " ".join("".join(sign if sign.isprintable() or sign.isspace() else "" for sign in text).split())


def _text(text: str) -> str:
    """A TOML basic string; JSON's escapes are a subset of TOML's, save for DEL."""
    return json.dumps(_line(text), ensure_ascii=False).replace("\x7f", "")
