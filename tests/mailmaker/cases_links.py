"""Files that a mail only announces by a link, as the webmail of each provider writes them."""

from __future__ import annotations

from collections.abc import Iterator

from intake.demo.machines import netease_big_attachment, qq_big_attachment
from tests.mailmaker import wire
from tests.mailmaker.case import ANY, Case

TEXT = "视频较大，请从超大附件下载。"
QQ = "https://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=5a3b1c&code=5a3b1c"
NETEASE = "https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&file=abc123"
NAME = "质量月活动视频.mp4"


def _page(html: str) -> bytes:
    return wire.text(html, "GBK", "gbk", "base64", "html")


def cases() -> Iterator[Case]:
    """QQ, NetEase, pasted net disks, an unknown provider; and links that announce nothing."""
    qq = qq_big_attachment(TEXT, name=NAME, size="128.03M", expires="2022年11月09日 21:59", key="5a3b1c")
    yield _case("qq", _page(qq), (NAME, QQ))
    netease = netease_big_attachment(TEXT, name=NAME, size="80.96M", expires="2022年11月09日 21:59", key="abc123")
    yield _case("163", _page(netease), (NAME, NETEASE))
    plain = f"{TEXT}\n从QQ邮箱发来的超大附件\n{NAME} (128.03M, 2022年11月09日 21:59 到期)进入下载页面：{QQ}"
    yield _case("qq-plain", wire.text(plain), (NAME, QQ))
    sirius = (
        '<div>视频见附件</div><div id="divNeteaseSiriusCloudAttach">从网易企业邮箱发来的云附件'
        '<a class="divNeteaseSiriusCloudAttachItem" file-name="宣传片.mp4" file-size="2048000" expired="1668000000000"'
        ' href="https://edisk.qiye.163.com/api/biz/attachment/download?identity=f00">下载</a></div>'
    )
    yield _case(
        "qiye-163", _page(sirius), ("宣传片.mp4", "https://edisk.qiye.163.com/api/biz/attachment/download?identity=f00")
    )
    pan = "链接：https://pan.baidu.com/s/1abcDEF 提取码：x1y2"
    yield _case(
        "baidu", wire.text(f"视频见网盘。\n{pan}"), ("云附件（提取码：x1y2）", "https://pan.baidu.com/s/1abcDEF")
    )
    old = f"请查收。\n\n-----原始邮件-----\n发件人: 质量办\n主题: 通知\n{NAME} (128.03M)进入下载页面：{QQ}"
    yield _case("in-history", wire.text(old), text="请查收。")
    subject = "转发：质量月活动视频"
    forward = wire.head(id="link-forwarded", subject=subject.encode()) + wire.text(old)
    yield Case(name="link-forwarded", raw=forward, subject=subject, text="请查收。", links=((NAME, QQ),))
    advert = (
        '<div>请查收。</div><a id="bigattach-mailmaster-download" href="https://mail.163.com/dashi/">下载邮箱大师</a>'
    )
    yield _case("advert", _page(advert))
    words = "活动报道见 https://www.qinghe.example/news/1.html"
    yield _case("plain-address", wire.text(words), text=words)


def _case(key: str, body: bytes, *links: tuple[str, str], text: str = ANY) -> Case:
    return Case(name=f"link-{key}", raw=wire.head(id=f"link-{key}") + body, text=text, links=links)
