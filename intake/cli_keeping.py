"""The commands that look after the data folder."""

from __future__ import annotations

import typer

from intake.cli_calling import ConfigOption, JsonOption, NowOption, call


def rebuild(
    context: typer.Context, config: ConfigOption = None, now: NowOption = None, json: JsonOption = False
) -> None:
    """由原始邮件和日志重建数据库：数据库损坏或丢失时用；旧库保留，不发信。"""
    call(context, "keeping:rebuild", config, now, json)
