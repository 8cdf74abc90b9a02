"""From the data of a notice file to a `Notice`, or every fault at once."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from rules.checks import registry
from rules.faults import Fault, faults_of
from rules.notice import Notice

_FOUND_TABLE = "requirement"


def parse_notice(data: Mapping[str, Any], tz: dt.tzinfo) -> tuple[Notice | None, tuple[Fault, ...]]:
    """The notice, or None with its faults. A bare date as deadline means to the end of that day in `tz`."""
    faults: list[Fault] = []
    ready = {**data}
    if "deadline" in ready:
        ready["deadline"] = _deadline(ready["deadline"], tz, faults)
    notice: Notice | None = None
    try:
        notice = Notice.model_validate(ready)
    except ValidationError as error:
        seen = {fault.path for fault in faults}
        faults += [fault for fault in faults_of(error) if fault.path not in seen]
    faults += _requirement_faults(data.get(_FOUND_TABLE))
    return (None if faults else notice), tuple(faults)


def _deadline(value: Any, tz: dt.tzinfo, faults: list[Fault]) -> Any:
    if isinstance(value, dt.datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=tz)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time(23, 59, 59), tz)
    faults.append(
        Fault(
            path="deadline",
            found=f"“{value}”",
            expected="不带引号的日期或日期时间，如 2022-10-12 或 2022-10-12T17:00:00+08:00",
        )
    )
    return value


def _requirement_faults(requirements: Any) -> list[Fault]:
    """What pydantic cannot see: ids used twice, and the settings of each check."""
    faults: list[Fault] = []
    if not isinstance(requirements, list):
        return faults
    first: dict[str, int] = {}
    for number, one in enumerate(requirements, start=1):
        if not isinstance(one, Mapping):
            continue
        path = f"{_FOUND_TABLE}[{number}]"
        id = one.get("id")
        if isinstance(id, str):
            if id in first:
                expected = f"没有用过的 id（{_FOUND_TABLE}[{first[id]}] 已用了它）"
                faults.append(Fault(path=f"{path}.id", found=f"“{id}”", expected=expected))
            first.setdefault(id, number)
        checks = one.get("checks", {})
        if isinstance(checks, Mapping):
            for kind, settings in checks.items():
                faults += _check_faults(f"{path}.checks.{kind}", str(kind), settings)
        faults += _format_faults(path, one.get("formats"))
    return faults


def _check_faults(path: str, kind: str, settings: Any) -> list[Fault]:
    known = registry()
    if kind not in known:
        near = difflib.get_close_matches(kind, known, n=1)
        remedy = f"是否想写 {near[0]}？" if near else ""
        return [Fault(path=path, found="不认识的核对项", expected="、".join(sorted(known)) + " 之一", remedy=remedy)]
    if not isinstance(settings, Mapping):
        return []  # pydantic has told it: a table is expected
    try:
        known[kind].settings.model_validate(dict(settings))
    except ValidationError as error:
        return list(faults_of(error, path))
    return []


def _format_faults(path: str, formats: Any) -> list[Fault]:
    if not isinstance(formats, list):
        return []
    return [
        Fault(path=f"{path}.formats", found=f"“{one}”", expected="不带点的小写扩展名，如 jpg")
        for one in formats
        if isinstance(one, str) and (one != one.lower() or "." in one or not one.strip())
    ]
