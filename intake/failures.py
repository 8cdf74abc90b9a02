"""How a command ends when it could not do its work: one line for people, and the exit status of the contract."""

from __future__ import annotations

import sys
import traceback
from datetime import datetime
from pathlib import Path

from storage.errors import DataTooNew, Refused, Temporary


def conclude(error: BaseException, now: datetime) -> int:
    """Print what is wrong and what to do, on stderr; returns the exit status."""
    from intake.config import ConfigFaults

    if isinstance(error, ConfigFaults | Refused | DataTooNew):
        print(error, file=sys.stderr)  # noqa: T201  # the one line of the contract
        return 2
    if isinstance(error, Temporary):
        print(error, file=sys.stderr)  # noqa: T201  # same
        return 3
    if isinstance(error, OSError):
        where = f"“{error.filename}”" if error.filename else ""
        print(f"读写{where}失败：{error.strerror or error}。请检查路径、权限和磁盘空间。", file=sys.stderr)  # noqa: T201  # same
        return 3
    report = Path.cwd() / f"shouqi-error-{now:%Y%m%d-%H%M%S}.txt"
    text = "".join(traceback.format_exception(error))
    try:
        report.write_text(text, encoding="utf-8")
        where = f"详情已写入 {report}，请交给维护人员。"
    except OSError:
        where = text
    print(f"程序内部出错（{type(error).__name__}: {error}）。邮件原件不受影响。{where}", file=sys.stderr)  # noqa: T201  # same
    return 1
