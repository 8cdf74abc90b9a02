"""format=flowed (RFC 3676): lines that a mail program broke for the wire, joined again as their author wrote them.

A caption or a table row that comes in three pieces would not be found as one; phones and Thunderbird send such text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_QUOTES = re.compile(r">*")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def unflow(text: str, parameters: Mapping[str, bytes]) -> str:
    """The text with its soft line breaks undone when `parameters` (of its Content-Type) say that it has any.

    A line that ends in a blank goes on in the next line of the same quote depth. The blank itself goes when
    DelSp says so, and between two Chinese characters, which nobody separates by one.

    >>> unflow("我单位组织 \\n了活动。", {"format": b"flowed", "delsp": b"yes"})
    '我单位组织了活动。'
    """
    if parameters.get("format", b"").strip().lower() != b"flowed" or " \n" not in text.replace("\r\n", "\n"):
        return text
    drop = parameters.get("delsp", b"").strip().lower() == b"yes"
    out: list[str] = []
    open_depth = -1
    for raw in text.replace("\r\n", "\n").split("\n"):
        quotes = _QUOTES.match(raw)
        depth = len(quotes[0]) if quotes else 0
        line = raw[depth:].removeprefix(" ")  # space-stuffed (section 4.4)
        soft = line.endswith(" ") and line != "-- "
        if open_depth == depth and line != "-- ":
            out.append(_seam(out.pop(), line, drop))
        else:
            out.append(f"{'>' * depth}{' ' if depth else ''}{line}")
        open_depth = depth if soft else -1
    return "\n".join(out)


def _seam(first: str, second: str, drop: bool) -> str:
    """Two pieces of one line; the first ends in the blank that stands for the break."""
    bare = first[:-1]
    wide = bool(_WIDE.match(bare[-1:])) and bool(_WIDE.match(second[:1]))
    return f"{bare if drop or wide else first}{second}"
