"""How a command ends when it could not do its work: one line for people, and the exit status of the contract."""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from intake.usage import usage_line
from storage.errors import DataTooNew, Refused, Temporary, said

STOPPED = "已按要求停止；没有做完的，下次运行时接着做。"


def conclude(error: Exception, now: datetime, *, as_json: bool = False) -> int:
    """Print what is wrong and what to do, on stderr; returns the exit status.

    With `as_json` the one document on stdout is `{"error", "status"}`.
    """
    told, status = _told(error, now)
    with suppress(OSError):  # the streams may lie on the very disk that is full
        print(told, file=sys.stderr)  # noqa: T201  # the one line of the contract
        if as_json:
            print(json.dumps({"error": told, "status": status}, ensure_ascii=False, indent=2))  # noqa: T201  # the document
    return status


def _told(error: Exception, now: datetime) -> tuple[str, int]:
    if line := usage_line(error):
        return line, 2
    from intake.config import ConfigFaults
    from storage.examine import damaged

    if isinstance(error, ConfigFaults | Refused | DataTooNew):
        return str(error), 2
    if isinstance(error, Temporary):
        return str(error), 3
    if isinstance(error, msgspec.DecodeError):  # only what we stored ourselves is decoded here
        return damaged(str(error)), 3
    if isinstance(error, OSError):
        where = f"“{error.filename}”" if error.filename else ""
        return f"读写{where}失败：{said(error)}。请检查路径、权限和磁盘空间。", 3
    told = f"程序内部出错（{type(error).__name__}: {error}）。邮件原件不受影响。"
    return told + _reported("".join(traceback.format_exception(error)), now), 1


def _reported(text: str, now: datetime) -> str:
    """Write the details where there is room for them: here, else in the system's folder for passing files."""
    for folder in (Path.cwd(), Path(tempfile.gettempdir())):
        report = folder / f"shouqi-error-{now:%Y%m%d-%H%M%S}.txt"
        try:
            report.write_text(text, encoding="utf-8")
        except OSError:
            continue
        return f"详情已写入 {report}，请交给维护人员。"
    return "详情无处可写，请清理磁盘后重试。"
