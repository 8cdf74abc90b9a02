"""How the tests of readers hand over bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.readers import Reading, read
from tests.intake.readers.samples import Measure


@pytest.fixture
def measure(tmp_path: Path) -> Measure:
    """Write bytes under a harmless name and read them under the name given."""
    number = 0

    def run(data: bytes, name: str, **limits: int) -> tuple[str, Reading]:
        nonlocal number
        number += 1
        path = tmp_path / f"{number:04}.bin"
        path.write_bytes(data)
        return read(path, name, tmp_path, **limits)

    return run
