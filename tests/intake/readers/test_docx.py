"""Word documents: order, headings, tables, pictures with their words, tracked changes, bombs."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.shared import Cm

from intake.formats.prose import LIMIT
from rules.facts import TextFacts, Unreadable
from tests.intake.readers.samples import Measure, Samples

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
V = "urn:schemas-microsoft-com:vml"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(body: str, **parts: bytes) -> bytes:
    """A bare docx around the XML of a body."""
    spaces = f'xmlns:w="{W}" xmlns:mc="{MC}" xmlns:v="{V}" xmlns:r="{R}"'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {spaces}><w:body>{body}</w:body></w:document>")
        for name, data in parts.items():
            archive.writestr(f"word/{name}", data)
    return out.getvalue()


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def text_of(measure: Measure, body: str) -> str:
    facts = measure(package(body), "a.docx")[1].facts
    assert isinstance(facts, TextFacts), facts
    return facts.text


def report() -> bytes:
    document = docx.Document()
    document.add_paragraph("附件2")
    document.add_paragraph("滨江区质量月活动总结")
    document.add_paragraph("今年九月，我区开展了质量月活动，现将有关情况总结如下。")
    document.add_heading("一、组织领导", 1)
    document.add_picture(io.BytesIO(Samples.picture((1600, 1200))), Cm(5))
    document.add_paragraph("")
    document.add_paragraph("图1：启动仪式现场")
    line = document.add_paragraph("左")
    line.add_run().add_picture(io.BytesIO(Samples.picture((640, 480), "PNG")), Cm(3))
    line.add_run("右")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "横"
    table.cell(0, 2).text = "c"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "纵"
    table.cell(2, 2).text = "末"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_report(measure: Measure) -> None:
    kind, reading = measure(report(), "总结.docx")
    facts = reading.facts
    assert kind == "docx" and isinstance(facts, TextFacts)
    assert facts.text.split("\n")[:2] == ["附件2", "滨江区质量月活动总结"]
    assert facts.headings == ("滨江区质量月活动总结", "一、组织领导")
    assert facts.tables[0].rows == (("横", None, "c"), ("纵", None, None), (None, None, "末"))
    assert facts.characters == len(facts.text.replace("\n", ""))
    first, second = facts.pictures
    assert (first.format, first.width, first.height) == ("JPEG", 1600, 1200)
    assert (first.before, first.after) == ("一、组织领导", "图1：启动仪式现场")
    assert (second.format, second.width, second.before, second.after) == ("PNG", 640, "左", "右")


def test_macros_are_told_by_kind(measure: Measure) -> None:
    kind, reading = measure(package(p("正文"), **{"vbaProject.bin": b"x"}), "a.docx")
    assert kind == "docm" and isinstance(reading.facts, TextFacts)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<w:sdt><w:sdtContent>{p('控件')}</w:sdtContent></w:sdt>", "控件"),
        (
            "<w:p><w:ins><w:r><w:t>加</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>",
            "加",
        ),
        ("<w:p><w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom></w:p>" + p("新处"), "新处"),
        (
            f"<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{p('文本框')}</w:txbxContent></mc:Choice>"
            f"<mc:Fallback><w:txbxContent>{p('文本框')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>",
            "文本框",
        ),
        ("<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r></w:p>", "甲\t乙\n丙"),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>1</w:t></w:r></w:p>", "1"),
        (
            f"<w:tbl><w:tr><w:tc>{p('外')}<w:tbl><w:tr><w:tc>{p('内')}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>",
            "外\n内",
        ),
    ],
)
def test_order_and_what_counts(measure: Measure, body: str, text: str) -> None:
    assert text_of(measure, body) == text


def test_old_pictures_and_lost_ones(measure: Measure) -> None:
    body = p("前") + '<w:p><w:r><w:pict><v:shape><v:imagedata r:id="rId9"/></v:shape></w:pict></w:r></w:p>' + p("后")
    facts = measure(package(body), "a.docx")[1].facts
    assert isinstance(facts, TextFacts)
    (picture,) = facts.pictures
    assert (picture.name, picture.width, picture.before, picture.after) == ("rId9", 0, "前", "后")


def test_long_text_is_cut(measure: Measure) -> None:
    facts = measure(package("".join(p(f"{n}段" * 50) for n in range(30_000))), "a.docx")[1].facts
    assert isinstance(facts, TextFacts) and facts.truncated and len(facts.text) <= LIMIT


def test_wps_suffix_on_a_docx(measure: Measure) -> None:
    kind, reading = measure(report(), "总结.wps")
    assert kind == "docx" and isinstance(reading.facts, TextFacts)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (report()[:-500], "damaged"),
        (report()[:3000], "damaged"),
        (package("<w:p>"), "damaged"),
        (package(" " * (60 << 20)), "too-large"),
        (package(" " * (20 << 20)), "too-large"),
        (Samples.zip(*[(f"word/{n}.xml", b"") for n in range(2100)], ("[Content_Types].xml", b"")), "too-large"),
        (Samples.ole(EncryptedPackage=b"x", EncryptionInfo=b"y"), "encrypted"),
    ],
)
def test_refused(measure: Measure, data: bytes, reason: str) -> None:
    facts = measure(data, "总结.docx")[1].facts
    assert isinstance(facts, Unreadable), facts
    assert (facts.reason, facts.format) == (reason, "docx")
