"""Bytes of unknown charset → text: labels that lie, labels nobody knows, no label at all.

Every decision is made on bytes and decided once; the step that decided is returned, so that the ledger
can show it. No function here raises for any input, and no text that leaves here holds a lone surrogate.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

_GB = "gb18030"
_ALIASES = {
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode": "utf-16",
    "unicode11utf7": "utf-7",
    "unicode11utf8": "utf-8",
    "chinese": _GB,
    "csiso58gb231280": _GB,
    "isoir58": _GB,
    "gb1988": _GB,
    "gb13000": _GB,
    "euccn": _GB,
    "xeuccn": _GB,
    "cngb": _GB,
    "eucgb2312cn": _GB,
    "zhcn": _GB,
    "hzgb2312": "hz",
    "hzgb": "hz",
    "cnbig5": "big5",
    "xxbig5": "big5",
    "big5": "cp950",
    "xsjis": "cp932",
    "iso88598i": "iso8859-8",
    "iso88598e": "iso8859-8",
    "ksc5601": "cp949",
    "ksc56011987": "cp949",
    "euckr": "cp949",
}
_ALLOWED = re.compile(
    r"ascii|utf-(?:7|8|8-sig|16|16-le|16-be|32|32-le|32-be)|gb18030|hz|big5(?:hkscs)?|cp950|euc_jp|euc_jis_2004"
    r"|shift_jis(?:x0213)?|cp932|iso2022_(?:jp(?:_\w+)?|kr)|cp949|euc_kr|johab|iso8859-\d+|cp125\d|cp(?:437|85\d|86\d|874)"
    r"|koi8-[rut]|mac-\w+|tis-620"
)
# The codecs above map bytes to characters in linear time; idna, punycode, zlib and the like stay out.
_WEAK = frozenset({"ascii", "iso8859-1", "iso8859-15", "cp1252"})
# Labels that mail programs write without looking; they accept any bytes, so they prove nothing.
_STATEFUL = re.compile(r"utf-(?:7|16|32)|hz|iso2022")
_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}")
_WESTERN_SIGNS = "’‘“”‚„–—…«»°€£§©®™·•¿¡ªº²³½\xa0"
SHORT = 80
"""Bytes of a name or subject that may hold rare characters only."""
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_NON_ASCII = re.compile("[^\x00-\x7f]+")
_ODD = re.compile("[\u0180-\u024f\u0250-\u02ff\u0370-\u0385\u03cf-\u03ff\u0460-\u0590\u0700-\u07ff]")
"""Two-byte letters of UTF-8 outside the everyday alphabets."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Decoded(NamedTuple):
    """Text, and the step of the ladder that decided: ascii, declared, meta, utf-8, utf-8-cut, gb18030, …"""

    text: str
    step: str


def codec(label: str) -> str | None:
    """The codec for a charset label as mail programs write it; None when nobody knows it.

    All labels of the GB family mean GB18030, its superset: GBK bytes under a gb2312 label are the norm.

    >>> codec("GB2312_CHARSET"), codec("x-gbk"), codec("cp-936"), codec("iso-8859-8-i"), codec("x-unknown")
    ('gb18030', 'gb18030', 'gb18030', 'iso8859-8', None)
    """
    return _codec(label.strip().strip("\"'").lower()[:60])


@lru_cache(maxsize=256)
def _codec(plain: str) -> str | None:
    key = re.sub(r"[^a-z0-9]", "", plain)
    if re.search(r"gb\W*_?(?:2312|18030|k)|(?:cp|ms|windows|ibm|^)936$", re.sub(r"[-\s]", "", plain)):
        return "hz" if key.startswith("hz") else _GB
    try:
        name = codecs.lookup(_ALIASES.get(key, plain)).name
    except (LookupError, ValueError, UnicodeError):
        return None
    return name if _ALLOWED.fullmatch(name) else None


def is_telling(label: str) -> bool:
    """True for a label that says something about other bytes of the same mail: not UTF-8, which is seen anyway."""
    name = codec(label)
    return name is not None and name not in _WEAK and not _STATEFUL.match(name) and not name.startswith("utf")


def decode(data: bytes, label: str = "", hint: str = "") -> Decoded:
    """Text of `data`: by its label, by a second label (`hint`, an HTML meta), else by looking at the bytes.

    Order: label strict → UTF-8 strict (unless it makes letters that nobody writes of everyday Chinese) → UTF-8
    with only the tail cut → GB18030 when most of it is everyday Chinese → cp1252. Big5 only when declared.
    UTF-8 and GB18030 come before labels that prove nothing.
    """
    found = _climb(data, {name: step for step, name in (("meta", codec(hint)), ("declared", codec(label))) if name})
    return Decoded(_SURROGATE.sub("\ufffd", found.text.removeprefix("\ufeff")), found.step)


def _climb(data: bytes, labels: dict[str, str]) -> Decoded:
    """The ladder; `labels` are the known codecs, the more trusted last, with the step each stands for."""
    declared = list(reversed(labels))
    if data.isascii() and not any(_STATEFUL.match(name) for name in declared):
        if _HZ.search(data) and (not declared or declared[0] in ("ascii", _GB)):
            return Decoded(data.decode("hz", "replace"), "hz")
        return Decoded(data.decode("ascii"), "ascii")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and len(data) % 2 == 0:
        declared = ["utf-16", *declared]
    strong = [name for name in declared if name not in _WEAK]
    utf8 = strictly(data, "utf-8")
    for name in strong:
        text = strictly(data, name)
        if text is not None and not (name == _GB and utf8 is not None and _common(text) < 0.7 <= _common(utf8)):
            return Decoded(text, labels.get(name, "bom"))
    if utf8 is not None:
        chance = _by_chance(data, utf8)
        return Decoded(utf8, "utf-8") if chance is None else Decoded(chance, _GB)
    for name in ["utf-8", *(name for name in strong if not _STATEFUL.match(name))]:
        text = _strict_but_tail(data, name)
        if text is not None and _NON_ASCII.search(text):
            return Decoded(text, f"{name}-cut")
    chinese = strictly(data, _GB) or _strict_but_tail(data, _GB)
    wanted = 0.8 if any(name != "ascii" for name in declared if name in _WEAK) else 0.6
    if chinese is not None and _common(chinese) >= wanted and not _PRIVATE.search(chinese):
        return Decoded(chinese, _GB)
    for name in dict.fromkeys([*strong, "utf-8", _GB]):
        text = _repaired(data) if name == _GB else data.decode(name, "replace")
        if text.count("\ufffd") * 20 <= _width(text) and (name in strong or _common(text) >= 0.8):
            return Decoded(text, f"{name}-repaired")
    if chinese is not None and len(data) <= SHORT and _odd(data) and not _PRIVATE.search(chinese):
        return Decoded(chinese, _GB)
    for name in (name for name in declared if name in _WEAK and name != "ascii"):
        return Decoded(data.decode(name, "replace"), labels[name])
    return Decoded(data.decode("cp1252", "replace"), "cp1252")


def _by_chance(data: bytes, utf8: str) -> str | None:
    """The Chinese of GBK bytes that happen to be UTF-8 too, of letters that nobody writes: 图片 reads ͼƬ."""
    letters = "".join(_NON_ASCII.findall(utf8))
    if len(_ODD.findall(letters)) * 2 <= len(letters):
        return None
    chinese = strictly(data, _GB)
    return chinese if chinese is not None and _common(chinese) == 1.0 else None


def _odd(data: bytes) -> bool:
    """True when the bytes make no word of a western language: signs that nobody types among them."""
    western = data.decode("cp1252", "replace")
    return any(char > "\x7f" and not char.isalpha() and char not in _WESTERN_SIGNS for char in western)


def strictly(data: bytes, name: str) -> str | None:
    """The text when every byte makes sense in this codec, else None."""
    try:
        return data.decode(name)
    except (UnicodeError, ValueError):
        return None


def _strict_but_tail(data: bytes, name: str) -> str | None:
    """Decoded without the last 1–3 bytes: a character cut in two by a length limit."""
    for cut in (1, 2, 3):
        text = strictly(data[:-cut], name) if len(data) > cut else None
        if text is not None:
            return text
    return None


def _repaired(data: bytes) -> str:
    """GB18030 with each damaged pair as one U+FFFD, so that the pairs behind it stay in step."""
    out: list[str] = []
    for _ in range(50):
        try:
            return "".join([*out, data.decode(_GB)])
        except UnicodeDecodeError as error:
            out += [data[: error.start].decode(_GB), "\ufffd"]
            data = data[error.start + (2 if data[error.start + 1 : error.start + 2] >= b"\x80" else 1) :]
    return "".join([*out, data.decode(_GB, "replace")])


def _width(text: str) -> int:
    return sum(len(run) for run in _NON_ASCII.findall(text))


def _common(text: str) -> float:
    """Share of the non-ASCII characters that are in GB2312: near 1 for real Chinese, low for mojibake."""
    sample = "".join(_NON_ASCII.findall(text[:20000]))[:4000]
    return len(sample.encode("gb2312", "ignore")) / 2 / len(sample) if sample else 0.0


def one_line(text: str) -> str:
    """Controls and line breaks → one blank; lone surrogates → U+FFFD; trimmed."""
    return _CONTROLS.sub(" ", _SURROGATE.sub("\ufffd", text)).strip()


def visible(text: str) -> str:
    """`one_line` without characters that hide or reorder others (bidi overrides, zero width)."""
    return one_line(_INVISIBLE.sub("", text))
