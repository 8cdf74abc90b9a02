"""Where files lie that a mail only announces: mail services and net disks by the shape of their addresses. Data.

A row is (name shown to the office, pattern of host and path). The first that fits counts, so the narrower stands
above the wider. A web page, a questionnaire and the client that a service advertises are none.
"""

from __future__ import annotations

import re

from intake.mail.markup import Anchor

UNKNOWN = "外链附件(未识别来源)"

_SHAPES: tuple[tuple[str, str], ...] = (
    # mail services: what they write into the mail when a file is too large
    ("腾讯企业邮箱", r"(?:[\w-]+\.)*exmail\.qq\.com/(?:cgi-bin/ftnExs_download|ftn/download)\b"),
    ("QQ邮箱", r"(?:[\w-]+\.)*mail\.qq\.com/(?:cgi-bin/ftnExs_download|ftn/download)\b"),
    ("网易企业邮箱", r"edisk\.qiye\.163\.com/api/biz/attachment/download|fs\.qiye\.163\.com/fs/display"),
    ("邮箱大师", r"dashi\.163\.com/html/cloud-attachment-download"),
    ("网易邮箱", r"(?:[\w-]+\.)*mail\.(?:163|126|yeah)\.(?:com|net)/large-attachment-download/"),
    ("网易邮箱", r"fs\.(?:163|126|yeah)\.(?:com|net)/fs/display|u\.163\.com/\w"),
    ("天翼云盘", r"download\.cloud\.189\.cn/file/downloadFile|cloud\.189\.cn/(?:t/|web/share|s/)\S"),
    ("新浪邮箱", r"(?:[\w-]+\.)*mail\.sina\.com(?:\.cn)?/filecenter/download"),
    # net disks: links that people paste
    ("OneDrive", r"1drv\.ms/\S|onedrive\.live\.com/\S+|[\w-]+\.sharepoint\.(?:com|cn)/:\w:/\S"),
    ("Google Drive", r"drive\.google\.com/(?:file/d/|drive/folders/|open\?|uc\?)\S"),
    ("iCloud", r"(?:www\.)?icloud\.com(?:\.cn)?/(?:iclouddrive|attachment|photos)/\S"),
    ("Dropbox", r"(?:www\.)?dropbox\.com/(?:s|scl|sh)/\S"),
    ("百度网盘", r"(?:pan|yun)\.baidu\.com/(?:s/|share/|e/)\S"),
    ("阿里云盘", r"(?:www\.)?(?:aliyundrive|alipan)\.com/[st]/\S"),
    ("夸克网盘", r"pan\.quark\.cn/s/\S"),
    ("UC网盘", r"drive\.uc\.cn/s/\S"),
    ("腾讯微云", r"share\.weiyun\.com/\w"),
    ("123云盘", r"(?:www\.)?123(?:pan|684|865|912)\.(?:com|cn)/s/\S"),
    ("115网盘", r"(?:www\.)?115(?:cdn)?\.com/s/\S"),
    ("移动云盘", r"(?:caiyun|yun)\.139\.com/(?:m/i\?|w/|link/|shareweb/)\S"),
    ("联通云盘", r"pan\.wo\.cn/s/\S"),
    ("企业微信微盘", r"drive\.weixin\.qq\.com/s\?\S"),
    ("坚果云", r"(?:www\.)?jianguoyun\.com/p/\S"),
    ("迅雷云盘", r"pan\.xunlei\.com/s/\S"),
    ("蓝奏云", r"(?:[\w-]+\.)?lanzou\w{0,2}\.com/\w"),
    ("360云盘", r"yunpan\.360\.cn/(?:surl_|s/)\S"),
    ("城通网盘", r"(?:[\w-]+\.)?ctfile\.com/(?:f|d|file|dir)/\S"),
    # file expresses
    ("WeTransfer", r"we\.tl/t-\w|(?:[\w-]+\.)?wetransfer\.com/downloads/\S"),
    ("文叔叔", r"(?:www\.)?wenshushu\.cn/[fk]/\S|wss\.(?:ink|pub)/f/\S"),
    ("奶牛快传", r"(?:[\w-]+\.)?cowtransfer\.com/s/\S"),
    # documents that are kept and edited on line
    ("金山文档", r"(?:www\.|365\.)?kdocs\.cn/(?:l|p|view/l|view/p|folder)/\S|drive\.wps\.cn/(?:d|l|view)/\S"),
    ("腾讯文档", r"docs\.qq\.com/(?:doc|sheet|slide|pdf|file|folder|aio|smartsheet|desktop/mydoc)/\S"),
    ("飞书云文档", r"(?:[\w-]+\.)*(?:feishu\.cn|larksuite\.com)/(?:file|drive/folder|doc[xs]?|sheets|base|wiki)/\S"),
    ("钉钉文档", r"alidocs\.dingtalk\.com/i/\S|space\.dingtalk\.com/\S"),
)  # fmt: skip
_PROVIDERS = tuple((name, re.compile(shape, re.IGNORECASE)) for name, shape in _SHAPES)
_ADVERTS = re.compile(r"bigattach-mailmaster-download|mailmaster", re.IGNORECASE)
_CLIENTS = re.compile(r"u\.163\.com/(?:dl|mailmaster)|pan\.baidu\.com/download\b", re.IGNORECASE)
"""Addresses under which a service gives away its own program."""


def provider_of(url: str) -> str:
    """Who keeps the file that a web address leads to; "" when it is no known shape.

    >>> provider_of("https://pan.quark.cn/s/0a1b"), provider_of("https://pan.quark.cn/")
    ('夸克网盘', '')
    """
    place = url.partition("://")[2]
    if _CLIENTS.match(place):
        return ""
    return next((name for name, shape in _PROVIDERS if shape.match(place)), "")


def is_advert(anchor: Anchor) -> bool:
    """True for the link by which webmail offers its own program below a block."""
    return any(_ADVERTS.search(anchor.attributes.get(key, "")) for key in ("id", "class", "href"))
