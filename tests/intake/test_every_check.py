"""Everything a notice can demand, by mails through the whole line: what is faulted, doubted, told."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from intake.demo import binaries, samples
from intake.demo import materials as m
from intake.demo.clients import Attached
from rules.unit import Unit
from tests.desk import Desk, first_line, own_notice

NOTICE = """
id = "quality-month-2022"
title = "关于报送“质量月”活动材料的通知"
deadline = 2022-10-12
contact = { name = "孙敏", phone = "0871-55501234" }
subject_rule = "单位名称+质量月"

[[requirement]]
id = "summary"
name = "活动总结"
category = "summary"
formats = ["docx", "pdf"]
clause = "活动总结报送Word版和PDF版，命名为“单位名称+材料名称”，邮件主题为“单位名称+质量月”"
checks.all-formats = {}
checks.naming = { pattern = "单位名称+材料名称" }
checks.subject = { pattern = "单位名称+质量月" }

[[requirement]]
id = "cases"
name = "典型案例"
category = "case"
formats = ["docx", "pdf"]
clause = "典型案例2篇，Word或PDF格式，命名为“单位名称-案例名称”"
checks.count = { min = 2, max = 2 }
checks.naming = { pattern = "单位名称-案例名称", strict = true }

[[requirement]]
id = "essays"
name = "征文"
category = "article"
clause = "征文1至2篇，每篇100字以上"
checks.count = { min = 1, max = 2 }
checks.text-length = { min = 100 }

[[requirement]]
id = "photos"
name = "活动照片"
category = "photo"
clause = "长边不低于2000像素，不低于300万像素，300dpi，不小于0.1MB"
checks.image-size = { min_long_side = 2000, min_megapixels = 3 }
checks.dpi = { min = 300 }
checks.file-size = { min_mb = 0.1, max_mb = 20 }

[[requirement]]
id = "video"
name = "活动视频"
category = "video"
clause = "时长不超过5分钟"
checks.duration = { max_seconds = 300 }

[[requirement]]
id = "form"
name = "先进单位推荐表"
category = "form"
form = "form.xlsx"
clause = "填写推荐表，加盖公章"
checks.stamp = {}
checks.table = { required = ["联系电话"] }
"""


def workbook(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def form(name: str = "", deeds: str = "", phone: str = "", people: str = "") -> bytes:
    """The form filled in so far; the blank one when nothing is given."""
    return workbook(
        [
            ["先进单位推荐表"],
            ["单位名称（必填）", name, "联系电话", phone],
            ["主要事迹（必填）", deeds, "职工人数", people],
            ["获奖情况（选填）", "", "推荐意见", ""],
        ]
    )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, roster=2) as running:
        (running.folder / "form.xlsx").write_bytes(form())
        own_notice(running, NOTICE)
        yield running


def essay(name: str, number: int) -> Attached:
    text = [f"第{number}篇。" + "质量是企业的生命，标准是质量的基础。" * 8]
    return Attached(name, samples.docx(f"质量在我心中之{number}", text), m.DOCX)


def film(seconds: float) -> Attached:
    return Attached("活动视频.mp4", binaries.mp4(seconds, 1280, 720), "video/mp4")


def good(unit: Unit) -> list[Attached]:
    summary = m.summary(unit, 1, name=f"{unit.name}+活动总结.docx")
    pdf = Attached(
        f"{unit.name}+活动总结.pdf", binaries.pdf(f"{unit.name}活动总结\n" + "扎实开展活动。" * 9), "application/pdf"
    )
    cases = [m.case(unit, n, name=f"{unit.name}-案例{n}.docx") for n in (1, 2)]
    photo = m.photo(unit, 1, width=2400, height=1800)
    table = Attached("推荐表.xlsx", form(unit.name, "开展质量提升", "0871-1", "12"), m.XLSX)
    return [summary, pdf, *cases, essay("征文1.docx", 1), photo, film(120), table]


def codes(desk: Desk, unit: Unit) -> dict[str, set[tuple[str, str]]]:
    """(code, outcome) of what is not in order, by requirement."""
    requirements: list[dict[str, Any]] = desk.status()[unit.code]["requirements"]
    return {
        one["id"]: {(f["code"], f["outcome"]) for f in one["findings"] if f["outcome"] != "pass"}
        for one in requirements
    }


def told(desk: Desk) -> str:
    return str(desk.letters[-1].get_body(("plain",)).get_content())  # type: ignore[union-attr]  # it has a text part


def test_all_in_order_but_the_stamp_that_a_machine_cannot_see(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, good(unit), subject=f"{unit.name}质量月材料")
    desk.cycle(wait=timedelta(minutes=10))
    found = codes(desk, unit)
    assert found.pop("form") == {("stamp-unseen", "unsure")}
    assert all(not left or left == {("dpi", "note")} for left in found.values()), found
    assert first_line(desk.letters[-1]) == "已收到，待核 1 项"


def test_every_fault_is_found_and_the_right_names_are_proposed(desk: Desk) -> None:
    unit = desk.units[0]
    summary = m.summary(unit, 1, name="总结.docx")
    case = m.case(unit, 1, name="案例材料.docx")
    short = Attached("征文.docx", samples.docx("征文：质量在我心中", ["质量很重要。"]), m.DOCX)
    small = m.photo(unit, 1, width=1600, height=1200)
    table = Attached("推荐表.xlsx", form("", "开展质量提升", "", "12"), m.XLSX)
    desk.mail(unit, [summary, case, short, small, film(600), table], subject="材料")
    desk.cycle(wait=timedelta(minutes=10))
    found = codes(desk, unit)
    assert {("format-missing", "fail"), ("naming", "note"), ("subject", "note")} <= found["summary"]
    assert {("too-few", "unsure"), ("naming", "fail")} <= found["cases"] or {("too-few", "fail")} <= found["cases"]
    assert ("text-too-short", "fail") in found["essays"]
    assert ("too-small", "fail") in found["photos"]
    assert ("duration", "fail") in found["video"]
    assert ("table-empty", "fail") in found["form"]
    text = told(desk)
    assert f"{unit.name}+活动总结.docx" in text, "the material's name in its place"
    assert f"{unit.name}-" in text
    assert f"{unit.name}+质量月" in text, "the subject that is asked for"
    assert "单位名称（必填）" in text
    assert "联系电话" in text
    assert "职工人数" not in text


def test_either_format_is_enough_and_too_many_essays_are_told(desk: Desk) -> None:
    unit = desk.units[0]
    pages = [
        Attached(
            f"{unit.name}-典型案例{n}.pdf",
            binaries.pdf(f"典型案例{n}\n" + f"第{n}家企业的做法。" * 30),
            "application/pdf",
        )
        for n in (1, 2)
    ]
    essays = [essay(f"征文{n}.docx", n) for n in (1, 2, 3)]
    desk.mail(unit, [*pages, *essays], subject=f"{unit.name}质量月材料")
    desk.cycle(wait=timedelta(minutes=10))
    found = codes(desk, unit)
    assert found["cases"] == set()
    assert {code for code, _ in found["essays"]} == {"too-many"}


def test_a_red_seal_in_a_scan_is_seen(desk: Desk) -> None:
    unit = desk.units[0]
    files = good(unit)
    files.append(Attached("先进单位推荐表盖章扫描件.jpg", sealed(), m.JPEG))
    desk.mail(unit, files, subject=f"{unit.name}质量月材料")
    desk.cycle(wait=timedelta(minutes=10))
    assert ("stamp-unseen", "unsure") not in codes(desk, unit)["form"]


def sealed() -> bytes:
    """A page with a red ring, as a seal leaves it."""
    from PIL import Image, ImageDraw

    page = Image.new("RGB", (1240, 1754), "white")
    draw = ImageDraw.Draw(page)
    draw.ellipse((700, 1200, 1050, 1550), outline=(200, 20, 30), width=18)
    draw.rectangle((810, 1360, 940, 1390), fill=(200, 20, 30))
    for line in range(200, 1100, 60):
        draw.rectangle((150, line, 1080, line + 18), fill=(40, 40, 40))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=90)
    return out.getvalue()
