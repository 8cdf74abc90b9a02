"""Words that a person must answer, and words that we may answer."""

from __future__ import annotations

import pytest

from intake import speech
from intake.mail.message import Attachment, Message
from rules.facts import TextFacts


def mail(text: str, *, files: bool = False) -> Message:
    facts = TextFacts(format="docx", text="总结", characters=2)
    piece = Attachment(
        name="总结.docx", path="总结.docx", size=1, digest="0", content_type="", kind="docx", facts=facts, spool=""
    )
    return Message(message_id="<1@unit.example>", subject="", text=text, attachments=(piece,) if files else ())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("您好，请问材料报送截止时间可以延期几天吗？", speech.QUESTION),
        ("请问附件3在哪里下载？请发一份给我，谢谢。", speech.QUESTION),
        ("我单位没有开展相关活动，还需要报吗？", speech.QUESTION),
        ("您好，材料下周一才能报，请予谅解。", speech.REMARK),
        ("我局联系人变更为李某，电话0871-55520000，请更新。", speech.REMARK),
        ("我单位今年未开展此项活动。", speech.REMARK),
        ("材料见附件，请查收。", ""),
        ("现将质量月活动材料报上，视频稍后补报。", ""),
        ("材料已报送，请问收到了吗？", speech.QUESTION),
        ("图片1说明变更为：九月六日，工作人员走进社区。", ""),
        ("图片说明：9月22日，市民走进检验室，看样品如何接收、检测和出具报告。", ""),
        ("图片格式问题：请问PNG格式可以吗？", speech.QUESTION),
        ("情况说明：我单位今年未开展此项活动。", speech.REMARK),
        ("收到，谢谢！", ""),
    ],
)
def test_mails_of_words_only(text: str, why: str) -> None:
    assert speech.left_to_person(mail(text)) == why


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("材料见附件。另外请问视频可以刻成光盘送去吗？", True),
        ("材料见附件。是否需要盖章件？", True),
        ("图1：九月六日，执法人员向群众讲解如何辨别真伪，咨询台前人头攒动。", False),
        ("其余材料下周补报，请谅解。", False),
    ],
)
def test_a_question_beside_files_is_answered_by_a_person_too(text: str, asks: bool) -> None:
    assert speech.asks_person(mail(text, files=True)) is asks
    assert speech.left_to_person(mail(text, files=True)) == ""


def test_captions_that_come_alone_ask_nothing() -> None:
    text = "现将图片说明报上，请查收。\n图片说明：9月22日，市民走进检验室，看样品如何接收、检测和出具报告。"
    assert not speech.asks_person(mail(text))
