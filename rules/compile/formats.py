"""Formats and the state of papers: JPG 格式, Word 版和盖章扫描 PDF 版, 加盖公章, 亲笔签名."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

WORDS: dict[str, tuple[str, ...]] = {
    r"jpe?g": ("jpg",), r"png": ("png",), r"tiff?": ("tiff",), r"bmp": ("bmp",), r"gif": ("gif",), r"psd": ("psd",), r"ai": ("ai",), r"cdr": ("cdr",), r"eps": ("eps",),
    r"raw": ("raw",), r"svg": ("svg",), r"heic": ("heic",), r"dwg": ("dwg",),
    r"pdf": ("pdf",), r"word": ("doc", "docx"), r"docx": ("docx",), r"doc": ("doc",), r"wps": ("wps",), r"txt": ("txt",), r"rtf": ("rtf",), r"ofd": ("ofd",),
    r"电子表格": ("xls", "xlsx"), r"excel|exc?e?ll?": ("xls", "xlsx"), r"xlsx": ("xlsx",), r"xls": ("xls",), r"et": ("et",), r"csv": ("csv",), r"pptx": ("pptx",), r"ppt": ("ppt", "pptx"), r"powerpoint": ("ppt", "pptx"),
    r"mpeg-?4|mp4": ("mp4",), r"mov": ("mov",), r"avi": ("avi",), r"wmv": ("wmv",), r"mpe?g(?:-?2)?": ("mpeg",), r"flv": ("flv",), r"mkv": ("mkv",), r"rmvb": ("rmvb",), r"3gp": ("3gp",),
    r"m4v": ("m4v",), r"vob": ("vob",), r"mts": ("mts",), r"f4v": ("f4v",), r"webm": ("webm",), r"swf": ("swf",), r"rm": ("rm",),
    r"mp3": ("mp3",), r"wav": ("wav",), r"wma": ("wma",), r"flac": ("flac",), r"m4a": ("m4a",), r"aac": ("aac",),
}  # fmt: skip
"""The word in the notice (any case) and the extensions it stands for."""
PICTURES = frozenset({"jpg", "png", "tiff", "bmp", "gif", "psd", "ai", "cdr", "eps", "raw", "svg", "heic"})
FILMS = frozenset(
    {"mp4", "mov", "avi", "wmv", "mpeg", "flv", "mkv", "rmvb", "3gp", "m4v", "vob", "mts", "f4v", "webm", "rm", "swf"}
)
SOUNDS = frozenset({"mp3", "wav", "wma", "flac", "m4a", "aac"})
_ONE = re.compile(
    rf"(?<![A-Za-z0-9@])[.*]{{0,2}}(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})(?![A-Za-z0-9])", re.IGNORECASE
)
_CONTEXT = re.compile(
    r"格式|版|文档|文件|扫描|电子|图片|照片|视频|表格|类型|截图|源|形式|编码|附件|封装|制作|保存|存为|提交|原图|后缀|输出"
)
_UNSURE = frozenset({"ai", "raw", "et", "rm", "doc", "ppt", "powerpoint"})
"""Words that mean something else too: wanted only beside 格式, 文件 or another format."""
_NEGATED = re.compile(r"(?:插入|嵌入|不接受|不收|不得|不能|不要|请勿|不支持|不可|非|谢绝|除)[^,。;]{0,12}$")
_JOINED = re.compile(r"(?:[、,/+\s()]|或者?|和|及|与|格式|版|文档|文件){0,4}")
"""What may stand between two formats of one row."""
_BETTER = re.compile(r"[^,。;]{0,18}(?:更佳|尤佳|更好|优先)")
"""Welcome, but not asked for."""
_EITHER = re.compile(r"或|/|均可|皆可|任选|之一|等")
_BOTH = re.compile(r"两种格式|和|及|与|以及|并|同时|各一份|各1份|均需")

STATES: tuple[tuple[Literal["stamp", "scan", "signature"], str, str], ...] = (
    (
        "stamp",
        r"盖(?:单位|本单位|所在单位|学校|学院|部门|相关|党委|主管部门|法人|企业)?(?:的)?(?:公章|印章|红章|章|单位章|电子章)|加盖|(?<!不)盖章|签章|用印",
        "加盖公章",
    ),
    ("scan", r"扫描|PDF扫描|拍照上传|影印件", "盖章扫描件"),
    ("signature", r"签字|签名|签署(?!日期)|签章|亲笔|手签", "签字"),
)
"""What papers must bear or be, the words, an example."""


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """A format named in the text."""

    extensions: tuple[str, ...]
    start: int
    end: int
    kind: Literal["picture", "film", "sound", "document"]


def formats(text: str, start: int, end: int) -> Iterator[Format]:
    """Formats that are wanted between two places; those that are refused or only named are left out.

    >>> [f.extensions for f in formats("照片为JPG格式，不接受PNG格式", 0, 18)]
    [('jpg',)]
    """
    found = list(_ONE.finditer(text, start, end))
    for number, match in enumerate(found):
        word = match[0].strip(".*").lower()
        extensions = next(value for key, value in WORDS.items() if re.fullmatch(key, word))
        before, behind = (
            text[max(start, match.start() - 16) : match.start()],
            text[match.end() : min(end, match.end() + 14)],
        )
        beside = any(
            _JOINED.fullmatch(text[min(match.end(), other.end()) : max(match.start(), other.start())])
            for other in (*found[max(0, number - 1) : number], *found[number + 1 : number + 2])
        )
        if (
            match[0].startswith(".")
            and re.match(r"[\u4e00-\u9fa5》”)]", before[-1:])
            and not re.match(r"格式|文件|后缀", behind)
        ):
            continue  # 附件2.汇总表.xls is the name of the office's own file
        if re.match(r"[A-Za-z0-9._-]*@|模[版板]", behind) or (
            text[match.end() : match.end() + 1] == "/" and "http" in before
        ):
            continue
        bracketed = before.endswith("(") or behind.startswith(")")
        if word in _UNSURE and not (
            beside or before.endswith("(") or re.match(r"(?:源)?(?:格式|文件)|或|版|文档|形式", behind)
        ):
            continue
        if not beside and not bracketed and not _CONTEXT.search(before + behind):
            continue
        if re.search(r"[Hh]\.?26[45]\($", before):
            continue  # H.264（MPEG-4 Part10） is a codec
        if _NEGATED.search(before) or _BETTER.match(text, match.end(), end):
            continue
        yield Format(extensions=extensions, start=match.start(), end=match.end(), kind=_kind(extensions))


def both_wanted(text: str, named: tuple[Format, ...]) -> bool:
    """True when the words between the formats ask for all of them: Word 版和 PDF 版各一份."""
    if len(named) < 2:
        return False
    between = text[named[0].start : named[-1].end + 14]
    return bool(_BOTH.search(between)) and not _EITHER.search(text[named[0].start : named[-1].end + 4])


def states(text: str, start: int, end: int) -> Iterator[tuple[Literal["stamp", "scan", "signature"], int]]:
    """Stamp, scan, signature asked for between two places of the text."""
    for state, pattern, _ in STATES:
        for found in re.finditer(pattern, text[start:end]):
            behind = text[start + found.end() : min(end, start + found.end() + 6)]
            if re.search(r"(?:如|若)?(?:无|未|没有)$", text[start : start + found.start()]) or re.match(
                "[处栏页]", behind
            ):
                continue  # 若无盖章, 在盖章处写明原因
            if state == "scan" and re.search(r"可以?$|原件(?:或|、|/)$", text[start : start + found.start()]):
                continue  # 书画作品可扫描或翻拍, 原件或扫描件
            if state == "scan" and re.match(
                r"(?:下方|以下|上方|文末|附件|识别)?(?:以下)?(?:上述)?(?:的)?(?:二维|微信|关注|进群|入群)?(?:二维)?码",
                behind,
            ):
                continue
            yield state, start + found.start()


def _kind(extensions: tuple[str, ...]) -> Literal["picture", "film", "sound", "document"]:
    one = extensions[0]
    if one in PICTURES:
        return "picture"
    if one in FILMS:
        return "film"
    return "sound" if one in SOUNDS else "document"
