"""How offices write the same thing in different ways: widths, spaces, numerals, names of versions."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

_DIGITS = "零一二三四五六七八九"
_CIRCLED = {chr(0x2460 + n): n + 1 for n in range(20)} | {chr(0x3220 + n): n + 1 for n in range(10)}

NUMERAL = r"(?:[0-9０-９]{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]|[①-⑳㈠-㈩])"
"""Pattern of a small number as people write it in lists: 1, １, 十二, ①."""

# words that tell versions of one file apart, not different files
_VERSION = re.compile(
    r"[-_（(\[【—]*(?:修改后|修改版|修改稿|修改|修订版|修订稿|修订|更正版|更正|改正|定稿|终稿|最终版|最终稿|最终|最新版|最新|新版"
    r"|更新版|更新|重发|重新报送|再次报送|补报|补充|以此为准|以此件为准|副本|正式版|v[0-9][0-9.]*)[)）\]】]*",
    re.IGNORECASE,
)
_RUN = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９]+(?:[.,'’:/@_%+-][A-Za-z0-9Ａ-Ｚａ-ｚ０-９]+)*%?")
_ARCHIVE = re.compile(r"\.(?:zip|rar|7z|tar|tgz|gz|eml|msg)$", re.IGNORECASE)
_NOISE = re.compile(r"[\s\-_—·.,，。、:：;；()（）\[\]【】《》<>“”\"'‘’+]+")
# what cameras, phones and mail programs call a picture when nobody named it: the name says nothing
_NAMELESS = re.compile(r"(?:image|img|photo|picture|inline|attachment|untitled|未命名|图像|附件|mmexport|part)[\d_\-]*")


def numeral(text: str) -> int | None:
    """The number a `NUMERAL` stands for; None when it is none.

    >>> numeral("十二"), numeral("①"), numeral("３"), numeral("图")
    (12, 1, 3, None)
    """
    text = text.strip()
    if text in _CIRCLED:
        return _CIRCLED[text]
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if any(len(part) > 1 or (part and part not in _DIGITS) for part in (tens, ones)):
        return None
    if not ten:
        return _DIGITS.index(ones) if ones else None
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)


Latin = Literal["word", "character"]
"""How a run of Latin letters or digits (ISO9001, 3.15) is counted."""


def count(text: str, latin: Latin = "word") -> int:
    """字数 as an office's word processor counts: Chinese characters and punctuation one each, blanks none.

    A run of Latin letters or digits is one word, or with `latin="character"` as many as it has characters.

    >>> count("9月6日，开展ISO9001 培训。"), count("9月6日，开展ISO9001 培训。", "character")
    (11, 17)
    """
    if latin == "word":
        text = _RUN.sub("a", text)
    return len("".join(text.split()))


def fold(text: str) -> str:
    """One spelling for full-width and half-width signs, capitals and white space (removed)."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def stem(name: str) -> str:
    """A file name without its extension and without folders."""
    base = name.replace("\\", "/").rpartition("/")[2]
    head, dot, tail = base.rpartition(".")
    return head if dot and head and len(tail) <= 5 else base


def folders(path: str) -> list[str]:
    """Names of the folders and archives around a file, the innermost first, archives without their extension.

    >>> folders("材料.zip/2.现场检查/1.jpg")
    ['2.现场检查', '材料']
    """
    around = path.replace("\\", "/").split("/")[:-1]
    return [_ARCHIVE.sub("", name) for name in reversed(around)]


def bare(text: str) -> str:
    """Folded, without punctuation: for comparing labels and names.

    >>> bare("“质量月” 活动总结")
    '质量月活动总结'
    """
    return _NOISE.sub("", fold(text))


def version_name(name: str) -> str:
    """What two versions of one file have in common; "" when the name says nothing (`image001.jpg`).

    >>> version_name("图1（修改后）.jpg") == version_name("图1.JPG")
    True
    >>> version_name("IMG_0001.jpg")
    ''
    """
    folded = fold(stem(name))
    if _NAMELESS.fullmatch(folded):
        return ""
    # brackets around numbers stay apart from the numbers: 图(1)1 is not 图11
    short = _VERSION.sub("", folded).strip("-_ .")
    return short or folded
