"""The line as a unit and the coordinator live it: many mails, one standing, one letter; nothing twice, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from benchmarks.others import CHINA
from intake.demo import clients, machines
from intake.demo import materials as m
from intake.demo.forms import statistics
from intake.demo.units import OFFICE_ADDRESS
from intake.ledger import all_mail_rows
from storage.tables import MailRow
from tests.desk import Desk, captioned, everything, first_line

QUIET = timedelta(minutes=10)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path) as running:
        yield running


def test_all_in_is_answered_once_and_a_second_cycle_does_nothing(desk: Desk) -> None:
    unit = desk.units[0]
    id = desk.mail(unit, everything(unit), captioned(unit))
    assert desk.cycle(wait=QUIET).posted.sent
    (letter,) = desk.letters
    assert first_line(letter).startswith("已齐")
    assert (letter["To"], letter["In-Reply-To"]) == (unit.addresses[0], id)
    assert desk.status()[unit.code]["state"] == "complete"
    assert desk.mails()[id]["letters"] == [letter["Message-ID"]]
    for _ in range(3):
        again = desk.cycle(wait=timedelta(hours=1))
        assert (again.posted.sent, again.reminded) == ([], 0)
    assert len(desk.letters) == 1


def test_nothing_leaves_within_the_quiet_period_and_three_mails_get_one_answer(desk: Desk) -> None:
    unit = desk.units[0]
    summary, case, photo, table = everything(unit)
    desk.mail(unit, [summary, case])
    assert desk.cycle(wait=timedelta(minutes=1)).posted.sent == []
    desk.mail(unit, [photo], captioned(unit))
    assert desk.cycle(wait=timedelta(minutes=1)).posted.sent == []
    last = desk.mail(unit, [table])
    assert desk.cycle(wait=timedelta(minutes=9)).posted.sent == []
    assert len(desk.cycle(wait=timedelta(minutes=2)).posted.sent) == 1
    (letter,) = desk.letters
    assert first_line(letter).startswith("已齐")
    assert letter["In-Reply-To"] == last
    assert all(row["letters"] == [letter["Message-ID"]] for row in desk.mails().values())


def test_near_the_deadline_the_answer_is_immediate(desk: Desk) -> None:
    desk.now = datetime(2022, 10, 12, 16, 0, tzinfo=CHINA)
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle()
    assert [first_line(one)[:2] for one in desk.letters if one["To"] == unit.addresses[0]] == ["已齐"]


def test_what_is_owed_is_told_with_figure_clause_and_remedy_then_mended(desk: Desk) -> None:
    unit = desk.units[0]
    summary, case, _, table = everything(unit)
    small = m.photo(unit, 1, name="图1.jpg", width=800, height=600)
    desk.mail(unit, [summary, case, small, table], captioned(unit))
    desk.cycle(wait=QUIET)
    text = desk.letters[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has a text part
    assert first_line(desk.letters[0]).startswith("尚缺 1 项")
    for words in ("800×600", "1024×768", "每张配50字左右文字说明", "0871-55501234"):
        assert words in text
    desk.mail(unit, [m.photo(unit, 2, name="图1.jpg")], captioned(unit))
    desk.cycle(wait=timedelta(hours=2))
    assert first_line(desk.letters[1]).startswith("已齐")
    assert desk.state(unit, "photos") == "ok"


def test_a_worse_later_file_displaces_nothing_and_is_told(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle(wait=QUIET)
    desk.mail(unit, [statistics(unit, 1, fault="blank")], at=desk.now)
    desk.cycle(wait=timedelta(hours=2))
    status = desk.status()[unit.code]
    assert status["state"] == "complete"
    findings = [f for r in status["requirements"] if r["id"] == "statistics" for f in r["findings"]]
    assert [f["outcome"] for f in findings if f["code"] == "table-empty"] == ["note"]


def test_the_same_files_again_change_nothing_and_are_not_answered(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle(wait=QUIET)
    before = desk.status()[unit.code]["requirements"]
    id = desk.mail(unit, everything(unit), captioned(unit))
    assert desk.cycle(wait=timedelta(hours=2)).posted.sent == []
    after = desk.status()[unit.code]["requirements"]
    assert [{**one, "history": ()} for one in after] == [{**one, "history": ()} for one in before]
    states = {version["state"] for one in after for version in one["history"] if version["message_id"] == id}
    assert states == {"duplicate"}
    assert desk.mails()[id]["state"] == "processed"


def test_words_in_a_mail_take_a_file_back_and_words_in_its_history_do_not(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle(wait=QUIET)
    desk.mail(unit, [], "收到，谢谢。\n\n-----原始邮件-----\n发件人: 甲\n主题: 材料\n\n申请撤回活动总结")
    desk.cycle(wait=QUIET)
    assert desk.state(unit, "summary") == "ok"
    desk.mail(unit, [], "您好：\n因数据有误，申请撤回活动总结。")
    desk.cycle(wait=QUIET)
    summary = next(one for one in desk.status()[unit.code]["requirements"] if one["id"] == "summary")
    assert summary["state"] == "unsure"
    assert [(version["state"], "申请撤回" in version["why"]) for version in summary["history"]] == [("withdrawn", True)]
    assert "申请撤回活动总结" in desk.letters[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has a text part


def test_a_stranger_who_names_his_unit_counts_and_the_registered_address_is_told(desk: Desk) -> None:
    unit = desk.units[1]
    subject = f"{unit.name}质量月材料"
    id = desk.mail(unit, everything(unit), captioned(unit), subject=subject, from_="8812345@qqmail.example")
    desk.cycle(wait=QUIET)
    assert [letter["To"] for letter in desk.letters] == [unit.addresses[0]]
    assert desk.mails()[id]["unit"] == unit.code
    notes = {f["code"] for r in desk.status()[unit.code]["requirements"] for f in r["findings"]}
    assert "unknown-sender" in notes
    assert [kind for kind, _ in desk.todo()] == ["unknown-sender"]


def test_captions_in_a_forwarded_mail_count(desk: Desk) -> None:
    unit = desk.units[0]
    handed_on = (
        f"请查收。\n\n------------------ 原始邮件 ------------------\n发件人: 小李\n主题: 材料\n\n{captioned(unit)}"
    )
    desk.mail(unit, everything(unit), handed_on, subject="转发：质量月材料")
    desk.cycle(wait=QUIET)
    assert desk.state(unit, "photos") == "ok"


def test_a_mail_with_the_material_of_two_units_is_shown_to_a_person(desk: Desk) -> None:
    unit, other = desk.units[:2]
    id = desk.mail(unit, [m.summary(unit, 1), m.summary(other, 2)], subject=f"{unit.name}、{other.name}质量月材料")
    desk.cycle(wait=QUIET)
    assert desk.mails()[id]["unit"] == unit.code
    ((kind, text),) = desk.todo()
    assert kind == "several-units" and other.name in text


def test_a_unit_that_another_unit_s_mail_speaks_of_is_not_reminded_before_a_person_looked(desk: Desk) -> None:
    unit, other, third = desk.units
    words = f"现报送我局和{other.name}的材料，请查收。\n\n{unit.name}\n{other.name}"
    desk.mail(unit, [m.summary(unit, 1)], words, subject=f"{unit.name}、{other.name}质量月材料")
    desk.cycle(wait=QUIET)
    assert [kind for kind, _ in desk.todo()] == ["several-units"]
    replies = len(desk.letters)
    desk.now = datetime(2022, 10, 9, 9, 1, tzinfo=CHINA)
    desk.cycle()
    assert {letter["To"] for letter in desk.letters[replies:]} == {unit.addresses[0], third.addresses[0]}


def test_a_stranger_who_names_nobody_is_held_and_not_answered(desk: Desk) -> None:
    id = desk.mail(desk.units[0], [m.photo(desk.units[0], 1)], "材料", subject="材料", from_="x@qqmail.example")
    desk.cycle(wait=QUIET)
    assert (desk.mails()[id]["state"], desk.letters) == ("held", [])
    assert [kind for kind, _ in desk.todo()] == ["held"]


def test_where_the_office_wants_it_an_unplaceable_sender_is_asked_once(tmp_path: Path) -> None:
    with Desk(tmp_path, extra='unregistered = "reply"\n') as desk:
        for _ in range(2):
            desk.mail(desk.units[0], [m.photo(desk.units[0], 1)], "材料", subject="材料", from_="x@qqmail.example")
            desk.cycle(wait=QUIET)
            desk.cycle(wait=QUIET)
        assert [letter["To"] for letter in desk.letters] == ["x@qqmail.example"]


def test_machines_are_never_answered_and_a_bounce_marks_the_address(desk: Desk) -> None:
    unit, other = desk.units[0], desk.units[1]
    bounce = machines.bounce(
        to=OFFICE_ADDRESS,
        failed=unit.addresses[0],
        original_id="<o@x.example>",
        date=desk.now,
        message_id="<b1@mx.example>",
    )
    desk.server.deliver(bounce, desk.now)
    desk.server.deliver(
        machines.auto_reply(
            from_=(other.contact, other.addresses[0]), to=OFFICE_ADDRESS, date=desk.now, message_id="<b2@x.example>"
        ),
        desk.now,
    )
    desk.server.deliver(machines.newsletter(to=OFFICE_ADDRESS, date=desk.now, message_id="<b3@x.example>"), desk.now)
    desk.cycle(wait=QUIET)
    assert {row["class"] for row in desk.mails().values()} == {"bounce", "auto-reply", "list"}
    assert {row["state"] for row in desk.mails().values()} == {"ignored"}
    assert desk.letters == []
    assert desk.status()[unit.code]["undeliverable"]
    assert "undeliverable" in [kind for kind, _ in desk.todo()]


def test_a_bounce_of_prose_alone_marks_the_address_until_it_writes_again(desk: Desk) -> None:
    unit, other = desk.units[0], desk.units[1]
    words = (
        "抱歉，您的邮件被退回来了。\n收件人：{}\n退信原因：{}\n"
        "host mx.qinghe.example said: {} (in reply to RCPT TO command)"
    )
    for number, (one, why, code) in enumerate(
        ((unit, "邮箱不存在", "550 Mailbox not found"), (other, "服务器繁忙", "451 4.3.2 try later"))
    ):
        bounce = clients.compose(
            "163",
            from_=("", "postmaster@mail.example"),
            to=OFFICE_ADDRESS,
            subject="系统退信",
            text=words.format(one.addresses[0], why, code),
            date=desk.now,
            message_id=f"<b{number}@mx.example>",
        )
        desk.server.deliver(bounce, desk.now)
    desk.cycle(wait=QUIET)
    assert desk.status()[unit.code]["undeliverable"] == f"{unit.addresses[0]}：退信，收件地址不存在（5.1.1）"
    assert not desk.status()[other.code]["undeliverable"]
    assert any("暂时没有送达（4.3.2）" in row["reason"] for row in desk.mails().values())
    desk.mail(unit, text="材料稍后报送。", subject="材料")
    desk.cycle(wait=QUIET)
    assert not desk.status()[unit.code]["undeliverable"]


def test_a_question_is_left_to_a_person(desk: Desk) -> None:
    desk.mail(desk.units[0], text="请问视频可以刻成光盘送去吗？", subject="咨询")
    desk.cycle(wait=QUIET)
    assert desk.letters == []
    assert [kind for kind, _ in desk.todo()] == ["question"]
    assert desk.status()[desk.units[0].code]["state"] == "missing"  # a question is no material
    (row,) = desk.mails().values()
    assert row["reason"].endswith("来信是咨询，由人工答复")


def test_a_question_beside_files_gets_a_letter_and_a_person(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), text=captioned(unit) + "\n请问视频可以刻成光盘送去吗？")
    desk.cycle(wait=QUIET)
    assert len(desk.letters) == 1
    assert [kind for kind, _ in desk.todo()] == ["question"]


def test_what_a_photo_shows_is_no_question(desk: Desk) -> None:
    words = "9月14日，工作人员开展现场咨询活动，向群众讲解如何辨别真伪，发放宣传手册。"
    desk.mail(desk.units[0], text=f"补充照片说明：\n{words}", subject="补充照片说明")
    desk.cycle(wait=QUIET)
    assert desk.todo() == []
    assert len(desk.letters) == 1


def test_a_promised_but_absent_attachment_is_told(desk: Desk) -> None:
    desk.mail(desk.units[0], text="您好，材料见附件，请查收。")
    desk.cycle(wait=QUIET)
    assert first_line(desk.letters[0]).startswith("尚缺 4 项")


def test_a_mail_with_another_matter_is_left_to_a_person(desk: Desk) -> None:
    unit = desk.units[0]
    id = desk.mail(unit, text="现将值班安排报上，请查收。", subject="国庆假期值班安排的函")
    assert desk.cycle(wait=QUIET).posted.sent == []
    assert desk.status()[unit.code]["state"] == "missing"
    assert desk.mails()[id]["state"] == "processed"
    ((_, text),) = [one for one in desk.todo() if one[0] == "question"]
    assert "别的事项" in text and "值班安排" in text
    desk.mail(unit, everything(unit), captioned(unit))
    assert desk.cycle(wait=QUIET).posted.sent


def test_old_mail_is_taken_but_not_answered(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit), at=desk.now - timedelta(days=31))
    desk.cycle()
    assert desk.status()[unit.code]["state"] == "complete"
    assert desk.letters == []


def test_letters_wait_for_a_person_where_the_office_wants_that(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        text = desk.config.read_text("utf-8").replace('mode = "send"', 'mode = "approve"')
        desk.config.write_text(text, "utf-8")
        unit = desk.units[0]
        desk.mail(unit, everything(unit), captioned(unit))
        desk.cycle(wait=QUIET)
        assert desk.letters == []
        assert [row["state"] for row in desk.outbox()] == ["approval"]
        assert [kind for kind, _ in desk.todo()] == ["approval"]


def test_the_caps_hold_letters_back_and_they_leave_later(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        desk.config.write_text(desk.config.read_text("utf-8").replace("per_hour = 1000", "per_hour = 1"), "utf-8")
        for unit in desk.units:
            desk.mail(unit, everything(unit), captioned(unit))
        assert desk.cycle(wait=QUIET).posted.held_back == 2
        assert len(desk.letters) == 1
        for hours in (2, 2):
            desk.cycle(wait=timedelta(hours=hours))
        assert len({letter["To"] for letter in desk.letters}) == 3


def test_only_who_owes_is_reminded_and_each_rung_once(desk: Desk) -> None:
    complete, partial, silent = desk.units
    desk.mail(complete, everything(complete), captioned(complete))
    desk.mail(partial, [m.summary(partial, 1)])
    desk.cycle(wait=QUIET)
    replies = len(desk.letters)
    assert replies == 2
    desk.now = datetime(2022, 10, 9, 8, 59, tzinfo=CHINA)  # a Sunday worked in exchange: the rung of 3 days
    assert desk.cycle().reminded == 0
    desk.now = datetime(2022, 10, 9, 9, 1, tzinfo=CHINA)
    assert desk.cycle().reminded == 2
    assert desk.cycle(wait=timedelta(hours=3)).reminded == 0
    reminders = {letter["To"]: letter for letter in desk.letters[replies:]}
    assert set(reminders) == {partial.addresses[0], silent.addresses[0]}
    assert first_line(reminders[partial.addresses[0]]).startswith("尚缺 3 项")
    assert reminders[partial.addresses[0]]["Auto-Submitted"] == "auto-generated"
    assert len(desk.status()[silent.code]["reminders"]) == 1


def test_a_question_alone_is_no_material_for_the_reminder(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, text="请问视频可以刻成光盘送去吗？", subject="咨询")
    desk.now = datetime(2022, 10, 9, 9, 1, tzinfo=CHINA)
    desk.cycle()
    (reminder,) = [letter for letter in desk.letters if letter["To"] == unit.addresses[0]]
    part = reminder.get_body(("plain",))
    assert part is not None and "目前尚未收到贵单位的材料" in part.get_content()


def test_a_holiday_reminds_nobody(desk: Desk) -> None:
    for day in (1, 2, 5, 7):
        desk.now = datetime(2022, 10, day, 9, 30, tzinfo=CHINA)
        assert desk.cycle().reminded == 0


def test_a_unit_whose_mail_nobody_understood_yet_is_not_reminded(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), text=f"{desk.units[1].name}", subject=f"{desk.units[1].name}{desk.units[2].name}")
    desk.cycle(wait=QUIET)
    with desk.office() as office, office.database.writing() as session:
        row = session.exec(select(MailRow)).first()
        assert row is not None
        row.state, row.unit = "stuck", None
        session.add(row)
    desk.now = datetime(2022, 10, 9, 9, 1, tzinfo=CHINA)
    desk.cycle()
    assert unit.addresses[0] not in {letter["To"] for letter in desk.letters if "催报" in letter["Subject"]}


def test_a_poisonous_mail_is_listed_and_the_next_one_goes_on(desk: Desk) -> None:
    unit = desk.units[0]
    desk.server.deliver(b"Subject: x\r\n\r\n" * 20_000 + b"\x00\xff" * 1000, desk.now)
    desk.server.deliver(b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 5_000, desk.now)
    id = desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle(wait=QUIET)
    assert desk.mails()[id]["state"] == "processed"
    assert len(desk.letters) == 1
    with desk.office() as office:
        rows = all_mail_rows(office)
    assert len(rows) == 3
    assert all(row.state != "received" and row.reason for row in rows)


def test_an_older_mail_that_is_found_later_still_gets_its_answer(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit), at=desk.now)
    desk.cycle(wait=timedelta(minutes=1))
    desk.mail(unit, everything(unit), captioned(unit), at=desk.now - timedelta(hours=1))  # somebody moved it here
    desk.cycle(wait=QUIET)
    assert [first_line(one)[:2] for one in desk.letters] == ["已齐"]
    assert all(row["letters"] for row in desk.mails().values())
