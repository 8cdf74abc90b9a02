"""What parent and child say to each other about the signatures of a mail: keys go in, what they are worth comes out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from intake.keys import KeyRing
from intake.mail.message import Message, Signed, Understood
from intake.mail.signed import UNSIGNED, domain_of


class Verify(msgspec.Struct, frozen=True, tag="verify"):
    """Check a mail's DKIM signatures, see `intake.mail.dkim_check.check`; answered by `Verified`."""

    raw: str
    author: str
    keys: dict[str, str | None]
    at: datetime


class Verified(msgspec.Struct, frozen=True, tag="verified"):
    """What they are worth."""

    signed: Signed


def question(
    understood: Understood, raw: Path, at: datetime | None, ring: KeyRing | None, *, late: bool = False
) -> Verify | None:
    """What to ask a child about a mail that came `at`; None when its signatures are not to be checked.

    `late`: there is no time left for this mail, so that it counts as unsigned.
    """
    if ring is None or at is None or not isinstance(understood, Message):
        return None
    keys = ring.of(understood, ask=not late)
    return None if keys is None else Verify(str(raw), domain_of(understood.author.address), dict(keys), at)


def with_answer(understood: Understood, asked: Verify, answer: object) -> Understood:
    """The mail with what its signatures are worth. `answer`: the child's; anything else when it gave none."""
    if not isinstance(understood, Message):
        return understood
    signed = Signed(result="none", why="签名无法核对") if asked.keys else UNSIGNED
    return msgspec.structs.replace(understood, signed=answer.signed if isinstance(answer, Verified) else signed)
