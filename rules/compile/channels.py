"""The ways material may take: mail, a website, a QQ group, post, by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.compile.draft import Channel
from rules.compile.outline import Sentence

CHANNELS: tuple[tuple[Channel, str, str], ...] = (
    ("email", r"@|邮箱|电子邮件|邮件(?:形式|方式)?(?:发送|报送)|E-?mail", "发送至邮箱"),
    (
        "website",
        r"https?://|www\.|网站(?:上传|提交|报送|填报|申报)|(?:系统|平台|官网|网上)(?:上传|提交|报送|填报|申报|报名)|(?:登录|登陆)[^,。;]{2,24}(?:系统|平台|网站|网)",
        "登录平台填报",
    ),
    ("qq", r"QQ群|qq群|Q群", "上传 QQ 群"),
    ("wechat", r"微信(?:群|公众号|小程序)(?:报送|上传|提交|投稿)|公众号后台", "微信公众号投稿"),
    ("qr", r"扫(?:描|码)[^,。;]{0,12}(?:二维码)?(?:报名|填报|填写|提交|上传)", "扫码填报"),
    ("cloud", r"(?:百度)?网盘|云盘", "百度网盘链接"),
    ("usb", r"U盘|优盘|光盘|移动硬盘", "U 盘报送"),
    ("paper", r"邮寄|寄送|寄至|寄到|纸质(?:版|材料|件)?(?:一式|报送|送|寄)|邮戳", "纸质版邮寄"),
    (
        "hand",
        r"(?:当面|直接|现场)(?:送|交|报)|交(?:至|到)[^,。;]{2,20}(?:室|办公室|楼)|送(?:至|到|交)[^,。;]{2,20}(?:室|楼)",
        "送至 301 室",
    ),
)
"""Channel, the words, an example."""


def channels(lines: Sequence[Sentence]) -> tuple[Channel, ...]:
    """All ways the notice names, the one of the mailbox first."""
    return tuple(channel for channel, pattern, _ in CHANNELS if any(re.search(pattern, s.text) for s in lines))
