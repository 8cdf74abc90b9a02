"""Every kind of letter that the program can send has samples, and each is composed and shown in docs/letters.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from benchmarks.render_letters import KINDS, MOST, SAMPLES, WIDTHS
from benchmarks.sample_letters import parts
from intake.mail.letter import Kind
from intake.wording import LETTERS
from tests.intake.mail.test_compose import dense, seen

DOCS = Path(__file__).parents[2] / "docs"
LAYOUTS = ("letter", "report", "plain")
"""Templates that lay out what the others say."""
SHOWN = [(kind, name) for kind, names in KINDS.items() for name in names]


def test_each_wording_of_the_program_has_three_samples_at_least() -> None:
    wordings = {path.name.partition(".")[0] for path in LETTERS.glob("*.j2")} - set(LAYOUTS)
    assert wordings <= set(KINDS)
    assert {kind: len(names) for kind, names in KINDS.items() if len(set(names)) < 3} == {}
    assert {name for _, name in SHOWN} <= set(SAMPLES)


@pytest.mark.parametrize(("kind", "name"), [(kind, names[0]) for kind, names in KINDS.items()])
def test_a_sample_of_each_kind_is_a_letter_whose_parts_agree(kind: str, name: str) -> None:
    letter = SAMPLES[name]()
    text, markup = parts(letter)
    assert dense(seen(markup)) == dense(text), kind
    assert letter.kind in get_args(Kind)


def test_what_the_outbox_knows_is_sampled() -> None:
    """The kinds of the outbox, by the first sample of each wording."""
    assert {SAMPLES[names[0]]().kind for names in KINDS.values()} == set(get_args(Kind))


def test_the_page_shows_each_at_both_widths_and_the_pictures_are_light() -> None:
    page = (DOCS / "letters.md").read_text("utf-8")
    wanted = {f"{name}-{width}.png" for _, name in SHOWN for width in WIDTHS}
    assert set(re.findall(r"\(pictures/([^)]+)\)", page)) == wanted
    sizes = {path.name: path.stat().st_size for path in (DOCS / "pictures").glob("*.png")}
    assert wanted <= set(sizes)
    assert max(sizes[name] for name in wanted) <= MOST
    assert sum(sizes.values()) <= 5_000_000
