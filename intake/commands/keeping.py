"""Commands that look after the data folder: rebuild."""

from __future__ import annotations

import sys

import msgspec

from intake.commands import Setting, say, show
from intake.config import load_config
from intake.logs import start_logging
from intake.rebuild import rebuild as make_anew
from intake.screen import ScreenProgress
from intake.turns import alone, turn


def rebuild(setting: Setting) -> int:
    """`rebuild`: the database anew; 0 also when some originals are gone, which is told."""
    config = load_config(setting.config)
    start_logging(config.data_path / "logs")
    with alone(config), turn(config), ScreenProgress() as progress:
        progress.stage("重读原件")
        made = make_anew(config, setting.clock(config)(), progress.step)
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
