"""Header values as people read them: encoded words (RFC 2047), raw bytes, and what some webmail does instead."""

from __future__ import annotations

import binascii
import re

from intake.mail.charset import codec, decode, one_line, strictly

_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?(.{0,4000}?)\?=", re.DOTALL)
_CUT_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bB])\?([A-Za-z0-9+/\s]{8,4000}={0,2})\??\Z")
_FOLD = re.compile(rb"[\r\n]+[ \t]*")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_REFERENCE = re.compile(r"&#(?:(\d{5,6})|[xX]([0-9A-Fa-f]{4,5}));")
_FIRST_WIDE = 0x2E80
"""Below it stand signs that a person may have typed as a reference on purpose."""


def decode_header(value: str | bytes) -> str:
    """A header value as people read it, one line, no control characters.

    Adjacent encoded words of one charset are joined as bytes before decoding: clients cut within
    a character. Blanks vanish only between two encoded words.

    >>> decode_header("=?gb2312?B?uaTX9w==?= =?gb2312?B?19y94Q==?= 2022")
    '工作总结 2022'
    """
    raw = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
    return one_line(unreferenced(decode_words(raw)))


def unreferenced(text: str) -> str:
    """`&#24635;` as the character it means: old webmail writes so what its page could not hold.

    >>> unreferenced("&#24635;&#32467; &#65; &amp;")
    '总结 &#65; &amp;'
    """
    return _REFERENCE.sub(_character, text) if "&#" in text else text


def _character(match: re.Match[str]) -> str:
    point = int(match[1]) if match[1] else int(match[2], 16)
    return chr(point) if _FIRST_WIDE <= point < 0xD800 or 0xF900 <= point < 0x110000 else match[0]


def decode_words(raw: bytes) -> str:
    """Encoded words and raw bytes of one value → text; line breaks inside words are kept out."""
    out: list[str] = []
    label = ""
    held: list[tuple[bytes, bytes]] = []
    position = 0
    for match in _WORD.finditer(raw):
        between = raw[position : match.start()]
        name = match[1].partition(b"*")[0].decode("ascii", "replace").lower()  # RFC 2231 section 5: *language
        if between.strip() or (codec(name) or name) != (codec(label) or label):
            out.append(_text(held, label))
            held = []
        if between.strip() or not position:
            out.append(_plain(between))
        label = name
        held.append((match[2].lower(), match[3]))
        position = match.end()
    out.append(_text(held, label))
    rest = raw[position:]
    cut = _CUT_WORD.search(rest)
    if cut:  # a long name cut by a length limit, without its "?="
        out.append(_plain(rest[: cut.start()]))
        out.append(_text([(b"b", cut[3])], cut[1].partition(b"*")[0].decode("ascii", "replace")))
    else:
        out.append(_plain(rest))
    return "".join(out)


def _text(words: list[tuple[bytes, bytes]], label: str) -> str:
    """Adjacent words of one charset. Words of base64 may have been cut anywhere, even within a group of four."""
    if not words:
        return ""
    data = b"".join(_word(form, word) for form, word in words)
    name = codec(label)
    if name and len(words) > 1 and all(form == b"b" for form, _ in words) and strictly(data, name) is None:
        joined = from_base64(b"".join(word for _, word in words))
        if strictly(joined, name) is not None:
            data = joined
    return decode(data, label).text


def _plain(data: bytes) -> str:
    return decode(_FOLD.sub(b" ", data)).text if data else ""


def _word(form: bytes, data: bytes) -> bytes:
    """Bytes of one encoded word, as lenient as readers are: folded inside, wrong padding, raw bytes."""
    return binascii.a2b_qp(_FOLD.sub(b"", data), header=True) if form == b"q" else from_base64(data)


def from_base64(data: bytes) -> bytes:
    """Lenient base64 of a short value: foreign bytes dropped, padding mended."""
    clean = _NOT_BASE64.sub(b"", data)
    clean = clean[:-1] if len(clean) % 4 == 1 else clean
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
