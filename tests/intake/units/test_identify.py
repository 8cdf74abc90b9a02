"""Which unit a mail comes from: no wrong unit, evidence kept, doubt left to a person."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.message import Address, Attachment, Message
from intake.units.identify import Identification, identify
from intake.units.unit_index import Index
from rules.facts import Facts, Sheet, TableFacts, TextFacts, Unreadable
from rules.unit import Unit

UNITS = (
    Unit(code="01", name="青岩市市场监督管理局", short="市市场监管局", addresses=("scj@qingyan.example",)),
    Unit(
        code="02",
        name="青岩市云岭区市场监督管理局",
        short="云岭区市场监管局",
        aliases=("云岭局",),
        addresses=("yunling@qingyan.example", "shared@qingyan.example"),
    ),
    Unit(code="03", name="青岩市东山区市场监督管理局", addresses=("dongshan@qingyan.example",)),
    Unit(code="04", name="东山区教育局", addresses=("shared@qingyan.example",)),
    Unit(code="05", name="青岩市财政局", short="财政"),
    Unit(code="06", name="东山", addresses=("jt@dongshan.example",)),
    Unit(code="07", name="东山中学"),
    Unit(code="08", name="城南东山中学"),
)
INDEX = Index.of(UNITS)
NOTHING = Unreadable(reason="empty")


def attached(name: str, facts: Facts = NOTHING, path: str = "") -> Attachment:
    return Attachment(
        name=name, path=path or name, size=1, digest="d", content_type="", kind="", facts=facts, spool=name
    )


def mail(
    subject: str = "报送质量月材料",
    address: str = "someone@mail.example",
    *,
    text: str = "",
    quoted: str = "",
    name: str = "",
    files: Sequence[Attachment] = (),
    doubtful: bool = False,
    headers: tuple[tuple[str, str], ...] = (),
) -> Message:
    return Message(
        message_id="<1@mail.example>",
        subject=subject,
        from_=(Address(name=name, address=address),),
        from_doubtful=doubtful,
        text=text,
        quoted=quoted,
        attachments=tuple(files),
        headers=headers,
    )


def who(message: Message) -> Identification:
    return identify(message, INDEX)


def titled(*headings: str) -> TextFacts:
    return TextFacts(format="docx", text="\n".join(headings), characters=1, headings=headings)


def table(*rows: tuple[str, ...]) -> TableFacts:
    return TableFacts(format="xlsx", sheets=(Sheet(name="Sheet1", rows=rows),))


def test_registered_address() -> None:
    found = who(mail(address="YunLing@qingyan.example"))
    assert (found.unit, found.trust, found.registered, found.by) == ("02", "registered", True, "登记邮箱")
    assert found.confidence == 1.0


@pytest.mark.parametrize(
    "message",
    [
        mail("云岭区市场监管局质量月材料"),
        mail("云岭区市场监督管理局质量月材料"),
        mail("青岩市云岭区市场监督管理局 报送"),
        mail("【云岭局】质量月材料"),
        mail(files=[attached("云岭区市场监管局质量月总结.docx")]),
        mail(files=[attached("1.docx", path="云岭区市场监管局材料.zip/1.docx")]),
        mail(files=[attached("1.docx", titled("云岭区市场监督管理局", "质量月活动总结"))]),
        mail(files=[attached("1.xlsx", table(("活动情况统计表",), ("填报单位：云岭区市场监管局", "日期")))]),
        mail(files=[attached("1.xlsx", table(("填报单位", "云岭区市场监督管理局")))]),
        mail(text="材料见附件。\n\n云岭区市场监督管理局\n2022年9月28日"),
        mail(text="材料见附件。\n云岭区市场监管局  周某 5550101"),
    ],
)
def test_a_stranger_who_names_one_unit_clearly(message: Message) -> None:
    found = who(message)
    assert (found.unit, found.trust, found.registered) == ("02", "unknown", False)
    assert found.evidence
    assert 0.5 < found.confidence < 1


@pytest.mark.parametrize(
    ("subject", "unit"),
    [
        ("青岩市市场监督管理局质量月材料", "01"),
        ("市市场监管局质量月材料", "01"),
        ("青岩市财政局质量月材料", "05"),
        ("市财政局质量月材料", "05"),
        ("东山区教育局质量月材料", "04"),
        ("东山-质量月材料", "06"),
        ("东山中学质量月材料", "07"),
        ("城南东山中学质量月材料", "08"),
    ],
)
def test_longest_name_wins(subject: str, unit: str) -> None:
    """东山 within 东山区教育局 is no second unit, 市场监管局 of a district is not the city's."""
    assert who(mail(subject)).unit == unit


@pytest.mark.parametrize(
    "subject",
    ["西湾区财政局质量月材料", "西湾区市场监督管理局质量月材料", "东山再起", "财政工作汇报", "质量月材料"],
)
def test_other_offices_are_not_ours(subject: str) -> None:
    assert who(mail(subject)).unit is None


def test_names_in_quoted_history_do_not_count() -> None:
    found = who(mail(quoted="发件人：云岭区市场监督管理局\n主题：云岭区市场监管局质量月材料"))
    assert (found.unit, found.candidates, found.evidence) == (None, (), ())


def test_two_units_named_equally() -> None:
    found = who(mail("云岭区市场监管局、东山区市场监管局质量月材料"))
    assert found.unit is None
    assert set(found.candidates) == {"02", "03"}


def test_one_unit_named_everywhere_and_another_once() -> None:
    files = [
        attached("云岭区市场监管局总结.docx", titled("云岭区市场监管局与东山区教育局联合行动总结")),
        attached("1.xlsx", table(("填报单位", "云岭区市场监管局"))),
    ]
    assert who(mail("云岭区市场监管局质量月材料", files=files)).unit == "02"


def test_body_alone_is_a_hint_only() -> None:
    text = "我们与云岭区市场监督管理局一起组织了几场质量月活动，现将有关情况随信报上，请予查收，如有问题请来电。"
    found = who(mail(text=text))
    assert (found.unit, found.candidates) == (None, ("02",))


@pytest.mark.parametrize(
    "text",
    [
        "我们和云岭区市场监督管理局一起办过活动。",
        "材料见附件。\n抄送：云岭区市场监督管理局",
        "请转云岭区市场监督管理局",
        "云岭区市场监管局什么时候报的？",
        "感谢云岭区市场监督管理局",
    ],
)
def test_a_short_line_about_a_unit_is_not_its_signature(text: str) -> None:
    found = who(mail(text=text))
    assert (found.unit, found.candidates) == (None, ("02",))


def test_registered_sender_who_speaks_of_another_unit_only() -> None:
    """Two independent places name another unit and none his own: a person says whose it is."""
    files = [attached("东山区市场监管局总结.docx")]
    found = who(mail("东山区市场监管局质量月材料", "yunling@qingyan.example", files=files))
    assert (found.unit, found.candidates) == (None, ("03", "02"))
    signed = mail("东山区市场监管局质量月材料", "yunling@qingyan.example", files=files, text="云岭局\n周某")
    assert who(signed).unit == "02"
    assert who(mail("东山区市场监管局质量月材料", "yunling@qingyan.example")).unit == "02"


def test_an_address_of_two_units_needs_a_name() -> None:
    shared = "shared@qingyan.example"
    assert who(mail("东山区教育局质量月材料", shared)).unit == "04"
    found = who(mail(address=shared))
    assert found.unit is None
    assert set(found.candidates) == {"02", "04"}


def test_doubtful_sender_is_never_bound_by_address() -> None:
    assert who(mail(address="yunling@qingyan.example", doubtful=True)).unit is None
    found = who(mail("云岭局质量月材料", "yunling@qingyan.example", doubtful=True))
    assert (found.unit, found.trust, found.registered) == ("02", "unverified", False)


def test_failed_verification_is_marked() -> None:
    results = (("authentication-results", "mx.office.example; dmarc=fail header.from=qingyan.example"),)
    found = who(mail(address="yunling@qingyan.example", headers=results))
    assert (found.unit, found.trust, found.registered) == ("02", "unverified", False)
    one = mail(address="yunling@qingyan.example", headers=results)
    assert identify(one, INDEX, authserv_id="mx.office.example").trust == "unverified"
    assert identify(one, INDEX, authserv_id="mx.yunling.example").trust == "registered"


def test_resemblance_only_suggests() -> None:
    found = who(mail("云龄区市场监督管理局报送材料"))
    assert found.unit is None
    assert "02" in found.candidates


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            ["云岭区市场监管局", "东山区教育局", "市财政局", "东山", "青岩市", "区", "材料", "\n", "：", " ", "局"]
        ),
        max_size=12,
    ).map("".join),
    st.sampled_from(["x@mail.example", "yunling@qingyan.example", "shared@qingyan.example", ""]),
    st.booleans(),
)
def test_bound_or_candidates_never_both(text: str, address: str, doubtful: bool) -> None:
    """Law: the answer is a unit or candidates, all from the roster; registered only by a registered address."""
    found = who(mail(text, address, text=text, files=[attached(text + ".docx", titled(text))], doubtful=doubtful))
    codes = {unit.code for unit in UNITS}
    assert found.unit is None or (found.unit in codes and not found.candidates)
    assert set(found.candidates) <= codes
    assert len(set(found.candidates)) == len(found.candidates)
    assert not found.registered or (found.trust == "registered" and address.endswith("qingyan.example"))
    assert found.by


def test_looking_up_does_not_depend_on_the_roster() -> None:
    """A thousand mails against 20,000 units; trying each unit on each mail would take minutes."""
    many = [Unit(code=str(n), name=f"第{n}街道办事处", addresses=(f"u{n}@x.example",)) for n in range(20_000)]
    index = Index.of(many)
    message = mail("第19999街道办事处报送材料", text="情况说明。" * 100)
    started = time.process_time()
    assert all(identify(message, index).unit == "19999" for _ in range(1000))
    assert time.process_time() - started < 10


def test_a_registered_sender_who_names_another_unit_as_well_is_his_units_with_the_other_told() -> None:
    files = [attached("云岭局活动总结.docx"), attached("东山区教育局活动总结.docx", titled("东山区教育局活动总结"))]
    found = who(mail("云岭局材料", "yunling@qingyan.example", files=files))
    assert (found.unit, found.candidates, found.others) == ("02", (), ("04",))
