"""What is wrong with a command line, in one Chinese line: the library that reads it says it in four English ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_NO_COMMAND = re.compile(r"No such command '(.*?)'\.(?: Did you mean (.+)\?)?$", re.DOTALL)
_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)$", re.DOTALL)


def usage_line(error: Exception) -> str:
    """The line for a `UsageError` of typer, told by its class names: some versions bring click along, some have it
    inside; "" for every other error."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "UsageError" not in kinds:
        return ""
    said = getattr(error, "message", str(error))
    if "NoArgsIsHelpError" in kinds:
        return str(said)  # the whole help: nothing was asked yet
    context: Any = getattr(error, "ctx", None)
    path = "shouqi" if context is None else context.command_path
    return f"{_told(error, kinds, str(said))}请用 {path} --help 查看用法。"


def _told(error: Any, kinds: set[str], said: str) -> str:
    if match := _NO_COMMAND.match(said):
        return f"没有命令“{match[1]}”" + _perhaps(re.findall(r"'(.+?)'", match[2] or ""))
    if match := _EXTRA.match(said):
        return f"多写了“{match[1]}”。"
    if "NoSuchOption" in kinds:
        return f"没有选项 {error.option_name}{_perhaps(sorted(error.possibilities or ()))}"
    if "BadOptionUsage" in kinds:
        takes_none = "does not take a value" in said
        return f"选项 {error.option_name} {'不带值' if takes_none else '后面要写一个值'}。"
    if "BadParameter" in kinds and getattr(error, "param", None) is not None:
        return _about_parameter(error.param, missing="MissingParameter" in kinds, said=said)
    if said.startswith("Missing command"):
        return "没有写要执行的命令。"
    return f"命令的写法不对（{' '.join(said.split())}）。"


def _about_parameter(parameter: Any, *, missing: bool, said: str) -> str:
    meaning = getattr(parameter, "help", None)
    name = f"{parameter.name}：{meaning}" if meaning else str(parameter.name)
    if missing:
        return f"缺少参数 {name}。"
    wrong = "应为数字" if "integer" in said else f"写法不对，{' '.join(said.split())}"
    return f"参数写错了（{wrong}），{name}。"


def _perhaps(words: Sequence[str]) -> str:
    return f"，是否想写 {' 或 '.join(words)}？" if words else "。"
