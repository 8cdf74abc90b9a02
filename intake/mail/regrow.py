"""A second reading of parts that the parser could not take apart, because their sender or a gateway broke them.

Two breaks are common: the boundary in the header is not the one that stands in the body (or there is none),
and a header line was folded without the blank that marks a continuation. Without a second reading every file
of such a mail would be lost in a heap of base64 that passes for text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import MissingHeaderBodySeparatorDefect

from intake.mail.charset import codec, decode, is_telling
from intake.mail.names import parameters
from intake.mail.tree import LONGEST_BOUNDARY, MAX_DEPTH, MAX_HEADER_BLOCK, Budget, Part, build

MOST = 20
"""Second readings of one mail; each costs as much as a first one."""
_MARK = re.compile(
    rf"^--([^\r\n\"\\]{{1,{LONGEST_BOUNDARY}}}+)\r?\n(?=(?:content-[a-z-]{{1,40}}|mime-version)[ \t]{{0,9}}:)",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER = re.compile(r"[!-9;-~]+[ \t]*:")
_TELLING = re.compile(r"^content-(?:type|disposition|transfer-encoding)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_OF_MAIL = re.compile(r"^(?:mime-version|subject|from|to|date|message-id)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = re.compile(r"\r?\n\r?\n|\r\r")
_LINE = re.compile(r"[^\r\n]+")


def grow(pieces: Iterator[bytes], budget: Budget) -> Part:
    """The tree of one message, its broken parts read again. Raises `TooMuch` and RecursionError as `build` does."""
    root = build(pieces, budget)
    _mend(root, budget)
    hint = next((label for part in _leaves(root) for label in (_charset(part),) if label), "")
    if hint:
        _respell(root, hint)
    return root


def _leaves(part: Part) -> Iterator[Part]:
    if not part.children:
        yield part
    for child in part.children:
        yield from _leaves(child)


def _charset(part: Part) -> str:
    """The codec that a text declares, "" for those that prove nothing about the headers."""
    label = parameters(part.raw("content-type")).get("charset", b"").decode("ascii", "replace")
    return (codec(label) or "") if part.declared.startswith("text/") and is_telling(label) else ""


def _respell(part: Part, hint: str) -> None:
    """Raw bytes in headers that are no UTF-8 are in the charset of the body: a short name alone could not tell."""
    for name, value in list(part.raw_items()):
        raw = str(value).encode("utf-8", "surrogateescape")
        if raw.isascii() or decode(raw).step == "utf-8":
            continue
        try:
            text = raw.decode(hint)
        except UnicodeDecodeError:
            continue
        part.replace_raw(name, str(value), text.encode().decode("ascii", "surrogateescape"))
    for child in part.children:
        _respell(child, hint)


def _mend(part: Part, budget: Budget) -> None:
    if not part.children and budget.regrown < MOST and part.level < MAX_DEPTH and part.text:
        _headers(part, budget)
        _parts(part, budget)
    for child in part.children:
        _mend(child, budget)


def _headers(part: Part, budget: Budget) -> None:
    """A header line that was folded without a blank ended the headers too early: the rest stands in the text."""
    if not any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in part.defects):
        return
    text = part.text
    end = _BLANK_LINE.search(text, 0, MAX_HEADER_BLOCK)
    block = text[: end.start()] if end else ""
    if not _TELLING.search(block) and not (len(part) > 1 and _OF_MAIL.search(block)):
        return
    known = "".join(f"{name}: {value}\r\n" for name, value in part.raw_items())
    more = _LINE.sub(lambda line: line[0] if _HEADER.match(line[0]) else f" {line[0].lstrip()}", block)
    budget.regrown += 1
    part.become(build(iter([_raw(known + more + text[len(block) :])]), budget, part.level))


def _parts(part: Part, budget: Budget) -> None:
    """A multipart without parts, or text without a type that is one: the boundary is taken from the body."""
    multipart, typed = part.declared.startswith("multipart/"), part.raw("content-type")
    found = _MARK.search(part.text) if multipart or not typed else None
    mark = found[1].rstrip() if found else ""
    if not mark or (not multipart and f"--{mark}--" not in part.text):
        return
    declared = part.declared if multipart else "multipart/mixed"
    budget.regrown += 1
    head = f'Content-Type: {declared}; boundary="{mark}"\r\n\r\n'
    again = build(iter([_raw(head + part.text)]), budget, part.level)
    if again.children:
        part.adopt(again)


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
