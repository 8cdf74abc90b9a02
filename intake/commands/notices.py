"""Commands about notice files: compile one from the notice's text, tell its faults, show it."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from intake.commands import Setting, say, show
from intake.config import load_config
from intake.files_in import ConfigFaults
from intake.notices import load_notice
from intake.noticetext import notice_text
from intake.noticeview import draft_lines, notice_lines
from rules.compile.assemble import compile_notice
from rules.compile.schema import draft_json
from rules.compile.written import draft_toml

TIMEZONE = "Asia/Shanghai"
"""Where no config says otherwise."""


def compile(setting: Setting, file: str, out: Path | None, amends: str = "") -> int:
    """`notice compile`: propose the requirements of a notice, or of one that `amends` another."""
    if amends:
        from intake.commands.changing import amend

        return amend(setting, file, amends, out)
    draft = compile_notice(notice_text(file))
    if out is not None:
        out.write_text(draft_toml(draft), encoding="utf-8", newline="\n")
    if setting.json:
        show(draft_json(draft))
        return 0
    for line in draft_lines(draft):
        say(line)
    if out is not None:
        say()
        say(f"已写入 {out}。请核对“待确认”各处，再执行 shouqi notice lint {out}。")
    return 0


def lint(setting: Setting, file: Path) -> int:
    """`notice lint`: every fault with its place; status 2 when there is one."""
    try:
        loaded = load_notice(str(file), zone_of(setting), Path.cwd())
    except ConfigFaults as faults:
        if not setting.json:
            raise
        told = [{"path": f.path, "found": f.found, "expected": f.expected, "remedy": f.remedy} for f in faults.faults]
        show({"file": str(file), "ok": False, "faults": told})
        return 2
    count = len(loaded.notice.requirements)
    if setting.json:
        show({"file": str(file), "ok": True, "faults": []})
    else:
        say(f"{file}：没有发现错误，共 {count} 项要求。")
    return 0


def show_notice(setting: Setting, file: str) -> int:
    """`notice show`: the requirements as a person reads them."""
    zone = zone_of(setting)
    notice = load_notice(file, zone, Path.cwd()).notice
    if setting.json:
        show(notice.model_dump(mode="json", by_alias=True))
        return 0
    for line in notice_lines(notice, zone):
        say(line)
    return 0


def zone_of(setting: Setting) -> ZoneInfo:
    """The office's time zone, when there is a config to read it from."""
    if setting.config.is_file():
        return load_config(setting.config).tz
    return ZoneInfo(TIMEZONE)
