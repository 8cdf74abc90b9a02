"""Laws of letters: every fault and remedy stands in both parts, nothing of a mail becomes markup, at any size."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import sample_letters as sample
from intake.letterwords import NAME, clean
from intake.mail.compose import compose_reply
from rules.finding import Finding
from rules.notice import Requirement
from rules.verdict import Standing, Verdict
from tests.intake.mail.test_compose import dense, parsed, seen

SENTENCES = st.text(
    alphabet=st.one_of(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E40), st.sampled_from("<>&\"'{}%/=0aZ。")),
    min_size=1,
    max_size=60,
).filter(lambda text: bool(clean(text)))
FINDINGS = st.builds(
    Finding,
    code=st.just("too-small"),
    outcome=st.sampled_from(("fail", "unsure", "note")),
    says=SENTENCES,
    fix=SENTENCES,
)


def letter(unit: str, names: list[str], found: list[list[Finding]]) -> tuple[str, str]:
    """Both parts of an answer about so many requirements, each with its findings."""
    asked = tuple(
        Requirement(id=f"r{n}", name=name, category="other", clause="见通知。") for n, name in enumerate(names)
    )
    notice = sample.NOTICE.model_copy(update={"requirements": asked})
    standings = tuple(
        Standing(
            id=one.id,
            name=one.name,
            category=one.category,
            required=True,
            state="problem",
            files=(sample.piece(f"{one.name}.jpg", 9),),
            findings=tuple(findings),
        )
        for one, findings in zip(asked, found, strict=True)
    )
    made = compose_reply(
        key="k",
        office=sample.OFFICE,
        notice=notice,
        unit=msgspec.structs.replace(sample.UNIT, name=unit),
        to=sample.UNIT.addresses[0],
        verdict=Verdict(notice=notice.id, unit="u", standings=standings, mails=("<m@x.example>",)),
        answered=(sample.mail(),),
        now=sample.NOW,
        tz=sample.TZ,
        loop_token="sample",  # not a password: the name of an instance
    )
    assert not parsed(made).defects
    return sample.parts(made)


@given(st.lists(st.lists(FINDINGS, min_size=1, max_size=4), min_size=1, max_size=8))
@settings(max_examples=50)
def test_every_fault_and_remedy_stands_in_both_parts(found: list[list[Finding]]) -> None:
    """Law: whatever is found, the text and the HTML say it and how to mend it, and nothing else than each other."""
    text, markup = letter("清河区市场监督管理局", [f"材料{n}" for n in range(len(found))], found)
    assert dense(seen(markup)) == dense(text)
    for finding in (one for findings in found for one in findings):
        assert dense(clean(finding.says)) in dense(text)
        assert dense(clean(finding.fix)) in dense(text)


@given(SENTENCES, SENTENCES)
@settings(max_examples=50)
def test_no_words_become_markup(name: str, says: str) -> None:
    """Law: the tags of the HTML are those of the template, whatever a file is called and a finding says."""
    plain = letter("单位", ["材料"], [[Finding(code="too-small", outcome="fail", says="太小", fix="改")]])[1]
    hostile = letter(name, [name], [[Finding(code="too-small", outcome="fail", says=says, fix="改")]])[1]
    assert re.findall(r"<[^>]*>", hostile) == re.findall(r"<[^>]*>", plain)


@pytest.mark.parametrize("number", [1, 2, 12, 40])
def test_one_to_forty_requirements_with_long_names(number: int) -> None:
    names = [f"第{n}项" + "很长的材料名称" * 20 for n in range(number)]
    fault = Finding(code="too-small", outcome="fail", says="太小。", fix="请发原图。")
    text, markup = letter("云岭市清河区" * 30 + "市场监督管理局", names, [[fault]] * number)
    assert text.splitlines()[0] == f"尚缺 {number} 项"
    assert dense(seen(markup)) == dense(text)
    assert all(f"第{n}项" in text for n in range(number))
    assert len(markup) < 150 * 1024
    assert max(len(line) for line in text.splitlines()) < 40 * NAME
