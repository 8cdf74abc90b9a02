"""What a file is, by its content, in the words of the notice: `jpg`, `docx`, `xlsx` …"""

from __future__ import annotations

from rules.facts import ArchiveFacts, Facts, ImageFacts, LinkFacts, TableFacts, TextFacts, Unreadable, VideoFacts

_SAME = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "mpo": "jpg", "tiff": "tif", "m4v": "mp4", "htm": "html"}
"""Suffixes that mean the same content."""


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
