"""One mail of the corpus beside what must come of it, written down from what was put in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

OFFICE = "zlb@yunling.example"
"""The mailbox that the mails were sent to."""
SENDER = "liufang@qinghe.example"
ANY = "*"
"""For a text that the case is not about."""


@dataclass(frozen=True)
class Put:
    """A file that was put into the mail; `path` is its place, its own name where it lies in the mail itself."""

    name: str
    data: bytes
    path: str = ""
    damaged: bool = False
    exact: bool = True
    """False when its bytes were damaged on the way, so that only its name and damage are known."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A mail and its outcome."""

    name: str
    """Names the two files; says what is odd about the mail."""
    raw: bytes
    subject: str = ""
    from_name: str = ""
    from_address: str = SENDER
    text: str = ""
    quoted: tuple[str, ...] = ()
    """Words that must stand among the quoted ones, and nowhere else."""
    files: tuple[Put, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """(name, address) of announced files."""
    klass: str = "person"
    may_reply: bool = True
    defects: tuple[str, ...] = ()
    """What must be told as wrong with the mail."""
    failed: tuple[tuple[str, str], ...] = field(default=())
    """(address, status) that a bounce is about."""


def expected(case: Case) -> str:
    """The outcome as TOML."""
    rows = [
        ("subject", case.subject), ("from_name", case.from_name), ("from_address", case.from_address),
        ("text", case.text), ("quoted", list(case.quoted)), ("class", case.klass), ("may_reply", case.may_reply),
        ("defects", list(case.defects)), ("failed", [list(each) for each in case.failed]),
    ]  # fmt: skip
    out = "".join(f"{key} = {_value(value)}\n" for key, value in rows)
    for file in case.files:
        out += f"\n[[attachments]]\npath = {_value(file.path or file.name)}\nname = {_value(file.name)}\n"
        if file.exact:
            out += f"size = {len(file.data)}\nsha256 = {_value(hashlib.sha256(file.data).hexdigest())}\n"
        out += f"damaged = {_value(file.damaged)}\n"
    for name, url in case.links:
        out += f"\n[[links]]\nname = {_value(name)}\nurl = {_value(url)}\n"
    return out


def _value(value: object) -> str:
    """JSON's strings, lists and booleans are TOML's as well."""
    return json.dumps(value, ensure_ascii=False)


def pairs(cases: Iterable[Case]) -> dict[str, bytes]:
    """File names and contents of a corpus; every name once."""
    out: dict[str, bytes] = {}
    for case in cases:
        if f"{case.name}.eml" in out:
            raise ValueError(f"two cases are called {case.name}")
        out[f"{case.name}.eml"] = case.raw
        out[f"{case.name}.toml"] = expected(case).encode()
    return out
