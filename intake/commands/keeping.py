"""Commands that look after the data folder: doctor, backup, rebuild."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from intake.commands import Hold, Setting, not_among_ours, office_of, person, say, show
from intake.config import load_config
from intake.doctor_machine import Line
from intake.logs import start_logging
from intake.turns import alone, turn
from storage.database import sqlite_file
from storage.errors import Refused


def rebuild(setting: Setting) -> int:
    """`rebuild`: the database anew; 0 also when some originals are gone, which is told."""
    from intake.rebuild import rebuild as make_anew
    from intake.screen import ScreenProgress  # the whole line with it, which `doctor` and `backup` do not need

    config = load_config(setting.config)
    start_logging(config.logs_folder)
    with alone(config), turn(config), ScreenProgress() as progress:
        progress.stage("重读原件")
        made = make_anew(config, setting.clock(config)(), person(), progress.step)
    if setting.json:
        show(msgspec.to_builtins(made))
    else:
        say(f"数据库已重建：邮件 {made.mails} 封，信件 {made.letters} 封，决定 {made.decisions} 条。没有发信。")
        if made.kept:
            say(f"原来的数据库保留为 {made.kept}，确认无误后可以删去。")
    if made.unread:
        names = "、".join(one[:12] for one in made.unread[:5])
        sys.stderr.write(
            f"有 {len(made.unread)} 封邮件的原件缺失或读不出原来的内容（{names}{'等' * (len(made.unread) > 5)}）。"
            "请从备份补回 blobs 里的原件后再执行一次 rebuild。\n"
        )
    return 0


def backup(setting: Setting, *, file: Path) -> int:
    """`backup FILE`, beside the running service too."""
    from intake.backup import backup as copy_all

    with office_of(setting, Hold.LOOK) as (office, clock):
        not_among_ours(office.config, file, "备份")
        made = copy_all(office, setting.config.expanduser().absolute(), file.expanduser().absolute(), clock())
        if sqlite_file(office.config.database_url) is None:
            sys.stderr.write(
                "数据库是 PostgreSQL，不在备份里：请同时用 pg_dump 备份它。其余（原件、日志、台账、配置）已备份。\n"
            )
    size = sum(one.size for one in made.files)
    if setting.json:
        show({"file": str(file), "files": len(made.files), "size": size, "database": made.database})
    else:
        say(f"已备份 {len(made.files)} 个文件，共 {size / (1 << 20):.1f} MB：{file}")
        say("恢复：在空文件夹里解压，放回密码，执行 shouqi doctor --data 核对。密码不在备份里。")
    return 0


def doctor(setting: Setting, *, data: bool = False, quick: bool = False) -> int:
    """`doctor`, `doctor --data`, `doctor --quick`: 0 when nothing is broken, 2 when something is."""
    if data and quick:
        raise Refused("--data 与 --quick 请分开执行。")
    lines = list(_examined(setting, data=data, quick=quick))
    if setting.json:
        show([{"ok": line.ok, "what": line.what, "detail": line.detail, "remedy": line.remedy} for line in lines])
    else:
        for line in lines:
            mark = {"ok": "✓", "warn": "！", "fail": "✗"}[line.ok]
            say(f"{mark} {line.what}：{line.detail}" + (f"　办法：{line.remedy}" if line.remedy else ""))
    return 2 if any(line.ok == "fail" for line in lines) else 0


def _examined(setting: Setting, *, data: bool, quick: bool) -> Iterator[Line]:
    if data:
        from intake.doctor_data import data as examine_data

        yield from examine_data(load_config(setting.config))
    elif quick:
        from intake.doctor_quick import quick as look_quickly

        config = load_config(setting.config)
        yield from look_quickly(config, setting.clock(config)())
    else:
        from intake.doctor import examine

        yield from examine(setting.config, setting.now, setting.notice)
