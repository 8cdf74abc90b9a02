"""The words beside each picture that an HTML body shows: captions typed below a pasted photo stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from intake.formats.flow import Flow
from intake.mail.bodies import divide
from intake.mail.level import Words
from intake.mail.markup import html_lines

MOST = 200
"""Characters of the words beside a picture that are kept."""


def beside(words: Iterable[Words]) -> Mapping[str, str]:
    """By Content-ID, the first new words below the picture; "" where the next thing below is another picture.

    Pictures within history are left out. Words below the last of several pictures in a row belong to nobody alone.
    """
    found: dict[str, str] = {}
    for one in words:
        if "cid:" not in one.html.lower():
            continue
        flow = Flow[str]()
        for line in divide(html_lines(one.html)).lines:
            for cid in line.pictures:
                flow.show(cid)
            flow.say(line.text)
        shown = list(flow.pictures())
        for n, (cid, above, below) in enumerate(shown):
            # two pictures in a row have the same neighbours on both sides
            crowd = any(shown[m][1:] == (above, below) for m in (n - 1, n + 1) if 0 <= m < len(shown))
            found.setdefault(cid, "" if crowd else below[:MOST])
    return found
