"""What a coordinator checks in two minutes: the requirements of a notice as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from rules.compile.draft import Draft, DraftItem
from rules.compile.questions import word_of_field
from rules.kinds import words_of_formats
from rules.limitwords import CATEGORIES, shown_limits
from rules.notice import Notice, Requirement


def draft_lines(draft: Draft) -> Iterator[str]:
    """A draft with its doubts, line by line."""
    yield f"标题：{draft.title or '（未找到）'}"
    for label, value in (("文号", draft.number), ("发文单位", draft.issuer), ("主送", "；".join(draft.addressees))):
        if value:
            yield f"{label}：{value}"
    yield f"截止：{draft.deadline or '（未找到）'}" + (
        f"　“{_line(draft.deadline_clause)}”" if draft.deadline_clause else ""
    )
    yield f"邮箱：{'、'.join(draft.mailboxes) or '（未找到）'}"
    contact = "　".join(
        part
        for part in (draft.contact.name, draft.contact.phone, f"传真 {draft.contact.fax}" if draft.contact.fax else "")
        if part
    )
    if contact:
        yield f"联系人：{contact}"
    if draft.subject_rule:
        yield f"邮件主题：{draft.subject_rule}"
    for number, item in enumerate(draft.items, start=1):
        yield ""
        yield from _item(number, item)
    if draft.questions:
        yield ""
        yield f"待确认 {len(draft.questions)} 处："
        for question in draft.questions:
            yield f"  · {question.asks}" + (f"（暂按：{question.proposed}）" if question.proposed else "")


def _item(number: int, item: DraftItem) -> Iterator[str]:
    yield f"{number}. {item.name}［{CATEGORIES[item.category]}，{'必报' if item.required else '选报'}］"
    rules = []
    for field, rule in item.rules.items():
        value = (
            words_of_formats(rule.value)
            if isinstance(rule.value, tuple)
            else ""
            if rule.value is True
            else str(rule.value)
        )
        doubt = "（待确认）" if rule.confidence < 0.8 else "（一般要求）" if rule.soft else ""
        rules.append(f"{word_of_field(field)}{' ' + value if value else ''}{doubt}")
    if item.deadline:
        rules.append(f"期限 {item.deadline}")
    if rules:
        yield "   " + "；".join(rules)
    yield f"   “{_line(item.clause)}”"


def notice_lines(notice: Notice, tz: tzinfo) -> Iterator[str]:
    """A notice file as a person reads it."""
    yield f"{notice.title}"
    for label, value in (("文号", notice.number), ("发文单位", notice.issuer), ("主送", "；".join(notice.addressees))):
        if value:
            yield f"{label}：{value}"
    yield f"截止：{notice.deadline.astimezone(tz):%Y-%m-%d %H:%M}"
    contact = "　".join(part for part in (notice.contact.name, notice.contact.phone, notice.contact.address) if part)
    if contact:
        yield f"联系：{contact}"
    if notice.subject_rule:
        yield f"邮件主题：{notice.subject_rule}"
    for number, requirement in enumerate(notice.requirements, start=1):
        yield ""
        yield from _requirement(number, requirement, tz)


def _requirement(number: int, requirement: Requirement, tz: tzinfo) -> Iterator[str]:
    must = "必报" if requirement.required else "选报"
    yield f"{number}. {requirement.name}［{CATEGORIES[requirement.category]}，{must}，代号 {requirement.id}］"
    rules = shown_limits(requirement)
    if requirement.deadline is not None:
        rules.append(f"期限 {requirement.deadline.astimezone(tz):%Y-%m-%d %H:%M}")
    if requirement.only_for:
        rules.append(f"只要求{'、'.join(requirement.only_for)}报送")
    if rules:
        yield "   " + "；".join(rules)
    if requirement.clause:
        yield f"   “{requirement.clause}”"
    for clause in dict.fromkeys(requirement.clauses.values()):
        yield f"   “{clause}”"


def _line(text: str) -> str:
    return " ".join(text.split())
