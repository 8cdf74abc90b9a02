"""Cloud attachments as each program writes them: variations of order, escapes, spans and tables; forwards; prose."""

# ruff: noqa: E501  # bodies as the programs write them, each in one piece
from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from intake.mail.links import find_links
from intake.mail.linkwords import size_in_bytes
from intake.mail.providers import UNKNOWN

SENT = datetime(2022, 10, 10, 1, 0, tzinfo=UTC)
QQ = "http://mail.qq.com/cgi-bin/ftnExs_download?k=7d6b&amp;t=exs_ftn_download&amp;code=3d0d"
WX = "https://wx.mail.qq.com/ftn/download?func=3&amp;key=%24a1&amp;code=9b"
NE = "https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&amp;file=abc"
SIRIUS = "https://edisk.qiye.163.com/api/biz/attachment/download?identity=x&amp;y=1"
PAN = "https://pan.baidu.com/s/1aBcD"
UNTIL = "2022-11-09T21:59:00+08:00"


class Told(NamedTuple):
    """What must be found of one link."""

    name: str
    size: int = 0
    expires: str | None = None
    provider: str = ""


BLOCKS: dict[str, tuple[str, list[Told]]] = {
    "QQ old, escapes and single quotes": (
        f"""<div id="QQMailBigAttach" style="padding:8px"><div>从QQ邮箱发来的超大附件</div>
        <div><a href="{QQ}" target="_blank"><img src="https://res.mail.qq.com/ico.gif" border="0"></a></div>
        <div><a href='{QQ}' >活动 视频（定稿）.mp4</a>&nbsp;<span>&#40;128.03M&#44;&nbsp;2022&#24180;11&#26376;9&#26085;
        21:59 &#21040;&#26399;)</span></div><div><a href="{QQ}">进入下载页面</a></div></div>""",
        [Told("活动 视频（定稿）.mp4", 134249185, UNTIL, "QQ邮箱")],
    ),
    "QQ bigatt_bt: the name stands beside, not in the link": (
        f'<div class="bigatt_bt" title="总结.zip"><div>总结.zip</div><div>1.2G (无限期)</div><a href="{QQ}">下载</a></div>',
        [Told("总结.zip", 1288490188, None, "QQ邮箱")],
    ),
    "QQ span with everything in attributes": (
        f'<span class="qqmailbgattach" expiretime="1668002340" size="134249185" filename="a.mp4" downloadlink="{WX}"></span>',
        [Told("a.mp4", 134249185, UNTIL, "QQ邮箱")],
    ),
    "QQ new, two files in a table": (
        "<table id='QQMailBigAttach'><tr><td>从QQ邮箱发来的超大附件</td></tr>"
        + "".join(
            f'<tr><td><a href="{url}"><img src="x"></a></td><td><div><a href="{url}">{name}</a></div><div>({rest})</div></td>'
            f'<td><a href="{url}">进入下载页面</a></td></tr>'
            for url, name, rest in (
                (WX, "一.mp4", "80,960KB, 2022年11月9日 21:59 到期"),
                (WX.replace("wx.", "iwx."), "二.zip", "1.2G, 无限期"),
            )
        )
        + "</table>",
        [Told("一.mp4", 82903040, UNTIL, "QQ邮箱"), Told("二.zip", 1288490188, None, "QQ邮箱")],
    ),
    "腾讯企业邮, valid for so many days": (
        f'<div>从腾讯企业邮箱发来的超大附件</div><p><a href="{QQ.replace("mail.qq", "exmail.qq")}">片.mp4</a><br>(5.00M, 30天后到期)</p>',
        [Told("片.mp4", 5242880, "2022-11-09T09:00:00+08:00", "腾讯企业邮箱")],
    ),
    "Foxmail, every word in a span": (
        f"""<div id="FoxmailClientBigAttach"><div class="FoxmailClientBigAttachEntry"><div class="foxmail_hugeattachment_item">
        <span class="foxmail_hugeattachment_filename"><a href="{QQ}">视频&amp;照片.zip</a></span><span>&nbsp;(</span><span>128.03M</span>
        <span>, </span><span>2022年11月09日 21:59</span><span> 到期)</span><a href="{QQ}">下载</a></div></div></div>""",
        [Told("视频&照片.zip", 134249185, UNTIL, "QQ邮箱")],
    ),
    "Foxmail, the name no link": (
        f'<div class="foxmail_hugeattachment_item"><span>视频.zip</span><span>128.03MB</span><a href="{QQ}">下载</a></div>',
        [Told("视频.zip", 134249185, None, "QQ邮箱")],
    ),
    "163, name and size in spans without a blank between": (
        "".join(
            f'<div><a class="netease-attDown" href="{NE}{name}">{name}</a><span>{size}</span><span>2022年11月9日 21:59 到期</span></div>'
            for name, size in (("甲.mp4", "80M"), ("乙.zip", "3.5MB"), ("丙 3.pdf", "900K"))
        ),
        [Told("甲.mp4", 83886080, UNTIL), Told("乙.zip", 3670016, UNTIL), Told("丙 3.pdf", 921600, UNTIL)],
    ),
    "126, the name only in the address": (
        f'<div id="divNeteaseBigAttach_bak">从网易126邮箱发来的超大附件<a href="{NE.replace("163", "126")}&amp;title=%E8%A7%86%E9%A2%91.mp4">点击下载</a></div>',
        [Told("视频.mp4", 0, None, "网易邮箱")],
    ),
    "163 short, details below": (
        '从网易163邮箱发来的超大附件<br><a href="https://u.163.com/Ab1">汇报.ppt</a> <a href="https://u.163.com/Ab1">下载</a>'
        "<br>文件大小：80.96M<br>有效期：2022-11-09 21:59",
        [Told("汇报.ppt", 84892712, UNTIL, "网易邮箱")],
    ),
    "163, its own programs are no material": (
        f'<div>从网易163邮箱发来的云附件</div><a download="片.mp4" href="{NE}">片.mp4</a> 80.96M'
        '<a id="bigattach-mailmaster-download" href="https://u.163.com/Xy">邮箱大师</a>'
        '<a href="https://u.163.com/dlmaster">下载客户端</a><a href="https://mail.163.com/dashi/dlpro.html">网易邮箱大师</a>'
        '<a href="https://dashi.163.com/projects/signature-manager/detail/index.html?x=1">签名</a>',
        [Told("片.mp4", 84892712, None, "网易邮箱")],
    ),
    "网易企业邮箱, escaped attributes in another order": (
        f'<a expired="1668002340000" file-size="84892345" file-name="&#24635;&#32467;.mp4" href="{SIRIUS}">下载</a>',
        [Told("总结.mp4", 84892345, UNTIL, "网易企业邮箱")],
    ),
    "网易企业邮箱, no end": (
        f'<a expired="0" file-size="84892345" file-name="总结.mp4" href="{SIRIUS}">总结.mp4</a>',
        [Told("总结.mp4", 84892345, None, "网易企业邮箱")],
    ),
    "189, bytes with separators": (
        '<a href="https://download.cloud.189.cn/file/downloadFile.action?dt=5&amp;expired=1668002340000" alt="(2,048 bytes)">a b.zip</a>',
        [Told("a b.zip", 2048, UNTIL, "天翼云盘")],
    ),
    "新浪": (
        "<div>来自中转站 <span><b>视频.avi(12.5MB)</b></span><br>有效时间到：2022年11月9日<br>"
        '<a href="https://mail.sina.com.cn/filecenter/download.php?id=1&amp;k=2">点击下载</a></div>',
        [Told("视频.avi", 13107200, "2022-11-09T23:59:59+08:00", "新浪邮箱")],
    ),
    "Gmail chip": (
        '<div class="gmail_chip gmail_drive_chip"><a href="https://drive.google.com/file/d/1aB/view?usp=drive_web">'
        '<img alt=""> <span dir="ltr">汇报.mp4</span></a></div>',
        [Told("汇报.mp4", 0, None, "Google Drive")],
    ),
    "139, a row of a table": (
        '<div>来自139邮箱的超大附件</div><table><tr><td><a href="https://mail.10086.cn/fss/d?x=1&amp;y=2">汇报.mp4</a></td>'
        "<td>80.5MB</td><td>有效期至2022-11-09 21:59</td></tr></table>",
        [Told("汇报.mp4", 84410368, UNTIL, UNKNOWN)],
    ),
    "Coremail, three files, each a block of lines closed by a button": (
        "<div>云附件</div>"
        + "".join(
            f'<div>{name}</div><div>大小：{size}</div><div>过期时间：2022-11-0{day}</div><div><a href="https://mail.qinghe.example/nf?key={day}">下载</a></div>'
            for name, size, day in (("a1.mp4", "80M", 7), ("b2.zip", "20M", 8), ("c3.zip", "80,960KB", 9))
        ),
        [
            Told("a1.mp4", 83886080, "2022-11-07T23:59:59+08:00", UNKNOWN),
            Told("b2.zip", 20971520, "2022-11-08T23:59:59+08:00", UNKNOWN),
            Told("c3.zip", 82903040, "2022-11-09T23:59:59+08:00", UNKNOWN),
        ],
    ),
    "飞书, size runs into the name": (
        '<div>飞书邮箱超大附件</div><div><a href="https://drive-stream.qinghe.example/box/x?y=1">汇报.mp4</a><span>1.2 GB | 2022/11/09 到期</span></div>',
        [Told("汇报.mp4", 1288490188, "2022-11-09T23:59:59+08:00", UNKNOWN)],
    ),
    "a head of a table tells what the date is": (
        '<table><tr><td>超大附件</td><td>大小</td><td>到期时间</td></tr><tr><td><a href="https://qinghe.example/d?i=1">a.mp4</a></td>'
        "<td>12M</td><td>2022-11-09 21:59</td></tr></table>",
        [Told("a.mp4", 12582912, UNTIL, UNKNOWN)],
    ),
    "a date without a year": (
        '<a href="https://pan.quark.cn/s/a">a.mp4</a> (12M, 11月9日 21:59到期)',
        [Told("a.mp4", 12582912, UNTIL)],
    ),
    "the day of an event is no expiry": (
        '<p>有效提升了质量，10月20日开展活动。</p><p><a href="https://pan.quark.cn/s/a">a.mp4</a> 12M</p>',
        [Told("a.mp4", 12582912)],
    ),
    "paths and escapes in names": (
        '<a href="https://pan.quark.cn/s/a">材料/视频/a.mp4</a><br><a href="https://pan.quark.cn/s/b">C:\\x\\b.mp4</a>'
        '<br><a href="https://pan.quark.cn/s/c">%E8%A7%86.mp4</a>',
        [Told("a.mp4"), Told("b.mp4"), Told("视.mp4")],
    ),
    "a web page beside the words is no material": (
        '<p>视频已用超大附件发送，报道见 <a href="https://www.qinghe.example/a/1.html">新闻</a></p>',
        [],
    ),
    "the office's own page below a block": (
        '<div>超大附件</div><div><a href="https://oa.qinghe.example/d?i=1">a.mp4</a> 12M</div><div>张三</div>'
        '<div>网站：<a href="https://www.qinghe.example/index">www.qinghe.example</a></div>',
        [Told("a.mp4", 12582912)],
    ),
    "questionnaires": ("<p>请填 https://docs.qq.com/form/page/abc 和 https://f.kdocs.cn/g/abc</p>", []),
}
TEXTS: dict[str, tuple[str, list[Told]]] = {
    "QQ text part, name on a line of its own": (
        "从QQ邮箱发来的超大附件\n质量月.mp4\n(128.03M, 2022年11月9日 21:59 到期)\n进入下载页面：https://mail.qq.com/cgi-bin/ftnExs_download?k=1&amp;code=2\n",
        [Told("质量月.mp4", 134249185, UNTIL, "QQ邮箱")],
    ),
    "a file express of an office": (
        "【文件快递】汇报.mp4（120MB）\n下载地址：http://10.1.2.3:8080/fs/get?id=3\n有效期：7天",
        [Told("汇报.mp4", 125829120, "2022-10-17T09:00:00+08:00", UNKNOWN)],
    ),
    "three in a list": (
        "超大附件：\n1、视频一.mp4 12M https://oa.qinghe.example/d?i=1\n2、视频二.mp4 13M https://oa.qinghe.example/d?i=2\n",
        [Told("视频一.mp4", 12582912), Told("视频二.mp4", 13631488)],
    ),
    "codes belong to the link above": (
        f"链接：{PAN}\n提取码：aaaa\n链接：{PAN}b\n提取码：bbbb\n",
        [Told("云附件（提取码：aaaa）"), Told("云附件（提取码：bbbb）")],
    ),
    "an address is what its line says": (
        f"1. 总结.docx（见附件）\n2. 活动视频：{PAN}\n",
        [Told("活动视频", 0, None, "百度网盘")],
    ),
    "the address is no size": (f"{PAN.replace('1aBcD', '1b')}", [Told("云附件")]),
    "code above the address": (f"提取码: x1y2\n链接: {PAN}", [Told("云附件（提取码：x1y2）")]),
    "code in the address": (f"{PAN}?pwd=x1y2\n提取码：x1y2", [Told("云附件")]),
    "夸克": (
        "我用夸克网盘给你分享了「质量月视频.mp4」，点击链接即可获取。\n链接：https://pan.quark.cn/s/a\n提取码：Ab12",
        [Told("质量月视频.mp4（提取码：Ab12）", 0, None, "夸克网盘")],
    ),
    "微云": (
        "微云文件分享：质量月.mp4下载地址：https://share.weiyun.com/abc",
        [Told("质量月.mp4", 0, None, "腾讯微云")],
    ),
    "in the middle of a sentence": (
        f"视频文件较大，链接：{PAN} 提取码：ab12，请查收。",
        [Told("云附件（提取码：ab12）", 0, None, "百度网盘")],
    ),
}


def check(html: str, text: str, expected: list[Told]) -> None:
    """Each link once, unescaped, with what the mail tells."""
    found = find_links(html, text, SENT)
    assert [(one.name, one.facts.size, one.facts.expires) for one in found] == [told[:3] for told in expected]
    for one, told in zip(found, expected, strict=True):
        assert one.facts.provider == (told.provider or one.facts.provider)
        assert "&amp;" not in one.facts.url
        assert one.facts.expires is None or datetime.fromisoformat(one.facts.expires).tzinfo is not None


@pytest.mark.parametrize("case", BLOCKS)
def test_blocks(case: str) -> None:
    check(BLOCKS[case][0], "", BLOCKS[case][1])


@pytest.mark.parametrize("case", BLOCKS)
def test_blocks_within_history_are_none(case: str) -> None:
    block = BLOCKS[case][0]
    assert find_links(f"<p>好</p><blockquote>{block}</blockquote>", "", SENT) == ()
    assert find_links(f"<div>好</div><div>-----原始邮件-----</div><div>{block}</div>", "", SENT) == ()


@pytest.mark.parametrize("case", TEXTS)
def test_texts(case: str) -> None:
    check("", TEXTS[case][0], TEXTS[case][1])


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("https://kdocs.cn/l/cAbC", "金山文档"),
        ("https://365.kdocs.cn/l/abc", "金山文档"),
        ("https://drive.wps.cn/d/ABC", "金山文档"),
        ("https://docs.qq.com/sheet/DAb", "腾讯文档"),
        ("https://qh.feishu.cn/file/boxcnA", "飞书云文档"),
        ("https://qh.feishu.cn/drive/folder/fld", "飞书云文档"),
        ("https://alidocs.dingtalk.com/i/nodes/abc", "钉钉文档"),
        ("https://cloud.189.cn/web/share?code=abc", "天翼云盘"),
        ("https://yun.139.com/shareweb/#/w/i/0aB", "移动云盘"),
        ("https://pan.wo.cn/s/abc", "联通云盘"),
        ("https://we.tl/t-abc", "WeTransfer"),
        ("https://wetransfer.com/downloads/abc/def", "WeTransfer"),
        ("https://qh-my.sharepoint.com/:v:/g/personal/a/EQx", "OneDrive"),
        ("https://www.icloud.com.cn/iclouddrive/0abc#x", "iCloud"),
        ("https://www.dropbox.com/s/x/a?dl=0", "Dropbox"),
        ("https://www.wenshushu.cn/f/abc", "文叔叔"),
        ("https://cowtransfer.com/s/abc", "奶牛快传"),
        ("https://115.com/s/abc", "115网盘"),
        ("https://drive.uc.cn/s/abc", "UC网盘"),
        ("https://yunpan.360.cn/surl_abc", "360云盘"),
        ("https://www.ctfile.com/f/abc", "城通网盘"),
    ],
)
def test_net_disks_and_documents(url: str, provider: str) -> None:
    (link,) = find_links(f'<p>视频：<a href="{url}">活动视频.mp4</a></p>', "")
    assert (link.name, link.facts.provider, link.facts.url) == ("活动视频.mp4", provider, url)
    (link,) = find_links("", f"活动视频：{url}")
    assert (link.name, link.facts.provider) == ("活动视频", provider)


@pytest.mark.parametrize(
    ("words", "size"),
    [("128.03M", 134249185), ("1.2G", 1288490188), ("80,960KB", 82903040), ("1,234,567 字节", 1234567), ("35兆", 36700160),
     ("812 bytes", 812), ("1.5 GiB", 1610612736), ("图1b号", 0), ("无限期", 0)],
)  # fmt: skip
def test_sizes(words: str, size: int) -> None:
    assert size_in_bytes(words) == size


HEAD = (
    "<div><b>发件人:</b> 甲<br><b>发送时间:</b> 2022年10月9日<br><b>收件人:</b> 乙<br><b>主题:</b> 质量月材料<br></div>"
)
BLOCK = f'<div id="QQMailBigAttach"><div>从QQ邮箱发来的超大附件</div><a href="{QQ}">片.mp4</a>(1M, 无限期)</div>'
OLDER = BLOCK.replace("k=7d6b", "k=old").replace("片.mp4", "旧.mp4")
FORWARDS = {
    "divider and head": f"<div>转发</div><div>---------- 转发邮件 ----------</div>{HEAD}<div>见附件</div>{BLOCK}",
    "Gmail": f'<div>转</div><div class="gmail_quote"><div>---------- Forwarded message ---------<br>发件人： 甲<br>Date: 周日<br>Subject: c<br>To: b<br></div><br>{BLOCK}</div>',
    "QQ": f"<div>转</div><div>------------------&nbsp;原始邮件&nbsp;------------------</div>{HEAD}<div><br></div><div>领导好</div>{BLOCK}",
    "163": f'<div>转</div><pre>-------- 转发邮件信息 --------<br>发件人："a"<br>发送日期：2022-10-10<br>主题：c</pre><div id="isForwardContent"><div>见附件</div>{BLOCK}</div>',
    "what that one quotes in turn": f"<div>转</div><div>-----原始邮件-----</div>{HEAD}<div>好</div>{BLOCK}<div>-----原始邮件-----</div>{HEAD}{OLDER}",
    "what that one quotes by marks": f"<div>转</div><div>-----原始邮件-----</div>{HEAD}<div>好</div>{BLOCK}<blockquote>{OLDER}</blockquote>",
}


@pytest.mark.parametrize("case", FORWARDS)
def test_a_forward_brings_the_links_of_what_it_hands_on(case: str) -> None:
    assert find_links(FORWARDS[case], "", SENT) == ()
    assert [link.name for link in find_links(FORWARDS[case], "", SENT, forwarded=True)] == ["片.mp4"]


@pytest.mark.parametrize(
    "head", ["-----原始邮件-----\n发件人: 甲\n主题: 乙\n收件人: 丙\n\n", "2022-10-10 甲 <a@qinghe.example> 写道：\n\n"]
)
def test_a_forward_in_plain_text(head: str) -> None:
    mark = "> " if "写道" in head else ""
    text = f"转发\n\n{head}{mark}活动视频：{PAN}\n{mark}> 旧视频：{PAN}old\n"
    assert find_links("", text, SENT) == ()
    assert [link.name for link in find_links("", text, SENT, forwarded=True)] == ["活动视频"]
