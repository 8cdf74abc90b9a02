"""Names that we give: to parts without one, and to places inside a mail that must differ."""

from __future__ import annotations

import re

SUFFIXES = {
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/pjpeg": "jpg",
    "image/png": "png",
    "image/x-png": "png",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/webp": "webp",
    "image/tiff": "tiff",
    "image/heic": "heic",
    "image/svg+xml": "svg",
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/zip": "zip",
    "application/x-zip-compressed": "zip",
    "application/x-rar-compressed": "rar",
    "application/vnd.rar": "rar",
    "application/x-7z-compressed": "7z",
    "application/rtf": "rtf",
    "application/json": "json",
    "application/xml": "xml",
    "text/plain": "txt",
    "text/html": "html",
    "text/csv": "csv",
    "text/calendar": "ics",
    "text/rtf": "rtf",
    "text/xml": "xml",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/x-msvideo": "avi",
    "audio/mpeg": "mp3",
    "audio/x-wav": "wav",
    "message/rfc822": "eml",
    "application/vnd.ms-outlook": "msg",
}
_SIGNATURES = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n", "png"),
    (b"GIF8", "gif"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\xd0\xcf\x11\xe0", "doc"),
)


def made_up(content_type: str, head: bytes, number: int, suffix: str = "") -> str:
    """A stable name for a part without one, such as 图片1.jpg; `head` is the start of its content.

    >>> made_up("application/pdf", b"", 2)
    '附件2.pdf'
    """
    suffix = suffix or SUFFIXES.get(content_type, "") or _by_signature(head) or "bin"
    picture = content_type.startswith("image/") or suffix in ("jpg", "jpeg", "png", "gif")
    return f"{'图片' if picture else '附件'}{number}.{suffix}"


def _by_signature(head: bytes) -> str:
    return next((suffix for sign, suffix in _SIGNATURES if head.startswith(sign)), "")


_GENERIC = re.compile(
    r"(?:image|img|pic|picture|logo|outlook|attach|unnamed|noname|signature|cid|ATT)?[-_ ]?[0-9A-F@$.-]*"
    r"\.(?:png|gif|jpe?g|bmp)|(?:InsertPic_|Catch|__aliyun|spacer|blank|dot|line|icon|logo).*",
    re.IGNORECASE,
)


def is_programs_name(name: str) -> bool:
    """True for a picture's name that a program or a camera gave, not a person.

    >>> is_programs_name("image001.png"), is_programs_name("IMG_0001.JPG"), is_programs_name("启动仪式.jpg")
    (True, True, False)
    """
    return _GENERIC.fullmatch(name) is not None


class UniquePaths:
    """Gives every place inside one mail a path of its own: `图.jpg`, `图 (2).jpg` …"""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, folder: str, name: str) -> str:
        """`folder/name`, numbered when it was taken (letter case does not distinguish)."""
        path = f"{folder}/{name}" if folder else name
        key = path.casefold()
        while key in self._taken:
            self._taken[key] += 1
            stem, dot, suffix = name.rpartition(".")
            stem, tail = (stem, dot + suffix) if stem else (name, "")
            numbered = f"{stem} ({self._taken[key]}){tail}"
            candidate = f"{folder}/{numbered}" if folder else numbered
            if candidate.casefold() not in self._taken:
                path = candidate
                break
        self._taken[path.casefold()] = 1
        return path
