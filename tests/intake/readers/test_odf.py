"""OpenDocument texts and slides."""

from __future__ import annotations

import pytest

from rules.facts import TextFacts, Unreadable
from tests.intake.readers.samples import Measure, Samples

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
                        ("presentation", "presentation"))
)  # fmt: skip
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
PHOTO = Samples.picture((400, 300))


def odf(body: str, kind: str = "text", manifest: str = "") -> bytes:
    content = f"<office:document-content {NAMES} {XLINK}><office:body>{body}</office:body></office:document-content>"
    return Samples.zip(
        ("mimetype", f"application/vnd.oasis.opendocument.{kind}".encode()),
        ("content.xml", content.encode()),
        ("Pictures/1.jpg", PHOTO),
        ("META-INF/manifest.xml", manifest.encode()),
    )


PICTURE = '<draw:frame><draw:image xlink:href="Pictures/1.jpg"/></draw:frame>'
TEXT = odf(
    "<text:tracked-changes><text:p>删去的话</text:p></text:tracked-changes>"
    "<text:h>活动总结</text:h>"
    '<text:p>今年九月，<text:span>我区组织活动。</text:span><text:s text:c="2"/>完<text:line-break/>另行'
    "<office:annotation><text:p>批注</text:p></office:annotation></text:p>"
    "<table:table><table:table-row>"
    '<table:table-cell table:number-columns-spanned="2"><text:p>统计</text:p></table:table-cell>'
    "<table:covered-table-cell/>"
    '</table:table-row><table:table-row><table:table-cell table:number-columns-repeated="2"/>'
    "<table:table-cell><text:p>300</text:p></table:table-cell></table:table-row></table:table>"
    f"<text:p>{PICTURE}</text:p><text:p>图1 现场</text:p>"
)
SLIDES = odf(
    '<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>活动汇报</text:p></draw:text-box>'
    f"</draw:frame>{PICTURE}<presentation:notes><text:p>备注</text:p></presentation:notes></draw:page>"
    "<draw:page><text:p>第二页</text:p></draw:page>",
    "presentation",
)


def facts(measure: Measure, data: bytes, name: str) -> TextFacts:
    found = measure(data, name)[1].facts
    assert isinstance(found, TextFacts), found
    return found


def test_text(measure: Measure) -> None:
    found = facts(measure, TEXT, "总结.odt")
    assert found.text == "活动总结\n今年九月，我区组织活动。  完\n另行\n统计\n300\n图1 现场"
    assert (found.format, found.headings) == ("odt", ("活动总结",))
    assert [table.rows for table in found.tables] == [(("统计", None, None), (None, None, "300"))]
    (picture,) = found.pictures
    assert (picture.width, picture.height, picture.after) == (400, 300, "图1 现场")


def test_slides(measure: Measure) -> None:
    found = facts(measure, SLIDES, "汇报.odp")
    assert (found.format, found.pages, found.text) == ("odp", 2, "活动汇报\n第二页")
    assert found.headings[0] == "活动汇报" and len(found.pictures) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (odf("", manifest="<m:encryption-data/>"), "encrypted"),
        (odf("<text:p>"), "damaged"),
        (TEXT[:-60], "damaged"),
        (odf("<text:p/>" + "<!-- -->" * 1_500_000), "too-large"),
    ],
)
def test_refused(measure: Measure, data: bytes, reason: str) -> None:
    found = measure(data, "总结.odt")[1].facts
    assert isinstance(found, Unreadable) and found.reason == reason, found
