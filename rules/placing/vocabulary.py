"""The words by which offices call their materials: data for `place`, one line a word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from rules.notice import Category, Requirement
from rules.words import NUMERAL, bare, numeral

Aside = Literal["captions", "letter", "notice", "plan"]
"""What a unit encloses without meaning it as an answer."""

STRONG: Mapping[Category, tuple[str, ...]] = {
    "summary": ("总结", "小结", "总结报告", "情况报告", "工作报告", "情况汇报", "工作汇报", "汇报材料"),
    "case": ("典型案例", "案例", "典型经验", "典型做法", "典型事迹", "经验做法", "经验总结", "经验材料"),
    "photo": ("照片", "图片", "相片", "活动图", "活动照", "剪影", "特色图", "摄影"),
    "video": ("视频", "影像", "录像", "宣传片", "短片", "影片", "专题片", "纪录片", "微电影"),
    "stat_table": ("统计表", "情况表", "汇总表", "统计报表", "数据表", "报表", "调查表", "统计", "附表"),
    "form": ("登记表", "申报表", "报名表", "推荐表", "申请表", "审批表", "反馈表", "回执", "征集表"),
    "roster": ("名单", "花名册", "名册", "通讯录", "联络员", "信息表", "联系表"),
    "article": ("稿件", "文章", "征文", "简报", "报道", "论文", "心得", "新闻稿", "信息稿"),
}
"""Words that name a kind of material."""

WEAK: Mapping[Category, tuple[str, ...]] = {
    "summary": ("活动情况", "开展情况", "工作情况", "情况说明", "总体情况"),
    "case": ("经验", "做法", "亮点", "事迹", "典型", "示范"),
    "stat_table": ("表格", "数据"),
    "article": ("信息", "通讯"),
}
"""Words that hint at one; they yield to any strong word."""

CAPTIONS = (
    "图片说明",
    "照片说明",
    "文字说明",
    "图片简介",
    "照片简介",
    "图片文字",
    "照片文字",
    "图说",
    "图注",
    "说明文字",
)
CAPTIONS_TAIL = re.compile(r"(?:图片|照片|相片|图)[^，。]{0,6}(?:说明|简介|介绍|描述)$")
PLANS = ("方案", "工作计划", "议程", "邀请函", "签到表", "倡议书", "宣传口号", "日程安排")

# suffixes of a requirement's name that would point anywhere
_EMPTY_TAILS = frozenset({"情况", "材料", "说明", "附件", "文件", "资料", "内容", "活动", "一份", "电子版", "子版"})
_ANNEX = re.compile(rf"(?:附件|附表|annex|attachment)[-_ ]?({NUMERAL})", re.IGNORECASE)

BY_ANNEX = "附件序号"
"""The word of a reading that an annex number decided."""

OFFICE_SUFFIXES = frozenset(
    {"doc", "docx", "wps", "wpt", "rtf", "odt", "pdf", "ofd", "txt", "md", "ppt", "pptx", "pptm", "dps", "odp"}
)
TABLE_SUFFIXES = frozenset({"xls", "xlsx", "et", "ett", "ods", "csv", "xlsm"})
PICTURE_SUFFIXES = frozenset(
    {"jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif", "tif", "tiff", "webp", "heic", "heif", "raw", "cr2", "nef"}
)
FILM_SUFFIXES = frozenset(
    {"mp4", "mov", "avi", "wmv", "mkv", "flv", "mpg", "mpeg", "m4v", "3gp", "rmvb", "rm", "webm", "vob", "mts", "ts"}
)
SOUND_SUFFIXES = frozenset({"mp3", "wav", "m4a", "amr", "aac", "wma", "ogg", "flac"})
ARCHIVE_SUFFIXES = frozenset({"zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz"})
ASIDE_SUFFIXES = frozenset(
    {"vcf", "ics", "p7s", "p7m", "sig", "asc", "url", "lnk", "eml", "msg", "html", "htm", "mht", "dat", "ini", "db"}
)
"""Files that mail programs add and nobody means as an answer."""

TEXT_CATEGORIES = frozenset({"summary", "case", "article", "other", "form", "roster"})
"""What a written document may answer."""
TABLE_CATEGORIES = frozenset({"stat_table", "form", "roster"})


class Word(msgspec.Struct, frozen=True):
    """One word and what it points at: a requirement id, or an `Aside`."""

    text: str
    target: str
    strength: int
    """3: words of the requirement itself; 2: a strong word of its category; 1: a hint."""


def words_of(requirement: Requirement) -> tuple[Word, ...]:
    """The words that point at a requirement: its keywords, its name and the ends of its name, its category's."""
    found = [Word(bare(keyword), requirement.id, 3) for keyword in requirement.keywords]
    name = bare(requirement.name)
    # Chinese puts the head noun last: 活动情况统计表 is known by 统计表
    shortest = 2 if len(name) > 2 else len(name)
    for start in range(len(name) - shortest + 1):
        tail = name[start:]
        if tail not in _EMPTY_TAILS:
            found.append(Word(tail, requirement.id, 3))
    found += [Word(word, requirement.id, 2) for word in STRONG.get(requirement.category, ())]
    found += [Word(word, requirement.id, 1) for word in WEAK.get(requirement.category, ())]
    best: dict[str, Word] = {}
    for word in found:
        if word.text and (word.text not in best or best[word.text].strength < word.strength):
            best[word.text] = word
    return tuple(best.values())


def annexes_of(requirement: Requirement) -> frozenset[int]:
    """The numbers of the annexes (附件3) that the notice gives the requirement's form."""
    return annexes_in(" ".join((requirement.name, requirement.clause, requirement.form or "")))


def annexes_in(text: str) -> frozenset[int]:
    """The numbers after 附件 or annex in a text.

    >>> sorted(annexes_in("附件3：统计表"))
    [3]
    """
    numbers = (numeral(match[1]) for match in _ANNEX.finditer(text))
    return frozenset(number for number in numbers if number is not None)
