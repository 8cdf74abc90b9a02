"""One file, one name, every way in which a name has been seen to be written."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mailmaker import wire
from tests.mailmaker.case import Case, Put

NAME = "附件1：关于质量月活动的工作总结（终稿）朱镕喆.docx"
GBK, UTF8 = NAME.encode("gbk"), NAME.encode()
DATA = wire.content("names.docx")
TEXT = "材料见附件。"


def _word(data: bytes, label: str, size: int = 900, form: str = "B", gap: bytes = b"\r\n ") -> bytes:
    return wire.word(data, label, size, form, gap)


DISPOSITIONS: dict[str, bytes] = {
    "raw-gbk": b'filename="' + GBK + b'"',
    "raw-gbk-unquoted": b"filename=" + GBK,
    "raw-utf8": b'filename="' + UTF8 + b'"',
    "word-gb2312-label": b'filename="' + _word(GBK, "GB2312") + b'"',
    "word-unknown-label": b'filename="' + _word(GBK, "x-gbk-2") + b'"',
    "word-unquoted": b"filename=" + _word(UTF8, "utf-8"),
    "words-cut-in-characters": b'filename="' + _word(GBK, "gb18030", 7) + b'"',
    "words-on-one-line": b'filename="' + _word(UTF8, "utf-8", 20, "B", b" ") + b'"',
    "words-without-gap": b'filename="' + _word(UTF8, "utf-8", 21, "B", b"") + b'"',
    "words-q-cut": b'filename="' + _word(GBK, "gbk", 11, "Q") + b'"',
    "word-folded-inside": b'filename="' + _word(UTF8, "utf-8")[:40] + b"\r\n\t" + _word(UTF8, "utf-8")[40:] + b'"',
    "word-without-end": b"filename=" + _word(UTF8, "utf-8")[:-2],
    "2231-utf8": b"filename*=UTF-8''" + wire.percent(UTF8),
    "2231-language": b"filename*=UTF-8'zh-CN'" + wire.percent(UTF8),
    "2231-gb2312-label": b"filename*=gb2312''" + wire.percent(GBK),
    "2231-quoted": b"filename*=\"UTF-8''" + wire.percent(UTF8) + b'"',
    "2231-no-charset": b"filename*=" + wire.percent(GBK),
    "2231-empty-charset": b"filename*=''" + wire.percent(GBK),
    "2231-segments": wire.segments("filename", UTF8, "utf-8", 7),
    "2231-segments-gbk": wire.segments("filename", GBK, "gbk", 5),
    "2231-segments-no-charset": wire.segments("filename", GBK, "", 5),
    "2231-segments-cut-escape": wire.segments("filename", GBK, "gb18030", 31, plain_cut=True),
    "2231-segments-shuffled": b"; ".join(reversed(wire.segments("filename", UTF8, "utf-8", 20).split(b";\r\n "))),
    "2231-plain-segments": b'filename*0="' + GBK[:9] + b'"; filename*1="' + GBK[9:] + b'"',
    "2231-beside-lost": b"filename=\"????.docx\"; filename*=UTF-8''" + wire.percent(UTF8),
    "2231-beside-worse": b"filename=attachment.docx; filename*=UTF-8''" + wire.percent(UTF8),
    "2231-in-plain": b"filename=\"UTF-8''" + wire.percent(UTF8) + b'"',
    "word-in-2231": b"filename*=UTF-8''" + wire.percent(_word(GBK, "gbk")),
    "percent-utf8": b'filename="' + wire.percent(UTF8) + b'"',
    "percent-gbk": b'filename="' + wire.percent(GBK) + b'"',
    "encoded-twice": b'filename="' + _word(_word(UTF8, "utf-8"), "utf-8") + b'"',
    "windows-path": b'filename="C:\\Users\\zl\\' + "桌面\\".encode("gbk") + GBK + b'"',
    "unix-path": b'filename="../../' + UTF8 + b'"',
    "no-closing-quote": b'filename="' + UTF8,
    "numeric-references": b'filename="'
    + "".join(f"&#{ord(sign)};" if ord(sign) > 0x2E80 else sign for sign in NAME).encode()
    + b'"',
    "upper-case": b'FILENAME="' + UTF8 + b'"; SIZE=400',
}


def cases() -> Iterator[Case]:
    """Each form of `DISPOSITIONS`, names in other places, and parts without any."""
    for key, disposition in DISPOSITIONS.items():
        yield _case(key, wire.attached(disposition, DATA), Put(NAME, DATA))
    kind = b"application/msword"
    empty = b'Content-Disposition: attachment; filename=""'
    yield _case("type-only", wire.part([b"Content-Type: " + kind + b'; name="' + GBK + b'"'], DATA), Put(NAME, DATA))
    typed = b"Content-Type: " + kind + b';\r\n name="' + _word(GBK, "gb2312") + b'"'
    yield _case("empty-filename", wire.part([typed, empty], DATA), Put(NAME, DATA))
    extended = b"Content-Type: " + kind + b"; name*=gb18030''" + wire.percent(GBK)
    yield _case("type-2231", wire.part([extended, b"Content-Disposition: attachment"], DATA), Put(NAME, DATA))
    described = [b"Content-Type: " + kind, b"Content-Description: " + _word(UTF8, "utf-8")]
    yield _case("description-only", wire.part(described, DATA), Put(NAME, DATA))
    glued = b'Content-Type: application/msword name="' + GBK + b'"'
    yield _case("no-semicolon", wire.part([glued], DATA), Put(NAME, DATA))
    bare = [b"Content-Type: application/msword", b'Content-Disposition: filename="' + UTF8 + b'"']
    yield _case("no-disposition-word", wire.part(bare, DATA), Put(NAME, DATA))
    yield _case("none", wire.part([b"Content-Type: " + kind, empty], DATA), Put("附件1.doc", DATA))
    lost = wire.attached(b'filename="??????.xlsx"', DATA)
    yield _case("lost", lost, Put("附件1.xlsx", DATA))
    same = wire.attached(b'filename="' + UTF8 + b'"', DATA), wire.attached(b'filename="' + UTF8 + b'"', DATA[:-1])
    second = NAME.replace(".docx", " (2).docx")
    yield _case("twice-the-same", same, Put(NAME, DATA), Put(NAME, DATA[:-1], second))


def _case(key: str, part: bytes | tuple[bytes, ...], *files: Put) -> Case:
    parts = part if isinstance(part, tuple) else (part,)
    inner = wire.multi("mixed", wire.text(TEXT), *parts, boundary="=_names")
    return Case(name=f"name-{key}", raw=wire.head(id=f"name-{key}") + inner, text=TEXT, files=files)
