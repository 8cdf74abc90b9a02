"""The command export: the archive package of each notice, and the check of one against its manifest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from intake.commands import Hold, Setting, chosen, not_among_ours, office_of, say, show
from intake.export import Exported, export_package
from intake.export.folder import Counts
from intake.export.verify import Checked, packages, verify
from intake.saved import safe_name
from intake.screen import ScreenProgress
from intake.standing import build_board
from storage.errors import Refused, on_disk

_AGAIN = "之后再执行一次同样的命令，已写好的文件不会重写。"


def export(setting: Setting, *, folder: Path, check: bool, zipped: bool) -> int:
    """`export DIR` and `export DIR --verify`."""
    if check:
        return _verify(setting, folder)
    with office_of(setting, Hold.LOOK) as (office, clock):
        not_among_ours(office.config, folder, "导出")
        now = clock()
        campaigns = chosen(setting, office)
        done: list[Exported] = []
        for campaign in campaigns:
            goal = folder if len(campaigns) == 1 else folder / safe_name(campaign.notice.id)
            board = build_board(office, campaign, now)
            with on_disk(goal, _AGAIN), ScreenProgress() as progress:
                progress.stage("整理材料", len(board.mails))
                done.append(
                    export_package(office, campaign, board, goal.absolute(), zipped=zipped, progress=progress.step)
                )
    if setting.json:
        show([_json(one) for one in done])
    else:
        for one in done:
            _tell(one)
    lost = [path for one in done for path in one.counts.lost]
    for path in lost:
        sys.stderr.write(f"原件缺失或已损坏，没有归档：{path}。请从备份恢复数据目录后再导出。\n")
    return 1 if lost else 0


def _json(one: Exported) -> dict[str, Any]:
    counts: Counts = one.counts
    return {
        "notice": one.notice,
        "path": str(one.path),
        "files": one.files,
        "added": counts.added,
        "replaced": counts.replaced,
        "unchanged": counts.unchanged,
        "moved": counts.moved,
        "kept": counts.kept,
        "lost": counts.lost,
        "zip": one.zip,
    }


def _tell(one: Exported) -> None:
    counts = one.counts
    say(f"归档包：{one.path}（{one.files} 个文件）")
    say(f"新增 {counts.added}，更新 {counts.replaced}，移动 {counts.moved}，未变 {counts.unchanged}。")
    if one.zip:
        say(f"打包：{one.path / one.zip}")
    for path in counts.kept:
        say(f"您改动过的文件已另存为：{path}")


def _verify(setting: Setting, path: Path) -> int:
    if not path.exists():
        raise Refused(f"找不到 {path}。请核对路径。")
    with on_disk(path, "之后再核对一次。"):
        several = packages(path)
        checked = [verify(one) for one in several or (path,)]
    if setting.json:
        show([_checked_json(one) for one in checked] if several else _checked_json(checked[0]))
    else:
        for found in checked:
            if several:
                say(f"{found.path}：")
            _tell_checked(found)
    return 0 if all(found.sound for found in checked) else 1


def _tell_checked(found: Checked) -> None:
    for what, names in (("缺少", found.missing), ("已改动", found.changed), ("清单之外", found.extra)):
        for name in names:
            say(f"{what}：{name}")
    if found.unfinished:
        say("上一次导出没有做完，请再执行一次 export。")
    elif found.sound:
        say(f"完好：清单所列 {found.files} 个文件逐一相符。")
    else:
        wrong = len(found.missing), len(found.changed), len(found.extra)
        say("清单所列 {} 个文件：缺少 {}，已改动 {}；清单之外 {}。".format(found.files, *wrong))


def _checked_json(found: Checked) -> dict[str, Any]:
    return {
        "path": str(found.path),
        "ok": found.sound,
        "files": found.files,
        "missing": found.missing,
        "changed": found.changed,
        "extra": found.extra,
        "unfinished": found.unfinished,
    }
