"""New words, signature and history told apart; HTML as a reader sees it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.bodies import Body, divide
from intake.mail.markup import html_lines, text_lines

NEW = "您好，现报送总结。"
OLD = "请各单位报送材料"

HISTORIES = [
    "-----原始邮件-----\n发件人: a\n{old}",
    '------------------ 原始邮件 ------------------\n发件人: "a";\n{old}',
    "------------------&nbsp;原始邮件&nbsp;------------------\n{old}".replace("&nbsp;", "\xa0"),
    "------------------&nbsp;原始邮件&nbsp;------------------\n{old}",
    f"{'-' * 66}\n发件人：质量办 <zlb@example.gov.cn>\n日　期：2022年10月08日\n收件人：全体\n主　题：通知\n\n{{old}}",
    "---- 回复的原邮件 ----\n{old}",
    "-------- 转发邮件信息 --------\n{old}",
    "---------- Forwarded message ----------\n{old}",
    "-----Original Message-----\n{old}",
    '在2022-10-10 09:00:00，"质量办" <zlb@example.gov.cn> 写道：\n{old}',
    "在 2022年10月10日，上午9:00，质量办 <zlb@example.gov.cn> 写道：\n\n> {old}\n> 第二行",
    "On Mon, Oct 10, 2022 at 9:00 AM Office <zlb@example.gov.cn>\nwrote:\n> {old}",
    'At 2022-10-10 09:00:00, "office" <zlb@example.gov.cn> wrote:\n{old}',
    "zlb@example.gov.cn 于2022年10月10日周一 写道：\n{old}",
    "发件人： 质量办\n发送时间： 2022年10月10日 9:00\n收件人： 某局\n主题： 通知\n\n{old}",
    "________________________________\n发件人: 质量办\n日期: 2022-10-10\n主题: 通知\n{old}",
    "From: office\nSent: Monday\nTo: unit\nSubject: notice\n\n{old}",
    "--- 2022年10月8日 周六，质量办<zlb@example.gov.cn> 写道 ----\n{old}",
    "> {old}",
]


@pytest.mark.parametrize("history", HISTORIES)
def test_history_is_cut_off(history: str) -> None:
    body = divide(text_lines(f"{NEW}\n\n{history.format(old=OLD)}"))
    assert body.text == NEW
    assert OLD in body.quoted


@pytest.mark.parametrize("history", HISTORIES)
def test_history_in_a_page_is_cut_off(history: str) -> None:
    rows = "".join(f"<div>{line or '<br>'}</div>" for line in history.format(old=OLD).replace("<", "&lt;").split("\n"))
    body = divide(html_lines(f"<html><body><div>{NEW}</div>{rows}</body></html>"))
    assert body.text == NEW
    assert OLD in body.quoted


def test_an_answer_below_the_quotation_is_new() -> None:
    body = divide(text_lines(f"在2022-10-10，某人 写道：\n> {OLD}\n> {OLD}\n{NEW}"))
    assert body.text == NEW


@pytest.mark.parametrize(
    "words",
    [
        "发件人：请写明单位名称",
        "请注意：\n主题：质量月活动总结\n一、工作开展情况",
        "活动时间：10月\n活动地点：会议室\n主题：质量强国",
        "从我的角度看，活动很成功",
        "报告中写道：质量第一",
        "---\n第二部分",
        "On the whole it went well",
    ],
)
def test_what_only_resembles_history_stays(words: str) -> None:
    assert divide(text_lines(words)).text == words


def test_signatures() -> None:
    body = divide(text_lines(f"{NEW}\n-- \n某某局 张三\n电话 022-00000000\n> 旧"))
    assert (body.text, body.signature, body.quoted) == (NEW, "某某局 张三\n电话 022-00000000", "> 旧")
    assert divide(text_lines(f"{NEW}\n发自我的iPhone")).signature == "发自我的iPhone"


@pytest.mark.parametrize(
    "line",
    re.split(
        r" \| ",
        "发自我的企业微信 | 从 Windows 版邮件发送 | 获取 Outlook for iOS | 来自 Outlook for Android | 发自网易邮箱大师"
        " | 发自移动端QQ邮箱 | Sent from Mail for Windows"
        " | 发送自 Windows 10 版邮件应用 | 来自华为手机 | 从我的 iPhone 发送",
    ),
)
def test_what_programs_write_below(line: str) -> None:
    body = divide(text_lines(f"{NEW}\n\n{line}"))
    assert (body.text, body.signature) == (NEW, line)


@pytest.mark.parametrize(
    "line", ["来自青禾县的材料", "从手机行业看质量", "获取第一手材料", "来自各乡镇的手机用户参加活动"]
)
def test_words_that_only_begin_like_those(line: str) -> None:
    assert divide(text_lines(f"{NEW}\n{line}\n后文")).signature == ""


def test_blockquotes_and_quote_classes_are_history() -> None:
    for open_, close in (
        ("<blockquote>", "</blockquote>"),
        ('<div class="gmail_quote">', "</div>"),
        ('<div id="isReplyContent">', "</div>"),
    ):
        body = divide(html_lines(f"<div>{NEW}</div>{open_}<div><p>{OLD}</p></div>{close}<p>后面</p>"))
        assert (body.text.split(), body.quoted) == ([NEW, "后面"], OLD)


def test_a_page_becomes_lines() -> None:
    page = (
        "<html><head><title>t</title><style>p{x:y}</style></head><body><!-- c --><p>一&nbsp;&amp;  二</p>三<br>四"
        "<table><tr><td>五</td><td>六</td></tr></table><script>var a='<p>x</p>';</script>"
        '<div style="display:none">看不见<div>也看不见</div></div><ul><li>七<li>八</ul>a &lt; b</body></html>'
    )
    assert divide(html_lines(page)).text == "一 & 二\n三\n四\n五\t六\n七\n八\na < b"


def test_the_cells_of_a_row_stay_one_line() -> None:
    """Word puts a paragraph into every cell."""
    cells = "".join(f"<td><p class=x>{word}<o:p></o:p></p></td>" for word in ("图片1", "启动仪式", ""))
    assert (
        divide(html_lines(f"<table><tr>{cells}</tr><tr>{cells}</tr></table>")).text
        == "图片1\t启动仪式\n图片1\t启动仪式"
    )
    two = "<table><tr><td><p>1</p></td><td><p>一</p><p>二</p></td></tr></table><p>后</p>"
    assert divide(html_lines(two)).text == "1\t一\n二\n后"
    nested = "<table><tr><td><table><tr><td>内</td></tr></table></td><td>外</td></tr></table>"
    assert divide(html_lines(nested)).text == "内\n外"


def test_preformatted_lines_stay_lines() -> None:
    assert divide(html_lines("<p>前</p><pre>一\n二</pre>三\n四")).text == "前\n一\n二\n三 四"


def test_broken_markup_loses_no_words() -> None:
    assert divide(html_lines('<p>一<b>二</p><p title="a > b">三<div>四 < 五')).text == "一二\n三\n四 < 五"


@given(
    st.lists(
        st.sampled_from(["<div>", "</div>", "<blockquote>", "</p>", "<a href='x'", "<!--", "-->", "字", '"', ">", "<"])
    )
)
@settings(max_examples=100, deadline=None)
def test_any_markup_gives_lines(pieces: list[str]) -> None:
    """Law: nothing raises, and no line holds a line break."""
    lines = html_lines("".join(pieces))
    assert isinstance(divide(lines), Body)
    assert not any("\n" in line.text for line in lines)


@given(st.lists(st.sampled_from(["新的一行", "> 旧", "-----原始邮件-----", "-- ", "", "On x wrote:", "发件人: a"])))
@settings(max_examples=100, deadline=None)
def test_no_line_is_lost(lines: list[str]) -> None:
    """Law: every line is in exactly one of text, signature and quotation (the divider `--` itself aside)."""
    body = divide(text_lines("\n".join(lines)))
    kept = [line for part in (body.text, body.signature, body.quoted) for line in part.split("\n")]
    kept = [line for line in kept if line and line != "--"]
    assert sorted(kept) == sorted(line for line in lines if line.strip() and line.strip() != "--")
