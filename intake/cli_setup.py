"""The commands that need no settings yet: the demonstration, and from the text of a notice to a ready folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.cli_calling import ConfigOption, JsonOption, NoticeOption, NowOption, call

notice = typer.Typer(help="通知文件：由通知原文拟定、检查、查看。", no_args_is_help=True)


def letters(
    context: typer.Context,
    write: Annotated[bool, typer.Option("--write", help="把内置模板写进文件夹供修改，已有的不动")] = False,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """信件的文字：哪些用本单位的模板，哪些用内置的，哪些有误。"""
    call(context, "wording:letters", config, now, json, write=write)


def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="演示目录，结束后可以查看")] = Path("demo"),
    config: Annotated[Path | None, typer.Option("--config", help="不起作用：演示自带配置")] = None,
    now: Annotated[str | None, typer.Option("--now", help="不起作用：演示自带时钟")] = None,
    json: JsonOption = False,
) -> None:
    """在本机内嵌的邮件服务器上，用虚构的单位和邮件演示全过程。"""
    call(context, "running:demo", config, now, json, folder=folder)


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="要建立的目录")],
    notice: Annotated[
        Path | None, typer.Option("--notice", help="通知原文：.txt、.docx、.pdf；“-”为从标准输入粘贴")
    ] = None,
    roster: Annotated[Path | None, typer.Option("--roster", help="名册：.xlsx 或 .csv")] = None,
    form: Annotated[list[str] | None, typer.Option("--form", help="空白表，写作 代号=文件；可写多次")] = None,
    classes: Annotated[
        list[str] | None, typer.Option("--class", help="通知里的类别=名册里的类别，如 高校=高等院校；可写多次")
    ] = None,
    deadline: Annotated[str, typer.Option("--deadline", help="截止日期，如 2022-10-12")] = "",
    mailbox: Annotated[str, typer.Option("--mailbox", help="收材料的邮箱")] = "",
    office: Annotated[str, typer.Option("--office", help="本单位名称")] = "",
    imap: Annotated[str, typer.Option("--imap", help="收信服务器")] = "",
    smtp: Annotated[str, typer.Option("--smtp", help="发信服务器")] = "",
    password: Annotated[str, typer.Option("--password", help="密码放在哪里，如 env:变量名、file:文件")] = "",
    config: Annotated[Path | None, typer.Option("--config", help="不起作用：配置文件由本命令写出")] = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """由通知和名册建好一个可以运行的目录；只问两者里都找不到的。"""
    given = {
        "deadline": deadline, "mailbox": mailbox, "office": office, "imap": imap, "smtp": smtp, "password": password,
    }  # fmt: skip
    call(
        context, "setting_up:init", config, now, json,
        folder=folder, notice=notice, roster=roster, forms=form or [], given=given, classes=classes or [],
    )  # fmt: skip


def replay(
    context: typer.Context,
    notice: Annotated[
        str | None, typer.Argument(metavar="[NOTICE]", help="新的通知文件或原文；不写则按现行通知")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="真正重新核对，并告知结论有变化的单位")] = False,
    only: NoticeOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """演练：把已收到的材料全部重新核对一遍，看看哪些结论会变、会发哪些信。"""
    call(context, "changing:replay", config, now, json, notice=notice, send=send, only=only)


@notice.command("compile")
def notice_compile(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="通知原文：.txt、.docx、.pdf；“-”为从标准输入粘贴")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="写成通知文件（.toml）")] = None,
    amends: Annotated[str, typer.Option("--amends", help="所补充、修改的通知文件（.toml）：补充通知、延期通知")] = "",
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """由通知原文拟定报送要求：每项引用原文，没有把握的地方列为待确认。"""
    call(context, "notices:compile", config, now, json, file=file, out=out, amends=amends)


@notice.command("lint")
def notice_lint(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="通知文件（.toml）")],
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """检查通知文件，一次指出全部错误。"""
    call(context, "notices:lint", config, now, json, file=file)


@notice.command("diff")
def notice_diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(help="原通知：通知文件（.toml）或原文")],
    new: Annotated[str, typer.Argument(help="后来的通知：通知文件（.toml）或原文")],
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """两份通知有哪些不同；有数据目录时，并列出影响哪些单位。"""
    call(context, "changing:diff", config, now, json, old=old, new=new)


@notice.command("show")
def notice_show(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="通知文件（.toml）")],
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """按人的读法列出通知文件的各项要求。"""
    call(context, "notices:show_notice", config, now, json, file=file)
