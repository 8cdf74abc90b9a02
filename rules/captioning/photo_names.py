"""What the name of a photo tells: its number, and the sentence that says what it shows."""

from __future__ import annotations

import re
import unicodedata

from rules.words import NUMERAL, numeral, stem

WORD = r"(?:特色|活动|宣传|附)*(?:图片|照片|相片|配图|图)"
"""What a photo is called in Chinese, as a pattern."""
SAYS = r"(?:的)?(?:文字)?(?:说明|简介|介绍|内容|描述|配文|文字)?"
"""What stands after it in 照片的文字说明."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NUMBER_IN_NAME = (
    re.compile(rf"(?:图片|照片|相片|配图|附图|图)[-_\s]*[（(]?({NUMERAL})[）)]?(?![0-9年月日])"),
    re.compile(rf"^({NUMERAL})(?:$|[、.．_\-\s:：,，])"),
    re.compile(rf"[（(]({NUMERAL})[）)]$"),
    re.compile(r"(?<![0-9])[-_]?([0-9]{1,2})$"),
)
_NUMBER_LEAD = re.compile(rf"^(?:{WORD}{SAYS}\s*)?[（(]?(?:{NUMERAL})?[）)]?[、.．:：_\-\s,，]*")
_CAMERA = re.compile(
    r"^(?:img|dsc[nf]?|微信图片|微信截图|qq图片|mmexport|wx_camera|screenshot|屏幕截图|截图|pxl|vid)[_\-\s\d]",
    re.IGNORECASE,
)
_VERBS = re.compile(
    r"开展|举办|举行|组织|召开|走进|深入|参加|参观|发放|讲解|检查(?!组)|启动|进行|接受|介绍|学习|签署|观摩|调研|慰问|颁发|展示|"
    r"指导|宣讲|解答|检测|查看|演示|交流|座谈|走访|张贴|悬挂|邀请|更换|正在|为|向|在|与"
    r"|[\u4e00-\u9fff]{4}[，,][\u4e00-\u9fff]{4}"  # two clauses: no file is named so
)
_GENERIC = re.compile(
    r"质量月|活动|照片|图片|相片|特色|现场|宣传|培训|启动仪式|仪式|我局|我委|我单位|单位|[一二三四五六七八九十0-9]+[年月日]"
    r"|市场监督管理局|市场监管局|市监局|开展|举办|举行|组织|召开|启动|进行"
)
LEAST_NAME = 8
"""Chinese characters from which on a file name can be a sentence."""


def photo_number(name: str) -> int | None:
    """The number a photo bears in its file name: 图1, 照片（二）, 3.jpg, 活动照片-2; None for camera numbers.

    >>> photo_number("图片一.jpg"), photo_number("活动照片（2）.jpg"), photo_number("IMG_2301.jpg")
    (1, 2, None)
    """
    core = unicodedata.normalize("NFKC", stem(name)).strip()
    for pattern in _NUMBER_IN_NAME:
        match = pattern.search(core)
        if match and not _CAMERA.match(core):
            return numeral(match[1])
    return None


def caption_in_name(name: str) -> str:
    """The sentence that a file name is; "" when it is only a name.

    >>> caption_in_name("图1：9月6日，工作人员在广场为群众讲解家用电器安全知识.jpg")
    '9月6日，工作人员在广场为群众讲解家用电器安全知识'
    >>> caption_in_name("云岭区市场监管局质量月活动照片1.jpg")
    ''
    """
    core = stem(name).strip()
    if _CAMERA.match(core):
        return ""
    words = _without_lead(core)
    han = len(_HAN.findall(words))
    if han < LEAST_NAME or re.search(r"(?:照片|图片|相片)\d*$", words) or not _VERBS.search(words):
        return ""
    told = _HAN.findall(_GENERIC.sub("", words))
    return words if len(told) >= 4 else ""


def _without_lead(core: str) -> str:
    """The name without 图1：; a date at the beginning is no number."""
    match = _NUMBER_LEAD.match(core)
    rest = core[match.end() :] if match else core
    dated = rest[:1] in ("年", "月", "日") or (rest[:1].isdigit() and core[: len(core) - len(rest)][-1:].isdigit())
    return core if dated else rest
