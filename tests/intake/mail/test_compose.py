"""Letters as mail programs see them: who they are for, which thread they join, what they say in both parts."""

from __future__ import annotations

import email
import email.policy
import html
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import sample_letters as sample
from intake.letterpoints import _rule
from intake.letterwords import clean, deadline_words, size_words, until
from intake.mail import robotwords
from intake.mail.build import Head, build
from intake.mail.compose import compose_hold_notice, compose_reply
from intake.mail.letter import Answered, Letter, message_id_of
from intake.mail.marks import is_own_id
from intake.wording import BUILT_IN
from rules.finding import Finding
from rules.verdict import File, Standing, Unplaced, Verdict

TZ = ZoneInfo("Asia/Shanghai")
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
HEADERS = {
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "auto-submitted",
    "x-auto-response-suppress",
    "x-shouqi-loop",
    "mime-version",
    "content-type",
}
SMUGGLER = "<=?utf-8?q?a=0D=0ABcc:_evil@x.example?=@b.example>"
HOSTILE = [
    SMUGGLER,
    "x\r\nBcc: evil@x.example",
    "x\nBcc: evil@x.example\n\nbody",
    "x\rTo: evil@x.example",
    "x\r\n\r\n<script>alert(1)</script>",
    "=?utf-8?q?a=0D=0ABcc:_evil@x.example?=",
    "=?utf-8?b?DQpCY2M6IGV2aWxAeC5leGFtcGxl?=",
    "x\x00y",
    "x\x0bBcc: evil@x.example",
    "x\x0cBcc: evil@x.example",
    "x\x1cBcc: evil@x.example",
    "x\x85Bcc: evil@x.example",
    "x\u2028Bcc: evil@x.example",
    "x\u2029Bcc: evil@x.example",
    "\u202ecod.exe",
    "\u2066材料\u2069",
    "a\u200bb\ufeffc",
    "\udc80\udcff",
    "\ud83d",
    "\u0000" * 50,
    " \r\n\t Bcc: evil@x.example",
    "Subject: evil\r\nFrom: a@b.example",
    "自动回复：" * 60,
    "长" * 5000,
    "a" * 5000,
    "\t\t\t",
    "",
    "'\"<>&;{{ 7*7 }}{% raw %}",
    "http://evil.example/x.jpg",
    "x, evil@x.example",
    "<evil@x.example>",
    "x;\r\n boundary=evil",
    "%0d%0aBcc:evil@x.example",
    "回复:\r\n 回复:\r\n Bcc: evil@x.example",
    "\x1b]0;evil\x07",
    "𠀀" * 300,
    "é" * 300 + "\r\n",
    "=?gb2312?B?" + "A" * 300 + "?=",
    "?=\r\nBcc: evil@x.example",
    "(comment\r\n)",
    "\\\r\\\n",
]


def parsed(letter: Letter) -> EmailMessage:
    message = email.message_from_bytes(letter.raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def header_names(letter: Letter) -> list[str]:
    """Names of the headers as they stand on the wire."""
    head = letter.raw.partition(b"\r\n\r\n")[0]
    return [one.partition(b":")[0].decode().lower() for one in re.split(rb"\r\n(?![ \t])", head)]


def seen(markup: str) -> str:
    """What a person sees of HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"(?s)<head>.*?</head>|<!DOCTYPE[^>]*>", "", markup)))


def dense(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_both_parts_say_the_same(name: str) -> None:
    text, markup = sample.parts(sample.SAMPLES[name]())
    assert dense(seen(markup)) == dense(text)


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_every_letter_is_marked_addressed_and_finished(name: str) -> None:
    letter = sample.SAMPLES[name]()
    message = parsed(letter)
    names = header_names(letter)
    assert len(names) == len(set(names))
    assert set(names) <= HEADERS
    assert [address.addr_spec for address in message["To"].addresses] == [letter.to]
    # the newer parser of the library leaves a blank between the words of a long name (RFC 2047, 6.2 says none)
    raw_from = email.message_from_bytes(letter.raw, policy=email.policy.compat32)["From"]
    assert str(make_header(decode_header(raw_from))) == f"{sample.OFFICE.name} <{sample.OFFICE.address}>"
    expected = "auto-generated" if letter.kind in ("reminder", "report") else "auto-replied"
    assert message["Auto-Submitted"] == expected
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Shouqi-Loop"] == "sample"
    assert "Precedence" not in message
    assert message["Message-ID"] == letter.message_id
    assert is_own_id(letter.message_id, sample.OFFICE.domain)
    assert message["Subject"] == letter.subject
    assert len(letter.subject) <= 60
    assert not message.defects
    assert message.get_content_type() == "multipart/alternative"
    assert letter.raw.isascii()
    assert b"\n" not in letter.raw.replace(b"\r\n", b"")
    assert max(map(len, letter.raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_no_letter_loads_anything_from_elsewhere(name: str) -> None:
    _, markup = sample.parts(sample.SAMPLES[name]())
    assert not re.search(r"(?i)<(script|link|iframe|style)|https?://|url\(|javascript:", markup)
    assert not re.search(r"""(?i)<img[^>]*src="(?!cid:)""", markup)


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_the_same_letter_twice_is_equal_to_the_byte(name: str) -> None:
    assert sample.SAMPLES[name]() == sample.SAMPLES[name]()


def test_another_key_is_another_letter() -> None:
    one, two = (sample.reply(sample.verdict(), key=key) for key in ("a", "b"))
    assert one.message_id != two.message_id
    assert parsed(one).get_boundary() != parsed(two).get_boundary()
    assert one.message_id == message_id_of("a", "yunling.example")


def first_line(letter: Letter) -> tuple[str, str]:
    text, markup = sample.parts(letter)
    return text.splitlines()[0], next(part.strip() for part in seen(markup).splitlines() if part.strip())


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (sample.verdict(sample.SUMMARY, sample.CASE, sample.PHOTOS, sample.TABLE), "已齐"),
        (sample.verdict(sample.SUMMARY, sample.CASE, sample.PHOTOS), "尚缺 1 项"),
        (sample.verdict(sample.BAD_PHOTOS), "尚缺 4 项"),
        (sample.verdict(sample.SUMMARY, sample.CASE, sample.PHOTOS, sample.UNSURE_TABLE), "已收到，待核 1 项"),
        (sample.verdict(sample.SUMMARY, sample.CASE, sample.BAD_PHOTOS, sample.UNSURE_TABLE), "尚缺 1 项"),
    ],
)
def test_the_first_line_is_the_verdict(verdict: Verdict, expected: str) -> None:
    assert first_line(sample.reply(verdict)) == (expected, expected)


def body(letter: Letter) -> str:
    return sample.parts(letter)[0]


def test_what_is_owed_comes_with_measure_clause_and_remedy() -> None:
    text = body(sample.reply(sample.verdict(sample.SUMMARY, sample.CASE, sample.BAD_PHOTOS)))
    assert "✗ 特色活动图片　需修改" in text
    assert "收到：微信图片_20221007101512.jpg、微信图片_20221007101530.jpg" in text
    assert "800×600像素，小于要求的1024×768像素" in text
    assert text.count("请发送相机或手机拍摄的原图") == 1  # once for both pictures
    assert "依据：“特色活动图片1至2张，JPG格式，像素不低于1024×768，每张附50字文字说明。”" in text
    assert "✗ 活动情况统计表　未收到" in text
    assert "✓ 合格：活动总结、典型案例" in text
    assert "— 选报，未收到：活动视频" in text
    assert "还有 4 天" in text
    assert "0900-5550123" in text


def test_the_measure_is_added_where_the_sentence_lacks_it() -> None:
    text = body(sample.reply(sample.verdict(sample.BAD_TABLE)))
    assert "实际：合计 1 268；要求：合计 1 286。" in text
    photos = body(sample.reply(sample.verdict(sample.BAD_PHOTOS)))
    assert "实际：" not in photos


def test_a_doubt_blames_nobody() -> None:
    text = body(sample.reply(sample.verdict(sample.SUMMARY, sample.CASE, sample.PHOTOS, sample.UNSURE_TABLE)))
    assert "？ 活动情况统计表　待人工核对" in text
    assert "问题：" not in text
    assert "没有需要贵单位补报的内容" in text


def test_when_all_is_in_the_letter_is_a_receipt() -> None:
    text = body(sample.reply(sample.verdict(sample.SUMMARY, sample.CASE, sample.PHOTOS, sample.TABLE)))
    receipt = text.partition("收件回执")[2]
    for standing in (sample.SUMMARY, sample.CASE, sample.PHOTOS, sample.TABLE):
        for file in standing.files:
            assert file.name in receipt
            assert file.sha256[:16] in receipt
            assert size_words(file.size) in receipt
    assert "10月8日09:30 收到" in receipt
    assert "还有" not in text


def test_material_of_an_unknown_sender_is_told_to_the_registered_address() -> None:
    text = body(sample.SAMPLES["reply-unknown-sender"]())
    assert "以贵单位名义" in text
    assert text.count("由未登记的邮箱发来") == 1
    assert "请用登记邮箱回信确认" in text


def test_files_of_unknown_senders_are_told_in_one_sentence() -> None:
    def from_stranger(id: str, name: str) -> Standing:
        says = f"“{name}”由未登记的邮箱发来，暂按贵单位报送计入，请确认。"
        fix = "请用登记邮箱回信确认，或用登记邮箱重新发送。"
        return sample.standing(id, "ok", findings=(Finding(code="unknown-sender", outcome="note", says=says, fix=fix),))

    text = body(sample.reply(sample.verdict(from_stranger("summary", "总结.docx"), from_stranger("case", "案例.docx"))))
    assert text.count("由未登记的邮箱发来") == text.count("请用登记邮箱回信确认") == 1
    assert "“总结.docx”、“案例.docx”由未登记的邮箱发来" in text


def test_a_loose_file_is_named_once() -> None:
    loose = Unplaced(name="会议通知.pdf", sha256="0" * 64, key="k", why="没有对应的要求")
    told = body(sample.reply(sample.verdict(unplaced=(loose,))))
    assert told.count("会议通知.pdf") == 1
    assert "其他来件（已收存）：会议通知.pdf" in told
    loose = Unplaced(name="会议通知.pdf", sha256="0" * 64, key="k", why="可能是统计表", candidates=("statistics",))
    assert "由工作人员查看：会议通知.pdf" in body(sample.reply(sample.verdict(unplaced=(loose,))))
    spoken = sample.standing(
        "statistics",
        "unsure",
        findings=(Finding(code="missing", outcome="unsure", says="收到“会议通知.pdf”，正由经办人核对。"),),
    )
    assert body(sample.reply(sample.verdict(spoken, unplaced=(loose,)))).count("会议通知.pdf") == 1


def test_a_reminder_names_only_what_is_owed() -> None:
    text = body(sample.reminder(sample.verdict(sample.SUMMARY, sample.UNSURE_TABLE), "3d", sample.day(9)))
    assert "典型案例" in text
    assert "特色活动图片" in text
    for settled in ("活动总结", "统计表", "视频"):
        assert settled not in text


def test_reminders_grow_firmer() -> None:
    texts = [
        body(sample.reminder(sample.verdict(), rung, datetime(2022, *day, 9, tzinfo=TZ)))
        for rung, day in (("7d", (9, 28)), ("3d", (10, 9)), ("1d", (10, 11)), ("0d", (10, 12)), ("0d", (10, 13)))
    ]
    words = ("请合理安排时间", "请抓紧办理", "请务必于", "截止时间是今天|今天截止", "请尽快")
    for text, word in zip(texts, words, strict=True):
        assert re.search(word, text)
    assert len(set(texts)) == len(texts)


def test_who_owes_nothing_is_not_reminded() -> None:
    full = sample.verdict(sample.SUMMARY, sample.CASE, sample.PHOTOS, sample.TABLE)
    with pytest.raises(ValueError, match="owes nothing"):
        sample.reminder(full, "1d", sample.day(11))


def test_a_hold_notice_names_no_unit() -> None:
    text = body(sample.hold())
    assert sample.UNIT.name not in text
    assert "单位全称" in text


def test_our_subject_has_one_prefix_and_looks_like_a_robot() -> None:
    for subject in ("Re: 回复：自动回复：材料", "回复：材料", "Re[2]: FW: 材料", "材料"):
        letter = sample.reply(sample.verdict(), sample.mail(subject))
        assert letter.subject == "自动回复：材料"
        assert robotwords.is_robot_subject(letter.subject, with_files=False)
    assert sample.reply(sample.verdict(), sample.mail("")).subject.startswith("自动回复：关于报送2022年")


def test_a_reminder_keeps_its_count_however_long_the_title() -> None:
    notice = sample.NOTICE.model_copy(update={"title": "关于" + "认真" * 80 + "报送材料的通知"})
    original, sample.NOTICE = sample.NOTICE, notice
    try:
        subject = sample.reminder(sample.verdict(), "1d", sample.day(11)).subject
    finally:
        sample.NOTICE = original
    assert subject.startswith("催报：关于认真")
    assert subject.endswith("（尚缺4项）")
    assert len(subject) <= 60


LONG = [f"<{number:03d}-{'x' * 190}@mail.qinghe.example>" for number in range(40)]


def threaded(message_id: str, references: Sequence[str]) -> EmailMessage:
    answered = Answered(message_id=message_id, references=tuple(references), subject="材料", received_at=sample.NOW)
    letter = sample.reply(sample.verdict(), answered)
    unfolded = re.sub(rb"\r\n[ \t]", b" ", letter.raw)
    for one in (message_id, *references):
        if one in str(parsed(letter)["References"]):
            assert one.encode() in unfolded  # not only after decoding: some programs do not decode here
    assert b"In-Reply-To: =?" not in letter.raw
    return parsed(letter)


@pytest.mark.parametrize("length", [60, 74, 78, 200, 900])
def test_a_long_message_id_is_not_broken(length: int) -> None:
    message_id = f"<{'x' * (length - 12)}@q.example>"
    message = threaded(message_id, ())
    assert (message["In-Reply-To"], message["References"]) == (message_id, message_id)


def test_a_long_thread_keeps_its_first_and_its_last() -> None:
    message = threaded(LONG[-1], LONG[:-1])
    assert str(message["References"]).split() == [LONG[0], *LONG[-10:-1], LONG[-1]]


@pytest.mark.parametrize(
    "bad", ["", "no brackets", "<a b@c>", "<a@b>\r\nBcc: x", "<é@b>", f"<{'x' * 901}>", "<a@b><c@d>", SMUGGLER]
)
def test_an_unusable_message_id_is_left_out(bad: str) -> None:
    message = threaded("<good@q.example>", (bad, "<a@q.example>"))
    assert str(message["References"]).split() == ["<a@q.example>", "<good@q.example>"]
    alone = sample.reply(sample.verdict(), Answered(message_id=bad, references=(), subject="x", received_at=sample.NOW))
    assert not {"in-reply-to", "references"} & set(header_names(alone))


@pytest.mark.parametrize("payload", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_from_outside_reaches_the_headers_or_becomes_markup(payload: str) -> None:
    files = (File(name=payload, sha256="a" * 64, size=1, message_id=payload, received_at=sample.NOW),)
    finding = Finding(code="x", outcome="fail", says=f"“{payload}”不合格。", fix="重发", file=payload, measured=payload)
    letters = [
        sample.reply(
            sample.verdict(
                sample.standing("photos", "problem", *files, findings=(finding,)),
                unplaced=(Unplaced(name=payload, sha256="0", key="k", why=payload),),
            ),
            Answered(message_id=payload, references=(payload,), subject=payload, received_at=sample.NOW),
        ),
        sample.reply(
            sample.verdict(sample.SUMMARY, sample.CASE, sample.TABLE, sample.standing("photos", "ok", *files))
        ),
        compose_hold_notice(
            key="k",
            office=sample.OFFICE,
            notice=sample.NOTICE,
            to="a@b.example",
            answered=[Answered(message_id=payload, references=(), subject=payload, received_at=sample.NOW)],
            now=sample.NOW,
            tz=TZ,
            loop_token="t",
        ),
    ]
    for letter in letters:
        names = header_names(letter)
        assert set(names) <= HEADERS
        assert len(names) == len(set(names))
        message = parsed(letter)
        assert [one.addr_spec for one in message["To"].addresses] == [letter.to]
        assert len(letter.subject) <= 60
        assert clean(letter.subject) == letter.subject
        text, markup = sample.parts(letter)
        assert not INVISIBLE.search(text)
        assert "<script" not in markup
        if "7*7" in payload and payload in text:
            assert "{{ 7*7 }}" in seen(markup)
        assert dense(seen(markup)) == dense(text)


@pytest.mark.parametrize(
    "to", ["", "a", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "质量@b.example", "<a@b.example>"]
)
def test_a_letter_has_exactly_one_recipient(to: str) -> None:
    with pytest.raises(ValueError, match="mail address"):
        compose_reply(
            key="k",
            office=sample.OFFICE,
            notice=sample.NOTICE,
            unit=sample.UNIT,
            to=to,
            verdict=sample.verdict(),
            answered=[sample.mail()],
            now=sample.NOW,
            tz=TZ,
            loop_token="t",
        )


@pytest.mark.parametrize("field", ["from_name", "subject", "message_id", "to", "loop_token"])
@pytest.mark.parametrize(
    "value", ["a\r\nBcc: evil@x.example", SMUGGLER, "\ud800", "\x00", "=?utf-8?q?a=0D=0AB?=@b.example"]
)
def test_the_builder_itself_refuses_what_could_become_a_header(field: str, value: str) -> None:
    head = Head(
        from_name="办公室",
        from_address="zlb@yunling.example",
        to="a@b.example",
        subject="材料",
        date=sample.NOW,
        message_id="<a@b.example>",
        thread={},
        auto_submitted="auto-replied",
        loop_token="t",
    )
    assert build(head, text="a", html="a", boundary="b")
    with pytest.raises(ValueError, match=r"not a|not to be|loop token"):
        build(replace(head, **{field: value}), text="a", html="a", boundary="b")  # type: ignore[arg-type]  # all are str


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_words_make_a_sound_letter(subject: str, name: str) -> None:
    """Law: whatever stands in a subject or a file name, the letter has our headers and says it twice alike."""
    letter = sample.reply(
        sample.verdict(sample.standing("photos", "problem", sample.piece(name, 9))),
        Answered(message_id="<a@b.example>", references=(), subject=subject, received_at=sample.NOW),
    )
    assert set(header_names(letter)) == HEADERS
    assert parsed(letter)["Subject"] == letter.subject
    text, markup = sample.parts(letter)
    assert dense(seen(markup)) == dense(text)


@pytest.mark.parametrize(
    ("deadline", "now", "words", "by"),
    [
        ((12, 23, 59, 59), (8, 9, 0), "2022年10月12日（星期三），还有 4 天", "10月12日前（含当日）"),
        ((13, 0, 0, 0), (8, 9, 0), "2022年10月12日（星期三），还有 4 天", "10月12日前（含当日）"),
        ((12, 17, 0, 0), (11, 23, 30), "2022年10月12日（星期三）17:00，还有 1 天", "10月12日17:00前"),
        ((12, 17, 0, 0), (12, 9, 0), "2022年10月12日（星期三）17:00，今天截止", "今天17:00前"),
        ((12, 23, 59, 59), (12, 23, 0), "2022年10月12日（星期三），今天截止", "今天内"),
        ((12, 17, 0, 0), (12, 18, 0), "2022年10月12日（星期三）17:00，已过截止时间", "今天17:00前"),
        ((12, 23, 59, 59), (14, 0, 0), "2022年10月12日（星期三），已过截止时间 2 天", "10月12日前（含当日）"),
    ],
)
def test_the_deadline_in_words(
    deadline: tuple[int, int, int, int], now: tuple[int, int, int], words: str, by: str
) -> None:
    due, moment = datetime(2022, 10, *deadline, tzinfo=TZ), datetime(2022, 10, *now, tzinfo=TZ)
    for zone in (TZ, UTC):  # the office's zone decides, whatever the values are written in
        assert deadline_words(due.astimezone(zone), moment.astimezone(zone), TZ) == words
        assert until(due.astimezone(zone), moment.astimezone(zone), TZ) == by


def test_an_extension_moves_the_deadline_of_one_letter() -> None:
    letter = compose_reply(
        key="k",
        office=sample.OFFICE,
        notice=sample.NOTICE,
        unit=sample.UNIT,
        to=sample.UNIT.addresses[0],
        verdict=sample.verdict(),
        answered=[sample.mail()],
        now=sample.NOW,
        tz=TZ,
        loop_token="t",
        deadline=sample.NOTICE.deadline + timedelta(days=5),
    )
    assert "2022年10月17日（星期一），还有 9 天" in body(letter)


def test_a_wording_that_names_something_unknown_is_an_error() -> None:
    with pytest.raises(Exception, match="is undefined"):
        BUILT_IN.line("reply", "opening", {})


def test_figures_that_the_sentence_tells_are_not_told_again() -> None:
    wrong = Finding(
        code="table-total-wrong",
        outcome="fail",
        says="“合计”填 8，各项相加为 9。",
        fix="请核对。",
        expected="9",
        measured="8",
    )
    assert _rule(wrong) == ""
    assert _rule(msgspec.structs.replace(wrong, says="合计不符。")) == "实际：8；要求：9。"
