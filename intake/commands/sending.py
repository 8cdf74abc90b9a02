"""What is about to be sent: shown before it leaves, and let go on after the program stopped sending by itself."""

from __future__ import annotations

from collections.abc import Sequence

from intake import halt, logins, words
from intake.commands import Hold, Setting, office_of, person, say, show
from intake.cycle import Report
from intake.decisions import note_deed
from intake.office import Office
from intake.reports.letter import REPORT
from intake.view import LetterRow
from storage import outbox


def resume(setting: Setting) -> int:
    """`resume`: sending goes on after the program stopped it, and the caps count anew."""
    with office_of(setting, Hold.TURN) as (office, clock), office.database.writing() as session:
        found = halt.resume(office, session, clock())
        what = f"{found.what}：{found.detail}" if found is not None else "发信没有停止，上限重新计算"
        note_deed(session, None, "resume", clock(), person(), note=what)
        logins.forget(session)
        waiting = outbox.prepared(session, REPORT)
    if setting.json:
        show({"resumed": found is not None, "cause": found.cause if found else None, "prepared": len(waiting)})
    elif found is None:
        say("发信没有停止；发信上限从现在起重新计算。")
    else:
        say(f"已恢复发信。待发 {len(waiting)} 封信，将发往 {len({one.to for one in waiting})} 个邮箱，下次运行时发出。")
    return 0


def tell_prepared(office: Office, report: Report, prepared: Sequence[LetterRow]) -> None:
    """`run --once --dry-run`: to whom what would go."""
    age = office.config.replies.not_older_than
    say(f"新收邮件 {report.fetched} 封。早于 {age.days} 天 {age.seconds // 3600} 小时的来信只登记、不答复。")
    for letter in prepared:
        due = f"{letter.due.astimezone(office.tz):%m-%d %H:%M}"
        say(f"  {letter.id}  {due} 起  {words.KIND.get(letter.kind, letter.kind)}  {letter.to}  {letter.subject}")
    receivers = len({letter.to for letter in prepared})
    say(f"以上 {len(prepared)} 封信将发往 {receivers} 个邮箱，本次未发。" if prepared else "没有待发的信。")
    with office.database.reading() as session:
        stopped = halt.halted(session)
    if stopped is not None:
        say(f"{stopped.what}：{stopped.detail}{halt.REMEDY}")
    elif prepared:
        say("下次运行时发出；不要发的，请执行 shouqi outbox drop 编号。")
