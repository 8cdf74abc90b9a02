"""Mails without files: a promised file that is absent is told at once, a question gets a person and no verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake.demo import materials as m
from tests.desk import Desk, first_line

QUIET = timedelta(minutes=10)
PROMISE = "您好，材料见附件，请查收。"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path) as running:
        yield running


def said(desk: Desk, number: int = -1) -> str:
    body = desk.letters[number].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("text", [PROMISE, "正文见附件。", "随信附上活动总结，请审阅。", "现将活动总结报上，请查收。"])
def test_a_promised_file_that_is_not_there_is_told_at_once(desk: Desk, text: str) -> None:
    id = desk.mail(desk.units[0], text=text)
    assert desk.cycle(wait=timedelta(seconds=30)).posted.sent  # not after the quiet period
    assert "来信提到附件，但信中没有任何附件" in said(desk)
    assert desk.mails()[id]["letters"]


def test_also_in_the_thread_of_a_letter_of_ours(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, [m.summary(unit, 1)])
    desk.cycle(wait=QUIET)
    assert "没有任何附件" not in said(desk)
    headers = {"In-Reply-To": str(desk.letters[0]["Message-ID"])}
    desk.mail(
        unit,
        text="补充材料：正文见附件。",
        subject="回复：质量月材料",
        headers=headers,
        at=desk.now + timedelta(hours=1),
    )
    desk.cycle(wait=timedelta(hours=1, minutes=1))
    assert "没有任何附件" in said(desk)
    assert len(desk.letters) == 2


@pytest.mark.parametrize("minutes", [-5, 5])
def test_not_when_the_files_came_in_another_mail_minutes_away(desk: Desk, minutes: int) -> None:
    unit, start = desk.units[0], desk.now
    desk.mail(unit, [m.summary(unit, 1)], "总结", at=start + timedelta(minutes=minutes))
    desk.mail(unit, text=PROMISE, at=start)
    desk.cycle(wait=timedelta(minutes=16))
    assert len(desk.letters) == 1 and "没有任何附件" not in said(desk)


def test_files_that_came_the_day_before_are_others(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, [m.summary(unit, 1)])
    desk.cycle(wait=QUIET)
    desk.now += timedelta(days=1)
    desk.mail(unit, text=PROMISE)
    desk.cycle()
    assert "没有任何附件" in said(desk)


def test_who_forgets_it_again_is_left_to_a_person(desk: Desk) -> None:
    unit = desk.units[0]
    for _ in range(3):
        desk.mail(unit, text=PROMISE)
        desk.cycle(wait=timedelta(hours=1))
    assert len(desk.letters) == 1
    assert [kind for kind, _ in desk.todo()] == ["question", "question"]


@pytest.mark.parametrize(
    "text",
    [
        "请问视频可以刻成光盘送去吗？",
        "材料已于9日报送，请问收到了吗？",
        "想请教一下，图片说明能否写在文件名里？",
        "咨询：统计表的口径是按法人还是按产业活动单位？",
    ],
)
def test_a_question_is_shown_with_its_words_and_gets_no_verdict(desk: Desk, text: str) -> None:
    desk.mail(desk.units[0], text=text, subject="咨询")
    desk.cycle(wait=QUIET)
    assert desk.letters == []
    ((kind, told),) = desk.todo()
    assert kind == "question" and text in told


def test_where_the_office_wants_it_the_unit_hears_once_a_day_that_a_person_will_answer(tmp_path: Path) -> None:
    with Desk(tmp_path, extra="acknowledge_questions = true\n") as desk:
        unit = desk.units[0]
        ids = [desk.mail(unit, text=f"请问第{number}项可以晚报吗？", subject="咨询") for number in (1, 2)]
        desk.cycle()
        desk.cycle(wait=timedelta(hours=1))
        (letter,) = desk.letters
        assert first_line(letter) == "来信收悉，将由工作人员答复"
        assert letter["In-Reply-To"] == ids[0] and "尚缺" not in said(desk)
        assert [kind for kind, _ in desk.todo()] == ["question", "question"]
        desk.now += timedelta(days=1)
        desk.mail(unit, text="请问还有别的要求吗？", subject="咨询", headers={"Auto-Submitted": "auto-replied"})
        desk.cycle()
        assert len(desk.letters) == 1
