"""format: by content, not by name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.case import Case
from rules.checks.format import _wrong
from rules.facts import Facts, Picture, TableFacts, Unreadable, VideoFacts
from rules.notice import Requirement
from tests.rules.checks.bench import codes, item, jpg, run, text

NOON = datetime(2022, 10, 12, 4, 0, tzinfo=UTC)
PICTURES = (Picture(name="image1.jpeg", format="JPEG", width=1200, height=900),)
BOOK = TableFacts(format="xlsx", sheets=(), pictures=PICTURES)


@pytest.mark.parametrize(
    ("name", "facts", "formats", "category", "expected"),
    [
        ("图.jpg", jpg(), ["jpg"], "photo", []),
        ("图.JPEG", jpg(), ["jpg"], "photo", []),
        ("图", jpg(), ["jpg"], "photo", []),
        ("图.jpg", jpg(format="PNG"), ["jpg"], "photo", [("fake-extension", "fail")]),
        ("图.png", jpg(format="PNG"), ["jpg"], "photo", [("wrong-format", "fail")]),
        ("图.png", jpg(), ["jpg"], "photo", [("fake-extension", "note")]),
        ("图.png", jpg(), [], "photo", [("fake-extension", "note")]),
        ("IMG_1.HEIC", jpg(format="HEIF"), ["jpg"], "photo", [("wrong-format", "fail")]),
        ("IMG_1.HEIC", jpg(format="HEIF"), ["jpg", "heic"], "photo", []),
        ("IMG_1.jpg", jpg(format="HEIF"), ["jpg"], "photo", [("fake-extension", "fail")]),
        ("图.docx", text(pictures=PICTURES), ["jpg"], "photo", [("only-in-document", "fail")]),
        (
            "图.xlsx",
            TableFacts(format="xlsx", sheets=(), pictures=PICTURES),
            ["jpg"],
            "photo",
            [("only-in-document", "fail")],
        ),
        ("图.doc", text(format="doc", pictures=PICTURES), ["jpg"], "photo", [("only-in-document", "fail")]),
        ("图.pptx", text(format="pptx", pictures=PICTURES), ["jpg"], "photo", [("only-in-document", "fail")]),
        ("图.docx", text(), ["jpg"], "photo", [("wrong-format", "fail")]),
        ("图.docx", text(pictures=PICTURES), [], "photo", [("only-in-document", "fail")]),
        ("图.docx", text(pictures=PICTURES), ["jpg", "docx"], "photo", []),
        ("总结.docx", text(pictures=PICTURES), ["docx"], "summary", []),
        ("总结2022.9.30", text(), ["docx"], "summary", []),
        ("表.xlsm", TableFacts(format="xlsm", sheets=()), ["xlsx"], "stat_table", []),
        ("总结.docx", text(), ["docx", "doc"], "summary", []),
        ("总结.doc", text(), ["docx", "doc"], "summary", [("fake-extension", "note")]),
        ("总结.doc", text(format="rtf"), ["docx", "doc"], "summary", [("fake-extension", "note")]),
        ("总结.rtf", text(format="rtf"), ["docx", "doc"], "summary", [("wrong-format", "fail")]),
        ("总结.doc", text(format="html"), ["docx", "doc"], "summary", [("fake-extension", "fail")]),
        ("总结.txt", text(format="txt"), ["docx", "doc"], "summary", [("wrong-format", "fail")]),
        ("表.et", TableFacts(format="xls", sheets=()), ["xlsx", "xls", "et"], "stat_table", []),
        ("表.docx", text(), ["xlsx", "xls"], "stat_table", [("wrong-format", "fail")]),
    ],
)
def test_table(name: str, facts: Facts, formats: list[str], category: str, expected: list[tuple[str, str]]) -> None:
    assert codes(run("format", {}, item(name, facts), formats=formats, category=category)) == expected


def test_a_pasted_picture_is_told_with_its_real_size() -> None:
    (found,) = run("format", {}, item("图.docx", text(pictures=PICTURES)), formats=["jpg"], category="photo")
    assert "1200×900" in found.says


def test_captions_beside_pasted_pictures_are_measured() -> None:
    told = Picture(name="1.jpeg", format="JPEG", width=1200, height=900, after="九月六日，工作人员在广场讲解家电安全。")
    bare = Picture(name="2.jpeg", format="JPEG", width=1200, height=900, after="联系人：周某某")
    (found,) = run("format", {}, item("图.docx", text(pictures=(told,))), formats=["jpg"], category="photo")
    assert "说明 1 段（19 字）" in found.says and "说明不必重写" in found.fix
    (found,) = run("format", {}, item("图.docx", text(pictures=(told, bare))), formats=["jpg"], category="photo")
    assert "说明 1 段" in found.says and "不必重写" not in found.fix


def test_a_form_typed_into_a_document_is_to_be_filled_in_not_saved_anew() -> None:
    asked = Requirement(id="statistics", name="统计表", category="stat_table", formats=("xlsx",), form="附件2.xlsx")
    found = _wrong(item("表.docx", text()), "docx", Case(requirement=asked, items=(), others=(), deadline=NOON))
    assert found.code == "wrong-format" and "空表上填写" in found.fix
    plain = asked.model_copy(update={"form": None})
    again = _wrong(item("表.docx", text()), "docx", Case(requirement=plain, items=(), others=(), deadline=NOON))
    assert again.fix == "请另存为 XLSX 格式后重新发送。"


@pytest.mark.parametrize("name", ["IMG_1.HEIC", "IMG_1.jpg"])
def test_a_photo_of_an_iphone_is_told_its_size_and_the_switch(name: str) -> None:
    photo = item(name, jpg(format="HEIF", width=4032, height=3024))
    (found,) = run("format", {}, photo, formats=["jpg"], category="photo")
    assert "兼容性最佳" in found.fix and "JPG" in found.fix
    assert ("4032×3024" in found.says) == (name == "IMG_1.HEIC")


def test_a_film_is_not_to_be_saved_as_a_document() -> None:
    film = item("活动总结.mp4", VideoFacts(format="mp4", seconds=60))
    (found,) = run("format", {}, film, formats=["docx"], category="summary")
    assert found.code == "wrong-format" and "另存" not in found.fix
    (unread,) = run("readable", {}, item("总结.mp3", Unreadable(reason="unsupported", format="mp3")), formats=["docx"])
    assert unread.code == "wrong-format" and "另存" not in unread.fix
    (film_for_film,) = run("format", {}, item("视频.mkv", VideoFacts(format="mkv")), formats=["mp4"], category="video")
    assert "MP4" in film_for_film.fix and "另存为" in film_for_film.fix
