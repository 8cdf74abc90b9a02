"""stamp: a scan with seal red is enough, anything else is for a person."""

from __future__ import annotations

from rules.facts import ImageFacts
from tests.rules.checks.bench import codes, item, run, text

SEALED = ImageFacts(format="JPEG", width=1240, height=1754, seal=True)
PLAIN = ImageFacts(format="JPEG", width=1240, height=1754)


def test_a_sealed_photo() -> None:
    assert run("stamp", {}, item("表.docx", text()), item("表.jpg", SEALED)) == []


def test_a_sealed_scan() -> None:
    assert run("stamp", {}, item("表.pdf", text(format="pdf", scanned=True, seal=True))) == []


def test_no_red_is_a_doubt() -> None:
    assert codes(run("stamp", {}, item("表.jpg", PLAIN))) == [("stamp-unseen", "unsure")]


def test_no_scan_is_a_doubt() -> None:
    assert codes(run("stamp", {}, item("表.docx", text()))) == [("stamp-unseen", "unsure")]


def test_nothing_about_nothing() -> None:
    assert run("stamp", {}) == []
