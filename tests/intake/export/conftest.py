"""One small office for all tests of the archive package: three units, one of which corrected a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.demo import materials as m
from tests.desk import Desk, captioned, everything


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Unit 1 is complete, unit 2 sent two files of one name and then a better summary, unit 3 is silent."""
    with Desk(tmp_path_factory.mktemp("desk")) as desk:
        first, second, _ = desk.units
        desk.mail(first, everything(first), captioned(first))
        desk.mail(
            second, [m.summary(second, 1), m.photo(second, 1, name="CON.jpg"), m.photo(second, 2, name="con.JPG")]
        )
        desk.cycle()
        desk.mail(second, [m.summary(second, 5)], "更正：活动总结以此件为准，前件作废。")
        desk.cycle()
        yield desk


@pytest.fixture
def package(desk: Desk, tmp_path: Path) -> Path:
    """A package just exported."""
    folder = tmp_path / "归档"
    desk.command("export", str(folder))
    return folder
