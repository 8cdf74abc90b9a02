"""Commands that do the work: run, import, remind, tracker, demo."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from intake.caps import WAITS
from intake.commands import Hold, Setting, chosen, office_of, person, say, secrets_of, show
from intake.commands.sending import tell_prepared
from intake.commands.stopping import disarm, stop_on_signals
from intake.crashed import watched
from intake.cycle import Report, fresh_sandbox, run_cycle
from intake.decisions import note_deed
from intake.failures import STOPPED
from intake.halt import REMEDY
from intake.importing import import_paths
from intake.ledger import prepared_rows
from intake.office import Office
from intake.output import outbox_json
from intake.process import process
from intake.screen import ScreenProgress
from intake.tracker import Written
from intake.tracking import track
from storage.errors import Refused


def run(setting: Setting, *, once: bool, dry_run: bool = False) -> int:
    """`run`, `run --once` and `run --once --dry-run`."""
    if dry_run and not once:
        raise Refused("--dry-run 只能与 --once 一起用：shouqi run --once --dry-run。")
    stop = stop_on_signals()
    try:
        with office_of(setting, Hold.ALONE if once else Hold.SERVICE) as (office, clock):
            return (
                _run_once(setting, office, clock, stop, dry_run=dry_run)
                if once
                else _serve(setting, office, clock, stop)
            )
    finally:  # after a KeyboardInterrupt: every step is one transaction, what was broken off is as if not begun
        disarm()


def _run_once(
    setting: Setting, office: Office, clock: Callable[[], datetime], stop: threading.Event, *, dry_run: bool
) -> int:
    with fresh_sandbox(office) as sandbox, ScreenProgress() as progress:
        secrets = secrets_of(office.config)
        now = clock()
        with nullcontext() if dry_run else watched(office, secrets, now):
            report = run_cycle(office, sandbox, secrets, now, stop=stop.is_set, progress=progress, send=not dry_run)
    prepared = list(prepared_rows(office)) if dry_run else []
    if setting.json:
        show(report_json(report) | ({"prepared": outbox_json(prepared, office.tz)} if dry_run else {}))
    elif dry_run:
        tell_prepared(office, report, prepared)
    else:
        _tell(report, quiet=False)
    if stop.is_set():
        report.away.append(STOPPED)
    for line in (*report.refused, *report.away):
        sys.stderr.write(line + "\n")
    return 2 if report.refused else 3 if report.away else 0


def _serve(setting: Setting, office: Office, clock: Callable[[], datetime], stop: threading.Event) -> int:
    """The service. With `--json` the one document comes at the end: what was done in all."""
    total = {"cycles": 0, "fetched": 0, "sent": 0, "failed": 0, "reminders": 0}

    def told(report: Report) -> None:
        total["cycles"] += 1
        total["fetched"] += report.fetched
        total["sent"] += len(report.posted.sent)
        total["failed"] += len(report.posted.failed)
        total["reminders"] += report.reminded
        if not setting.json:
            _tell(report, quiet=not report.changed)
            sys.stdout.flush()
        elif report.refused or report.away:
            sys.stderr.write("\n".join((*report.refused, *report.away, "")))

    hint = f"收齐已启动，数据目录 {office.data_dir}。按 Ctrl-C 停止。\n"
    (sys.stderr if setting.json else sys.stdout).write(hint)
    (sys.stderr if setting.json else sys.stdout).flush()
    from intake.worker import serve  # apscheduler is not needed for one cycle

    try:
        serve(office, secrets_of(office.config), clock, stop, told)
    except KeyboardInterrupt:
        sys.stderr.write(STOPPED + "\n")
    if setting.json:
        show(total)
    return 0


def report_json(report: Report) -> dict[str, Any]:
    """`run --once --json`."""
    states = [taken.state for taken in report.taken]
    return {
        "fetched": report.fetched,
        "processed": {state: states.count(state) for state in sorted(set(states))},
        "sent": report.posted.sent,
        "failed": report.posted.failed,
        "held_back": report.posted.held_back,
        "halted": report.posted.halted,
        "reminders": report.reminded,
        "tracker": [str(written.path) for written in report.tracker],
        "away": report.away,
        "refused": report.refused,
        "seconds": round(report.seconds, 2),
    }


def _tell(report: Report, *, quiet: bool) -> None:
    if quiet:
        sys.stderr.write("".join(line + "\n" for line in (*report.refused, *report.away)))
        return
    states = [taken.state for taken in report.taken]
    words = {"processed": "计入", "ignored": "不必处理", "held": "待人工", "stuck": "卡住"}
    detail = "，".join(f"{word} {states.count(state)}" for state, word in words.items() if state in states)
    say(f"新收邮件 {report.fetched} 封" + (f"（{detail}）" if detail else "") + "。")
    say(f"发出信件 {len(report.posted.sent)} 封，其中新排催报 {report.reminded} 封。")
    if report.posted.halted:
        say(f"{report.posted.halted}：{report.posted.held_back} 封信未发。{REMEDY}")
    else:
        for cap, number in report.posted.waits.items():
            say(f"另有 {number} 封未发：{WAITS.get(cap, '收件箱还没有从头读过一遍，读完后再发')}。")
    for written in report.tracker:
        say(f"台账：{written.path}" + (f"（{written.note}）" if written.note else ""))


def import_mails(setting: Setting, *, paths: list[Path], reply: bool) -> int:
    """`import PATH…`."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise Refused(f"找不到 {missing[0]}。请核对路径。")
    with office_of(setting, Hold.ALONE) as (office, clock):
        now = clock()
        found = import_paths(office, paths, now, reply=reply)
        told = f"新 {found.new} 封，已有 {found.known} 封，{'可以答复' if reply else '不答复'}"
        with office.database.writing() as session:
            note_deed(session, None, "import", now, person(), note=f"{told}：{'、'.join(map(str, paths))[:300]}")
        with fresh_sandbox(office) as sandbox, ScreenProgress() as progress:
            progress.stage("处理邮件", found.new)
            taken = process(office, sandbox, now, progress=progress.step)
        written = track(office, now)
    states = [one.state for one in taken]
    if found.skipped:
        names = "、".join(path.name for path in found.skipped[:5])
        sys.stderr.write(f"跳过 {len(found.skipped)} 个不是邮件的文件：{names}{'等' * (len(found.skipped) > 5)}。\n")
    if setting.json:
        show(
            {
                "new": found.new,
                "known": found.known,
                "skipped": [str(path) for path in found.skipped],
                "processed": {s: states.count(s) for s in sorted(set(states))},
            }
        )
    else:
        say(f"导入 {found.new} 封，已有 {found.known} 封。")
        _tell_tracker(written)
    return 0


def tracker(setting: Setting) -> int:
    """`tracker`."""
    with office_of(setting, Hold.TURN) as (office, clock):
        written = track(office, clock(), chosen(setting, office))
    if setting.json:
        show([{"path": str(one.path), "note": one.note} for one in written])
    else:
        _tell_tracker(written)
    return 0


def _tell_tracker(written: list[Written]) -> None:
    for one in written:
        say(f"台账：{one.path}" + (f"（{one.note}）" if one.note else ""))


def demo(setting: Setting, *, folder: Path) -> int:
    """`demo [DIR]`."""
    try:
        from intake.demo.play import play
    except ModuleNotFoundError as error:
        raise Refused(f'演示需要另装组件（缺少 {error.name}）。请执行 pip install "shouqi[demo]"。') from error

    return play(folder, as_json=setting.json)
