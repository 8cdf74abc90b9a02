"""More sample letters to units: the short kinds with long names and with little known, a copied reminder, and letters
that the coordinator wrote anew. Of the same invented campaign as `sample_letters`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from benchmarks import sample_letters as sample
from benchmarks.sample_letters import CASE, NOW, OFFICE, PHOTOS, SUMMARY, TZ, UNIT, UNSURE_TABLE, day, mail, verdict
from intake.mail.compose import compose_hold_notice, compose_reminder
from intake.mail.edited import text_of, with_text
from intake.mail.letter import Answered, Letter

LONG_UNIT = "云岭市清河区经济技术开发区（高新技术产业园区）市场监督管理局质量发展与标准化科"
LONG_SUBJECT = (
    "清河区经济技术开发区市场监督管理局关于报送2022年“质量月”活动总结、典型案例、特色活动图片及活动情况统计表的函"
)
TITLE = "《关于报送2022年“质量月”活动材料的通知》（云质办〔2022〕18号）"


def hold(*mails: Answered, known: bool = True) -> Letter:
    """To a sender whom nobody knows; not `known`: the mail does not even tell which notice it answers."""
    return compose_hold_notice(
        key="hold",
        office=OFFICE,
        notice=sample.NOTICE if known else None,
        to="qh-zhiliangke@mail.example",
        answered=mails,
        now=NOW,
        tz=TZ,
        loop_token="sample",  # noqa: S106  # not a password: the name of an instance
    )


def link(listed: str, whom: str = UNIT.name) -> Letter:
    """A link ends."""
    facts = {"title": TITLE, "subject": "关于报送2022年“质量月”活动材料的通知", "listed": listed}
    return sample.short("link", facts, kind="reminder", whom=whom)


def copied() -> Letter:
    """The superior gets a copy."""
    return compose_reminder(
        key="copied",
        office=OFFICE,
        notice=sample.NOTICE,
        unit=UNIT,
        to=UNIT.addresses[0],
        verdict=verdict(SUMMARY, PHOTOS),
        rung="1d",
        now=day(11),
        tz=TZ,
        loop_token="sample",  # noqa: S106  # not a password: the name of an instance
        last=True,
        copy="bangongshi@yunling.example",
    )


def edited(letter: Letter, *changes: tuple[str, str]) -> Letter:
    """The letter as she changed it: these words, or the whole text where it ends with the first of them."""
    text = text_of(letter.raw)
    for old, new in changes:
        text = text.replace(old, new) if old else new
    return replace(letter, raw=with_text(letter.raw, text, from_name=OFFICE.name, subject=letter.subject))


SAMPLES: Mapping[str, Callable[[], Letter]] = {
    "hold-several": lambda: hold(mail("总结"), mail("图片"), mail(LONG_SUBJECT, NOW + timedelta(hours=20)), known=True),
    "hold-plain": lambda: hold(mail(""), known=False),
    "link-long": lambda: link(
        "“清河区经济技术开发区2022年“质量月”活动纪实短片（领导审定版）—最终稿—1080P—带字幕.mp4”10月10日10:12到期",
        LONG_UNIT,
    ),
    "link-last": lambda: link("“质量月视频.zip”10月9日00:00到期"),
    "limit-long": lambda: sample.short("limit", {"subject": LONG_SUBJECT}, kind="limit-notice", whom=LONG_UNIT),
    "limit-plain": lambda: sample.short("limit", {"subject": "图片3"}, kind="limit-notice"),
    "question-long": lambda: sample.short(
        "question", {"subject": LONG_SUBJECT, "when": "10月12日17:58"}, kind="question-notice", whom=LONG_UNIT
    ),
    "question-plain": lambda: sample.short(
        "question", {"subject": "延期", "when": "10月11日08:02"}, kind="question-notice"
    ),
    "reminder-copied": copied,
    "edited": lambda: edited(
        sample.reply(verdict(SUMMARY, CASE, PHOTOS, UNSURE_TABLE)),
        ("如方便，请同时报送Excel格式的统计表。", "请于10月10日前同时报送Excel格式的统计表，以便汇总。"),
    ),
    "edited-reminder": lambda: edited(
        sample.reminder(verdict(SUMMARY, CASE, PHOTOS), "1d", day(11), mail()),
        (
            "请务必于10月12日前（含当日）将下列材料补齐。",
            "昨日已与贵单位刘科长电话沟通，请于10月12日17:00前将统计表报来。",
        ),
    ),
    "edited-short": lambda: edited(
        sample.reply(verdict(SUMMARY)),
        (
            "",
            "清河区市场监督管理局：\n\n    总结收悉。其余材料请与区教体局合并报送，截止时间不变。\n"
            "    有疑问请致电周敏，0900-5550123。\n\n"
            "云岭市质量强市工作领导小组办公室\n2022年10月8日\n",
        ),
    ),
}
