"""all-formats: Word and PDF both, one of a family is enough."""

from __future__ import annotations

from typing import Any

from rules.facts import Unreadable
from tests.rules.checks.bench import codes, item, run, text

ASKED: dict[str, Any] = {"formats": ("doc", "docx", "wps", "pdf")}


def test_both_are_there() -> None:
    assert run("all-formats", {}, item("表.docx", text()), item("表.pdf", text(format="pdf")), **ASKED) == []


def test_one_is_missing() -> None:
    (found,) = run("all-formats", {}, item("表.docx", text()), **ASKED)
    assert (found.code, found.outcome) == ("format-missing", "fail")
    assert "PDF" in found.fix


def test_a_closed_file_may_be_the_missing_one() -> None:
    closed = item("表2", Unreadable(reason="encrypted"))
    assert codes(run("all-formats", {}, item("表.docx", text()), closed, **ASKED)) == [("format-missing", "unsure")]


def test_nothing_about_nothing() -> None:
    assert run("all-formats", {}, **ASKED) == []
