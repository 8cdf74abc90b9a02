"""From the words of the command line to one function of `intake.commands`, and its status."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="配置文件；不写则用当前目录的 config.toml，没有时用环境变量 SHOUQI_CONFIG 所指的"),
]
NowOption = Annotated[str | None, typer.Option("--now", help="演练时钟（ISO 8601），如 2022-10-10T09:00+08:00")]
JsonOption = Annotated[bool, typer.Option("--json", help="在标准输出给出一个 JSON 文档")]
NoticeOption = Annotated[str | None, typer.Option("--notice", help="只看、只办这一个通知（代号、标题或文号）")]


def call(context: typer.Context, name: str, config: Path | None, now: str | None, json: bool, **rest: Any) -> None:
    """Call `intake.commands.NAME(Setting, **rest)`; options before and after the command both count."""
    from intake.commands import Setting

    given = context.obj
    setting = Setting(
        config=config or given["config"] or _usual_config(),
        now=now or given["now"],
        json=json or given["json"],
        notice=rest.pop("only", None),
    )
    module, _, function = name.partition(":")
    from intake.logs import silence

    silence()
    command = getattr(importlib.import_module(f"intake.commands.{module}"), function)
    try:
        status = command(setting, **rest)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, like `head`, has seen enough; nor may the end of the interpreter complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except KeyboardInterrupt:  # typer would leave with 130 and without a word
        from intake.failures import STOPPED
        from storage.errors import Temporary

        raise Temporary(STOPPED) from None
    raise typer.Exit(status)


def let_go(status: int | None) -> int:
    """The exit status, once all that was said is out: 3 in the place of 0 when it did not fit on the disk."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # nor may the interpreter try again
            status = status or 3
    return status or 0


def _usual_config() -> Path:
    here = Path("config.toml")
    named = os.environ.get("SHOUQI_CONFIG", "")
    return Path(named) if named and not here.is_file() else here
