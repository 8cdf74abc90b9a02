"""File names of parts, read from the raw bytes of Content-Disposition and Content-Type.

RFC 2231 continuations are joined as bytes and decoded once; RFC 2047 words inside parameters, percent
signs, raw GBK and names that were encoded twice are undone, each only when the outcome is sound text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from intake.mail.charset import codec, decode, visible
from intake.mail.encoded import decode_words, unreferenced

_PARAM = re.compile(rb';\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*+)"|([^;]*))', re.DOTALL)
_UNSEPARATED = re.compile(
    rb"^(\s*[^;=\"\s]{0,200})\s*(?=(?:file)?name[*\d]*\s*=|charset\s*=|boundary\s*=)", re.IGNORECASE
)
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_KEY = re.compile(r"(.+?)(?:\*(\d{1,6}))?(\*)?")
_LABELLED = re.compile(rb"\s*([A-Za-z0-9_.:+-]{1,40})'([A-Za-z-]{0,20})'(.*)", re.DOTALL)
_PERCENT = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*%[0-9A-Fa-f]{2}(?:[^%]|%[0-9A-Fa-f]{2})*")
_LOST = re.compile(r"[?\ufffd_\s]*[?\ufffd][?\ufffd_\s]*(?:\.\w{0,8})?")
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,8})$")
_TYPE = re.compile(rb"\s*([A-Za-z0-9!#$&^_.+-]+)\s*/\s*([A-Za-z0-9!#$&^_.+-]+)")

LONGEST = 200
"""Characters a name may have; the suffix survives the cut."""


def type_of(value: bytes) -> str:
    """Media type of a Content-Type value, lower case; "" when there is none (RFC 2045 section 5.1)."""
    found = _TYPE.match(value)
    return (found[1] + b"/" + found[2]).decode("ascii").lower() if found else ""


def parameters(value: bytes) -> dict[str, bytes]:
    """Parameters of a structured header as raw bytes by lower-case name, the first of each name.

    Tolerates what clients send: a missing first semicolon or first word, unquoted blanks and semicolons, a missing
    closing quote, Windows paths,
    GBK characters whose second byte is a backslash.
    """
    if not value.isascii() and decode(value).step != "utf-8":
        value = _PAIR.sub(_double_backslash, value)
    value = _UNSEPARATED.sub(rb"\1; ", value, count=1)
    found: dict[str, bytes] = {}
    last, end = "", 0
    for match in _PARAM.finditer(value):
        gap = value[end : match.start()]
        if last and gap.strip(b"; \t\r\n"):
            found[last] += gap  # an unquoted value that held a semicolon
        key = match[1].decode("ascii", "replace").lower()
        if match[2] is not None:
            content, last = re.sub(rb'\\(["\\])', rb"\1", match[2]), ""
        else:
            content = match[3].strip().strip(b'"')
            last = key if key not in found and b"'" not in match[3][:40] else ""
        if not found.get(key):
            found[key] = content
        end = match.end()
    gap = value[end:]
    if last and gap.strip(b"; \t\r\n"):
        found[last] += gap.rstrip(b"; \t\r\n")
    return found


def _double_backslash(match: re.Match[bytes]) -> bytes:
    return match[0] + b"\\" if match[0].endswith(b"\\") else match[0]


def given_name(disposition: bytes, content_type: bytes, description: bytes = b"") -> str:
    """The name the mail gives a part, decoded to a base name; "" when it gives none that can be read.

    Order: filename*, filename, name*, name, then a Content-Description that looks like a file name.
    Names in which every character was lost ("????.doc") are passed over.
    """
    damaged = ""
    for candidate in _candidates(disposition, content_type, description):
        name = base_name(candidate)
        if name and not _LOST.fullmatch(name):
            if "\ufffd" not in name:
                return name
            damaged = damaged or name
    return damaged


def given_suffix(disposition: bytes, content_type: bytes) -> str:
    """The suffix of a name that is otherwise lost ("????.doc" → "doc"), "" when there is none."""
    for candidate in _candidates(disposition, content_type, b""):
        found = _SUFFIX.search(candidate)
        if found:
            return found[1].lower()
    return ""


def _candidates(disposition: bytes, content_type: bytes, description: bytes) -> Iterator[str]:
    sources = [parameters(disposition), parameters(content_type)]
    for wanted in ("filename", "name"):
        for extended in (True, False):
            for found in sources:
                value = _extended(found, wanted) if extended else undo(found.get(wanted, b""))
                if value.strip():
                    yield value
    text = undo(description)
    if _SUFFIX.search(text) and len(text) < LONGEST:
        yield text


def _extended(found: dict[str, bytes], wanted: str) -> str:
    """RFC 2231 sections 3 and 4: `name*`, `name*0`, `name*0*` …, joined as bytes, decoded once."""
    segments: list[tuple[int, bool, bytes]] = []
    for key, value in found.items():
        match = _KEY.fullmatch(key)
        if match and match[1] == wanted and (match[2] or match[3]):
            segments.append((int(match[2] or 0), bool(match[3]), value))
    segments.sort(key=lambda segment: segment[0])
    label, data, escaped = "", b"", b""
    for position, (_, starred, value) in enumerate(segments):
        labelled = _LABELLED.fullmatch(value) if position == 0 else None
        if labelled and (starred or codec(labelled[1].decode("ascii"))):
            label, value = labelled[1].decode("ascii"), labelled[3]
        elif position == 0 and starred and value.startswith(b"''"):
            value = value[2:]
        if starred:
            escaped += value  # some programs cut within an escape: %A | 8
        else:
            data += unquote_to_bytes(escaped) + value
            escaped = b""
    data += unquote_to_bytes(escaped)
    return undo(data, label)


def undo(data: bytes, label: str = "") -> str:
    """Text of a parameter value: encoded words, percent signs and RFC 2231 forms undone, up to three deep."""
    text = _once(data, label) if data else ""
    for _ in range(3 if text else 0):
        again = unreferenced(_again(text))
        if again == text:
            break
        text = again
    return text


def _once(data: bytes, label: str) -> str:
    data = re.sub(rb"[\r\n]+[ \t]*", b" ", data) if b"=?" not in data else data
    return decode_words(data) if b"=?" in data else decode(data, label).text


def _again(text: str) -> str:
    if "=?" in text:
        return decode_words(text.encode("utf-8", "replace"))
    raw = text.encode("utf-8", "replace")
    labelled = _LABELLED.fullmatch(raw)
    if labelled and b"%" in labelled[3] and codec(labelled[1].decode("ascii")):
        return _sound(decode(unquote_to_bytes(labelled[3]), labelled[1].decode("ascii")).text, text)
    if "%" in text and text.isascii() and _PERCENT.fullmatch(text):
        return _sound(decode(unquote_to_bytes(raw)).text, text)
    return text


def _sound(new: str, old: str) -> str:
    """The undone text if it is sound, else the text as it was."""
    bad = "\ufffd" in new or any(unicodedata.category(char) in ("Cc", "Co", "Cn") for char in new)
    return old if bad or not new.strip() else new


def base_name(text: str) -> str:
    """Last step of a path, visible characters only, NFC, at most `LONGEST` characters; "" when nothing is left.

    >>> base_name("C:\\\\上报\\\\总结.doc")
    '总结.doc'
    """
    name = visible(unicodedata.normalize("NFC", re.split(r"[\\/]", text)[-1])).strip(" \"'")
    if not name.strip(". "):
        return ""
    if len(name) > LONGEST:
        suffix = _SUFFIX.search(name)
        tail = suffix[0] if suffix else ""
        name = name[: LONGEST - len(tail)] + tail
    return name
