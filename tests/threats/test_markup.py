"""Threat: HTML, scripts, SVG or bidi controls from a mail act in the coordinator's or a unit's mail program."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from intake.demo.units import units
from tests.desk import Desk
from tests.threats.test_header_injection import mail

PAYLOADS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "\"><script>alert(1)</script>",
    "'><img src=x>", "</td></table><h1>x</h1>", "<a href='javascript:alert(1)'>x</a>", "<iframe src=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<link rel=stylesheet href=//evil.example>",
    "<style>*{display:none}</style>", "<base href=//evil.example>", "<form action=//evil.example><input>",
    "<!--", "-->",
    "<![CDATA[x]]>", "&lt;script&gt;", "&#60;script&#62;", "\u202egpj.exe", "\u2066x\u2069", "a\u200bb", "\ufeffx",
    "{{ 7*7 }}", "{% include 'x' %}", "${7*7}", "javascript:alert(1)", "data:text/html,<script>", "http://evil.example/x.png",
    "＜script＞", "<\0script>", "<ſcript>", "\u2028<script>", "<math><mtext></form>", "<x onclick=alert(1)>",
)  # fmt: skip


class Seen(HTMLParser):
    """Tags, attributes and words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: list[str] = []
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.targets += [value or "" for name, value in attributes if name in ("href", "src", "action", "background")]
        self.handlers += [name for name, _ in attributes if name.startswith("on")]


OURS = {"html", "head", "meta", "title", "style", "body", "div", "span", "table", "tr", "td", "th", "p", "br", "b",
        "strong", "ul", "ol", "li", "h1", "h2", "h3", "img", "thead", "tbody", "a", "hr", "em", "i",
        "center", "pre"}  # fmt: skip


def test_no_payload_becomes_a_tag_a_link_or_a_hidden_sign_in_our_letters(tmp_path: Path) -> None:
    """As subject, sender's name, text and name of a file that our letters speak of; one unit for each payload."""
    roster = units(len(PAYLOADS))
    with Desk(tmp_path, roster=roster, sections='\n[coordinator]\naddress = "boss@yunling.example"\n') as desk:
        for payload, unit in zip(PAYLOADS, roster, strict=True):
            desk.server.deliver(mail(f"活动总结{payload}", unit.addresses[0]), desk.now)
        desk.now = desk.now.replace(hour=12)
        desk.cycle()
        letters = desk.letters
    assert len(letters) >= len(PAYLOADS) - 2
    named = 0
    for letter in letters:
        for part in letter.walk():
            if part.get_content_type() != "text/html":
                continue
            page = part.get_content()
            seen = Seen(page)
            assert seen.tags <= OURS, seen.tags - OURS
            assert not seen.handlers
            assert all(target.startswith(("cid:", "mailto:", "tel:")) for target in seen.targets), seen.targets
            assert not re.search("[\0\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", page)
            named += "活动总结" in page
    assert named > len(PAYLOADS) / 2  # the names really stand there
