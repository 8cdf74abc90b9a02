"""Makes pictures of every page of a workbook or document: `python benchmarks/render_tracker.py OUT [FILE]`.

Without a workbook, that of the invented campaign of the tests is written first. Needs LibreOffice and
pdftoppm; where they are not installed it says so and leaves.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def sample(folder: Path) -> Path:
    """Write the workbook of the invented campaign."""
    sys.path.insert(0, str(ROOT))
    from intake.tracker.book import write_tracker

    place = ROOT / "tests" / "intake" / "tracker" / "sample.py"
    spec = importlib.util.spec_from_file_location("tracker_sample", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return write_tracker(module.board(folder), folder / "tracker" / "台账.xlsx", day_copy=False).path


def render(workbook: Path, out: Path) -> list[Path]:
    """One PNG a page, in the order of the sheets; empty when a tool is missing."""
    soffice, pdftoppm = shutil.which("soffice"), shutil.which("pdftoppm")
    if soffice is None or pdftoppm is None:
        print(f"no pictures: {'LibreOffice' if soffice is None else 'pdftoppm'} is not installed")
        return []
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                soffice,
                "--headless",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                *("--convert-to", "pdf", "--outdir", str(out), str(workbook)),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
    pdf = out / f"{workbook.stem}.pdf"
    subprocess.run([pdftoppm, "-r", "80", "-png", str(pdf), str(out / "page")], check=True, timeout=300)
    return sorted(out.glob("page*.png"))


if __name__ == "__main__":
    goal = Path(sys.argv[1] if len(sys.argv) > 1 else "tracker-pictures")
    given = Path(sys.argv[2]) if len(sys.argv) > 2 else sample(goal)
    for page in render(given, goal):
        print(page)
