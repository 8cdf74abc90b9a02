"""She answers the mail in which the program asks her: only she, only her own words, only for the draft she saw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from intake.approval_mail import _reads
from intake.demo.units import OFFICE_ADDRESS
from tests.desk import Desk, captioned, everything, first_line
from tests.intake.test_approval import body, history, states

QUIET = timedelta(minutes=10)
HERS = "heming@yunling.example"
SECTIONS = f'\n[coordinator]\naddress = "{HERS}"\nname = "何主任"\nreport_at = "23:30"\n'
"""The morning mail does not come between."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """One letter waits, and she was asked."""
    with Desk(tmp_path, mode="approve", sections=SECTIONS) as running:
        unit = running.units[0]
        running.mail(unit, everything(unit), captioned(unit))
        running.cycle(wait=QUIET)
        yield running


def question(desk: Desk) -> EmailMessage:
    return [one for one in desk.letters if one["To"] == HERS][-1]


def answer(
    desk: Desk,
    text: str,
    *,
    by: str = HERS,
    threaded: bool = True,
    subject: str | None = None,
    headers: dict[str, str] | None = None,
) -> str:
    """Her answer as a mail program writes it: her words, then ours quoted."""
    asked = question(desk)
    quoted = str(asked.get_body(("plain",)).get_content())  # type: ignore[union-attr]  # it has a text part
    mail = EmailMessage()
    mail["From"], mail["To"] = f"何敏 <{by}>", OFFICE_ADDRESS
    mail["Subject"] = f"回复：{asked['Subject']}" if subject is None else subject
    mail["Message-ID"], mail["Date"] = f"<a{len(desk.letters)}.{abs(hash(text))}@x.example>", format_datetime(desk.now)
    if threaded:
        mail["In-Reply-To"] = mail["References"] = asked["Message-ID"]
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(
        f"{text}\n\n\n------------------ 原始邮件 ------------------\n"
        f"发件人: 收齐\n主题: 请审核\n收件人: 何敏\n\n{quoted}"
    )
    desk.server.deliver(mail.as_bytes(), desk.now)
    desk.cycle(wait=timedelta(minutes=1))
    return str(mail["Message-ID"])


def to_unit(desk: Desk) -> list[EmailMessage]:
    return [one for one in desk.letters if one["To"] != HERS]


def test_she_is_asked_once_with_the_whole_letter(desk: Desk) -> None:
    desk.cycle(wait=QUIET)
    (asked,) = desk.letters
    text = str(asked.get_body(("plain",)).get_content())  # type: ignore[union-attr]  # it has a text part
    assert first_line(asked) == "有一封信等您同意"
    for words in ("何主任：", desk.units[0].name, "已齐", "收件回执", "第一行只写“同意”"):
        assert words in text
    assert asked["Auto-Submitted"] == "auto-generated"


def test_yes_sends_it(desk: Desk) -> None:
    id = answer(desk, "同意。\n\n何敏\n云岭市质量办 0871-55501234")
    (sent,) = to_unit(desk)
    assert first_line(sent) == "已齐"
    assert desk.mails()[id]["unit"] is None
    assert "已照办" in desk.mails()[id]["reason"]
    assert history(desk) == [("letter-approve", f"邮件（{HERS}）：")]
    assert desk.todo() == []


def test_no_drops_it(desk: Desk) -> None:
    answer(desk, "不发", threaded=False)  # the token in the subject is enough
    desk.cycle(wait=QUIET)
    assert to_unit(desk) == []
    assert states(desk)[0] == "dropped"


def test_her_changed_words_are_sent(desk: Desk) -> None:
    hers = "已齐\n\n李科长：\n    材料都收到了。\n\n    表里第3行请再核一遍，<谢谢>。"
    answer(desk, f"修改\n{hers}\n（完）\n\n何敏")
    (sent,) = to_unit(desk)
    assert body(desk).replace("\r\n", "\n") == hers + "\n"
    assert "&lt;谢谢&gt;" in body(desk, kind="html")
    assert sent["To"] == desk.units[0].addresses[0]


@pytest.mark.parametrize(
    "text",
    [
        "同意，但是第二段请删掉",
        pytest.param("同意\n第二段请删掉", marks=pytest.mark.long),
        "不同意",
        pytest.param("好的", marks=pytest.mark.long),
        pytest.param("收到，谢谢！", marks=pytest.mark.long),
        "",
        "同意吗？",
        pytest.param("修改", marks=pytest.mark.long),
        "> 同意",
    ],
)
def test_anything_else_leaves_it_waiting_and_she_sees_why(desk: Desk, text: str) -> None:
    answer(desk, text)
    assert to_unit(desk) == []
    assert states(desk)[0] == "approval"
    assert [words for _, words in desk.todo() if "待审信件 1 " in words]


@pytest.mark.parametrize("by", ["other@yunling.example", "zlb@unit.example"])
def test_somebody_elses_answer_does_nothing_and_is_shown(desk: Desk, by: str) -> None:
    id = answer(desk, "同意", by=by)
    assert to_unit(desk) == []
    assert (desk.mails()[id]["state"], desk.mails()[id]["unit"]) == ("ignored", None)
    assert [words for _, words in desk.todo() if "不是经办人的邮箱" in words]


def test_a_units_answer_does_nothing(desk: Desk) -> None:
    id = answer(desk, "同意", by=desk.units[1].addresses[0])
    assert to_unit(desk) == []
    assert desk.mails()[id]["unit"] is None


def test_without_thread_and_token_it_is_no_answer(desk: Desk) -> None:
    answer(desk, "同意", threaded=False, subject="回复：请审核〔1-0123456789abcdef〕")
    assert to_unit(desk) == []
    assert states(desk)[0] == "approval"


@pytest.mark.parametrize(
    "headers",
    [{"Auto-Submitted": "auto-replied"}, {"Authentication-Results": "mx.yunling.example; dmarc=fail"}],
)
def test_a_robots_or_a_forged_answer_does_nothing(desk: Desk, headers: dict[str, str]) -> None:
    answer(desk, "同意", headers=headers)
    assert to_unit(desk) == []
    assert states(desk)[0] == "approval"


def test_an_answer_about_an_overtaken_draft_sends_nothing_and_she_is_asked_anew(desk: Desk) -> None:
    unit = desk.units[0]
    old = question(desk)
    desk.mail(unit, everything(unit, 7)[:1], "更正总结，以此件为准。", at=desk.now)
    desk.cycle(wait=QUIET)
    assert question(desk)["Subject"] != old["Subject"]
    assert "代替编号 1 的旧稿" in str(question(desk).get_body(("plain",)).get_content())  # type: ignore[union-attr]  # it has one
    answer(desk, "同意", threaded=False, subject=f"回复：{old['Subject']}")
    assert to_unit(desk) == []
    assert [words for _, words in desk.todo() if "没有发出" in words]
    answer(desk, "同意")
    assert len(to_unit(desk)) == 1


def test_the_office_itself_may_be_the_coordinator(tmp_path: Path) -> None:
    with Desk(tmp_path, mode="approve", sections=SECTIONS.replace(HERS, OFFICE_ADDRESS)) as desk:
        unit = desk.units[0]
        desk.mail(unit, everything(unit), captioned(unit))
        desk.cycle(wait=QUIET)
        asked = next(one for one in desk.letters if one["To"] == OFFICE_ADDRESS)
        mail = EmailMessage()
        mail["From"] = mail["To"] = OFFICE_ADDRESS
        mail["Subject"], mail["Message-ID"] = f"回复：{asked['Subject']}", "<own@x.example>"
        mail.set_content("同意")
        desk.server.deliver(mail.as_bytes(), desk.now)
        desk.cycle(wait=timedelta(minutes=1))
        assert [one["To"] for one in desk.letters if one["To"] != OFFICE_ADDRESS] == [unit.addresses[0]]


def test_her_words_end_where_she_says() -> None:
    assert _reads("修改：\n甲\n\n乙\n（完）\n签名") == ("修改", "甲\n\n乙")
    assert _reads("同意\n\n何敏 13800000000") == ("同意", "")
    assert _reads("同意\n\n请把第二段删掉") is None
