"""Cloud attachments of every provider: name, size, expiry; each once; none out of history."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.links import find_links
from intake.mail.providers import UNKNOWN

QQ = "https://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=abc&code=1234"
WX = "https://wx.mail.qq.com/ftn/download?func=3&key=k1&code=2"
NE = "https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&file=f1"


def escaped(url: str) -> str:
    """As it stands in an attribute."""
    return url.replace("&", "&amp;")


QQ_BLOCK = f"""<div id="QQMailBigAttach"><div>从QQ邮箱发来的超大附件</div>
<div><a href="{escaped(QQ)}"><img src="i.png"></a>
<a href="{escaped(QQ)}">质量月宣传片.mp4</a><span>(128.03M, 2020年11月27日 21:59 到期)</span>
<a href="{escaped(QQ)}">进入下载页面</a></div></div>"""


def test_qq_block_is_one_link() -> None:
    (link,) = find_links(f"<p>见附件</p>{QQ_BLOCK}", "")
    assert link.name == "质量月宣传片.mp4"
    assert link.facts.provider == "QQ邮箱"
    assert link.facts.url == QQ
    assert (link.facts.size_text, link.facts.size) == ("128.03M", 134249185)
    assert link.facts.expires == "2020-11-27T21:59:00+08:00"


def test_qq_block_of_two_files() -> None:
    second = QQ_BLOCK.replace("k=abc", "k=def").replace("宣传片.mp4", "照片.zip").replace("128.03M", "2.5G")
    found = find_links(QQ_BLOCK + second, "")
    assert [(link.name, link.facts.size_text) for link in found] == [
        ("质量月宣传片.mp4", "128.03M"),
        ("质量月照片.zip", "2.5G"),
    ]


def test_qq_spans() -> None:
    html = (
        f'<span class="qqmailbgattach" downloadlink="{escaped(WX)}" expiretime="1606485540">'
        f'<a href="{escaped(WX)}">片.mov</a> (80M, 无限期)</span>'
    )
    (link,) = find_links(html, "")
    assert (link.name, link.facts.provider, link.facts.expires) == ("片.mov", "QQ邮箱", "2020-11-27T21:59:00+08:00")


def test_no_expiry_when_unlimited() -> None:
    (link,) = find_links(QQ_BLOCK.replace("2020年11月27日 21:59 到期", "无限期"), "")
    assert link.facts.expires is None


@pytest.mark.parametrize("words", ["30天后过期", "有效期30天", "30天内有效", "有效期：30 天"])
def test_validity_in_days_counts_from_the_mail(words: str) -> None:
    block = QQ_BLOCK.replace("2020年11月27日 21:59 到期", words)
    (link,) = find_links(block, "", datetime(2022, 9, 28, 1, 30, tzinfo=UTC))
    assert link.facts.expires == "2022-10-28T09:30:00+08:00"
    assert find_links(block, "")[0].facts.expires is None


@pytest.mark.parametrize(
    ("words", "expires"),
    [
        ("有效期至 2020-11-27 21:59", "2020-11-27T21:59:00+08:00"),
        ("2020/11/27 到期", "2020-11-27T23:59:59+08:00"),
        ("失效时间：2020年11月27日", "2020-11-27T23:59:59+08:00"),
        ("有效时间到：2020-11-27 21:59:03", "2020-11-27T21:59:03+08:00"),
        ("expires 2020-11-27", "2020-11-27T23:59:59+08:00"),
        ("永久有效", None),
    ],
)
def test_dates_in_all_forms(words: str, expires: str | None) -> None:
    (link,) = find_links(QQ_BLOCK.replace("2020年11月27日 21:59 到期", words), "")
    assert link.facts.expires == expires
    assert expires is None or datetime.fromisoformat(expires).tzinfo is not None


def test_a_link_in_the_signature_or_history_is_none_of_this_mail() -> None:
    text = "材料见附件。\n\n-- \n某某\n我的网盘 https://pan.baidu.com/s/1abcDEF\n"
    assert find_links("", text) == ()


def test_exmail() -> None:
    url = QQ.replace("mail.qq.com", "exmail.qq.com")
    (link,) = find_links(
        f'<div>从腾讯企业邮箱发来的超大附件</div><a href="{escaped(url)}">a.mp4</a> (5M, 2022年10月30日 到期)', ""
    )
    assert (link.facts.provider, link.facts.expires) == ("腾讯企业邮箱", "2022-10-30T23:59:59+08:00")


def test_qq_text_part() -> None:
    text = f"从QQ邮箱发来的超大附件\n\n宣传片.mp4 (128.03M, 2020年11月27日 21:59 到期)进入下载页面：{QQ}\n"
    (link,) = find_links("", text)
    assert (link.name, link.facts.url, link.facts.size) == ("宣传片.mp4", QQ, 134249185)
    assert link.facts.expires == "2020-11-27T21:59:00+08:00"


def test_html_and_text_together_are_one_link() -> None:
    text = f"从QQ邮箱发来的超大附件\n质量月宣传片.mp4 (128.03M, 2020年11月27日 21:59 到期)进入下载页面：{QQ}\n"
    assert len(find_links(QQ_BLOCK, text)) == 1


def test_netease() -> None:
    html = f"""<div id="divNeteaseBigAttach"><div>从网易163邮箱发来的超大附件</div>
    <div><a class="netease-attDown" href="{escaped(NE)}" download="培训视频.mp4">培训视频.mp4</a>
    <span>(80.96M, 2022年10月27日 21:59 到期)</span><a href="{escaped(NE)}">下载</a></div>
    <a id="bigattach-mailmaster-download" href="https://mail.163.com/dashi/dlpro.html">邮箱大师</a></div>"""
    (link,) = find_links(html, "")
    assert (link.name, link.facts.provider, link.facts.size_text) == ("培训视频.mp4", "网易邮箱", "80.96M")
    assert link.facts.expires == "2022-10-27T21:59:00+08:00"


def test_netease_enterprise_attributes_are_exact() -> None:
    url = "https://edisk.qiye.163.com/api/biz/attachment/download?identity=xyz"
    html = (
        '<div id="divNeteaseSiriusCloudAttach">从网易企业邮箱发来的云附件<a class="divNeteaseSiriusCloudAttachItem"'
        f' href="{url}" file-name="总结视频.mp4" file-size="84892345" expired="1666879140000">下载</a></div>'
    )
    (link,) = find_links(html, "")
    assert (link.name, link.facts.size, link.facts.provider) == ("总结视频.mp4", 84892345, "网易企业邮箱")
    assert link.facts.expires == "2022-10-27T21:59:00+08:00"


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("https://iwx.mail.qq.com/ftn/download?func=3&key=k&code=c", "QQ邮箱"),
        ("http://fs.163.com/fs/display/?p=X&file=f", "网易邮箱"),
        ("https://mail.126.com/large-attachment-download/index.html?file=x", "网易邮箱"),
        ("https://u.163.com/a1b2", "网易邮箱"),
        ("https://dashi.163.com/html/cloud-attachment-download/?key=k", "邮箱大师"),
        ("http://fs.qiye.163.com/fs/display/?file=f", "网易企业邮箱"),
        ("https://download.cloud.189.cn/file/downloadFile.action?dt=1&expired=1666879140000", "天翼云盘"),
        ("https://cloud.189.cn/t/abc", "天翼云盘"),
        ("https://mail.sina.com.cn/filecenter/download.php?id=1", "新浪邮箱"),
        ("https://1drv.ms/v/s!a", "OneDrive"),
        ("https://drive.google.com/file/d/1/view", "Google Drive"),
        ("https://pan.baidu.com/s/1abc", "百度网盘"),
        ("https://www.aliyundrive.com/s/abc", "阿里云盘"),
        ("https://www.alipan.com/s/abc", "阿里云盘"),
        ("https://pan.quark.cn/s/0a1b2c3d", "夸克网盘"),
        ("https://share.weiyun.com/AbCd12", "腾讯微云"),
        ("https://www.123pan.com/s/AbCd-12.html", "123云盘"),
        ("https://caiyun.139.com/m/i?0A1B2C", "移动云盘"),
        ("https://drive.weixin.qq.com/s?k=ABC", "企业微信微盘"),
        ("https://www.jianguoyun.com/p/DAbc", "坚果云"),
        ("https://pan.xunlei.com/s/VAbc", "迅雷云盘"),
        ("https://wwa.lanzoui.com/iAbc", "蓝奏云"),
    ],
)
def test_providers(url: str, provider: str) -> None:
    (link,) = find_links(f'<p><a href="{escaped(url)}">活动视频.mp4</a></p>', "")
    assert (link.facts.provider, link.name, link.facts.url) == (provider, "活动视频.mp4", url)
    (link,) = find_links("", f"活动视频.mp4\n{url}")
    assert (link.facts.provider, link.name) == (provider, "活动视频.mp4")


def test_189_and_sina_details() -> None:
    url = "https://download.cloud.189.cn/file/downloadFile.action?dt=1&expired=1666879140000"
    (link,) = find_links(f'<a href="{escaped(url)}" alt="(2048 bytes)">a.zip</a>', "")
    assert (link.facts.size, link.facts.expires) == (2048, "2022-10-27T21:59:00+08:00")
    sina = "https://mail.sina.com.cn/filecenter/download.php?id=1"
    (link,) = find_links(
        f'<div>来自中转站<b>视频.avi(12.5MB)</b> 有效时间到：2022-10-27<a href="{sina}">下载</a></div>', ""
    )
    assert (link.name, link.facts.size_text, link.facts.expires) == ("视频.avi", "12.5MB", "2022-10-27T23:59:59+08:00")


def test_a_pasted_net_disk_keeps_its_code() -> None:
    text = "通过网盘分享的文件：质量月视频.mp4\n链接: https://pan.baidu.com/s/1abc 提取码: x7y8"
    (link,) = find_links("", text)
    assert link.name == "质量月视频.mp4（提取码：x7y8）"


def test_history_is_left_out() -> None:
    assert find_links(f"<p>见附件</p><blockquote>{QQ_BLOCK}</blockquote>", "") == ()
    assert find_links(f"<div>好的</div><div>-----原始邮件-----</div>{QQ_BLOCK}", "") == ()
    deep = f"<div><div><div>-----原始邮件-----</div><div>{QQ_BLOCK}</div></div></div>"
    assert find_links(f"<html><body><div>好的</div>{deep}</body></html>", "") == ()
    assert find_links("", f"好的\n> 从QQ邮箱发来的超大附件\n> a.mp4 (1M, 无限期){QQ}") == ()


def test_a_block_below_a_closed_history_counts() -> None:
    history = "<div><div><div>-----原始邮件-----</div><div>旧</div></div></div>"
    assert len(find_links(f"<html><body><div>好</div>{history}{QQ_BLOCK}</body></html>", "")) == 1


def test_unknown_providers_are_reported_as_such() -> None:
    url = "https://mail.example.gov.cn/coremail/download?id=77"
    (link,) = find_links(
        f'<div>以下为超大附件</div><div><a href="{url}">汇报片.mp4</a> 300MB 2022-10-30 到期</div>', ""
    )
    assert (link.facts.provider, link.name, link.facts.size_text) == (UNKNOWN, "汇报片.mp4", "300MB")


@pytest.mark.parametrize(
    "html",
    [
        '<p>更多信息见<a href="https://www.example.gov.cn/news/1.html">新闻</a></p>',
        "<p>视频较大，已用超大附件发送</p>",
        '<p>超大附件说明</p><p><a href="https://www.example.gov.cn/">单位网站</a></p>',
        '<a href="javascript:alert(1)">超大附件</a>',
        '<p>超大附件 <a href="http://[x/a?b=1">a.mp4</a></p>',
    ],
)
def test_ordinary_links_are_none(html: str) -> None:
    assert find_links(html, "") == ()


@given(
    st.text(max_size=300),
    st.lists(st.sampled_from([QQ_BLOCK, "<div>", "</div>", "超大附件", f"<a href='{NE}'", ">", QQ])),
)
@settings(max_examples=60, deadline=None)
def test_any_body_gives_links_that_can_be_stored(text: str, pieces: list[str]) -> None:
    """Law: nothing raises; every link has a name and an http address, and no address comes twice."""
    found = find_links("".join(pieces) + text, text)
    assert all(link.name and link.facts.url.startswith("http") for link in found)
    assert len({link.facts.url for link in found}) == len(found)
