"""readable: fail when the file is at fault, unsure when only we cannot open it."""

from __future__ import annotations

from typing import Any

import pytest

from rules.facts import ArchiveFacts, Unreadable
from tests.rules.checks.bench import codes, item, run, text


@pytest.mark.parametrize(
    ("facts", "formats", "expected"),
    [
        ({"reason": "damaged"}, [], ("unreadable", "fail")),
        ({"reason": "empty"}, [], ("unreadable", "fail")),
        ({"reason": "encrypted"}, [], ("encrypted", "fail")),
        ({"reason": "dangerous"}, [], ("dangerous-file", "fail")),
        ({"reason": "timeout"}, [], ("unreadable", "unsure")),
        ({"reason": "too-large"}, [], ("unreadable", "unsure")),
        ({"reason": "unsupported", "format": "doc"}, ["docx", "doc"], ("unreadable", "unsure")),
        ({"reason": "unsupported", "format": "wps"}, ["docx", "doc"], ("unreadable", "unsure")),
        ({"reason": "unsupported", "format": "heic"}, ["jpg"], ("wrong-format", "fail")),
        ({"reason": "unsupported", "format": ""}, ["jpg"], ("unreadable", "unsure")),
        ({"reason": "unsupported", "format": "ole"}, ["docx"], ("unreadable", "unsure")),
        ({"reason": "unsupported", "format": "rar"}, ["jpg"], ("unreadable", "unsure")),
    ],
)
def test_each_reason(facts: dict[str, Any], formats: list[str], expected: tuple[str, str]) -> None:
    found = run("readable", {}, item("材料.bin", Unreadable(**facts)), formats=formats)
    assert codes(found) == [expected]
    assert "材料.bin" in found[0].says


def test_a_dirty_transfer_is_not_blamed() -> None:
    assert codes(run("readable", {}, item("a.docx", text(), damaged=True))) == [("unreadable", "unsure")]


def test_what_only_we_cannot_open_is_asked_for_in_another_format() -> None:
    (found,) = run("readable", {}, item("总结.doc", Unreadable(reason="unsupported", format="doc")), formats=["doc"])
    assert "DOCX" in found.fix


def test_members_that_were_left_out_wait_for_a_person() -> None:
    package = ArchiveFacts(format="zip", members=("a.jpg",), skipped=("b.zip: nested too deep",))
    assert codes(run("readable", {}, item("a.zip", package))) == [("unreadable", "unsure")]
    assert run("readable", {}, item("a.zip", ArchiveFacts(format="zip", members=("a.jpg",)))) == []


def test_a_sound_file_is_silent() -> None:
    assert run("readable", {}, item("a.docx", text())) == []


def test_a_missing_tool_is_the_office_s_affair() -> None:
    """The coordinator learns what to install; the unit's sentences do not speak of it."""
    unread = Unreadable(reason="unsupported", format="rar", missing="libarchive")
    (found,) = run("readable", {}, item("材料.rar", unread), formats=["jpg"])
    assert found.outcome == "unsure" and "ZIP" in found.fix
    assert "libarchive" in found.office and "doctor" in found.office
    assert "libarchive" not in found.says + found.fix + found.measured + found.expected
