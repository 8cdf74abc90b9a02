"""What a file is, by its content, in the words of the notice: `jpg`, `docx`, `xlsx` …"""

from __future__ import annotations

import re

from rules.facts import ArchiveFacts, Facts, ImageFacts, LinkFacts, TableFacts, TextFacts, Unreadable, VideoFacts
from rules.placing.vocabulary import (
    ARCHIVE_SUFFIXES,
    FILM_SUFFIXES,
    OFFICE_SUFFIXES,
    PICTURE_SUFFIXES,
    SOUND_SUFFIXES,
    TABLE_SUFFIXES,
)

_SAME = {
    **dict.fromkeys(("jpeg", "jpe", "jfif", "mpo"), "jpg"),
    **dict.fromkeys(("m4v", "3gp"), "mp4"),  # one container (ISO/IEC 14496-12)
    **dict.fromkeys(("mts", "m2ts"), "ts"),
    "mpeg": "mpg", "rm": "rmvb", "tiff": "tif", "htm": "html", "heif": "heic", "docm": "docx", "xlsm": "xlsx",
    "pptm": "pptx", "wpt": "wps", "ett": "et",
}  # fmt: skip
"""Suffixes that mean the same content."""
_SUFFIXES = OFFICE_SUFFIXES | TABLE_SUFFIXES | PICTURE_SUFFIXES | FILM_SUFFIXES | ARCHIVE_SUFFIXES


def canonical(suffix: str) -> str:
    """One name for suffixes that mean the same: `JPEG` and `jpe` are `jpg`.

    >>> canonical("JPEG"), canonical("docx")
    ('jpg', 'docx')
    """
    lower = suffix.lower().lstrip(".")
    return _SAME.get(lower, lower)


def kind_of(facts: Facts) -> str:
    """The content's kind as a canonical suffix; "" when it could not be told."""
    match facts:
        case ImageFacts(format=format) | TextFacts(format=format) | TableFacts(format=format):
            return canonical(format)
        case VideoFacts(format=format) | ArchiveFacts(format=format) | Unreadable(format=format):
            return canonical(format)
        case LinkFacts():
            return ""


def alike(content: str, suffix: str) -> bool:
    """True when a file of that content may rightly carry that suffix.

    >>> alike("xls", "et"), alike("jpg", "png")
    (True, False)
    """
    a, b = canonical(content), canonical(suffix)
    return a == b or {a, b} in ({"xls", "et"}, {"doc", "wps"}, {"txt", "csv"}, {"mov", "mp4"}, {"ppt", "dps"})


def words_of_formats(formats: tuple[str, ...]) -> str:
    """The formats a notice allows, for people.

    >>> words_of_formats(("jpg",)), words_of_formats(("docx", "doc"))
    ('JPG', 'DOCX 或 DOC')
    """
    names = [canonical(one).upper() for one in formats]
    return " 或 ".join(("、".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def convert(kind: str, wanted: str) -> str:
    """How to get from one format to the one that is wanted: the sentence for the unit."""
    if canonical(kind) == "heic":
        return (
            f"请用手机或电脑将原图转存为 {wanted} 格式后重新发送；苹果手机可先在“设置—相机—格式”中选“兼容性最佳”，"
            "之后拍摄的照片即为 JPG。"
        )
    another = not any(word.lower() in FILM_SUFFIXES for word in re.findall("[A-Z0-9]+", wanted))
    if another and canonical(kind) in FILM_SUFFIXES | SOUND_SUFFIXES:
        return f"请改为报送 {wanted} 格式的材料。"  # a film cannot be saved as a document
    return f"请另存为 {wanted} 格式后重新发送。"


def told_suffix(suffix: str) -> str:
    """The suffix as a claim about the content; "" for what is none, as in 总结2022.9.30.

    >>> told_suffix("jpg"), told_suffix("30")
    ('jpg', '')
    """
    return suffix if suffix.lower() in _SUFFIXES else ""


def is_archive(kind: str) -> bool:
    """True for containers whose members are the material, opened or not."""
    return kind in ARCHIVE_SUFFIXES
