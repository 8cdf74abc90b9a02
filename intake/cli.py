"""The commands. Thin: each opens what it needs late, so that `--help` stays quick, and leaves with the right status.

Exit status: 0 done · 1 our fault · 2 usage or configuration wrong · 3 something is away, try again later.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from intake import __version__
from intake.cli_calling import ConfigOption, JsonOption, NoticeOption, NowOption, call, let_go
from intake.cli_deciding import assign, decide, extend, history
from intake.cli_keeping import backup, doctor, rebuild
from intake.cli_outbox import outbox, resume
from intake.cli_setup import demo, init, letters, notice, replay


class Report(StrEnum):
    """Which report."""

    closing = "closing"
    daily = "daily"


app = typer.Typer(
    name="shouqi",
    help="收齐：收取办公邮箱，核对各单位报送的材料，自动答复、催报，生成台账。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.add_typer(notice, name="notice")
app.command()(init)
app.command()(replay)
app.command()(demo)
app.command()(letters)
app.add_typer(outbox, name="outbox")
app.command()(resume)
app.command()(doctor)
app.command()(rebuild)
app.command()(backup)
app.command()(assign)
app.command()(decide)
app.command()(extend)
app.command()(history)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"shouqi {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="版本")] = False,
) -> None:
    """收齐：收取办公邮箱，核对各单位报送的材料，自动答复、催报，生成台账。"""
    context.obj = {"config": config, "now": now, "json": json}


@app.command()
def run(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="只做一个完整循环就结束")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="收信、核对、备好信，只列出、不发（与 --once 合用）")
    ] = False,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """运行服务：收信、核对、答复、催报、写台账，直到停止。"""
    call(context, "running:run", config, now, json, once=once, dry_run=dry_run)


@app.command()
def status(
    context: typer.Context,
    notice: NoticeOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """每个单位报送到了哪一步。"""
    call(context, "showing:status", config, now, json, only=notice)


@app.command()
def mails(
    context: typer.Context,
    notice: NoticeOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """每一封来信及其处理结果。"""
    call(context, "showing:mails", config, now, json, only=notice)


@app.command()
def check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="一封邮件的原件（.eml）")],
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """看看这一封邮件会得出什么结论；不保存，不发信。"""
    call(context, "showing:check", config, now, json, file=file)


@app.command("import")
def import_(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="邮件（.eml、.msg）、文件夹、mbox 或 Maildir")],
    reply: Annotated[bool, typer.Option("--reply", help="像收到的邮件一样答复")] = False,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """导入邮件原件，按同样的流程处理；默认不答复。"""
    call(context, "running:import_mails", config, now, json, paths=paths, reply=reply)


@app.command()
def remind(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出到截止为止每一档会催谁、催什么")] = False,
    notice: NoticeOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """发出现在到期的催报。"""
    call(context, "reminding:remind", config, now, json, dry_run=dry_run, only=notice)


@app.command()
def report(
    context: typer.Context,
    kind: Annotated[Report, typer.Argument(help="closing 报送情况通报 | daily 晨报")],
    notice: NoticeOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """看一份报告（不发出）：截止后的报送情况通报，或今天的晨报。"""
    call(context, "reporting:report", config, now, json, kind=kind.value, only=notice)


@app.command()
def tracker(
    context: typer.Context,
    notice: NoticeOption = None,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """现在就写台账。"""
    call(context, "running:tracker", config, now, json, only=notice)


@app.command()
def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="归档包的文件夹：新的、空的，或上次导出的")],
    notice: NoticeOption = None,
    verify: Annotated[bool, typer.Option("--verify", help="不导出，只按清单核对这个归档包（文件夹或 zip）")] = False,
    zipped: Annotated[bool, typer.Option("--zip/--no-zip", help="是否另打成一个 zip")] = True,
    config: ConfigOption = None,
    now: NowOption = None,
    json: JsonOption = False,
) -> None:
    """导出归档包：材料、来信原件、登记表、统计汇总、图片册、情况通报和清单；再次导出只补变化。"""
    call(context, "exporting:export", config, now, json, folder=folder, only=notice, check=verify, zipped=zipped)


def main() -> None:
    """Entry point: run the command, and turn what went wrong into one line and the right exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # Windows consoles default to GBK
    os.umask(0o077)  # mails, material and letters are for the account that runs this, whatever the system's habit
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C; `run` listens more closely
    try:
        status = app(prog_name="shouqi", standalone_mode=False)
    except Exception as error:  # noqa: BLE001  # the end of the program: one line and a status
        from intake.failures import conclude

        status = conclude(error, datetime.now().astimezone(), as_json="--json" in sys.argv[1:])
    sys.exit(let_go(status))
