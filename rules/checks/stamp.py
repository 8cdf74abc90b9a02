"""Was a stamped or signed page sent? A machine sees at most red in a scan: it never says that a stamp is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from rules.case import Case
from rules.checks import Settings, check
from rules.facts import ImageFacts, TextFacts
from rules.finding import Finding


class StampSettings(Settings):
    """No settings: one page with a red seal among the files of the requirement is enough."""


@check("stamp", StampSettings, codes=("stamp-unseen",), per_item=False)
def stamp(settings: StampSettings, case: Case) -> Iterator[Finding]:
    """unsure when no scan came, or none in which a red seal is to be seen. Nothing about nothing."""
    if not case.items:
        return
    pages = [i.facts for i in case.items if isinstance(i.facts, ImageFacts | TextFacts)]
    if any(facts.seal for facts in pages):
        return
    scans = [facts for facts in pages if isinstance(facts, ImageFacts) or facts.scanned]
    seen = "扫描件中没有看到红色印章" if scans else "没有看到扫描件"
    name = case.requirement.name
    yield Finding(
        code="stamp-unseen",
        outcome="unsure",
        says=f"“{name}”要求盖章（签字）件，{seen}，已留待人工查看。",
        fix="" if scans else "如尚未发送盖章（签字）后的扫描件，请补发。",
        expected="盖章（签字）的扫描件",
        measured=f"{len(scans)} 个扫描件" if scans else "没有扫描件",
    )
