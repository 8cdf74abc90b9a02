"""The leaves of the tree: which are words, which are files, which are further mails; files written out as they come.

Every non-text leaf is a file, named or not. Left out are only signatures, resource forks, and the small
pictures of a signature or newsletter that the HTML itself shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import CloseBoundaryNotFoundDefect

from intake.detect import is_rubbish
from intake.mail import transfer
from intake.mail.charset import decode
from intake.mail.flowed import unflow
from intake.mail.level import FilePart, Level, Packed, Words
from intake.mail.names import given_name, given_suffix, parameters
from intake.mail.source import Source
from intake.mail.tree import Part

MAX_TEXT = 2_000_000
"""Bytes of one text part that are read as words."""
TINY, SMALL = 1024, 20 * 1024
"""Bytes: a tracking pixel; a picture shown in the text that is no photo. Larger ones are told apart by their pixels,
in `intake.understand`."""

_NOT_MATERIAL = re.compile(
    r"application/(?:x-)?pkcs7-signature|application/pgp-(?:signature|encrypted)|application/applefile"
)
_SIGNATURE_NAME = re.compile(r"smime\.p7s", re.IGNORECASE)
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_FILE_CONTENT = re.compile(rb"%PDF-|PK\x03\x04|\xff\xd8\xff|\x89PNG|\xd0\xcf\x11\xe0|Rar!|7z\xbc\xaf")
_UU = re.compile(r"^begin [0-7]{3,4} +([^\r\n]{1,300})\r?\n(?=[!-`][ -`])", re.MULTILINE)
_UU_END = re.compile(r"^end[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


def survey(source: Source, root: Part) -> Level:
    """Walk one message (never into an enclosed one): its words decoded, its files listed in order."""
    level = Level()
    _walk(source, root, level, frozenset(_cut_off(root)), False)
    return level


def _cut_off(part: Part) -> Iterator[int]:
    """Identities of the leaves that end where a closing boundary is missing."""
    children = part.children
    for child in children:
        yield from _cut_off(child)
    if children and not children[-1].children and _unclosed(part):
        yield id(children[-1])


def _unclosed(part: Part) -> bool:
    return any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in part.defects)


def _walk(source: Source, part: Part, level: Level, cut: frozenset[int], choice: bool) -> None:
    declared = part.declared
    report = parameters(part.raw("content-type")).get("report-type", b"").decode("ascii", "replace").lower()
    level.types.append(f"{declared}; report-type={report}" if report else declared)
    level.defects += [_phrase(type(defect).__name__) for defect in part.defects]
    if part.cut_headers:
        level.defects.append("oversized headers cut")
    if declared == "multipart/alternative" and part.children:
        inner = Level()
        for child in part.children:
            _walk(source, child, inner, cut, True)
        plain = "\n".join(words.plain for words in inner.words if words.plain.strip())
        html = "\n".join(words.html for words in inner.words if words.html.strip())
        inner.words = [Words(plain, html)] if plain or html else []
        _merge(level, inner)
        return
    for child in part.children:
        _walk(source, child, level, cut, choice)
    if not part.children:
        _leaf(source, part, level, id(part) in cut, choice)


def _merge(level: Level, inner: Level) -> None:
    for name in ("words", "aside", "files", "types", "reports", "defects"):
        getattr(level, name).extend(getattr(inner, name))


def _phrase(name: str) -> str:
    """CloseBoundaryNotFoundDefect → close boundary not found."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name.removesuffix("Defect")).lower()


def _leaf(source: Source, part: Part, level: Level, cut: bool, choice: bool) -> None:
    declared = part.declared
    disposition, typed = part.raw("content-disposition"), part.raw("content-type")
    name = given_name(disposition, typed, part.raw("content-description"))
    attached = disposition.strip().lower().startswith(b"attachment")
    if declared == "text/rfc822-headers":
        level.aside.append(_text(source, part, typed))
    elif declared.startswith("message/") and declared not in ("message/rfc822", "message/global"):
        if declared in ("message/delivery-status", "message/global-delivery-status"):
            level.reports.append(part)
        if declared in ("message/partial", "message/external-body"):
            level.defects.append(f"{declared} kept as a file")
            level.files.append(_file(part, declared, name, attached, cut))
    elif _is_no_material(declared, name) or (declared == "text/x-amp-html" and choice):
        return
    elif _is_text(source, part, declared, name, attached, choice):
        _add_words(source, part, level, declared, typed)
    elif not declared.startswith("multipart/") or name:
        if declared in _SEALED:
            level.defects.append("signed or encrypted as a whole (S/MIME), not opened")
        level.files.append(_file(part, declared, name, attached, cut))


def _is_no_material(declared: str, name: str) -> bool:
    return bool(_NOT_MATERIAL.fullmatch(declared) or _SIGNATURE_NAME.fullmatch(name) or is_rubbish(name))


def _is_text(source: Source, part: Part, declared: str, name: str, attached: bool, choice: bool) -> bool:
    if declared.startswith("multipart/"):  # no boundary found: the text that stands there
        return not name
    if declared == "text/calendar" and not name and not attached:
        return True
    if declared not in ("text/plain", "text/html", "text/enriched", "text/richtext"):
        return False
    if attached or (name and not choice):
        return False
    return _FILE_CONTENT.match(transfer.head(source, part, 8)) is None


def _file(part: Part, declared: str, name: str, attached: bool, cut: bool) -> FilePart:
    cid = decode(part.raw("content-id")).text.strip().strip("<>").strip()
    suffix = given_suffix(part.raw("content-disposition"), part.raw("content-type"))
    return FilePart(part, declared, name, suffix, cid[:300], attached, cut)


def _add_words(source: Source, part: Part, level: Level, declared: str, typed: bytes) -> None:
    if declared == "text/calendar":
        return
    if declared == "text/plain" and "begin " in part.text and _UU.search(part.text):
        _uuencoded(part, level, typed)
        return
    text = _text(source, part, typed)
    if declared == "text/plain":
        text = unflow(text, parameters(typed))
    if declared == "text/plain" or declared.startswith("multipart/"):
        level.words.append(Words(plain=text))
    else:
        level.words.append(Words(html=text))


def _uuencoded(part: Part, level: Level, typed: bytes) -> None:
    """Files that stand between `begin` and `end` within a text."""
    text, label = part.text, parameters(typed).get("charset", b"").decode("ascii", "replace")
    words, position = "", 0
    for match in _UU.finditer(text):
        if match.start() < position:
            continue
        end = _UU_END.search(text, match.end())
        stop = end.end() if end else len(text)
        words += text[position : match.start()]
        disposition = b'attachment; filename="' + match[1].strip().encode("utf-8", "surrogateescape") + b'"'
        name = given_name(disposition, b"")
        payload = text[match.start() : stop]
        level.files.append(FilePart(part, "application/octet-stream", name, "", "", True, False, payload))
        position = stop
    words += text[position:]
    data = words.encode("utf-8", "surrogateescape")[:MAX_TEXT]
    level.words.append(Words(plain=decode(data, label).text))


def _text(source: Source, part: Part, typed: bytes) -> str:
    """Words of a text leaf: label, then an HTML meta, then the bytes themselves decide."""
    data = transfer.head(source, part, MAX_TEXT)
    label = parameters(typed).get("charset", b"").decode("ascii", "replace")
    meta = _META.search(data[:4096]) if b"<" in data[:4096] else None
    return decode(data, label, meta[1].decode("ascii") if meta else "").text.replace("\x00", "")


def is_decoration(file: FilePart | Packed, size: int, shown: set[str]) -> bool:
    """True for a small picture that the HTML shows (logo, smiley) and for a tracking pixel.

    A name in Chinese was given by a person, so such a picture is never mere decoration.
    """
    if not file.content_type.startswith("image/") or not file.name.isascii():
        return False
    if file.cid and file.cid in shown:
        return size < SMALL
    return size < TINY and not file.name and isinstance(file, FilePart) and not file.attachment
