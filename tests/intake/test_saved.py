"""Saved copies: clean names, only what counts, nothing of a person's own touched, no work when nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.demo import materials as m
from intake.saved import safe_name
from tests.desk import Desk, captioned, everything

QUIET = timedelta(minutes=10)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path) as running:
        yield running


def saved(desk: Desk) -> dict[str, bytes]:
    folder = desk.folder / "data" / "files"
    return {str(p.relative_to(folder)).split("/", 2)[2]: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_counts_is_saved_under_clean_names_and_follows_the_verdict(desk: Desk) -> None:
    unit = desk.units[0]
    summary, case, _, table = everything(unit)
    small = m.photo(unit, 1, name="图1.jpg", width=800, height=600)
    desk.mail(unit, [summary, case, small, table], captioned(unit))
    desk.cycle(wait=QUIET)
    assert saved(desk)["特色活动图片/图1.jpg"] == small.data
    assert len(saved(desk)) == 4
    good = m.photo(unit, 2, name="图1.jpg")
    desk.mail(unit, [good], captioned(unit))
    desk.cycle(wait=QUIET)
    assert saved(desk)["特色活动图片/图1.jpg"] == good.data
    assert len(saved(desk)) == 4


def test_what_a_person_put_or_changed_there_stays(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle(wait=QUIET)
    (photo,) = (desk.folder / "data" / "files").rglob("图1.jpg")
    photo.write_bytes(b"hers")
    (photo.parent / "批注.txt").write_bytes(b"note")
    desk.cycle(wait=QUIET)
    assert saved(desk)["特色活动图片/图1.jpg"] == b"hers"
    desk.mail(unit, [m.photo(unit, 2, name="图1.jpg")], captioned(unit))
    desk.cycle(wait=QUIET)
    assert saved(desk)["特色活动图片/图1（人工修改）.jpg"] == b"hers"
    assert saved(desk)["特色活动图片/批注.txt"] == b"note"
    assert len(saved(desk)["特色活动图片/图1.jpg"]) > 1000


def test_a_folder_that_was_deleted_is_made_again(desk: Desk) -> None:
    unit = desk.units[0]
    desk.mail(unit, everything(unit), captioned(unit))
    desk.cycle(wait=QUIET)
    before = saved(desk)
    for path in sorted((desk.folder / "data" / "files").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    desk.cycle(wait=QUIET)
    assert saved(desk) == before


@pytest.mark.parametrize(
    "name", ["../../x", "a/b", "CON", "nul.txt", "a\u202egpj.exe", "  . ", "x" * 400 + ".jpg", "图" * 200]
)
def test_hostile_names(name: str, tmp_path: Path) -> None:
    made = safe_name(name)
    assert made and "/" not in made and "\\" not in made
    assert len(made.encode()) <= 200
    (tmp_path / made).write_bytes(b"")


@settings(max_examples=100)
@given(st.text(max_size=300))
def test_any_name_stays_inside_and_is_stable(name: str) -> None:
    made = safe_name(name)
    assert Path("/store", made).resolve().parent == Path("/store")
    assert safe_name(made) == made
