"""Web pages as office systems export them, under whatever name."""

from __future__ import annotations

import base64
import quopri

import pytest

from rules.facts import TextFacts, Unreadable
from tests.intake.readers.samples import Measure

PAGE = """<html><head><meta charset="{}"><title>导出</title><style>p {{color: red}}</style></head><body>
<h1>活动统计表</h1><p>单位：滨江区&nbsp;市场监管局<br>十月</p>
<table><tr><td colspan=2>合计</td><td>300</td></tr><tr><td>检查<td><p>12</p><p>场</p></td><td></td></tr></table>
<script>var x = "<p>不显示</p>";</script><p>以上。</p></body></html>"""


def facts(measure: Measure, data: bytes, name: str) -> TextFacts:
    found = measure(data, name)[1].facts
    assert isinstance(found, TextFacts), found
    return found


@pytest.mark.parametrize("charset", ["gb2312", "utf-8", "gb18030"])
@pytest.mark.parametrize("name", ["统计表.html", "统计表.xls", "统计表.doc"])
def test_page(measure: Measure, charset: str, name: str) -> None:
    found = facts(measure, PAGE.format(charset).encode(charset), name)
    assert found.format == "html" and found.headings[0] == "活动统计表"
    assert found.text == "活动统计表\n单位：滨江区 市场监管局\n十月\n合计\n300\n检查\n12\n场\n以上。"
    assert [table.rows for table in found.tables] == [(("合计", None, "300"), ("检查", "12\n场", None))]


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_page_in_one_file(measure: Measure, encoding: str) -> None:
    body = PAGE.format("gb2312").encode("gbk")
    packed = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding, bytes)(body)
    data = (
        (
            b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_x"\r\n\r\n------=_x\r\n'
            b'Content-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: '
            + encoding.encode()
            + b"\r\n\r\n"
        )
        + packed.replace(b"\n", b"\r\n")
        + b"\r\n------=_x\r\nContent-Type: image/png\r\n\r\nx\r\n------=_x--\r\n"
    )
    found = facts(measure, data, "总结.doc")
    assert (found.format, found.headings[0]) == ("mht", "活动统计表") and "以上。" in found.text


def test_without_a_page(measure: Measure) -> None:
    data = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: image/png\n\nx\n--x--"
    found = measure(data, "a.mht")[1].facts
    assert isinstance(found, Unreadable) and found.reason == "damaged"
