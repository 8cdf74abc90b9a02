"""The commands that look after the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.cli_calling import ConfigOption, JsonOption, NoticeOption, NowOption, call


def rebuild(
    context: typer.Context, config: ConfigOption = None, now: NowOption = None, json: JsonOption = False
) -> None:
    """由原始邮件和日志重建数据库：数据库损坏或丢失时用；旧库保留，不发信。"""
    call(context, "keeping:rebuild", config, now, json)


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="备份文件（.zip），不能已存在")],
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """把全部数据备份成一个文件；服务运行时也可以做。"""
    call(context, "keeping:backup", config, now, json, file=file)


def doctor(
    context: typer.Context,
    data: Annotated[bool, typer.Option("--data", help="只查数据：数据库、日志、原件、附件逐个核对，不登录")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="只查是否在正常运行，供监控程序看退出状态（0 正常，2 有问题），不登录")
    ] = False,
    notice: NoticeOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """体检：配置、名册、通知、目录、时钟、收发邮件逐项试过，并说明怎样修好。"""
    call(context, "keeping:doctor", config, now, json, only=notice, data=data, quick=quick)
