"""Where a unit stands: scenarios over several mails, decisions, lateness, cost."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.decision import Decision
from rules.facts import ArchiveFacts, Facts, ImageFacts, LinkFacts, Picture, TextFacts, Unreadable, VideoFacts
from rules.item import Item, Text, Trust
from rules.judge import judge
from rules.notice import Notice, Requirement
from rules.unit import Unit
from rules.verdict import Standing, Verdict

DEADLINE = datetime(2022, 10, 12, 15, 59, 59, tzinfo=UTC)
START = datetime(2022, 9, 28, 4, 0, tzinfo=UTC)
UNIT = Unit(code="01", name="云岭区市场监督管理局")
NOTICE = Notice(
    id="n",
    title="通知",
    deadline=DEADLINE,
    requirement=(
        Requirement(id="summary", name="活动总结", category="summary", clause="报送活动总结"),
        Requirement(id="cases", name="典型案例", category="case"),
        Requirement(
            id="photos",
            name="特色活动图片",
            category="photo",
            formats=("jpg",),
            clause="图片1至2张",
            checks={
                "count": {"min": 1, "max": 2},
                "image-size": {"min_width": 1024, "min_height": 768},
                "caption": {"about": 50, "max": 80},
            },
        ),
        Requirement(id="video", name="活动视频", category="video", required=False, link_counts=True),
    ),
)
WORDS = "九月六日，工作人员在中心广场为群众讲解家用电器安全知识，现场发放宣传资料二百余份，解答群众咨询三十余人次。"
BIG = ImageFacts(format="JPEG", width=1600, height=1200)
SMALL = ImageFacts(format="JPEG", width=640, height=480)
LOCKED = Unreadable(reason="encrypted", format="zip")


def document(title: str, *, pictures: int = 0) -> TextFacts:
    text = title + "\n" + "活动期间组织力量深入企业开展服务。" * 40
    shown = tuple(Picture(name=str(n), format="JPEG", width=1200, height=900) for n in range(pictures))
    return TextFacts(format="docx", text=text, characters=len(text), headings=(title,), pictures=shown)


def item(name: str, facts: Facts, *, day: int = 0, trust: Trust = "registered", digest: str = "") -> Item:
    return Item(
        name=name,
        path=name,
        size=9,
        digest=digest or f"{name}@{day}",
        facts=facts,
        mail=f"mail{day:05d}{trust}",
        message_id=f"<{day}{trust}@unit.example>",
        received_at=START + timedelta(days=day),
        trust=trust,
    )


def body(words: str, day: int = 0) -> Text:
    return Text(mail=f"mail{day:05d}registered", received_at=START + timedelta(days=day), subject="", text=words)


SUMMARY = item("活动总结.docx", document("云岭区质量月活动总结"))
CASE = item("典型案例.docx", document("典型案例：某厂"))
PHOTO = item("图1.jpg", BIG)
CAPTION = body(f"图1：{WORDS}")
ALL = (SUMMARY, CASE, PHOTO)


def standing(verdict: Verdict, id: str) -> Standing:
    return next(s for s in verdict.standings if s.id == id)


def states(verdict: Verdict) -> str:
    return " ".join(s.state for s in verdict.standings)


def codes(verdict: Verdict, id: str) -> list[tuple[str, str]]:
    return [(f.code, f.outcome) for f in standing(verdict, id).findings if f.outcome != "pass"]


def test_nothing_came() -> None:
    verdict = judge(NOTICE, UNIT, [])
    assert states(verdict) == "missing missing missing missing"
    assert verdict.state == "missing"
    assert codes(verdict, "summary") == [("missing", "fail")]
    assert codes(verdict, "video") == [("missing", "note")]
    assert standing(verdict, "summary").findings[0].clause == "报送活动总结"
    assert [s.id for s in verdict.owed] == ["summary", "cases", "photos"]


def test_everything_came() -> None:
    verdict = judge(NOTICE, UNIT, ALL, [CAPTION])
    assert states(verdict) == "ok ok ok missing"
    assert (verdict.state, verdict.late, verdict.owed) == ("complete", False, ())
    assert standing(verdict, "photos").files[0].caption == WORDS
    assert standing(verdict, "photos").files[0].why
    assert verdict.mails == ("<0registered@unit.example>",)


def test_measured_faults_quote_the_clause() -> None:
    verdict = judge(NOTICE, UNIT, [item("图1.jpg", SMALL)], [CAPTION])
    assert codes(verdict, "photos") == [("too-small", "fail")]
    assert standing(verdict, "photos").findings[0].clause == "图片1至2张"
    assert verdict.state == "incomplete"


def test_missing_caption_and_its_supplement() -> None:
    assert codes(judge(NOTICE, UNIT, [PHOTO]), "photos") == [("caption-missing", "fail")]
    later = judge(NOTICE, UNIT, [PHOTO], [body(f"补充图片说明：\n图1：{WORDS}", day=2)])
    assert standing(later, "photos").state == "ok"


def test_same_photo_sent_again_with_its_caption() -> None:
    again = item("现场.jpg", BIG, day=1, digest=PHOTO.digest)
    verdict = judge(NOTICE, UNIT, [PHOTO, again], [body(f"图片说明：{WORDS}", day=1)])
    assert standing(verdict, "photos").state == "ok"
    assert len(standing(verdict, "photos").files) == 1


def test_words_that_nobody_can_pair_are_no_blame() -> None:
    sent = [item("IMG_1001.jpg", BIG), item("IMG_1002.jpg", BIG)]
    verdict = judge(NOTICE, UNIT, sent, [body(f"图片说明：{WORDS}")])
    assert standing(verdict, "photos").state == "unsure"
    assert set(codes(verdict, "photos")) == {("caption-missing", "unsure")}


def test_unreadable_is_told_once_and_nothing_more_is_measured() -> None:
    verdict = judge(NOTICE, UNIT, [item("图1.jpg", Unreadable(reason="damaged", format="jpg"))])
    assert codes(verdict, "photos") == [("unreadable", "fail")]


def test_one_caption_for_two_photos_is_found_out() -> None:
    verdict = judge(NOTICE, UNIT, [item("图1.jpg", BIG), item("图2.jpg", BIG)], [body(f"图1、图2：{WORDS}")])
    assert codes(verdict, "photos") == [("caption-missing", "fail")]
    assert "共用" in standing(verdict, "photos").findings[0].says


def test_only_in_document() -> None:
    verdict = judge(NOTICE, UNIT, [item("活动图片.docx", document("活动图片", pictures=2))])
    assert codes(verdict, "photos") == [("only-in-document", "fail")]


def test_what_might_be_it_is_unsure_and_not_missing() -> None:
    verdict = judge(NOTICE, UNIT, [item("材料.docx", document("有关情况"))])
    assert states(verdict) == "unsure unsure missing missing"
    assert verdict.unplaced[0].candidates == ("summary", "cases")
    assert [s.id for s in verdict.owed] == ["photos"]


def test_a_locked_archive_is_the_units_to_open_unless_something_else_may_be_it() -> None:
    locked = judge(NOTICE, UNIT, [SUMMARY, item("材料.zip", LOCKED)])
    assert states(locked) == "ok problem problem unsure"  # the film is not demanded
    assert codes(locked, "cases") == [("encrypted", "fail")]
    other = judge(NOTICE, UNIT, [SUMMARY, item("材料.zip", LOCKED), item("材料.docx", document("有关情况"))])
    assert states(other) == "ok unsure problem unsure"


def test_archives_are_containers() -> None:
    verdict = judge(NOTICE, UNIT, [*ALL, item("材料.zip", ArchiveFacts(format="zip", members=("1",)))], [CAPTION])
    assert verdict.unplaced == ()


@pytest.mark.parametrize(("category", "state", "outcome"), [("video", "ok", "note"), ("summary", "unsure", "unsure")])
def test_links(category: str, state: str, outcome: str) -> None:
    facts = LinkFacts(provider="QQ邮箱", url="https://mail.example/f", expires="2022-10-20", size_text="80M")
    name = {"video": "活动视频.mp4", "summary": "活动总结.docx"}[category]
    verdict = judge(NOTICE, UNIT, [item(name, facts)])
    assert standing(verdict, category).state == state
    assert codes(verdict, category) == [("by-link", outcome)]
    assert "2022年10月20日" in standing(verdict, category).findings[0].says


@pytest.mark.parametrize(
    ("category", "expires", "hour", "state"),
    [
        ("video", "2022-10-20", 23, "ok"),  # the whole of that day
        ("video", "2022-10-20T20:00:00+08:00", 19, "ok"),
        ("video", "2022-10-20T20:00:00+08:00", 20, "unsure"),
        ("video", None, 23, "ok"),
        ("summary", "2022-10-20T20:00:00+08:00", 23, "unsure"),
    ],
)
def test_a_link_that_has_ended_answers_nothing_for_certain(
    category: str, expires: str | None, hour: int, state: str
) -> None:
    name = {"video": "活动视频.mp4", "summary": "活动总结.docx"}[category]
    link = item(name, LinkFacts(provider="QQ邮箱", url="https://mail.example/f", expires=expires))
    now = datetime(2022, 10, 20, hour, tzinfo=timezone(timedelta(hours=8)))
    found = standing(judge(NOTICE, UNIT, [link], now=now), category)
    assert found.state == state
    if state == "unsure" and expires and hour >= 20:
        assert found.findings[0].measured == "已过期，有效期至2022年10月20日20:00"
        assert "已于2022年10月20日20:00到期" in found.findings[0].says
        assert found.findings[0].fix.startswith("请重新报送")
    fetched = msgspec.structs.replace(link, fetched=True)
    again = standing(judge(NOTICE, UNIT, [fetched], now=now), category)
    assert again.state == ("ok" if category == "video" else "unsure")
    assert "到期" not in again.findings[0].says


@pytest.mark.parametrize("note", ["", "（提取码：x1y2）"])
@pytest.mark.parametrize(
    ("name", "answers"),
    [("活动视频.mp4", ["video"]), ("IMG_0001.mp4", ["video"]), ("全部材料.zip", []), ("云附件", [])],
)
def test_a_link_is_placed_by_its_name(name: str, note: str, answers: list[str]) -> None:
    link = item(name + note, LinkFacts(provider="百度网盘", url="https://pan.example/s/1"))
    verdict = judge(NOTICE, UNIT, [link])
    assert [one.id for one in verdict.standings if one.files] == answers
    if not answers:
        assert {one.state for one in verdict.standings if one.required} == {"unsure"}
        assert len(verdict.unplaced) == 1


def test_a_worse_later_file_is_told_and_not_taken() -> None:
    verdict = judge(NOTICE, UNIT, [*ALL, item("图1.jpg", SMALL, day=1)], [CAPTION, body(f"图1：{WORDS}", day=1)])
    assert standing(verdict, "photos").state == "ok"
    assert codes(verdict, "photos") == [("too-small", "note")]
    assert [f.sha256 for f in standing(verdict, "photos").files] == [PHOTO.digest]


def test_too_many_in_one_mail() -> None:
    sent = [item(f"图{n}.jpg", BIG) for n in (1, 2, 3)]
    verdict = judge(NOTICE, UNIT, sent, [body("\n".join(f"图{n}：{WORDS}{n}号会场。" for n in (1, 2, 3)))])
    assert codes(verdict, "photos") == [("too-many", "fail")]


@pytest.mark.parametrize(
    ("trust", "state", "code"), [("unknown", "ok", "unknown-sender"), ("unverified", "unsure", "unverified-sender")]
)
def test_strangers(trust: Trust, state: str, code: str) -> None:
    stranger = item("活动总结.docx", document("活动总结"), day=1, trust=trust)
    alone = judge(NOTICE, UNIT, [stranger])
    assert standing(alone, "summary").state == state
    assert [found for found, _ in codes(alone, "summary")] == [code]
    beside = judge(NOTICE, UNIT, [SUMMARY, stranger])
    assert standing(beside, "summary").state == "ok"
    assert [f.sha256 for f in standing(beside, "summary").files] == [SUMMARY.digest]


LATE = 20


@pytest.mark.parametrize(
    ("items", "late"),
    [
        ([SUMMARY], False),
        ([item("活动总结.docx", document("活动总结"), day=LATE)], True),
        # in time; a new version after the deadline does not make it late
        ([SUMMARY, item("活动总结.docx", document("活动总结"), day=LATE)], False),
        # broken before, sound after: met only then
        (
            [
                item("活动总结.docx", Unreadable(reason="damaged")),
                item("活动总结.docx", document("活动总结"), day=LATE),
            ],
            True,
        ),
        # what came in time is still broken: not met at all, and not late
        ([item("活动总结.docx", Unreadable(reason="damaged"))], False),
        # we could not tell what it was: not held against the unit
        ([item("材料.docx", document("情况")), item("活动总结.docx", document("活动总结"), day=LATE)], False),
    ],
)
def test_late(items: Sequence[Item], late: bool) -> None:
    verdict = judge(NOTICE, UNIT, items)
    assert standing(verdict, "summary").late is late
    assert (("late", "note") in codes(verdict, "summary")) is late


def test_an_extension_makes_it_in_time() -> None:
    items = [item("活动总结.docx", document("活动总结"), day=LATE)]
    assert not judge(NOTICE, UNIT, items, deadline=DEADLINE + timedelta(days=30)).late


def test_decisions() -> None:
    early, later = START + timedelta(hours=1), START + timedelta(days=9)
    bad = [item("图1.jpg", SMALL)]
    accepted = judge(NOTICE, UNIT, bad, decisions=[Decision(kind="accept", requirement="photos", at=early)])
    assert standing(accepted, "photos").state == "ok"
    assert not [f for f in standing(accepted, "photos").findings if f.outcome in ("fail", "unsure")]
    assert {f.fix for f in standing(accepted, "photos").findings if f.outcome == "note"} == {"经办人核看后已予采用。"}
    waived = judge(NOTICE, UNIT, [], decisions=[Decision(kind="waive", requirement="photos", at=early)])
    assert (standing(waived, "photos").state, [s.id for s in waived.owed]) == ("waived", ["summary", "cases"])
    reject = Decision(kind="reject", requirement="summary", note="缺少数据。", at=early)
    rejected = judge(NOTICE, UNIT, ALL, [CAPTION], decisions=[reject])
    assert standing(rejected, "summary").state == "problem"
    assert "缺少数据。" in standing(rejected, "summary").findings[-1].says
    resent = [*ALL, item("活动总结.docx", document("活动总结"), day=1)]
    assert standing(judge(NOTICE, UNIT, resent, decisions=[reject]), "summary").state == "ok"
    newer = Decision(kind="accept", requirement="summary", at=later)
    assert standing(judge(NOTICE, UNIT, ALL, decisions=[newer, reject]), "summary").state == "ok"


def test_unknown_check_is_our_fault_and_told() -> None:
    asked = Requirement(id="x", name="X", checks={"nonsense": {}})
    notice = Notice(id="n", title="t", deadline=DEADLINE, requirement=(asked,))
    with pytest.raises(ValueError, match="nonsense"):
        judge(notice, UNIT, [item("X.docx", document("X"))])


FILES = st.lists(
    st.builds(
        item,
        st.sampled_from(["活动总结.docx", "典型案例.docx", "图1.jpg", "图2.jpg", "材料.docx", "材料.zip", "视频.mp4"]),
        st.sampled_from([document("活动总结"), document("情况"), BIG, SMALL, LOCKED, VideoFacts(format="mp4")]),
        day=st.integers(0, 20),
        trust=st.sampled_from(["registered", "registered", "unknown", "unverified"]),
    ),
    max_size=7,
    unique_by=lambda i: i.digest,
)
SPOKEN = st.lists(st.sampled_from([CAPTION, body(f"图2：{WORDS}", 3), body("请查收", 1)]), max_size=2, unique=True)


@settings(max_examples=60)
@given(FILES, SPOKEN, st.randoms(use_true_random=False))
def test_verdict_does_not_depend_on_order_or_copies(items: list[Item], texts: list[Text], dice: Random) -> None:
    """Law: a verdict is a function of what was sent; resending everything byte for byte changes nothing in it."""
    base = judge(NOTICE, UNIT, items, texts)
    by_mail: dict[str, list[Item]] = {}
    for one in items:
        by_mail.setdefault(one.mail, []).append(one)
    mails = list(by_mail.values())
    dice.shuffle(mails)
    shuffled = [one for group in mails for one in group]
    assert judge(NOTICE, UNIT, shuffled, texts) == base
    copies = [_copy(one) for one in items]
    again = judge(NOTICE, UNIT, [*items, *copies], texts)
    assert _told(again) == _told(base)
    for found in base.standings:
        outcomes = {finding.outcome for finding in found.findings}
        assert found.state != "ok" or not outcomes & {"fail", "unsure"}
        assert found.state != "problem" or "fail" in outcomes
        locked = {finding.code for finding in found.findings} == {"encrypted"}
        assert found.files or found.state in ("missing", "unsure") or (locked and found.required)
        assert not found.files or found.state != "missing"


def test_ten_thousand_copies_cost_little() -> None:
    """The same three files in 10,000 mails, and as many bodies; twice as many cost about twice as much."""
    items = [_copy(one, day) for day in range(10_000) for one in ALL]
    texts = [body(f"图1：{WORDS}", day) for day in range(10_000)]
    started = time.process_time()
    verdict = judge(NOTICE, UNIT, items, texts, deadline=START + timedelta(days=99_999))
    assert verdict.state == "complete"
    assert len(verdict.mails) == 10_000
    assert time.process_time() - started < 15


def _told(verdict: Verdict) -> list[Standing]:
    """What is said of every requirement; the history names each copy."""
    return [msgspec.structs.replace(s, history=()) for s in verdict.standings]


def _copy(one: Item, day: int = 40) -> Item:
    fields = {name: getattr(one, name) for name in one.__struct_fields__}
    mail = {"mail": f"copy{day}{one.mail}", "message_id": f"<copy{day}>", "received_at": START + timedelta(days=day)}
    return Item(**fields | mail)


def of_its_own(**more: object) -> Notice:
    """The notice with one requirement changed."""
    first, *rest = NOTICE.requirements
    return NOTICE.model_copy(update={"requirements": (first.model_copy(update=more), *rest)})


def test_a_requirement_with_a_later_deadline_is_late_by_its_own() -> None:
    summary = item("活动总结.docx", document("活动总结"), day=16)
    assert summary.received_at > DEADLINE
    assert standing(judge(NOTICE, UNIT, [summary]), "summary").late
    later = of_its_own(deadline=DEADLINE + timedelta(days=10))
    assert not standing(judge(later, UNIT, [summary]), "summary").late
    earlier = of_its_own(deadline=DEADLINE - timedelta(days=10))
    in_time = item("活动总结.docx", document("活动总结"), day=10)
    assert standing(judge(earlier, UNIT, [in_time]), "summary").late
    assert not standing(judge(earlier, UNIT, [in_time], deadline=DEADLINE), "summary").late


def test_what_is_asked_of_other_classes_is_no_duty() -> None:
    only = of_its_own(only_for=("市级部门",))
    mine = msgspec.structs.replace(UNIT, category="县区")
    asked = msgspec.structs.replace(UNIT, category="市级部门")
    assert not standing(judge(only, mine, []), "summary").required
    assert standing(judge(only, asked, []), "summary").required


def test_a_finding_quotes_the_words_behind_its_own_check() -> None:
    photos = NOTICE.requirements[2].model_copy(update={"clauses": {"image-size": "像素不低于1024×768"}})
    notice = NOTICE.model_copy(update={"requirements": (*NOTICE.requirements[:2], photos, NOTICE.requirements[3])})
    said = standing(judge(notice, UNIT, [item("图片1.jpg", SMALL)]), "photos").findings
    assert {f.clause for f in said if f.code == "too-small"} == {"像素不低于1024×768"}
    assert "图片1至2张" in {f.clause for f in said if f.code != "too-small"}
