"""Threat: words on which a pattern takes for ever. There is no clock here: what is broken does not end."""

from __future__ import annotations

import pytest

from rules.captioning.caption_lines import Entry, entries
from rules.captioning.caption_marks import is_placeholder, untangled
from rules.compile.assemble import compile_notice
from rules.placing.lexicon import Lexicon
from rules.placing.pictures import _SHEET

HOSTILE = {
    "digits": "总结" + "6" * 5000 + "x",
    "numerals": "总结" + "十" * 5000 + "x",
    "stamps": "总结" + "盖章版" * 2000 + "x",
    "brackets": "登记表" + "(）" * 2000 + "x",
    "blanks": "图1" + " " * 50_000 + "x",
    "blanks in brackets": "（" + " " * 50_000 + "图" + "\t" * 50_000 + "x",
    "blanks after an annex": "附件" + "\t " * 50_000 + "x",
    "dashes": "投稿作品为" + "--是" * 2000 + "\x01",
    "zeros": "0" * 50_000 + "x",
    "open brackets": "（" * 50_000,
    "one word": "通知" * 50_000,
    "captions": "图1：图2、" * 20_000,
}
every = pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())


@every
def test_names_and_subjects_end(words: str) -> None:
    """As long as a subject or a name is when it gets there."""
    assert Lexicon(()).read(words[:1000]) is not None
    assert _SHEET.search(words[:255] + "x") is None


@every
def test_captions_end(words: str) -> None:
    assert entries(words, {"图1"}, lists=True, photos=2) is not None
    assert entries("\n".join([words[:40]] * 20_000), {"图1"}, lists=True, photos=2) is not None
    assert Entry.of(words).text and is_placeholder(words[:5000]) is not None
    assert list(untangled(words[:300]))


@every
def test_notices_end(words: str) -> None:
    assert compile_notice(words[:20_000]) is not None
