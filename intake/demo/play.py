"""`demo [DIR]`: the whole main job on an embedded mail server, with invented units, in a folder to look at afterwards.

Two real cycles over real IMAP and SMTP: the first answers what came, the second shows supplements,
corrections and a reminder. Nothing here is special to the demo but the clock and the servers.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from intake import words
from intake.commands import say, secrets_of, show
from intake.commands.running import report_json
from intake.commands.showing import table
from intake.config import Config, load_config
from intake.cycle import Report, fresh_sandbox, run_cycle
from intake.demo.mails import FIRST_NOW, SECOND_NOW, demo_mails
from intake.demo.server import MailServer
from intake.demo.units import OFFICE_ADDRESS, OFFICE_NAME, units, write_roster
from intake.logs import start_logging
from intake.office import Office, opened
from intake.output import counts, status_json
from intake.saved import safe_name
from intake.screen import ScreenProgress
from intake.standing import build_board
from intake.turns import alone, turn
from intake.view import Board
from storage.errors import Refused

PASSWORD = "SHOUQI_DEMO_PASSWORD"  # noqa: S105  # the name of an environment variable, not a secret
README = "说明.txt"
EXPLANATION = """这是 shouqi demo 生成的演示目录，单位、人员和邮件都是虚构的，可以随时删除。

data/tracker/台账.xlsx      台账
letters/                    发出的信（.eml，可用邮件客户端打开）
mails/                      收到的信的原件（.eml）
data/files/                 各单位当前有效的材料
config.toml、roster.xlsx    本次演示的配置与名册
"""
CONFIG = """timezone = "Asia/Shanghai"
data_dir = "data"

[[notice]]
file = "builtin:quality-month"
roster = "roster.xlsx"

[office]
name = "{name}"
address = "{address}"
phone = "0871-55501234"

[imap]
host = "127.0.0.1"
port = {imap}
security = "none"
username = "{address}"
password = "env:{password}"

[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
username = "{address}"
password = "env:{password}"

[schedule]
idle = false
"""


def play(folder: Path, *, as_json: bool) -> int:
    """Run the demo in `folder`, which is emptied when an earlier demo left it. Returns the exit status."""
    folder = folder.absolute()
    _prepare(folder)
    roster = units(12)
    mails = demo_mails(roster)
    write_roster(folder / "roster.xlsx", roster)
    os.environ[PASSWORD] = "demo"
    moment = {"now": FIRST_NOW}
    with MailServer(address=OFFICE_ADDRESS, password="demo", clock=lambda: moment["now"]) as server:  # noqa: S106  # loopback, invented
        text = CONFIG.format(
            name=OFFICE_NAME, address=OFFICE_ADDRESS, imap=server.imap_port, smtp=server.smtp_port, password=PASSWORD
        )
        (folder / "config.toml").write_text(text, encoding="utf-8")
        config = load_config(folder / "config.toml")
        start_logging(config.logs_folder)
        reports = []
        for number, now in ((1, FIRST_NOW), (2, SECOND_NOW)):
            moment["now"] = now
            coming = [mail for mail in mails if mail.round == number]
            for count, mail in enumerate(coming, start=1):
                server.deliver(mail.raw, mail.received_at)
                (folder / "mails" / f"{number}-{count:02d} {safe_name(mail.about)}.eml").write_bytes(mail.raw)
            board, report = _cycle(config, now)
            reports.append(report)
            if not as_json:
                _tell(number, now, len(coming), board, report)
        _keep_letters(folder, [sent.raw for sent in server.sent])
    if as_json:
        show({"cycles": [report_json(report) for report in reports], "status": status_json([board], SECOND_NOW)})
    else:
        say(f"演示目录：{folder}")
        say(f"  台账　　{folder / 'data' / 'tracker' / '台账.xlsx'}")
        say(f"  信件　　{folder / 'letters'}（{len(server.sent)} 封）")
        say(f"  材料　　{folder / 'data' / 'files'}")
    failed = [line for report in reports for line in (*report.away, *report.refused)]
    for line in failed:
        sys.stderr.write(line + "\n")
    return 1 if failed else 0


def _prepare(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / README).is_file():
            raise Refused(f"目录 {folder} 里已有别的文件。请换一个空目录，例如：shouqi demo 演示")
        shutil.rmtree(folder)
    for name in ("", "mails", "letters"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / README).write_text(EXPLANATION, encoding="utf-8")


def _cycle(config: Config, now: datetime) -> tuple[Board, Report]:
    with alone(config), turn(config), opened(config, now) as office:
        with fresh_sandbox(office) as sandbox, ScreenProgress() as progress:
            report = run_cycle(office, sandbox, secrets_of(config), now, progress=progress)
        return _board(office, now), report


def _board(office: Office, now: datetime) -> Board:
    return build_board(office, next(iter(office.campaigns.values())), now)


def _keep_letters(folder: Path, letters: Sequence[bytes]) -> None:
    from email import message_from_bytes, policy

    for number, raw in enumerate(letters, start=1):
        head = message_from_bytes(raw, policy=policy.default)
        name = safe_name(f"{number:02d} {head['To']} {head['Subject']}"[:80])
        (folder / "letters" / f"{name}.eml").write_bytes(raw)


def _tell(number: int, now: datetime, delivered: int, board: Board, report: Report) -> None:
    numbers = counts(board.units)
    states = [taken.state for taken in report.taken]
    say(f"第 {number} 轮　{now:%Y-%m-%d %H:%M}　来信 {delivered} 封")
    say(
        f"  计入单位 {states.count('processed')}，不必处理 {states.count('ignored')}，待人工 {states.count('held')}，"
        f"卡住 {states.count('stuck')}；发信 {len(report.posted.sent)} 封，其中催报 {report.reminded} 封；"
        f"用时 {report.seconds:.1f} 秒"
    )
    say("  应报 {units}，已齐 {complete}，部分 {incomplete}，未报 {missing}".format(**numbers))
    rows = [["  单位", "状态", *(r.name for r in board.notice.requirements), "催报"]]
    for row in board.units:
        cells = [words.standing(s)[0] for s in row.verdict.standings]
        rows.append([f"  {row.unit.name}", words.UNIT[row.verdict.state][0], *cells, str(len(row.reminders) or "")])
    table(rows)
    for one in board.todo:
        say(f"  待办　{one.unit or '—'}　{one.text}")
    say()
