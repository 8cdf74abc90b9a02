"""The optional tools: what can be read only where something more is installed, and how to install it.

None of them is needed for the main job. Where one is missing, the files it would read are `unsure`: a person looks
at them, and `doctor` says what to install.
"""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Tool(NamedTuple):
    """One optional tool. The texts are Chinese, for the coordinator."""

    name: str
    reads: str
    remedy: str
    present: Callable[[], bool]


def importable(module: str) -> bool:
    """True when a Python library, and the system library below it, can really be loaded."""
    try:
        importlib.import_module(module)
    except Exception:  # noqa: BLE001 - a missing or unfit system library raises anything while ctypes loads it
        return False
    return True


def unar() -> str:
    """Path of The Unarchiver's command, "" when it or the library that calls it is missing."""
    return (shutil.which("unar") or "") if importable("rarfile") else ""


TOOLS = (
    Tool(
        "pillow-heif",
        "苹果手机的 HEIC 照片",
        '请执行 pip install "shouqi[heic]"。',
        lambda: importable("pillow_heif"),
    ),
    Tool(
        "libarchive",
        "rar、7z 压缩包",
        '请执行 pip install "shouqi[archives]"，并安装系统库 libarchive（Debian、Ubuntu：apt install libarchive13）。',
        lambda: importable("libarchive"),
    ),
    Tool(
        "unar",
        "libarchive 打不开的 rar 压缩包",
        '请执行 pip install "shouqi[archives]"，并安装 unar（Debian、Ubuntu：apt install unar）。',
        lambda: bool(unar()),
    ),
)


def present(name: str) -> bool:
    """True when the tool of that name is there."""
    return next(tool for tool in TOOLS if tool.name == name).present()


def absent() -> Iterator[Tool]:
    """The tools that are not installed here."""
    return (tool for tool in TOOLS if not tool.present())
