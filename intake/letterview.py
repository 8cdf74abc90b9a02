"""What a letter says, as values: both parts of a letter, text and HTML, lay out the same view.

Everything that came from outside (file names, sentences that quote them) is made harmless here, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo

from intake.letterparts import Accepted, Entry, Thumbnail, Tone
from intake.letterpoints import points_of
from intake.letterwords import NAME, clean, deadline_words, minute, names, size_words
from rules.notice import Notice
from rules.verdict import File, Standing, Verdict

_STRANGERS = ("unknown-sender", "unverified-sender")


def tone_of(verdict: Verdict) -> Tone:
    """Owed before waiting before done."""
    return "owe" if verdict.owed else "wait" if verdict.open else "done"


def verdict_line(verdict: Verdict) -> str:
    """The first line of every letter about a verdict."""
    tone = tone_of(verdict)
    if tone == "owe":
        return owed_line(len(verdict.owed))
    return f"已收到，待核 {len(verdict.open)} 项" if tone == "wait" else "已齐"


def owed_line(number: int) -> str:
    """The first line of a letter that asks for something."""
    return f"尚缺 {number} 项"


def nearest(owed: Sequence[Standing], main: datetime, now: datetime) -> datetime:
    """The deadline that a letter about these speaks of: the next to come, else the last that has passed."""
    dues = sorted(one.due or main for one in owed) or [main]
    return next((due for due in dues if due >= now), dues[-1])


def apart(owed: Sequence[Standing], main: datetime) -> bool:
    """True when what is owed has several deadlines."""
    return len({one.due or main for one in owed}) > 1


By = Callable[[Standing], str]
"""By when a requirement is due, in words; "" where the letter says it of all."""


def clock(told: datetime | None, now: datetime, tz: tzinfo) -> By:
    """`By` for a letter that tells the deadline `told` of all, or none."""

    def by(standing: Standing) -> str:
        if standing.due is None or standing.due == told:
            return ""
        return f"截止 {deadline_words(standing.due, now, tz)}"

    return by


def counted(verdict: Verdict) -> str:
    """How the required items stand, in one half sentence."""
    required = [s for s in verdict.standings if s.required]
    number = {
        state: sum(s.state == state for s in required) for state in ("ok", "problem", "missing", "unsure", "waived")
    }
    parts = [
        (number["ok"], "已合格"),
        (number["waived"], "免报"),
        (number["problem"], "需修改"),
        (number["missing"], "未收到"),
        (number["unsure"], "待人工核对"),
    ]
    return f"应报 {len(required)} 项：" + "，".join(f"{word} {n} 项" for n, word in parts if n)


def entries(
    verdict: Verdict,
    notice: Notice,
    *,
    by: By,
    only: Sequence[Standing] | None = None,
    pictures: Mapping[str, str] | None = None,
) -> tuple[Entry, ...]:
    """The requirements that need words: owed first, then waiting for a person, then optional ones in trouble.

    `pictures`: Content-IDs of the thumbnails that go with the letter, by digest.
    """
    chosen: list[Standing] = list(verdict.owed if only is None else only)
    if only is None:
        chosen += [s for s in verdict.open if s.state == "unsure"]
        chosen += [s for s in verdict.standings if not s.required and s.state in ("problem", "unsure")]
    return tuple(_entry(standing, notice, by, pictures or {}) for standing in chosen)


def pictured(verdict: Verdict) -> tuple[str, ...]:
    """Digests of the thumbnails of photos that something is said about, each once, in the order of the letter."""
    troubled = (s for s in verdict.standings if s.state in ("problem", "unsure"))
    return tuple(dict.fromkeys(file.thumbnail for s in troubled for file in _in_question(s) if file.thumbnail))


def _in_question(standing: Standing) -> list[File]:
    told = [f for f in standing.findings if f.outcome in ("fail", "unsure")]
    about = {key for finding in told for key in (finding.about, finding.file) if key}
    return [file for file in standing.files if file.thumbnail and (file.key in about or file.name in about)]


def _entry(standing: Standing, notice: Notice, by: By, pictures: Mapping[str, str]) -> Entry:
    mark, state = {
        "missing": ("✗", "未收到"),
        "problem": ("✗", "需修改"),
        "unsure": ("？", "待人工核对"),
    }[standing.state]
    told = [f for f in standing.findings if f.outcome != "pass" and f.code not in _STRANGERS]
    owed = standing.required and standing.state != "unsure"
    return Entry(
        mark=mark,
        tone="owe" if owed else "wait",
        name=clean(standing.name),
        state=state if standing.required else f"选报，{state.replace('需', '建议')}",
        until=by(standing) if owed else "",
        found=names(file.name for file in standing.files),
        points=points_of(told, hide_missing=standing.state == "missing"),
        clause=_clause(standing, notice) if owed or any(f.outcome == "fail" for f in told) else "",
        pictures=tuple(
            Thumbnail(cid=pictures[file.thumbnail], name=clean(file.name, NAME))
            for file in _in_question(standing)
            if file.thumbnail and file.thumbnail in pictures
        ),
    )


def _clause(standing: Standing, notice: Notice) -> str:
    said = next((f.clause for f in standing.findings if f.clause), "")
    ours = next((r.clause for r in notice.requirements if r.id == standing.id), "")
    return clean(said or ours)


def fine(verdict: Verdict) -> str:
    """What is in order, in one line."""
    return "、".join(clean(s.name) for s in verdict.standings if s.state == "ok")


def excused(verdict: Verdict) -> str:
    """What the unit need not bring."""
    return "、".join(clean(s.name) for s in verdict.standings if s.state == "waived")


def optional(verdict: Verdict) -> str:
    """What would be welcome and did not come."""
    return "、".join(clean(s.name) for s in verdict.standings if s.asked and not s.required and s.state == "missing")


def tips(verdict: Verdict) -> tuple[str, ...]:
    """Remarks on what is in order."""
    points = points_of(
        f
        for s in verdict.standings
        if s.state == "ok"
        for f in s.findings
        if f.outcome == "note" and f.code not in _STRANGERS
    )
    return tuple("".join((p.says, p.rule, p.fix)) for p in points)


def strangers(verdict: Verdict) -> tuple[str, ...]:
    """What came from addresses that are not the unit's registered ones; files of which the same is said, together."""
    said = [f for s in verdict.standings for f in s.findings if f.code in _STRANGERS and f.outcome != "pass"]
    files: dict[str, list[str]] = {}
    fixes: dict[str, None] = {}
    for point in points_of(said):
        listed, mark, rest = point.says.rpartition("”由")
        files.setdefault(mark + rest, []).extend([listed] if mark else [])
        fixes.update({point.fix: None} if point.fix else {})
    return tuple("”、".join(listed) + rest for rest, listed in files.items()) + tuple(fixes)


def unplaced(verdict: Verdict, told: Iterable[Entry]) -> str:
    """Files that might answer something, less those that an entry speaks of already."""
    spoken = "".join(point.says for entry in told for point in entry.points)
    return names(u.name for u in verdict.unplaced if u.candidates and clean(u.name, NAME) not in spoken)


def others(verdict: Verdict) -> str:
    """Files that were understood and are no material: caption sheets, cover letters."""
    return names(u.name for u in verdict.unplaced if not u.candidates)


def receipt(verdict: Verdict, tz: tzinfo) -> tuple[Accepted, ...]:
    """Every file that counts, so that the unit can keep the letter as proof."""
    return tuple(
        Accepted(
            requirement=clean(standing.name),
            name=clean(file.name, NAME),
            size=size_words(file.size),
            digest=file.sha256[:16],
            sha256=file.sha256,
            received=minute(file.received_at, tz),
        )
        for standing in verdict.standings
        if standing.state == "ok"
        for file in standing.files
    )
