"""Plain text or HTML, and text that was broken for the wire: what a person wrote is read, whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.choice import lines_of
from intake.mail.flowed import unflow
from intake.mail.level import Words
from tests.intake.mail.raw_mail import HEAD, message, mixed, nested, page, text


def both(plain: str, html: str, folder: Path) -> str:
    """The text of a mail that has two forms."""
    return message(mixed(nested(text(plain), page(html), kind="alternative", boundary="alt")), folder).text


def test_a_stub_is_passed_over(tmp_path: Path) -> None:
    found = both("请使用支持HTML的邮件客户端查看。", "<p>图片1.jpg：启动仪式</p><p>图片2.jpg：培训现场</p>", tmp_path)
    assert found == "图片1.jpg：启动仪式\n图片2.jpg：培训现场"


def test_a_table_that_only_the_page_holds(tmp_path: Path) -> None:
    html = "<p>各位领导：</p><p>报送材料。</p><table><tr><td>图片1</td><td>启动仪式现场</td></tr></table>"
    assert both("各位领导：\r\n报送材料。", html, tmp_path).endswith("图片1\t启动仪式现场")


@pytest.mark.parametrize(
    "html",
    [
        "<p>各位领导：</p><p>报送<b>材料</b>，见 <a href='https://a.example/x'>链接</a>。</p>",
        "<div>各位领导：<br>报送材料，见链接。</div><blockquote>旧通知，文字很长很长</blockquote>",
        "<p>各位</p>",
        "",
    ],
)
def test_plain_text_is_taken_when_it_says_as_much(html: str, tmp_path: Path) -> None:
    plain = "各位领导：\r\n报送*材料*，见链接 <https://a.example/x>。"
    assert both(plain, html, tmp_path) == plain.replace("\r\n", "\n")


def test_of_two_very_long_texts_the_plain_one() -> None:
    assert [line.text for line in lines_of(Words(plain="长" * 300_000, html="<p>另一段文字</p>"))] == ["长" * 300_000]


FLOWED = {"format": b"Flowed"}


@pytest.mark.parametrize(
    ("sent", "parameters", "meant"),
    [
        ("我单位组织 \r\n了活动。\r\n第二段", {"delsp": b"yes"}, "我单位组织了活动。\n第二段"),
        ("我单位组织 \n了活动。", {}, "我单位组织了活动。"),
        ("we did \nall of it", {}, "we did all of it"),
        ("we did \nall of it", {"delsp": b"yes"}, "we didall of it"),
        ("> old \n> words\nnew", {}, "> old words\nnew"),
        ("> old \nnew", {}, "> old \nnew"),
        ("end \n-- \n张三", {}, "end \n-- \n张三"),
        (" From here \n on", {}, "From here on"),
        ("a \n \nb", {}, "a \nb"),
    ],
)
def test_soft_breaks_are_undone(sent: str, parameters: dict[str, bytes], meant: str) -> None:
    assert unflow(sent, FLOWED | parameters) == meant


def test_only_where_the_type_says_so(tmp_path: Path) -> None:
    assert unflow("a \nb", {}) == "a \nb"
    raw = HEAD + b"Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\n"
    assert message(raw + "图片1.jpg：启动 \r\n仪式现场\r\n".encode(), tmp_path).text == "图片1.jpg：启动仪式现场"


@given(st.lists(st.text(st.sampled_from("质量月 >-a"), max_size=6), max_size=8))
@settings(max_examples=100, deadline=None)
def test_no_letter_is_lost(lines: list[str]) -> None:
    """Law: unflowing changes blanks, quote signs and line ends only."""
    sent = "\n".join(lines)
    for delsp in (b"yes", b"no"):
        meant = unflow(sent, FLOWED | {"delsp": delsp})
        assert [char for char in meant if char not in " >\n"] == [char for char in sent if char not in " >\n"]
