"""Mail that one sends for another: handed on, on behalf, several units in one mail, addresses confirmed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from intake.mail.message import Address, Attachment, Link, Message
from intake.units.identify import Identification, identify
from intake.units.unit_index import Index
from rules.facts import ArchiveFacts, Facts, LinkFacts, Sheet, TableFacts, TextFacts, Unreadable
from tests.intake.name_roster import UNITS

INDEX = Index.of(UNITS)
NOTHING = Unreadable(reason="empty")
BUREAU, SCHOOL, STREET = "b09@qingyan.example", "s04@qingyan.example", "t01@qingyan.example"


def attached(path: str, facts: Facts = NOTHING) -> Attachment:
    name = path.rpartition("/")[2]
    return Attachment(name=name, path=path, size=1, digest=path, content_type="", kind="", facts=facts, spool=path)


def titled(*headings: str) -> TextFacts:
    return TextFacts(format="docx", text="\n".join(headings), characters=1, headings=headings)


def who(
    address: str = "8812@qqmail.example",
    subject: str = "质量月材料",
    *,
    text: str = "",
    files: Sequence[Attachment] = (),
    links: Sequence[Link] = (),
    quoted: str = "",
    enclosed: str = "",
    confirmed: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> Identification:
    message = Message(
        message_id="<1@mail.example>",
        subject=subject,
        from_=(Address(address=address),),
        text=text,
        quoted=quoted,
        attachments=tuple(files),
        links=tuple(links),
        enclosed_from=(Address(address=enclosed),) if enclosed else (),
        headers=headers,
    )
    return identify(message, INDEX, confirmed=confirmed)


def original(address: str, subject: str = "材料", end: str = "") -> str:
    return (
        f"------------------ 原始邮件 ------------------\n发件人: 某某 <{address}>\n主题: {subject}\n\n见附件。\n{end}"
    )


FILE = (attached("活动总结.docx"),)


def test_a_superior_hands_on_what_came_from_a_registered_address() -> None:
    for found in (
        who(BUREAU, "转发：质量月材料", files=FILE, quoted=original(SCHOOL)),
        who(BUREAU, "Fw: 质量月材料", files=FILE, quoted=original(SCHOOL, "滨江一中质量月材料")),
        who(BUREAU, "请查收", files=[attached("转发邮件.eml/活动总结.docx")], enclosed=SCHOOL),
        who("leader@qqmail.example", "转发：质量月材料", files=FILE, quoted=original(SCHOOL)),
    ):
        assert (found.unit, found.trust, found.registered) == ("s04", "unknown", False)
        assert any(SCHOOL in line for line in found.evidence)


def test_a_superior_hands_on_what_names_one_unit() -> None:
    named = [attached("滨江区第一中学活动总结.docx")]
    stranger = original("teacher@qqmail.example")
    assert who(BUREAU, "转发：材料", files=named, quoted=stranger).unit == "s04"
    assert who(BUREAU, "转发：滨江区第一中学质量月材料", files=FILE, quoted=stranger).unit == "s04"
    assert (
        who(BUREAU, "转发：材料", files=FILE, quoted=original("x@qqmail.example", end="滨江区第一中学\n9月28日")).unit
        == "s04"
    )


def test_a_colleagues_mail_handed_on_is_the_senders_own() -> None:
    found = who(SCHOOL, "转发：材料", files=FILE, quoted=original("teacher@qqmail.example"))
    assert (found.unit, found.trust) == ("s04", "registered")
    own = who(SCHOOL, "转发：滨江一中材料", files=[attached("滨江一中总结.docx")], quoted=original(SCHOOL))
    assert (own.unit, own.trust) == ("s04", "registered")


def test_what_is_handed_on_for_several_or_unclear_is_held() -> None:
    files = [attached("滨江区第一中学总结.docx"), attached("图1.jpg")]
    found = who(BUREAU, "转发：材料", files=files, quoted=original(STREET))
    assert found.unit is None
    assert set(found.candidates) == {"s04", "t01", "b09"}
    mine = who(
        BUREAU, "转发：材料", files=[attached("滨江区教育局总结.docx"), attached("图1.jpg")], quoted=original(SCHOOL)
    )
    assert mine.unit is None
    assert set(mine.candidates) == {"s04", "b09"}


def test_a_reply_with_our_letter_below_hands_nothing_on() -> None:
    found = who(SCHOOL, "回复：尚缺2项", files=FILE, quoted=original(BUREAU, "滨江区教育局材料"))
    assert (found.unit, found.trust) == ("s04", "registered")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("代滨江区第一中学报送质量月材料", ""),
        ("质量月材料", "现代滨江区第一中学报送材料，请查收。\n滨江区教育局"),
        ("质量月材料", "受滨江区第一中学委托，现报送材料。\n滨江区教育局"),
        ("质量月材料", "滨江区第一中学委托我局报送材料。"),
        ("质量月材料", "滨江一中的材料由我局代为报送。"),
    ],
)
def test_on_behalf_of_another_unit(subject: str, text: str) -> None:
    for sender in (BUREAU, "8812@qqmail.example"):
        found = who(sender, subject, text=text, files=FILE)
        assert (found.unit, found.trust, found.by) == ("s04", "unknown", "信中写明代该单位报送")


def test_on_behalf_and_for_itself_is_told_apart_by_the_files_or_held() -> None:
    both = [attached("滨江区教育局总结.docx"), attached("滨江区第一中学总结.docx")]
    found = who(BUREAU, "代滨江区第一中学报送", files=both)
    assert (found.unit, found.trust, [(s.path, s.unit, s.trust) for s in found.shares]) == (
        "b09",
        "registered",
        [("滨江区第一中学总结.docx", "s04", "unknown")],
    )
    assert who(BUREAU, "代滨江区第一中学报送", files=[both[0], attached("图1.jpg")]).unit is None


def test_a_committee_is_no_proxy() -> None:
    found = who(BUREAU, text="我局受到市市场监管委表彰。时代滨江区第一中学。", files=FILE)
    assert found.unit == "b09"


def test_several_units_told_apart_by_folders_names_titles_and_cells() -> None:
    table = TableFacts(format="xlsx", sheets=(Sheet(name="1", rows=(("填报单位：", "青云街道办事处"),)),))
    zipped = attached("材料.zip", ArchiveFacts(format="zip", members=("a",)))
    files = [
        zipped,
        attached("材料.zip/滨江区第一中学/总结.docx"),
        attached("材料.zip/滨江区第一中学/图1.jpg"),
        attached("总结.docx", titled("青云街道质量月活动总结")),
        attached("统计表.xlsx", table),
    ]
    found = who(files=files)
    assert (found.unit, found.trust, found.others) == ("s04", "unknown", ("t01",))
    assert {(s.path, s.unit) for s in found.shares} == {("总结.docx", "t01"), ("统计表.xlsx", "t01")}


def test_one_file_that_tells_nothing_leaves_several_units_to_a_person() -> None:
    files = [attached("滨江区第一中学总结.docx"), attached("青云街道总结.docx"), attached("图1.jpg")]
    found = who(files=files)
    assert (found.unit, set(found.candidates), found.shares) == (None, {"s04", "t01"}, ())
    sender = who(SCHOOL, "滨江一中材料", files=files)
    assert (sender.unit, sender.shares) == ("s04", ())


def test_a_link_is_told_apart_like_a_file() -> None:
    link = Link(name="青云街道宣传片.mp4", facts=LinkFacts(provider="QQ邮箱", url="https://x.example/1"))
    found = who(files=[attached("滨江区第一中学总结.docx")], links=[link])
    assert [(s.path, s.unit) for s in found.shares] == [("超大附件/1/青云街道宣传片.mp4", "t01")]


def test_a_confirmed_address_is_known_until_it_speaks_of_another_unit() -> None:
    found = who(files=FILE, confirmed="s04")
    assert (found.unit, found.trust, found.registered, found.by) == ("s04", "registered", True, "经办人确认过的邮箱")
    other = who(files=[attached("青云街道总结.docx")], confirmed="s04")
    assert (other.unit, other.candidates) == (None, ("t01", "s04"))
    forged = who(files=FILE, confirmed="s04", headers=(("authentication-results", "mx; dmarc=fail"),))
    assert forged.unit is None
    assert who(BUREAU, files=FILE, confirmed="s04").unit == "b09"
    assert who(files=FILE, confirmed="gone").unit is None
