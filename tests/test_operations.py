"""docs/operations.md is true: the systemd unit is sound, and what it names exists."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")


def unit() -> str:
    """The unit file of the page."""
    return PAGE.partition("```ini\n")[2].partition("```")[0]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_unit_is_sound(tmp_path: Path) -> None:
    """The program it starts is put in its place by this Python, and the account by root: both are there."""
    text = (
        unit().replace("/opt/shouqi/bin/shouqi", sys.executable).replace("=shouqi\nGroup=shouqi", "=root\nGroup=root")
    )
    file = tmp_path / "shouqi.service"
    file.write_text(text, "utf-8")
    ran = subprocess.run(
        [str(shutil.which("systemd-analyze")), "verify", "--man=no", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in (ran.stdout + ran.stderr).splitlines() if "shouqi" in line]
    assert told == [] and ran.returncode == 0, ran.stderr


def test_a_wrong_setting_does_not_make_it_try_again() -> None:
    assert "Restart=on-failure" in unit() and "RestartPreventExitStatus=2" in unit() and "UMask=0077" in unit()
