"""The ledger of many mails: what counts, what became of the rest, and what the unit's own words change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts import Facts, ImageFacts, TableFacts, TextFacts, Unreadable
from rules.item import Item, Text, Trust
from rules.judge import judge
from rules.notice import Notice, Requirement
from rules.unit import Unit
from rules.verdict import Standing, Verdict

START = datetime(2022, 9, 28, 4, 0, tzinfo=UTC)
UNIT = Unit(code="01", name="云岭区市场监督管理局")
NOTICE = Notice(
    id="n",
    title="通知",
    deadline=datetime(2022, 12, 30, tzinfo=UTC),
    requirement=(
        Requirement(id="summary", name="活动总结", category="summary", formats=("docx", "pdf")),
        Requirement(id="cases", name="典型案例", category="case", formats=("docx",)),
        Requirement(
            id="photos",
            name="特色活动图片",
            category="photo",
            formats=("jpg",),
            checks={"count": {"min": 1, "max": 2}, "image-size": {"min_width": 1024, "min_height": 768}},
        ),
        Requirement(id="statistics", name="活动情况统计表", category="stat_table", formats=("xlsx",)),
    ),
)
BROKEN = Unreadable(reason="damaged")
GOOD: dict[str, Facts] = {
    "总结": TextFacts(
        format="docx", text="质量月活动总结\n" + "正文。" * 300, characters=900, headings=("质量月活动总结",)
    ),
    "案例": TextFacts(format="docx", text="典型案例\n" + "正文。" * 300, characters=900, headings=("典型案例",)),
    "图": ImageFacts(format="JPEG", width=1600, height=1200),
    "表": TableFacts(format="xlsx", sheets=()),
}
SMALL = ImageFacts(format="JPEG", width=640, height=480)

Mail = tuple[str, ...]
"""The words, then the files: `NAME` sound, `NAME!` faulty, `NAME=X` with the content X."""


def facts_of(name: str, bad: bool) -> Facts:
    kind = next(kind for kind in GOOD if kind in name)
    return (SMALL if kind == "图" else BROKEN) if bad else GOOD[kind]


def mail_of(mail: Mail, day: int, trust: Trust = "registered") -> tuple[list[Item], Text]:
    at, id = START + timedelta(days=day), f"{day:03d}{trust}"
    items = []
    for written in mail[1:]:
        name, _, content = written.rstrip("!").partition("=")
        items.append(
            Item(
                name=name,
                path=name,
                size=9,
                digest=f"{name[0]}{content}" if content else f"{written}@{day}",
                facts=facts_of(name, written.endswith("!")),
                mail=id,
                message_id=f"<{id}@unit.example>",
                received_at=at,
                trust=trust,
                subject=mail[0].partition("|")[0],
            )
        )
    subject, _, words = mail[0].rpartition("|")
    return items, Text(mail=id, received_at=at, subject=subject, text=words, trust=trust)


def judged(mails: Sequence[Mail], trusts: Sequence[Trust] = ()) -> Verdict:
    made = [mail_of(mail, day, trusts[day] if trusts else "registered") for day, mail in enumerate(mails)]
    return judge(NOTICE, UNIT, [item for items, _ in made for item in items], [text for _, text in made])


def standing(verdict: Verdict, id: str) -> Standing:
    return next(one for one in verdict.standings if one.id == id)


def told(one: Standing) -> str:
    """State, then each version as NAME:STATE."""
    return " ".join([one.state, *(f"{v.name.partition('.')[0]}:{v.state}" for v in one.history)])


CASES: list[tuple[str, list[Mail], str, str]] = [
    ("alone", [("请查收", "总结.docx")], "summary", "ok 总结:current"),
    ("newer version", [("", "总结.docx"), ("", "总结2.docx")], "summary", "ok 总结:superseded 总结2:current"),
    ("worse later", [("", "总结.docx"), ("重发一次", "总结.docx!")], "summary", "ok 总结:current 总结:superseded"),
    ("both bad", [("", "总结.docx!"), ("", "总结.docx!")], "summary", "problem 总结:superseded 总结:current"),
    ("resent unchanged", [("", "总结.docx=x"), ("重发", "总结.docx=x")], "summary", "ok 总结:current 总结:duplicate"),
    # 以此件为准
    ("prefer", [("", "总结.docx"), ("以此件为准", "工作总结.docx")], "summary", "ok 总结:superseded 工作总结:current"),
    ("prefer a worse one", [("", "总结.docx"), ("以此件为准", "总结.docx!")],
     "summary", "problem 总结:superseded 总结:current"),
    ("prefer, then a plain one", [("", "总结.docx"), ("以此件为准", "总结.docx!"), ("", "总结.docx")], "summary",
     "ok 总结:superseded 总结:superseded 总结:current"),
    ("prefer speaks of its own files only", [("", "总结.docx"), ("以此件为准", "统计表.xlsx")],
     "summary", "ok 总结:current"),
    ("prefer in the file name", [("", "总结.docx"), ("", "总结（以此为准）.docx!")], "summary",
     "problem 总结:superseded 总结（以此为准）:current"),
    ("prefer by words alone", [("", "统计表.xlsx"), ("", "统计表.xlsx!"), ("统计表以最后一次报送的为准",)],
     "statistics",
     "problem 统计表:superseded 统计表:current"),
    ("prefer not said", [("", "总结.docx"), ("以纸质盖章件为准", "总结.docx!")],
     "summary", "ok 总结:current 总结:superseded"),
    ("all photos anew", [("", "图1.jpg", "图2.jpg"), ("以本次为准", "图3.jpg")], "photos",
     "ok 图1:superseded 图2:superseded 图3:current"),
    ("one photo anew", [("", "图1.jpg", "图2.jpg"), ("以此件为准", "图2.jpg")], "photos",
     "ok 图1:current 图2:superseded 图2:current"),
    # keep
    ("keep is asked", [("", "总结.docx"), ("", "总结2.docx"), ("仍以前一封为准",)],
     "summary", "unsure 总结:superseded 总结2:current"),
    ("keep with one version", [("", "总结.docx"), ("仍以前一封为准",)], "summary", "ok 总结:current"),
    # 作废, 忽略
    ("void and new", [("", "统计表.xlsx"), ("原表作废，以此为准", "统计表.xlsx")], "statistics",
     "ok 统计表:superseded 统计表:current"),
    ("void, nothing new", [("", "统计表.xlsx"), ("原统计表作废",)], "statistics", "unsure 统计表:withdrawn"),
    ("void, new one later", [("", "统计表.xlsx"), ("原统计表作废",), ("", "统计表.xlsx")], "statistics",
     "ok 统计表:withdrawn 统计表:current"),
    ("void leaves others", [("", "统计表.xlsx", "总结.docx"), ("原统计表作废",)], "summary", "ok 总结:current"),
    ("previous mail void", [("", "总结.docx"), ("", "案例.docx"), ("请忽略前一封",)], "summary", "ok 总结:current"),
    ("previous mail void, its file", [("", "总结.docx"), ("", "案例.docx"), ("请忽略前一封",)],
     "cases", "unsure 案例:withdrawn"),
    ("all void and sent anew",
     [("", "总结.docx"), ("", "案例.docx"), ("此前报送的材料全部作废", "总结.docx", "案例.docx")],
     "cases",
     "ok 案例:superseded 案例:current"),
    ("file named", [("", "案例甲.docx", "案例乙.docx"), ("“案例甲.docx”作废",)],
     "cases", "ok 案例甲:withdrawn 案例乙:current"),
    ("photo named", [("", "图1.jpg", "图2.jpg"), ("图2不要了",)], "photos", "ok 图1:current 图2:withdrawn"),
    ("too many, one named", [("", "图1.jpg", "图2.jpg", "图3.jpg"), ("图3不用了",)], "photos",
     "ok 图1:current 图2:current 图3:withdrawn"),
    ("too many, two chosen", [("", "图1.jpg", "图2.jpg", "图3.jpg"), ("选用图1和图3",)], "photos",
     "ok 图1:current 图2:superseded 图3:current"),
    ("one photo insisted on", [("", "图1.jpg", "图2.jpg"), ("以此件为准", "图1.jpg!")], "photos",
     "problem 图1:superseded 图2:current 图1:current"),
    ("paper by number", [("", "案例1.docx", "案例2.docx"), ("典型案例2作废",)], "cases",
     "ok 案例1:current 案例2:withdrawn"),
    ("quoted only", [("", "总结.docx"), ("> 总结作废",)], "summary", "ok 总结:current"),
    # 撤回
    ("withdrawn", [("", "案例.docx"), ("申请撤回典型案例",)], "cases", "unsure 案例:withdrawn"),
    ("withdrawn and sent anew", [("", "案例.docx"), ("申请撤回典型案例",), ("", "案例.docx")], "cases",
     "ok 案例:withdrawn 案例:current"),
    ("withdrawn and the same sent again", [("", "案例.docx=x"), ("申请撤回典型案例",), ("", "案例.docx=x")], "cases",
     "ok 案例:withdrawn 案例:current"),
    ("one of two withdrawn", [("", "图1.jpg", "图2.jpg"), ("请撤回图2",)], "photos", "ok 图1:current 图2:withdrawn"),
    ("whole mail", [("", "总结.docx"), ("", "案例.docx"), ("申请撤回上一封邮件",)], "cases", "unsure 案例:withdrawn"),
    ("of a day", [("", "总结.docx"), ("", "总结2.docx"), ("请撤回9月29日报送的材料",)], "summary",
     "ok 总结:current 总结2:withdrawn"),
    ("unclear", [("", "总结.docx"), ("申请撤回",)], "summary", "unsure 总结:current"),
    ("unclear, then new", [("", "总结.docx"), ("申请撤回",), ("", "总结2.docx")], "summary",
     "ok 总结:superseded 总结2:current"),
    ("by the mail program", [("质量月材料|", "总结.docx"), ("撤回: 质量月材料|",)], "summary", "unsure 总结:withdrawn"),
    ("tales of work", [("", "总结.docx"), ("督促企业撤回总结宣传广告12条",)], "summary", "ok 总结:current"),
    ("no need", [("", "总结.docx"), ("无需撤回总结",)], "summary", "ok 总结:current"),
    ("a copy of what was replaced", [("", "案例.docx=x"), ("以此件为准", "案例.docx"), ("", "案例.docx=x")],
     "cases", "ok 案例:superseded 案例:current 案例:duplicate"),
    ("what replaced it is gone", [("", "案例.docx=x"), ("以此件为准", "案例.docx"), ("请忽略前一封", "案例.docx=x")],
     "cases", "ok 案例:superseded 案例:superseded 案例:current"),
    # 更正, 更换, 发错
    ("corrected", [("", "统计表.xlsx"), ("更正统计表|", "汇总统计表.xlsx")], "statistics",
     "ok 统计表:superseded 汇总统计表:current"),
    ("corrected by a worse one", [("", "统计表.xlsx"), ("现将统计表更正如下", "统计表.xlsx!")], "statistics",
     "problem 统计表:superseded 统计表:current"),
    ("corrected, other things left", [("", "统计表.xlsx", "总结.docx"), ("更正统计表", "统计表.xlsx", "总结.docx!")],
     "summary",
     "ok 总结:current 总结:superseded"),
    ("photo 2 changed", [("", "图1.jpg", "图2.jpg!"), ("更换图2", "现场图.jpg")], "photos",
     "ok 图1:current 图2:superseded 现场图:current"),
    ("faulty photo mended", [("", "图1.jpg", "图2.jpg!"), ("", "图2.jpg")], "photos",
     "ok 图1:current 图2:superseded 图2:current"),
    ("wrong and sent anew", [("", "统计表.xlsx"), ("昨天的统计表发错了，现重新报送", "统计表.xlsx")], "statistics",
     "ok 统计表:superseded 统计表:current"),
    ("wrong, to come", [("", "统计表.xlsx"), ("昨天的统计表发错了，稍后重新报送",)],
     "statistics", "unsure 统计表:withdrawn"),
    ("caption mended", [("", "图1.jpg"), ("照片说明有误，更正如下",)], "photos", "ok 图1:current"),
    ("mere supplement", [("", "案例甲.docx"), ("补报典型案例一篇", "案例乙.docx")],
     "cases", "ok 案例甲:current 案例乙:current"),
]  # fmt: skip


@pytest.mark.parametrize(("mails", "id", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_table(mails: list[Mail], id: str, expected: str) -> None:
    assert told(standing(judged(mails), id)) == expected


def test_the_choice_is_explained() -> None:
    mails = [("", "总结.docx!"), ("", "总结.docx"), ("", "总结.docx!")]
    one = standing(judged(mails), "summary")
    assert [v.why for v in one.history if v.state == "current"] == ["最新的合格件（其后来件未采用）"]
    one = standing(judged([("", "统计表.xlsx"), ("更正统计表", "统计表.xlsx")]), "statistics")
    assert [v.why for v in one.history] == ["来信“更正统计表”，由后来的文件取代", "更正后的文件（来信“更正统计表”）"]


def test_a_sound_file_put_out_by_a_word_is_named() -> None:
    one = standing(judged([("", "总结.docx"), ("以此件为准", "工作总结.docx!")]), "summary")
    note = next(finding for finding in one.findings if finding.code == "by-word")
    assert note.outcome == "note"
    assert "“总结.docx”合格" in note.says


def test_a_withdrawal_is_asked() -> None:
    one = standing(judged([("", "案例.docx"), ("申请撤回典型案例",)]), "cases")
    assert [(f.code, f.outcome) for f in one.findings] == [("withdrawn", "unsure")]
    assert "申请撤回典型案例" in one.findings[0].says


@pytest.mark.parametrize("trust", ["unknown", "unverified"])
def test_a_stranger_takes_nothing_back(trust: Trust) -> None:
    verdict = judged([("", "总结.docx"), ("申请撤回总结",)], ["registered", trust])
    assert told(standing(verdict, "summary")) == "ok 总结:current"
    verdict = judged([("", "总结.docx"), ("以此件为准", "总结.docx")], ["registered", trust])
    assert told(standing(verdict, "summary")) == "ok 总结:current 总结:pending"


WORDS = st.sampled_from(
    [
        "",
        "请查收",
        "以此件为准",
        "更正统计表",
        "请忽略前一封",
        "申请撤回",
        "请撤回图2",
        "此前报送的材料全部作废",
        "总结发错了",
        "仍以第一次报送的为准",
    ]
)
PLAIN = st.sampled_from(["", "请查收", "补报材料", "重发一次"])
NAMES = st.sampled_from(
    ["总结.docx", "总结（修改）.docx", "案例甲.docx", "案例乙.docx", "图1.jpg", "图2.jpg", "统计表.xlsx"]
)
FILES = st.builds(lambda name, mark: name + mark, NAMES, st.sampled_from(["", "", "!", "=x", "=y"]))


def letters(words: st.SearchStrategy[str]) -> st.SearchStrategy[list[Mail]]:
    files = st.lists(FILES, max_size=3, unique_by=lambda name: name.partition("=")[0].rstrip("!"))
    return st.lists(st.builds(lambda said, sent: (said, *sent), words, files), min_size=1, max_size=6)


@settings(max_examples=60)
@given(letters(WORDS), st.randoms(use_true_random=False))
def test_every_file_is_in_exactly_one_place(mails: list[Mail], dice: Random) -> None:
    """Law: each file stands once in the history of what it answers, or is unplaced, in whatever order listed."""
    made = [mail_of(mail, day) for day, mail in enumerate(mails)]
    items = [item for sent, _ in made for item in sent]
    verdict = judge(NOTICE, UNIT, items, [text for _, text in made])
    places = [v.key for one in verdict.standings for v in one.history] + [piece.key for piece in verdict.unplaced]
    assert sorted(places) == sorted(item.key for item in items)
    for one in verdict.standings:
        current = [v.key for v in one.history if v.state == "current"]
        assert sorted(current) == sorted(file.key for file in one.files)
        assert all(v.why for v in one.history)
    dice.shuffle(made)
    shuffled = judge(NOTICE, UNIT, [i for sent, _ in made for i in sent], [text for _, text in made])
    assert shuffled.standings == verdict.standings


@settings(max_examples=60)
@given(letters(WORDS))
def test_what_was_withdrawn_never_counts(mails: list[Mail]) -> None:
    """Law: after 此前报送的材料全部作废 nothing that came before counts, whatever it was."""
    verdict = judged([*mails, ("此前报送的材料全部作废",)])
    assert all(not one.files for one in verdict.standings)
    assert all(v.state != "current" for one in verdict.standings for v in one.history)
    assert all(one.state in ("unsure", "missing") for one in verdict.standings)


@settings(max_examples=60)
@given(letters(WORDS), PLAIN, NAMES)
def test_a_worse_later_file_spoils_nothing_without_a_word(mails: list[Mail], words: str, name: str) -> None:
    """Law: a faulty file that comes later turns nothing that was in order into a problem, unless the mail says so."""
    before = judged(mails)
    after = judged([*mails, (words, f"{name}!")])
    for then, now in zip(before.standings, after.standings, strict=True):
        assert then.state != "ok" or now.state == "ok"


@settings(max_examples=60)
@given(letters(PLAIN), st.integers(0, 5))
def test_a_resend_of_everything_changes_nothing(mails: list[Mail], silent: int) -> None:
    """Law: all files again, byte for byte, in one later mail: the same is said, and all copies are duplicates."""
    made = [mail_of(mail, day) for day, mail in enumerate(mails)]
    items = [item for sent, _ in made for item in sent]
    texts = [text for _, text in made]
    later = [
        msgspec.structs.replace(one, mail=f"later{n}", received_at=START + timedelta(days=40 + (n + silent) % 6))
        for n, one in enumerate(items)
    ]
    base, again = judge(NOTICE, UNIT, items, texts), judge(NOTICE, UNIT, [*items, *later], texts)
    for then, now in zip(base.standings, again.standings, strict=True):
        assert msgspec.structs.replace(then, history=()) == msgspec.structs.replace(now, history=())
        copies = [v for v in now.history if v.key.startswith("later")]
        assert all(v.state == "duplicate" for v in copies)
