"""The table of threats names a test for each, and the tests are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "threats.md"


def test_every_threat_has_a_test_that_exists() -> None:
    rows = [line.split(" | ") for line in PAGE.read_text("utf-8").split("## ")[0].splitlines() if line.startswith("| ")]
    assert len(rows) > 15
    for row in rows[2:]:
        named = re.findall(r"`(tests/[\w/.]+)::(test_\w+)`", row[3])
        assert named or row[3].startswith("the same"), row[1]
        for path, test in named:
            assert f"def {test}(" in (ROOT / path).read_text("utf-8"), f"{path} has no {test}"


def test_every_test_of_threats_is_in_the_table_or_beside_one_that_is() -> None:
    page = PAGE.read_text("utf-8")
    for path in Path(__file__).parent.glob("test_*.py"):
        assert path == Path(__file__) or f"tests/threats/{path.name}::" in page
