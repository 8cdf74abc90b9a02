"""One small office for all tests of the archive package: three units, one of which corrected a file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.commands import Setting
from intake.commands.exporting import export
from intake.demo import materials as m
from tests.desk import Desk, captioned, everything


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def exported(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package, made once."""
    folder = tmp_path_factory.mktemp("exported") / "归档"
    setting = Setting(config=desk.config, now=desk.now.isoformat(), json=True)
    assert export(setting, folder=folder, check=False, zipped=True) == 0
    return folder


@pytest.fixture
def package(exported: Path, tmp_path: Path) -> Path:
    """A package as it was just exported, for this test alone."""
    return Path(shutil.copytree(exported, tmp_path / "归档"))
