"""The words and the look of letters: the templates of `intake/letters`, rendered.

`reply.j2`, `reminder.j2` and `hold.j2` hold sentences, one block each; `letter.txt.j2` and `letter.html.j2`
lay out the same view twice. Templates run in a sandbox, and a name they do not know is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from intake.letterparts import View
from intake.letterwords import clean
from intake.reports.page import Page

LETTERS = Path(__file__).resolve().parent / "letters"


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(LETTERS),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def line(kind: str, block: str, facts: Mapping[str, object]) -> str:
    """One block of a wording file as one harmless line: line breaks in it are only for its reader."""
    template = _environment().get_template(f"{kind}.j2")
    text = "".join(template.blocks[block](template.new_context(dict(facts))))
    return clean("".join(part.strip() for part in text.splitlines()))


def plain_page(text: str) -> str:
    """An HTML page that says just this text, line by line; blanks at the beginning of a line are kept."""
    lines = [re.sub(r"^ +", lambda blanks: "\u00a0" * len(blanks[0]), line) for line in text.rstrip("\n").split("\n")]
    return _environment().get_template("plain.html.j2").render(lines=lines).strip() + "\n"


def lay_out(view: View | Page) -> tuple[str, str]:
    """The letter as text and as HTML."""
    name = "report" if isinstance(view, Page) else "letter"
    text, html = (_environment().get_template(f"{name}.{part}.j2").render(view=view) for part in ("txt", "html"))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", html.strip() + "\n"
