"""Reading a notice that a person wrote: the data of its TOML file become a `Notice`, or every fault is told at once.

pydantic looks at the shape; here is what it cannot know: dates without a clock, ids used twice, checks that
do not exist, settings of each check.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from rules.checks import registry
from rules.faults import Fault, faults_of, place_of
from rules.notice import Contact, Notice, Requirement

END_OF_DAY = dt.time(23, 59, 59)
"""A bare date as deadline lasts until then."""
_DATE = "日期或日期时间，如 2022-10-12"
_FORMAT = re.compile(r"[a-z0-9]{1,8}")
_NEEDS_FORM = "table"
"""The kind of check that compares with the blank form."""


def parse_notice(data: Mapping[str, Any], tz: dt.tzinfo) -> tuple[Notice | None, tuple[Fault, ...]]:
    """The notice, or None and everything that is wrong with it.

    `data`: what tomllib gave. `tz`: the office's time zone; a bare date means to the end of that day there,
    a date-time without offset is a time of that zone. Formats may be written with a dot or in capitals.
    """
    tidy, faults = _tidied(data, tz)
    notice: Notice | None = None
    try:
        notice = Notice.model_validate(tidy, strict=True)
    except ValidationError as error:
        faults += _told(error, tidy)
    for number, requirement in _requirements(tidy):
        prefix = place_of(("requirement", number))
        faults += _checks_faults(requirement, f"{prefix}.checks")
        faults += _form_faults(requirement, prefix)
    faults += _twice(tidy)
    return (None if faults else notice), tuple(faults)


def _tidied(data: Mapping[str, Any], tz: dt.tzinfo) -> tuple[dict[str, Any], list[Fault]]:
    """A copy in which lists are tuples, the deadline is an aware moment and formats are spelled one way."""
    tidy: dict[str, Any] = {key: _frozen(value) for key, value in data.items()}
    faults: list[Fault] = []
    if "deadline" in tidy:
        moment = _moment(tidy["deadline"], tz)
        if moment is None:
            faults.append(_no_date("deadline", tidy["deadline"]))
            moment = dt.datetime.max.replace(tzinfo=dt.UTC)  # only stands in while the rest is looked at
        tidy["deadline"] = moment
    for number, requirement in _requirements(tidy):
        if "deadline" in requirement:
            moment = _moment(requirement["deadline"], tz)
            if moment is None:
                place = place_of(("requirement", number, "deadline"))
                faults.append(_no_date(place, requirement["deadline"]))
                moment = dt.datetime.max.replace(tzinfo=dt.UTC)
            requirement["deadline"] = moment
        formats = requirement.get("formats")
        if isinstance(formats, tuple) and all(isinstance(one, str) for one in formats):
            requirement["formats"] = tuple(one.strip().lower().removeprefix(".") for one in formats)
            faults += _format_faults(requirement["formats"], formats, number)
    return tidy, faults


def _no_date(path: str, value: Any) -> Fault:
    remedy = "请写成 deadline = 2022-10-12（不加引号），或带上时间 2022-10-12T18:00:00。"
    return Fault(path=path, found=f"“{value}”", expected=_DATE, remedy=remedy)


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _frozen(inner) for key, inner in value.items()}
    return tuple(_frozen(inner) for inner in value) if isinstance(value, list) else value


def _moment(value: Any, tz: dt.tzinfo) -> dt.datetime | None:
    """The last moment in time, aware; None when the value is no date."""
    if isinstance(value, str):
        value = _from_text(value)
    if isinstance(value, dt.datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=tz)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, END_OF_DAY, tz)
    return None


def _from_text(text: str) -> dt.date | None:
    """A date somebody put in quotation marks."""
    for read in (dt.date.fromisoformat, dt.datetime.fromisoformat):
        try:
            return read(text.strip())
        except ValueError:
            continue
    return None


def _requirements(data: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Those requirements that are tables at all, with their places from 0."""
    listed = data.get("requirement")
    for number, requirement in enumerate(listed if isinstance(listed, tuple) else ()):
        if isinstance(requirement, dict):
            yield number, requirement


def _format_faults(formats: Iterable[str], written: Iterable[str], number: int) -> Iterator[Fault]:
    for at, (plain, said) in enumerate(zip(formats, written, strict=True)):
        if not _FORMAT.fullmatch(plain):
            yield Fault(
                path=place_of(("requirement", number, "formats", at)),
                found=f"“{said}”",
                expected="文件扩展名，如 jpg、docx",
                remedy="每种格式写成一项，只写扩展名。",
            )


def _told(error: ValidationError, data: Mapping[str, Any]) -> Iterator[Fault]:
    """pydantic's faults, with what helps most added: the key that was probably meant, the usual slip in TOML."""
    for one, fault in zip(error.errors(include_url=False), faults_of(error), strict=True):
        where = one["loc"]
        if one["type"] == "extra_forbidden":
            known = _keys_at(where)
            yield _unknown(fault.path, str(where[-1]), known, "键")
        elif where == ("requirement",) and isinstance(data.get("requirement"), Mapping):
            remedy = "请把 [requirement] 改为 [[requirement]]（两层方括号）。"
            yield Fault(path="requirement", found="一组设置", expected="一项或几项要求", remedy=remedy)
        elif where == ("requirement",) and one["type"] == "too_short" and data.get("requirement"):
            continue  # pydantic counts only those without fault; their faults are told
        elif where == ("requirement",) and one["type"] in ("missing", "too_short"):
            remedy = "请至少写一节 [[requirement]]。"
            yield Fault(path="requirement", found="没有填写", expected="一项或几项要求", remedy=remedy)
        elif where[-1:] == ("id",) and one["type"] == "string_pattern_mismatch":
            remedy = "例如 photos、case-2；名称请写在 name 里。"
            yield Fault(path=fault.path, found=fault.found, expected="小写英文字母、数字、- 或 _", remedy=remedy)
        else:
            yield fault


def _keys_at(where: tuple[int | str, ...]) -> list[str]:
    model = Requirement if where[0] == "requirement" else Contact if where[0] == "contact" and where[1:] else Notice
    return [field.alias or name for name, field in model.model_fields.items()]


def _unknown(path: str, key: str, known: Iterable[str], what: str) -> Fault:
    """A word that means nothing here, with the one that was probably meant."""
    choices = sorted(known)
    near = difflib.get_close_matches(key.lower().replace("_", "-"), [c.replace("_", "-") for c in choices], n=1)
    meant = next((c for c in choices if near and c.replace("_", "-") == near[0]), None)
    return Fault(
        path=path,
        found=f"不认识的{what}",
        expected=f"下列之一：{'、'.join(choices)}" if choices else f"没有可写的{what}",
        remedy=f"是否想写 {meant}？" if meant else "请检查拼写，或删去这一项。",
    )


def _checks_faults(requirement: Mapping[str, Any], prefix: str) -> Iterator[Fault]:
    """Kinds of checks that do not exist, and settings that the kind does not take."""
    checks = requirement.get("checks")
    if not isinstance(checks, Mapping):
        return
    for kind, settings in checks.items():
        path = f"{prefix}.{kind}"
        check = registry().get(kind)
        if check is None:
            yield _unknown(path, str(kind), registry(), "检查")
        elif isinstance(settings, Mapping):  # else pydantic has told it already
            try:
                check.settings.model_validate(settings, strict=True)
            except ValidationError as error:
                for one, fault in zip(error.errors(include_url=False), faults_of(error, path), strict=True):
                    extra = one["type"] == "extra_forbidden"
                    known = check.settings.model_fields
                    yield _unknown(fault.path, str(one["loc"][-1]), known, "设置") if extra else fault


def _form_faults(requirement: Mapping[str, Any], prefix: str) -> Iterator[Fault]:
    """The blank form lies beside the notice; a check against a form needs one."""
    form, checks = requirement.get("form"), requirement.get("checks")
    if isinstance(form, str) and (not form.strip() or re.search(r"[/\\:]", form) or form.startswith(".")):
        remedy = "请把空白表放在通知文件所在的文件夹，这里只写文件名。"
        yield Fault(path=f"{prefix}.form", found=f"“{form}”", expected="一个文件名，如 annex-3.xlsx", remedy=remedy)
    if form is None and isinstance(checks, Mapping) and _NEEDS_FORM in checks:
        remedy = '请写明 form = "空白表文件名"，或删去这项检查。'
        yield Fault(path=f"{prefix}.form", found="没有填写", expected="空白表的文件名", remedy=remedy)


def _twice(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Requirement ids that were used before."""
    first: dict[str, int] = {}
    for number, requirement in _requirements(data):
        id = requirement.get("id")
        if not isinstance(id, str):
            continue
        if id in first:
            path = place_of(("requirement", number, "id"))
            earlier = place_of(("requirement", first[id]))
            yield Fault(
                path=path, found=f"“{id}”，与 {earlier} 重复", expected="不重复的代号", remedy="请改用另一个代号。"
            )
        first.setdefault(id, number)
