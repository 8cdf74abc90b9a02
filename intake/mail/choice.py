"""One text that came as plain text and as HTML: which of the two does a person mean?

Both should say the same (RFC 2046 section 5.1.4). Plain text is taken then: it needs no guessing. But mass
programs put "please use an HTML reader" there, and Word tables or captions below pictures stand in the HTML alone.
"""

from __future__ import annotations

import re

from intake.mail.bodies import divide
from intake.mail.level import Words
from intake.mail.markup import Line, html_lines, text_lines

ENOUGH = 4
"""Letters that only the HTML has, from which on it is looked at; a stray dot is no reason."""
MOST_LINES, MOST_LETTERS = 2000, 200_000
"""Of either form, that are compared; beyond, the plain text is taken unseen."""

_NOT_LETTERS = re.compile(r"[\W_]+|https?://\S+", re.IGNORECASE)


def lines_of(words: Words) -> list[Line]:
    """The lines of a body: those of the plain text unless the HTML says more than it."""
    if not words.plain.strip():
        return html_lines(words.html)
    plain = text_lines(words.plain)
    if not words.html or len(plain) > MOST_LINES or len(words.plain) > MOST_LETTERS:
        return plain
    page = html_lines(words.html)
    if len(page) > MOST_LINES or sum(len(line.text) for line in page) > MOST_LETTERS:
        return plain
    more, less = _missing(page, plain), _missing(plain, page)
    return page if more >= ENOUGH and more > less else plain


def _missing(these: list[Line], others: list[Line]) -> int:
    """Letters in the new words of `these` that `others` hold nowhere."""
    known = _letters("".join(line.text for line in others))
    own = {_letters(line) for line in divide(these).text.split("\n")}
    return sum(len(line) for line in own if line not in known)


def _letters(text: str) -> str:
    """Letters and digits only: blanks, signs and addresses differ between the two forms."""
    return _NOT_LETTERS.sub("", text)
