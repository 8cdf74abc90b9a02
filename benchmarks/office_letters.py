"""Sample letters that follow from what happened in an office: replies to real faults, decisions, another notice, and
all that the coordinator is sent. Each is composed in a folder of its own, which is gone afterwards.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import select

from benchmarks.sample_letters import TZ
from benchmarks.sample_office import HER, SampleOffice, document, link, picture, table
from intake.amending import note_versions
from intake.approval_mail import ask_coordinator
from intake.caps import keep_back
from intake.decisions import extend, rule
from intake.mail.letter import Letter
from intake.reminding import queue_reminders
from intake.reports.alarms import silence
from intake.reports.due import queue_reports
from intake.reports.watch import watch
from intake.settle import settle
from storage.tables import LetterRow

MONDAY = datetime(2022, 9, 26, 10, 0, tzinfo=TZ)
WORDS = "现报送“质量月”活动材料，请查收。\n图1：{}"
CAPTION = "9月16日，执法人员在城北集贸市场开展计量器具检查，向经营户讲解公平秤的使用和校准办法，现场发放宣传资料。"
AWAY = "收件服务器 imap.yunling.example 没有按时应答。请检查网络，稍后会自动重试。"


@contextmanager
def office(number: int = 3, config: str = "") -> Iterator[SampleOffice]:
    """An office of so many units in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        yield SampleOffice(Path(folder), number, config)


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of that autumn, in the office's time."""
    return datetime(2022, month, day, hour, minute, tzinfo=TZ)


def good(one: SampleOffice, number: int, when: datetime, *, table_too: bool = True) -> None:
    """The unit brings everything, or all but the table."""
    last = (table(one.units[number]),) if table_too else ()
    files = (
        document("活动总结.docx"),
        document("典型案例：一把公平秤.docx"),
        picture("图1.jpg", 4000, 3000, number + 1),
    )
    one.brings(number, when, *files, *last, text=WORDS.format(CAPTION))


def part(one: SampleOffice, number: int, when: datetime) -> None:
    """The unit brings two things and a photo that is too small."""
    files = (document("质量月总结（定稿）.docx"), document("典型案例.docx"), picture("图1.jpg", 800, 600, number + 1))
    one.brings(number, when, *files, text=WORDS.format(CAPTION))


# ---- replies by what came


def photos() -> Letter:
    """Too many photos, one too small, one of another format, one without words."""
    with office() as one:
        files = (
            picture("微信图片_20220924101512.jpg", 1080, 608, 1),
            picture("宣传现场.png", 1920, 1080, 2, format="PNG"),
            picture("图1.jpg", 4000, 3000, 3),
        )
        one.brings(
            0, MONDAY, document("活动总结.docx"), document("典型案例.docx"), *files, table(one.units[0]),
            text=WORDS.format(CAPTION),
        )  # fmt: skip
        return one.letters(MONDAY, "reply")[-1]


def tables() -> Letter:
    """A table with words for numbers; the rest is in order."""
    with office() as one:
        good(one, 0, MONDAY, table_too=False)
        when = MONDAY + timedelta(hours=2)
        one.brings(0, when, table(one.units[0], "text"))
        return one.letters(when, "reply")[-1]


def by_link() -> Letter:
    """All is in, the film by a link that ends."""
    with office() as one:
        good(one, 0, MONDAY)
        when = MONDAY + timedelta(hours=1)
        one.brings(0, when, link("质量月活动纪实（最终版）.mp4", at(10, 8, 10, 12)))
        return one.letters(when, "reply")[-1]


def promised() -> Letter:
    """The mail speaks of files and has none."""
    with office() as one:
        one.brings(1, MONDAY, text="您好，我单位质量月活动材料见附件，请查收。")
        return one.letters(MONDAY, "reply")[-1]


# ---- the notice was changed; she decided


def amended(*edits: tuple[str, str], fine: bool = False) -> Letter:
    """After a first answer these words of the notice become others."""
    with office() as one:
        with one.open(MONDAY) as opened:
            note_versions(opened, MONDAY)
        (good if fine else part)(one, 0, MONDAY)
        _leave(one, MONDAY + timedelta(minutes=10))
        for old, new in edits:
            one.configure(old, new, "notice.toml")
        now = at(9, 28)
        with one.open(now) as opened:
            note_versions(opened, now)
            (campaign,) = opened.campaigns.values()
            settle(opened, campaign, one.units[0].code, now)
        return one.letters(now, "reply")[-1]


EARLIER = ("deadline = 2022-10-12  ", "deadline = 2022-10-10  ")
LATER = ("deadline = 2022-10-12  ", "deadline = 2022-10-21  ")
WORDED = ("像素不低于1024×768", "像素不低于4200×3000")
LARGER = ("min_width = 1024, min_height = 768", "min_width = 4200, min_height = 3000")
MORE = (
    '[[requirement]]\nid = "video"',
    '[[requirement]]\nid = "roster"\nname = "工作人员名单"\ncategory = "roster"\n'
    'clause = "请补充报送本单位“质量月”活动工作人员名单。"\n\n[[requirement]]\nid = "video"',
)


def decided(*rulings: tuple[str, str, str]) -> Letter:
    """She decides (kind, requirement, note) what the first answer said otherwise."""
    with office() as one:
        part(one, 0, MONDAY)
        _leave(one, MONDAY + timedelta(minutes=10))
        now = at(9, 28)
        with one.open(now) as opened:
            (campaign,) = opened.campaigns.values()
            for kind, requirement, note in rulings:
                with opened.database.writing() as session:
                    rule(session, campaign, one.units[0], kind, requirement, now, note=note)
            settle(opened, campaign, one.units[0].code, now)
        return one.letters(now, "reply")[-1]


def _leave(one: SampleOffice, now: datetime) -> None:
    """What waits has been sent."""
    with one.open(now) as opened, opened.database.writing() as session:
        for row in session.exec(select(LetterRow)):
            row.state, row.sent_at, row.tried_at = "sent", now, now
            session.add(row)


# ---- to the coordinator: letters that wait for her


def approval(settings: str, *, again: bool = False, reminder: bool = False) -> Letter:
    """She is asked about a letter."""
    with office(config=HER) as one:
        one.configure('mode = "send"', settings)
        part(one, 0, MONDAY)
        now = MONDAY + timedelta(minutes=10)
        for moment in (now, now + timedelta(hours=3)) if again else (now,):
            if again and moment != now:
                one.brings(0, moment, table(one.units[0]))
            with one.open(moment) as opened:
                ask_coordinator(opened, moment + timedelta(minutes=10))
        if reminder:
            now = at(10, 11)
            with one.open(now) as opened:
                queue_reminders(opened, now)
                ask_coordinator(opened, now)
        return one.letters(now, "report", rung="approve:")[-1]


# ---- alarms


def _alarm(cause: Callable[[SampleOffice], None], *, over: str = "") -> Letter:
    with office(config=HER) as one:
        cause(one)
        now = MONDAY + timedelta(hours=6)
        if over:
            with one.open(now) as opened, opened.database.writing() as session:
                silence(opened, session, over, now)
        return one.letters(now, "report", rung="alarm:")[-1]


def away(one: SampleOffice) -> None:
    """The mailbox cannot be read."""
    good(one, 0, MONDAY)
    with one.open(MONDAY) as opened:
        watch(opened, MONDAY + timedelta(hours=1, minutes=2), unreachable=AWAY)


def failed(one: SampleOffice) -> None:
    """Letters came to nothing."""
    good(one, 0, MONDAY)
    part(one, 1, MONDAY)
    with one.open(MONDAY) as opened:
        with opened.database.writing() as session:
            for row in session.exec(select(LetterRow)):
                row.state, row.last_error = "failed", "收件服务器拒收：550 5.1.1 没有这个用户"
                session.add(row)
        watch(opened, MONDAY + timedelta(hours=1), unreachable="")


def waiting(one: SampleOffice) -> None:
    """Mails of nobody knows whom have waited for days."""
    for day, sender in ((20, "zhang3@mail.example"), (21, "hongqiao-office@mail.example"), (22, "lwq@mail.example")):
        one.held(at(9, day), sender)
    with one.open(MONDAY) as opened:
        watch(opened, MONDAY, unreachable="")


def breaker(one: SampleOffice) -> None:
    """Far too many answers."""
    good(one, 0, MONDAY)
    with one.open(MONDAY) as opened, opened.database.writing() as session:
        keep_back(opened, session, session.exec(select(LetterRow)).one(), "notice", MONDAY)


# ---- reports


def _report(one: SampleOffice, now: datetime, rung: str) -> Letter:
    with one.open(now) as opened:
        queue_reports(opened, now, polled=True, track=list)
    return one.letters(now, "report", rung=rung)[-1]


def _campaign(one: SampleOffice, complete: int, partly: int, day: datetime) -> None:
    """So many units have brought everything, and the next ones a part."""
    for number in range(complete + partly):
        (good if number < complete else part)(one, number, day + timedelta(minutes=7 * number))


def morning_busy() -> Letter:
    """Things to do of several kinds, an alarm, a link that ends."""
    with office(9, HER) as one:
        one.held(at(9, 21), "zhang3@mail.example")
        _campaign(one, 2, 2, at(9, 26, 14))
        one.brings(2, at(9, 26, 16), link("质量月纪实.mp4", at(9, 29, 18)))
        one.brings(4, at(9, 26, 17), text="请问统计表中“检查场次”是否包括联合检查？", asks=True)
        with one.open(at(9, 26, 18)) as opened:
            watch(opened, at(9, 26, 18), unreachable="")
        return _report(one, at(9, 27, 8, 30), "daily:")


def morning_quiet() -> Letter:
    """Nothing new came, nothing waits."""
    with office(6, HER) as one:
        _campaign(one, 4, 0, at(9, 22))
        _report(one, at(9, 26, 8, 30), "daily:")
        return _report(one, at(9, 27, 8, 30), "daily:")


def morning_two() -> Letter:
    """Two notices at once."""
    with office(5, HER) as one:
        text = (one.folder / "notice.toml").read_text("utf-8")
        other = text.replace("quality-month-2022", "safety-2022").replace("2022年“质量月”活动", "特种设备安全排查")
        other = other.replace("云质强办〔2022〕9号", "云质强办〔2022〕11号").replace("2022-10-12", "2022-10-20")
        (one.folder / "other.toml").write_text(other.replace('["质量月"]', '["安全排查"]'), "utf-8")
        one.configure("[office]", "[[notice]]\nfile = 'other.toml'\nroster = \"roster.xlsx\"\n\n[office]")
        _campaign(one, 2, 1, at(9, 26, 14))
        return _report(one, at(9, 27, 8, 30), "daily:")


def phone_list(number: int, complete: int, partly: int, *, granted: bool = False, unclear: bool = False) -> Letter:
    """The last day. `granted`: it is the one of a unit whose time was extended."""
    with office(number, HER) as one:
        _campaign(one, complete, partly, at(9, 26))
        if unclear:
            one.held(at(10, 11, 17), one.units[complete + 1].addresses[0])
        if not granted:
            return _report(one, at(10, 12), "phones:")
        with one.open(at(10, 11)) as opened:
            (campaign,) = opened.campaigns.values()
            with opened.database.writing() as session:
                extend(session, campaign, one.units[complete], at(10, 14, 23, 59), at(10, 11), note="节后报送")
            settle(opened, campaign, one.units[complete].code, at(10, 11))
        return _report(one, at(10, 14), "phones:")


def closing(number: int, complete: int, partly: int, *, late: int = 0, excused: int = 0) -> Letter:
    """The report on the working day after the deadline."""
    with office(number, HER) as one:
        _campaign(one, complete, partly, at(9, 26))
        for more in range(late):
            good(one, complete + partly + more, at(10, 13, 7, more))
        with one.open(at(10, 11)) as opened:
            (campaign,) = opened.campaigns.values()
            for unit in one.units[len(one.units) - excused :] if excused else ():
                with opened.database.writing() as session:
                    for asked in campaign.notice.requirements:
                        rule(session, campaign, unit, "waive", asked.id, at(10, 11))
                settle(opened, campaign, unit.code, at(10, 11))
        return _report(one, at(10, 13, 8, 30), "closing:")


SAMPLES: Mapping[str, Mapping[str, Callable[[], Letter]]] = {
    "reply": {"photos": photos, "tables": tables, "link": by_link, "promised": promised},
    "amended": {
        "earlier": lambda: amended(EARLIER),
        "later": lambda: amended(LATER),
        "more": lambda: amended(MORE, LARGER, WORDED, fine=True),
    },
    "decided": {
        "accepted": lambda: decided(("accept", "photos", ""), ("waive", "statistics", "")),
        "refused": lambda: decided(("reject", "summary", "总结写的是2021年的活动，请报送今年的。")),
        "waived": lambda: decided(("waive", "statistics", "")),
    },
    "approval": {
        "first": lambda: approval('mode = "send"\napprove_first = 3'),
        "replaced": lambda: approval('mode = "send"\napprove_first = 3', again=True),
        "reminder": lambda: approval('mode = "approve"', reminder=True),
    },
    "alarm": {
        "mailbox": lambda: _alarm(away),
        "letters": lambda: _alarm(failed),
        "held": lambda: _alarm(waiting),
        "stopped": lambda: _alarm(breaker),
    },
    "over": {
        "mailbox": lambda: _alarm(away, over="mailbox"),
        "letters": lambda: _alarm(failed, over="letters"),
        "stopped": lambda: _alarm(breaker, over="halt"),
    },
    "morning": {"busy": morning_busy, "two": morning_two, "quiet": morning_quiet},
    "phones": {
        "few": lambda: phone_list(4, 2, 1),
        "many": lambda: phone_list(20, 6, 5, unclear=True),
        "extended": lambda: phone_list(6, 4, 1, granted=True),
    },
    "closing": {
        "all": lambda: closing(6, 6, 0),
        "usual": lambda: closing(18, 11, 2, late=1, excused=1),
        "poor": lambda: closing(32, 8, 4, late=2),
    },
}
"""By kind of letter, then by what it shows."""
