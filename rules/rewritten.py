"""A notice as the text of its file: what `parse_notice` reads back as the same notice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Any

from rules.notice import Notice, Requirement


def notice_toml(notice: Notice, tz: tzinfo, remarks: tuple[str, ...] = ()) -> str:
    """TOML; `remarks` stand above it as comments, a line each."""
    lines = [f"# {' '.join(one.split())}" for one in remarks] + [""] * bool(remarks)
    for key in ("id", "title", "number", "issuer"):
        lines += _pair(key, getattr(notice, key))
    lines += _pair("addressees", notice.addressees)
    lines.append(f"deadline = {_moment(notice.deadline, tz)}")
    contact = {key: value for key, value in notice.contact.model_dump().items() if value}
    lines += _pair("contact", contact)
    for key in ("subject_keywords", "topic", "subject_rule"):
        lines += _pair(key, getattr(notice, key))
    for requirement in notice.requirements:
        lines += ["", "[[requirement]]", *_requirement(requirement, tz)]
    return "\n".join(lines) + "\n"


def _requirement(one: Requirement, tz: tzinfo) -> Iterator[str]:
    yield from (line for key in ("id", "name", "category") for line in _pair(key, getattr(one, key)))
    if not one.required:
        yield "required = false"
    for key in ("formats", "form", "keywords", "link_counts", "only_for"):
        yield from _pair(key, getattr(one, key))
    if one.deadline is not None:
        yield f"deadline = {_moment(one.deadline, tz)}"
    yield from _pair("clause", one.clause)
    yield from (f"checks.{kind} = {_value(dict(settings))}" for kind, settings in one.checks.items())
    yield from (f"clauses.{kind} = {_value(clause)}" for kind, clause in one.clauses.items())


def _pair(key: str, value: Any) -> list[str]:
    return [f"{key} = {_value(value)}"] if value else []


def _moment(moment: datetime, tz: tzinfo) -> str:
    """A bare date where it is the end of that day."""
    local = moment.astimezone(tz)
    if local.date() < (local + timedelta(seconds=1)).date():
        return f"{local:%Y-%m-%d}"
    return f"{local:%Y-%m-%dT%H:%M:%S}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    # JSON's escapes are a subset of TOML's, save for DEL
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "")
