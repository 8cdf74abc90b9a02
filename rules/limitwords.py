"""Each limit of a requirement in the words of the office: what `notice show` lists and `notice diff` compares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.kinds import words_of_formats
from rules.notice import Requirement

CATEGORIES = {
    "summary": "总结、报告", "case": "案例", "photo": "图片", "video": "视频", "stat_table": "统计表",
    "form": "表格", "roster": "名单", "article": "文章", "other": "其他",
}  # fmt: skip
_SETTINGS = {
    ("count", "min"): "至少 {} 件",
    ("count", "max"): "至多 {} 件",
    ("image-size", "min_width"): "宽不低于 {} 像素",
    ("image-size", "min_height"): "高不低于 {} 像素",
    ("image-size", "max_width"): "宽不超过 {} 像素",
    ("image-size", "max_height"): "高不超过 {} 像素",
    ("image-size", "min_long_side"): "长边不低于 {} 像素",
    ("image-size", "min_side"): "短边不低于 {} 像素",
    ("image-size", "min_megapixels"): "不低于 {} 百万像素",
    ("image-size", "either_orientation"): "横竖{}",
    ("dpi", "min"): "不低于 {} dpi",
    ("file-size", "min_mb"): "每个文件不小于 {} MB",
    ("file-size", "max_mb"): "每个文件不超过 {} MB",
    ("caption", "about"): "说明约 {} 字",
    ("caption", "min"): "说明不少于 {} 字",
    ("caption", "max"): "说明不超过 {} 字",
    ("caption", "note_min"): "说明少于 {} 字的提示",
    ("caption", "note_max"): "说明超过 {} 字的提示",
    ("caption", "required"): "说明{}",
    ("caption", "latin"): "说明的字母数字{}",
    ("caption-shared", "outcome"): "几张照片共用一段说明的{}",
    ("text-length", "min"): "不少于 {} 字",
    ("text-length", "max"): "不超过 {} 字",
    ("text-length", "about"): "约 {} 字",
    ("text-length", "latin"): "字母数字{}",
    ("duration", "min_seconds"): "不短于 {} 秒",
    ("duration", "max_seconds"): "不长于 {} 秒",
    ("naming", "pattern"): "命名：{}",
    ("naming", "strict"): "命名{}",
    ("subject", "pattern"): "邮件主题：{}",
    ("table", "blanks"): "表内空白格{}",
    ("table", "required"): "表内必填：{}",
}
_VALUES: Mapping[tuple[str, str], Mapping[Any, str]] = {
    ("image-size", "either_orientation"): {True: "均可", False: "按所写宽高"},
    ("caption", "required"): {True: "必须有", False: "可以没有"},
    ("caption", "latin"): {"word": "按词计", "character": "逐个计"},
    ("caption-shared", "outcome"): {"fail": "须改正", "note": "提示", "pass": "允许"},
    ("text-length", "latin"): {"word": "按词计", "character": "逐个计"},
    ("naming", "strict"): {True: "不符须改正", False: "不符只提示"},
    ("table", "blanks"): {"note": "只提示", "fail": "须补填"},
}
_BARE = {"all-formats": "所列格式都要", "stamp": "盖章或签字", "table": "与空表逐格核对", "caption": "须有文字说明",
         "readable": "能打开", "format": "格式相符", "caption-shared": "说明不得共用"}  # fmt: skip
_QUIET = (("caption", "note_min"), ("caption", "note_max"))
"""Settings that `notice show` leaves out: no limits, but from when on a remark is made."""


def limits_of(requirement: Requirement) -> dict[str, str]:
    """Each limit in words, by its path in the notice file: `formats`, `form`, `checks.count.max` …"""
    limits = {}
    if requirement.formats:
        limits["formats"] = f"格式 {words_of_formats(requirement.formats)}"
    if requirement.form:
        limits["form"] = f"空表 {requirement.form}"
    if requirement.link_counts:
        limits["link_counts"] = "网盘链接也算收到"
    for kind, settings in requirement.checks.items():
        if not settings:
            limits[f"checks.{kind}"] = _BARE.get(kind, kind)
        for key, value in settings.items():
            limits[f"checks.{kind}.{key}"] = _said(kind, key, value)
    return limits


def shown_limits(requirement: Requirement) -> list[str]:
    """The limits that a coordinator looks through."""
    quiet = {f"checks.{kind}.{key}" for kind, key in _QUIET}
    return [words for path, words in limits_of(requirement).items() if path not in quiet]


def _said(kind: str, key: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        value = "、".join(map(str, value))
    number = f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
    return _SETTINGS.get((kind, key), f"{kind}.{key} {{}}").format(_VALUES.get((kind, key), {}).get(value, number))
