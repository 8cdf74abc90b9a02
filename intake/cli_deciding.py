"""The commands by which the coordinator decides: whose a mail is, what of it holds, who may be late."""

from __future__ import annotations

from typing import Annotated

import typer

from intake.cli_calling import ConfigOption, JsonOption, NoticeOption, NowOption, call


def assign(
    context: typer.Context,
    mail: Annotated[str, typer.Argument(help="邮件的 Message-ID 或 SHA-256（开头几位即可）")],
    unit: Annotated[str, typer.Argument(help="单位代码或名称")],
    once: Annotated[bool, typer.Option("--once", help="只这一封，不记住发件邮箱")] = False,
    notice: NoticeOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """指定一封邮件属于哪个单位，并记住发件邮箱是该单位的。"""
    call(context, "deciding:assign", config, now, json, mail=mail, unit=unit, once=once, only=notice)


def decide(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(help="单位代码或名称")],
    requirement: Annotated[str, typer.Argument(help="要求的 id")],
    decision: Annotated[str, typer.Argument(help="accept 通过 | reject 退回 | waive 免报 | reset 撤销先前的结论")],
    note: Annotated[str, typer.Option("--note", help="说明")] = "",
    notice: NoticeOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """对一个单位的一项要求作出人工结论。"""
    call(
        context,
        "deciding:decide",
        config,
        now,
        json,
        unit=unit,
        requirement=requirement,
        decision=decision,
        note=note,
        only=notice,
    )


def extend(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(help="单位代码或名称")],
    date: Annotated[str, typer.Argument(help="新的截止日期，如 2022-10-14")],
    note: Annotated[str, typer.Option("--note", help="说明")] = "",
    notice: NoticeOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """准许一个单位延期。"""
    call(context, "deciding:extend", config, now, json, unit=unit, date=date, note=note, only=notice)


def history(
    context: typer.Context,
    notice: NoticeOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """谁在何时作过什么决定：命令、台账、邮件批示，以及通知和名册的变动。"""
    call(context, "history:history", config, now, json, only=notice)
