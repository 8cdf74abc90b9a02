"""Cloud attachments (超大附件): files that a mail only announces by a link, with name, size and expiry.

Nothing is downloaded. A link counts when it stands outside quoted history; the same file, which webmail shows
two to four times (icon, name, button), is reported once. `intake.mail.providers` knows the addresses,
`intake.mail.linkwords` reads the words beside them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from urllib.parse import parse_qs, urlsplit

from intake.mail import linkwords as words
from intake.mail.bodies import divide
from intake.mail.charset import visible
from intake.mail.markup import Anchor, Line, html_lines, text_lines
from intake.mail.message import Link
from intake.mail.providers import UNKNOWN, is_advert, provider_of
from rules.facts import LinkFacts

MAX_LINKS = 100
_REACH = 5
"""Lines above and below a link in which words about it stand."""
_MOST_ON_A_LINE = 200
"""Links looked at on one line; each costs a look at the lines around."""
_MOST = 2000
"""Links looked at in one body."""
_PAGE = re.compile(r"\.s?html?$", re.IGNORECASE)


@dataclass(slots=True)
class _Found:
    """What the mail says about one URL, gathered from all its mentions."""

    provider: str
    url: str
    names: list[str] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    code: str = ""


def find_links(html: str, text: str, sent: datetime | None = None, *, forwarded: bool = False) -> tuple[Link, ...]:
    """Cloud attachments announced in a body, in order, at most `MAX_LINKS`; HTML first, it tells more.

    `sent`: when the mail was written, for links that are valid for so many days; without it their end is unknown.
    `forwarded`: the mail hands on another one, so that the links of that one count too, not those it quotes.
    """
    found: dict[str, _Found] = {}
    for lines in (html_lines(html) if html else [], text_lines(text) if text else []):
        body = divide(lines)
        for part in (body.lines, body.handed_on if forwarded else ()):
            _search(found, [line for line in part if line.text.strip() or line.anchors], sent)
    return tuple(_link(entry) for entry in list(found.values())[:MAX_LINKS])


def _search(found: dict[str, _Found], live: list[Line], sent: datetime | None) -> None:
    signed = next((at for at, line in enumerate(live) if line.text.strip() == "--"), len(live))
    left = _MOST
    for position, line in enumerate(live):
        if position > signed and not _is_block(live, position):
            continue  # webmail puts its block below the signature; anything else there is the sender's own
        here = [*line.anchors[:_MOST_ON_A_LINE], *islice(_bare(line), _MOST_ON_A_LINE)]
        left -= len(here)
        if left < 0:
            break
        context = _context(live, position) if here else []
        for anchor in here:
            _consider(found, anchor, live, position, context, sent)


def _is_block(lines: list[Line], position: int) -> bool:
    """Below a signature: the words or the size that webmail writes stand beside."""
    around = lines[max(0, position - 4) : position + 4]
    return any(words.PHRASE.search(line.text) or words.size_words(_told(line)) for line in around)


def _bare(line: Line) -> Iterator[Anchor]:
    known = {anchor.url for anchor in line.anchors}
    for match in words.URL.finditer(line.text[:20000]):
        url = html.unescape(match[0]).rstrip(".,;:!")
        if url not in known:
            yield Anchor(url, {})


def _consider(
    found: dict[str, _Found],
    anchor: Anchor,
    lines: list[Line],
    position: int,
    context: list[str],
    sent: datetime | None,
) -> None:
    url = html.unescape(anchor.url.strip())
    if not url.lower().startswith(("http://", "https://")) or len(found) >= MAX_LINKS * 2 or is_advert(anchor):
        return
    provider = provider_of(url) or (UNKNOWN if _announced(found, anchor, url, lines, position, context) else "")
    if provider:
        _learn(found.setdefault(url, _Found(provider, url)), anchor, context, sent)


def _announced(
    found: dict[str, _Found], anchor: Anchor, url: str, lines: list[Line], position: int, context: list[str]
) -> bool:
    """The generic rule: the words 超大附件, 云附件 … stand above in the same block, and no known link does.

    A web page that is mentioned there is none: it has neither a size nor the name of a file.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket in the host
        return False
    if len(parts.path) <= 1 and not parts.query:
        return False
    if url in found:
        return True
    label = anchor.text.strip()
    described = any(words.size_words(text) or words.speaks_of_file(text) for text in context)
    if not described and ((label and not words.BUTTON.fullmatch(label)) or _PAGE.search(parts.path)):
        return False
    above = lines[max(0, position - _REACH) : position + 1]
    if any(words.PHRASE.search(line.text) for line in above):
        around = lines[max(0, position - _REACH) : position + 4]
        return not any(provider_of(other) for line in around for other in _addresses(line))
    earlier = {other for line in above for other in _addresses(line)} & found.keys()
    return described and any(found[other].provider == UNKNOWN for other in earlier)  # the next file of the block


def _addresses(line: Line) -> Iterator[str]:
    for anchor in (*line.anchors[:_MOST_ON_A_LINE], *islice(_bare(line), _MOST_ON_A_LINE)):
        yield html.unescape(anchor.url.strip())


def _told(line: Line) -> str:
    return words.apart(line.text[:2000], (anchor.text.strip() for anchor in line.anchors[:_MOST_ON_A_LINE]))


def _context(lines: list[Line], position: int) -> list[str]:
    """Words about a link, likeliest first: its own line, then the lines around up to another link or file.

    Where its own line names the file, size and expiry follow; a mere button closes what stands above it.
    """
    own = _told(lines[position])
    mine = set(_addresses(lines[position]))
    named = words.speaks_of_file(own) or bool(words.label_of(own))
    context = [own]
    for step in (1, -1) if named else (-1, 1):
        for other in range(position + step, position + step * (_REACH + 1), step):
            if not 0 <= other < len(lines) or set(_addresses(lines[other])) - mine:
                break
            text = _told(lines[other])
            if step < 0 and other and words.code_in([text]) and set(_addresses(lines[other - 1])) - mine:
                break  # the code of the link above
            if words.names_file(text):
                if not named:
                    context.append(text)
                    named = True
                break
            context.append(text)
    return context


def _learn(entry: _Found, anchor: Anchor, context: list[str], sent: datetime | None) -> None:
    told = anchor.attributes
    names = [told.get(key, "") for key in ("file-name", "filename", "download", "data-filename")]
    names += [anchor.text, told.get("title", ""), *words.names_in(context)]
    entry.names += [
        tidy
        for name in names
        for tidy in (words.tidy(visible(name)),)
        if tidy and not words.BUTTON.fullmatch(tidy) and not words.BUTTON.fullmatch(name)
    ]
    size = next((told[key] for key in ("file-size", "filesize", "data-size", "size") if told.get(key)), "")
    entry.sizes += [f"{size} bytes"] if size.isascii() and size.isdigit() else []
    entry.sizes += [size for text in (told.get("alt", ""), *context) for size in (words.size_words(text),) if size]
    for value in (told.get("expired", ""), told.get("expiretime", ""), *_query(entry.url, "expired")):
        entry.ends += [iso for iso in (words.moment(value) or words.date_in(value),) if iso]
    entry.ends += words.ends_in(context, sent)
    entry.code = entry.code or words.code_in(context)


def _query(url: str, name: str) -> list[str]:
    try:
        return parse_qs(urlsplit(url).query, max_num_fields=100).get(name, [])
    except ValueError:
        return []


def _link(entry: _Found) -> Link:
    with_suffix = [name for name in entry.names if re.search(r"\.[A-Za-z0-9]{1,8}$", name)]
    with_suffix += map(words.tidy, words.names_in_address(entry.url))
    name = (with_suffix or [words.without_size(one) for one in entry.names] or ["云附件"])[0]
    exact = [size for size in entry.sizes if size.endswith("bytes")]
    size = (exact or entry.sizes or [""])[0]
    note = f"（提取码：{entry.code}）" if entry.code and "pwd=" not in entry.url else ""
    expires = entry.ends[0] if entry.ends else None
    facts = LinkFacts(
        provider=entry.provider, url=entry.url, expires=expires, size_text=size, size=words.size_in_bytes(size)
    )
    return Link(name=name[:200] + note, facts=facts)
