"""Presentations in a zip: slides in the order of the presentation, tables, pictures, what is hidden."""

from __future__ import annotations

import pytest

from rules.facts import TextFacts, Unreadable
from tests.intake.readers.samples import Measure, Samples

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
PHOTO = Samples.picture((400, 300))


def shape(*paragraphs: str, kind: str = "") -> str:
    mark = f'<p:ph type="{kind}"/>' if kind else ""
    lines = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in paragraphs)
    return f"<p:sp><p:nvSpPr><p:nvPr>{mark}</p:nvPr></p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"


PICTURE = '<p:pic><p:blipFill><a:blip r:embed="rId1"/></p:blipFill></p:pic>'
TABLE = (
    "<p:graphicFrame><a:tbl>"
    '<a:tr><a:tc gridSpan="2"><a:txBody><a:p><a:r><a:t>统计</a:t></a:r></a:p></a:txBody></a:tc>'
    '<a:tc hMerge="1"/></a:tr>'
    "<a:tr><a:tc><a:txBody><a:p><a:r><a:t>检查</a:t></a:r></a:p></a:txBody></a:tc>"
    "<a:tc><a:txBody><a:p><a:r><a:t>300</a:t></a:r></a:p></a:txBody></a:tc></a:tr>"
    "</a:tbl></p:graphicFrame>"
)


def pptx(*slides: str, hidden: int = -1) -> bytes:
    """Slides are stored in reverse, so that only the list tells their order."""
    members: list[tuple[str | bytes, bytes]] = [("[Content_Types].xml", b"<Types/>")]
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="rId{n}"/>' for n in range(len(slides)))
    head = f'xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"'
    members.append(
        ("ppt/presentation.xml", f"<p:presentation {head}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>".encode())
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{R}/slide" Target="slides/s{n}.xml"/>' for n in range(len(slides))
    )
    members.append(
        ("ppt/_rels/presentation.xml.rels", f'<Relationships xmlns="{RELATIONS}">{links}</Relationships>'.encode())
    )
    for number, body in reversed(list(enumerate(slides))):
        show = ' show="0"' if number == hidden else ""
        members.append((f"ppt/slides/s{number}.xml", f"<p:sld {head}{show}><p:cSld>{body}</p:cSld></p:sld>".encode()))
        link = f'<Relationship Id="rId1" Type="{R}/image" Target="../media/image1.jpeg"/>'
        members.append(
            (
                f"ppt/slides/_rels/s{number}.xml.rels",
                f'<Relationships xmlns="{RELATIONS}">{link}</Relationships>'.encode(),
            )
        )
    members.append(("ppt/media/image1.jpeg", PHOTO))
    return Samples.zip(*members)


REPORT = pptx(
    shape("活动汇报", kind="ctrTitle") + shape("二〇二二年十月"),
    shape("活动现场", kind="title") + PICTURE + shape("图1 现场宣传"),
    shape("不放映的话"),
    TABLE,
    hidden=2,
)


def facts(measure: Measure, data: bytes) -> TextFacts:
    found = measure(data, "汇报.pptx")[1].facts
    assert isinstance(found, TextFacts), found
    return found


def test_slides_in_order(measure: Measure) -> None:
    found = facts(measure, REPORT)
    assert (found.format, found.pages) == ("pptx", 4)
    assert found.text == "活动汇报\n二〇二二年十月\n活动现场\n图1 现场宣传\n统计\n检查\n300"
    assert found.headings[0] == "活动汇报" and "活动现场" in found.headings


def test_table_and_picture(measure: Measure) -> None:
    found = facts(measure, REPORT)
    assert [table.rows for table in found.tables] == [(("统计", None), ("检查", "300"))]
    (picture,) = found.pictures
    assert (picture.name, picture.format, picture.width, picture.height) == ("image1.jpeg", "JPEG", 400, 300)
    assert (picture.before, picture.after) == ("活动现场", "图1 现场宣传")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (Samples.ole(EncryptedPackage=b"x", EncryptionInfo=b"y"), "encrypted"),
        (REPORT[: len(REPORT) // 2], "damaged"),
        (pptx(), "damaged"),
        (pptx("<p:sp>"), "damaged"),
    ],
)
def test_refused(measure: Measure, data: bytes, reason: str) -> None:
    found = measure(data, "汇报.pptx")[1].facts
    assert isinstance(found, Unreadable) and found.reason == reason, found
