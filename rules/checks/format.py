"""`format`: is the file what the notice wants, by its content; the name only confirms it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._say import about, quoted
from rules.facts import (
    ArchiveFacts,
    ImageFacts,
    LinkFacts,
    Picture,
    TableFacts,
    TextFacts,
    Unreadable,
    VideoFacts,
)
from rules.finding import Finding
from rules.item import Item
from rules.notice import Requirement
from rules.vocabulary import (
    ARCHIVE_SUFFIXES,
    ASIDE_SUFFIXES,
    FILM_SUFFIXES,
    OFFICE_SUFFIXES,
    PICTURE_SUFFIXES,
    TABLE_SUFFIXES,
)

_SAME = {
    **dict.fromkeys(("jpeg", "jpe", "jfif", "mpo"), "jpg"),
    **dict.fromkeys(("m4v", "mov", "3gp"), "mp4"),  # one container (ISO/IEC 14496-12); phones mix the names
    **dict.fromkeys(("md", "log", "text"), "txt"),
    **{"tiff": "tif", "docm": "docx", "xlsm": "xlsx", "wpt": "wps", "ett": "et", "tsv": "csv"},
    **{"mpeg": "mpg", "heif": "heic", "htm": "html", "mhtml": "mht"},
}
"""Other names of one format."""
_SUFFIXES = ARCHIVE_SUFFIXES | ASIDE_SUFFIXES | FILM_SUFFIXES | OFFICE_SUFFIXES | PICTURE_SUFFIXES | TABLE_SUFFIXES
_CHANGE = "只改文件名的后缀并不会改变文件格式。"


class FormatSettings(Settings):
    """None: the formats are those of the requirement."""


@check("format", FormatSettings, codes=("wrong-format", "fake-extension", "only-in-document"), always=True)
def judge_format(settings: FormatSettings, case: Case) -> Iterable[Finding]:
    """One finding at most for each piece. Archives and links are the business of others."""
    for item in case.items:
        if not isinstance(item.facts, ArchiveFacts | LinkFacts | Unreadable):
            yield from _of_one(item, case.requirement)


def _of_one(item: Item, requirement: Requirement) -> Iterator[Finding]:
    facts, kind, suffix = item.facts, content_kind(item), told_suffix(item)
    if isinstance(facts, TextFacts) and facts.pictures and _wants_pictures(requirement):
        if not is_asked(kind, requirement.formats) or not requirement.formats:
            yield _only_in_document(item, facts.pictures, requirement)
        return
    if not kind:
        return
    if not is_asked(kind, requirement.formats):
        yield wrong_format(item, kind, requirement)
    elif suffix != kind:
        yield _misnamed(item, kind, suffix, requirement)


def content_kind(item: Item) -> str:
    """What the content is, under the one name of its format; "" when unknown.

    >>> canonical("JPEG"), canonical("mpo"), canonical("docx")
    ('jpg', 'jpg', 'docx')
    """
    match item.facts:
        case ImageFacts(format=format) | TextFacts(format=format) | TableFacts(format=format):
            return canonical(format)
        case VideoFacts(format=format) | Unreadable(format=format) | ArchiveFacts(format=format):
            return canonical(format)
        case _:
            return ""


def canonical(format: str) -> str:
    """The one name of a format, lower case."""
    return _SAME.get(format.lower(), format.lower())


def told_suffix(item: Item) -> str:
    """What the name claims to be; "" when it has no suffix, or one that is none (总结2022.9.30)."""
    return canonical(item.suffix) if item.suffix in _SUFFIXES else ""


def is_asked(kind: str, formats: Sequence[str]) -> bool:
    """True when the content is of a format that the notice takes; no formats take everything."""
    return not formats or kind in {canonical(format) for format in formats}


def asked(requirement: Requirement) -> str:
    """The formats of the notice, as a letter names them."""
    names = [format.upper() for format in requirement.formats]
    if len(names) > 1:
        return f"{'、'.join(names[:-1])}或{names[-1]}格式"
    return f"{names[0]}格式" if names else "不限格式"


def wrong_format(item: Item, kind: str, requirement: Requirement) -> Finding:
    """The content is of a format that the notice does not take; worse when the name hides it."""
    suffix, expected = told_suffix(item), asked(requirement)
    if suffix and suffix != kind and is_asked(suffix, requirement.formats):
        return about(
            item,
            "fake-extension",
            "fail",
            f"{quoted(item)}的文件名后缀为.{item.suffix}，但内容实为{kind.upper()}格式，不符合{expected}的要求。",
            f"请用原软件打开后另存（导出）为{expected}，再重新发送；{_CHANGE}",
            expected=expected,
            measured=f"{kind.upper()}格式（后缀.{item.suffix}）",
        )
    return about(
        item,
        "wrong-format",
        "fail",
        f"{quoted(item)}是{kind.upper()}格式，要求为{expected}。",
        f"请另存（导出）为{expected}后重新发送；{_CHANGE}",
        expected=expected,
        measured=f"{kind.upper()}格式",
    )


def _misnamed(item: Item, kind: str, suffix: str, requirement: Requirement) -> Finding:
    """The content is right, only the name is not: worth saying, nothing owed."""
    named = f"文件名后缀为.{item.suffix}" if suffix else "文件名没有后缀"
    return about(
        item,
        "fake-extension",
        "note",
        f"{quoted(item)}的内容是{kind.upper()}格式，{named}，已按{kind.upper()}格式收下。",
        "不必重发；今后请保留与内容一致的后缀。",
        expected=f"后缀为.{kind}",
        measured=f"后缀.{item.suffix}" if suffix else "没有后缀",
    )


def _wants_pictures(requirement: Requirement) -> bool:
    pictures = {canonical(suffix) for suffix in PICTURE_SUFFIXES}
    formats = {canonical(format) for format in requirement.formats}
    return requirement.category == "photo" or (bool(formats) and formats <= pictures)


def _only_in_document(item: Item, pictures: Sequence[Picture], requirement: Requirement) -> Finding:
    sizes = [f"{picture.width}×{picture.height}" for picture in pictures if picture.width and picture.height]
    told = f"（{'、'.join(sizes[:4])}{'等' if len(sizes) > 4 else ''}像素）" if sizes else ""
    expected = asked(requirement) if requirement.formats else "单独的图片文件"
    return about(
        item,
        "only-in-document",
        "fail",
        f"图片贴在文档{quoted(item)}里，共{len(pictures)}张{told}，没有单独的图片文件。",
        f"请把原图作为附件直接发送（{expected}），不要粘贴到文档中，粘贴会压缩图片。",
        expected=expected,
        measured=f"文档内{len(pictures)}张图片{told}",
    )
