"""Short forms of `make fuzz` and `make hostile`, and what the fuzz targets found before."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.fuzz import fuzz, target_of
from benchmarks.hostile import play
from intake.readers import registry
from tests.intake.readers.test_reading import SEEDS

FOUND = Path(__file__).with_name("found")
"""What the fuzz targets found, mended since: `TARGET/DIGEST`."""


@pytest.mark.parametrize(
    ("name", "most"), [("mail", 60), ("docx", 30), ("xlsx", 30), ("pdf", 20), ("zip", 20), ("doc", 20)]
)
def test_a_few_mutations_of_each_important_kind(name: str, most: int, tmp_path: Path) -> None:
    target = target_of(name, tmp_path)
    try:
        fed, found = fuzz(target, seed=7, most=most, keep=tmp_path / "found")
    finally:
        target.close()
    assert fed >= most and found == []


def test_what_was_found_is_mended(tmp_path: Path) -> None:
    for path in sorted(FOUND.glob("*/*")):
        folder = tmp_path / path.name
        folder.mkdir()
        target = target_of(path.parent.name, folder)
        try:
            ((_, wrong),) = target.feed([path.read_bytes()])
        finally:
            target.close()
        assert wrong == "", f"{path}: {wrong}"


def test_every_reader_has_a_target() -> None:
    """Only `ole` has none: it refuses whatever it is given."""
    modules = {registry()[{"tgz": "gz"}.get(kind, kind)].run.__module__ for kind in SEEDS}
    assert {reader.run.__module__ for reader in registry().values()} - modules == {"intake.readers.ole"}


def test_mutated_mails_do_not_disturb_the_good_ones(tmp_path: Path) -> None:
    figures = play(tmp_path, good=20, bad=80, seed=3, cycles=1)
    assert figures.wrong == []
    assert figures.good == 20 and figures.bad > 70 and sum(figures.states.values()) == figures.bad
    assert figures.letters > 5
