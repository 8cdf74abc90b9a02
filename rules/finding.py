"""What a check found. One finding = one sentence to the unit and one way to mend it."""

from __future__ import annotations

from typing import Literal

import msgspec

Outcome = Literal["pass", "note", "unsure", "fail"]
"""fail: the unit must mend it. unsure: a person must look, the unit is not blamed. note: worth saying, nothing owed."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One result of one check, with what was expected, what was measured and the clause of the notice."""

    code: str
    """A finding code of docs/checks.md, like `too-small`."""
    outcome: Outcome
    says: str
    """The sentence the unit reads: what is the matter. Simplified Chinese, complete with punctuation."""
    fix: str = ""
    """The sentence that tells how to mend it; empty for `pass`."""
    file: str = ""
    """The file it is about, as the unit named it; empty when about the whole requirement."""
    expected: str = ""
    measured: str = ""
    clause: str = ""
    """The words of the notice; filled in by `judge` from the requirement."""
    about: str = ""
    """`Item.key` of the piece it is about; empty when about the whole requirement. Not shown."""
    office: str = ""
    """What the coordinator can do about it on our side, Chinese; never in a letter."""
