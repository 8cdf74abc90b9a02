"""Faults in what a person wrote, told all at once: each with its place, what was found, what is expected, the remedy.

pydantic finds them; here its English becomes one line of the office's Chinese.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

import msgspec
from pydantic import ValidationError

_EXPECTED = {
    "string_type": "文字（放在英文双引号里）",
    "int_type": "整数",
    "int_parsing": "整数",
    "int_from_float": "整数",
    "float_type": "数字",
    "float_parsing": "数字",
    "bool_type": "true 或 false",
    "bool_parsing": "true 或 false",
    "list_type": "列表（写在方括号里）",
    "tuple_type": "列表（写在方括号里）",
    "dict_type": "一组设置（表）",
    "mapping_type": "一组设置（表）",
    "model_type": "一组设置（表）",
    "model_attributes_type": "一组设置（表）",
    "datetime_type": "日期或日期时间，如 2022-10-12",
    "datetime_parsing": "日期或日期时间，如 2022-10-12",
    "datetime_from_date_parsing": "日期或日期时间，如 2022-10-12",
    "date_type": "日期，如 2022-10-12",
    "date_parsing": "日期，如 2022-10-12",
    "date_from_datetime_parsing": "日期，如 2022-10-12",
}
_BOUNDS = {
    "greater_than": ("gt", "大于 {}"),
    "greater_than_equal": ("ge", "不小于 {}"),
    "less_than": ("lt", "小于 {}"),
    "less_than_equal": ("le", "不大于 {}"),
    "string_too_short": ("min_length", "至少 {} 个字"),
    "string_too_long": ("max_length", "至多 {} 个字"),
    "too_short": ("min_length", "至少 {} 项"),
    "too_long": ("max_length", "至多 {} 项"),
    "string_pattern_mismatch": ("pattern", "符合 {}"),
    "literal_error": ("expected", "下列之一：{}"),
}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong in a file. All texts are Chinese, for the person who wrote it."""

    path: str
    """Where: `imap.port`, `requirement[2].checks.image-size.min_width`, `第 5 行`."""
    found: str
    expected: str
    """"" where `found` says it all."""
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.path}：" if self.path else ""
        return f"{place}{self.told}。{self.remedy}"

    @property
    def told(self) -> str:
        """What was found and what is expected, without full stop; of a whole file the first says it all.

        >>> Fault(path="imap.port", found="写的是 “x”", expected="整数").told
        '写的是 “x”，应为整数'
        """
        space = " " if self.expected[:1].isascii() else ""
        return f"{self.found}，应为{space}{self.expected}" if self.path and self.expected else self.found


def place_of(location: Sequence[str | int], prefix: str = "") -> str:
    """The path of a fault as it is written in TOML, list positions counted from 1.

    >>> place_of(("requirement", 1, "checks"))
    'requirement[2].checks'
    """
    path = prefix
    for step in location:
        if isinstance(step, int):
            path += f"[{step + 1}]"
        else:
            path += f".{step}" if path else step
    return path


def faults_of(error: ValidationError, prefix: str = "") -> tuple[Fault, ...]:
    """Every fault pydantic found, translated. What stands in a `password` is never shown."""
    return tuple(_fault(dict(one), prefix) for one in error.errors(include_url=False))


def _fault(one: dict[str, Any], prefix: str) -> Fault:
    kind, context = str(one["type"]), one.get("ctx", {})
    path = place_of(one["loc"], prefix) or "文件"
    if kind == "missing":
        return Fault(path=path, found="没有填写", expected="", remedy="这一项必填，请补上。")
    if kind == "extra_forbidden":
        return Fault(path=path, found="不认识的键", expected="说明文档中列出的键", remedy="请检查拼写，或删去这一行。")
    if kind in _BOUNDS:
        name, text = _BOUNDS[kind]
        expected = text.format(str(context.get(name, "")).replace(" or ", ", ").replace("'", "").replace(", ", "、"))
    else:
        # a validator of ours says in a ValueError what it expects
        expected = _EXPECTED.get(kind) or str(context.get("expected") or context.get("error") or one["msg"])
    return Fault(
        path=path, found="内容（不显示）" if "password" in one["loc"] else _shown(one.get("input")), expected=expected
    )


def _shown(value: Any) -> str:
    text = _written(value) if not isinstance(value, str) else f"“{value}”"
    return f"写的是 {text if len(text) <= 60 else f'{text[:57]}……'}"


def _written(value: Any) -> str:
    """A value as the settings file writes it, not as Python does."""
    match value:
        case bool():
            return str(value).lower()
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(_written, value))}]"
        case _:
            return repr(value)
