"""The commands about letters: what the outbox holds, and what may leave."""

from __future__ import annotations

from typing import Annotated

import typer

from intake.cli_calling import ConfigOption, JsonOption, NoticeOption, NowOption, call

outbox = typer.Typer(help="每一封发出的信及其状态。", invoke_without_command=True)


@outbox.callback()
def outbox_list(
    context: typer.Context,
    notice: NoticeOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """每一封发出的信及其状态。"""
    context.obj = {
        "config": config or context.obj["config"],
        "now": now or context.obj["now"],
        "json": json or context.obj["json"],
    }
    if context.invoked_subcommand is None:
        call(context, "showing:outbox", None, None, False, only=notice)


LetterIds = Annotated[list[int], typer.Argument(help="信件编号（outbox 列出）")]


@outbox.command()
def approve(
    context: typer.Context, ids: LetterIds, config: ConfigOption = None, now: NowOption = None, json: JsonOption = False
) -> None:
    """同意发出等待审批的信。"""
    call(context, "deciding:outbox", config, now, json, ids=ids, decision="approve")


@outbox.command("show")
def outbox_show(
    context: typer.Context, ids: LetterIds, config: ConfigOption = None, now: NowOption = None, json: JsonOption = False
) -> None:
    """显示信件全文和处理经过。"""
    call(context, "showing:letters", config, now, json, ids=ids)


@outbox.command()
def drop(
    context: typer.Context, ids: LetterIds, config: ConfigOption = None, now: NowOption = None, json: JsonOption = False
) -> None:
    """不发这封信。"""
    call(context, "deciding:outbox", config, now, json, ids=ids, decision="drop")


@outbox.command()
def retry(
    context: typer.Context, ids: LetterIds, config: ConfigOption = None, now: NowOption = None, json: JsonOption = False
) -> None:
    """把发送失败的信重新排队。"""
    call(context, "deciding:outbox", config, now, json, ids=ids, decision="retry")


def resume(
    context: typer.Context, config: ConfigOption = None, now: NowOption = None, json: JsonOption = False
) -> None:
    """程序自行停止发信之后（首次启用、答复过多），由您确认继续发信。"""
    call(context, "sending:resume", config, now, json)
