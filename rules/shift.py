"""What another notice means for one unit: its verdict before and after, requirement by requirement."""

from __future__ import annotations

from datetime import datetime

import msgspec

from rules.verdict import RequirementState, Standing, Verdict


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """One requirement that stands otherwise than before."""

    requirement: str
    name: str
    before: RequirementState | None
    """None: it was not asked before."""
    after: RequirementState | None
    """None: it is not asked any more."""
    why: tuple[str, ...] = ()
    """What is the matter now, the sentences of the findings."""
    late: tuple[bool, bool] = (False, False)
    due: tuple[datetime | None, datetime | None] = (None, None)


def shifts(before: Verdict, after: Verdict) -> tuple[Shift, ...]:
    """The requirements about which the unit must be told something else than before, in the order of the new notice.

    What is in order both times is no shift, and neither is a requirement that came or went without anything being
    owed or in doubt; remarks do not count. Another deadline counts only where something is owed.
    """
    old, new = {one.id: one for one in before.standings}, {one.id: one for one in after.standings}
    found = []
    for id in dict.fromkeys((*new, *old)):
        was, now = old.get(id), new.get(id)
        if _told(was) != _told(now) or (was and now and was.late != now.late):
            found.append(_shift(id, was, now))
    return tuple(found)


def _shift(id: str, was: Standing | None, now: Standing | None) -> Shift:
    named = now or was
    assert named is not None  # noqa: S101  # the id came from one of them
    faults = [f for f in now.findings if f.outcome in ("fail", "unsure")] if now else []
    return Shift(
        requirement=id,
        name=named.name,
        before=was.state if was else None,
        after=now.state if now else None,
        why=tuple(dict.fromkeys(f.says for f in faults)),
        late=(bool(was and was.late), bool(now and now.late)),
        due=(was.due if was else None, now.due if now else None),
    )


def _told(one: Standing | None) -> object:
    """What a letter says of it; None where there is nothing to mend, to bring or to wait for."""
    if one is None or one.state in ("ok", "waived") or (one.state == "missing" and not one.required):
        return None
    faults = sorted((f.code, f.outcome, f.file, f.expected) for f in one.findings if f.outcome in ("fail", "unsure"))
    return one.state, one.required, one.due, faults
