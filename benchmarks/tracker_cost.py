"""What writing the tracker costs: `python -m benchmarks.tracker_cost [--units N] [--mails N] [--thumbnails N]`.

Each figure is that of a process of its own: the first write, a rewrite over the untouched workbook, a rewrite over
one in which the coordinator wrote in every tenth row; and beside them, of the same workbook, openpyxl writing the bare
cells, XlsxWriter (constant_memory) writing bare cells and pictures, and XlsxWriter writing them with formats, links,
notes and choices. With 20,000 units the edit itself takes minutes: openpyxl looks links up one by one.
CPU and wall seconds are of that step alone; `peak` is the most memory of the process, `before` what it had until then.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parent.parent
STEPS = {
    "first": "first write",
    "rewrite": "rewrite",
    "edited": "rewrite, 1 row in 10 edited",
    "plain": "openpyxl, bare cells",
    "bare": "XlsxWriter, bare cells",
    "dressed": "XlsxWriter, the same",
}


def campaign(folder: Path, units: int, thumbnails: int, mails: int = 0) -> Any:
    """The invented campaign of the tests, so large; `mails` at least, its own ones over and over."""
    place = ROOT / "tests" / "intake" / "tracker" / "sample.py"
    spec = importlib.util.spec_from_file_location("tracker_sample", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    board = module.board(folder, units=units, thumbnails=thumbnails)
    more = [
        msgspec.structs.replace(
            mail, sha256=sha256(f"{number}".encode()).hexdigest(), message_id=f"<{number}@x.example>"
        )
        for number, mail in zip(range(mails - len(board.mails)), cycle(board.mails), strict=False)
    ]
    return msgspec.structs.replace(board, mails=(*board.mails, *more))


def peak_mb() -> float | None:
    """Most memory this process ever had, MB; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def step(name: str, folder: Path, units: int, thumbnails: int, mails: int) -> dict[str, float | None]:
    """One step, measured in this process."""
    from intake.tracker.book import write_tracker

    path = folder / "tracker" / "台账.xlsx"
    if name == "plain":
        return _plain(path)
    if name in ("bare", "dressed"):
        return _peer(path, dressed=name == "dressed")
    board = campaign(folder, units, thumbnails, mails)
    if name == "edited":
        _edit(path)
    before = peak_mb()
    cpu, wall = time.process_time(), time.perf_counter()
    written = write_tracker(board, path, day_copy=False)
    measured = _told(cpu, wall, before)
    assert written.note == "", written.note
    return measured | {"file": path.stat().st_size / 1e6, "kept": written.kept}


def _told(cpu: float, wall: float, before: float | None) -> dict[str, float | None]:
    return {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "peak": peak_mb(),
        "before": before,
    }


def _edit(path: Path) -> None:
    from openpyxl import load_workbook

    workbook = load_workbook(path)
    sheet = workbook["明细"]
    column = next(cell.column for cell in sheet[1] if cell.value == "备注")
    for row in range(2, sheet.max_row + 1, 10):
        sheet.cell(row, column).value = "已电话联系"
    workbook.save(path)


def _plain(path: Path) -> dict[str, float | None]:
    from openpyxl import Workbook
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    grids = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    before = peak_mb()
    cpu, wall = time.process_time(), time.perf_counter()
    workbook = Workbook()
    for name, rows in grids.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append([value if value != "" else None for value in row])
    goal = path.with_name("plain.xlsx")
    workbook.save(goal)
    return _told(cpu, wall, before) | {"file": goal.stat().st_size / 1e6, "kept": 0}


def _peer(path: Path, *, dressed: bool) -> dict[str, float | None]:
    from benchmarks.speed.peer_book import read_pages, write_pages

    pages, formats = read_pages(path)
    goal, before = path.with_name("peer.xlsx"), peak_mb()
    cpu, wall = time.process_time(), time.perf_counter()
    write_pages(pages, formats, goal, dressed=dressed)
    return _told(cpu, wall, before) | {"file": goal.stat().st_size / 1e6, "kept": 0}


def run_step(name: str, folder: Path, units: int, thumbnails: int, mails: int) -> dict[str, float | None]:
    """One step, measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.tracker_cost", "--step", name, "--folder", str(folder)]
    command += ["--units", str(units), "--thumbnails", str(thumbnails), "--mails", str(mails)]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float | None] = json.loads(ran.stdout)
    return found


def main() -> None:
    """Run all steps one after the other and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=2000)
    parser.add_argument("--thumbnails", type=int, default=200)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        print(json.dumps(step(options.step, options.folder, options.units, options.thumbnails, options.mails)))
        return
    print(f"{options.units} units, {options.mails} mails, {options.thumbnails} thumbnails")
    print(f"{'step':<30}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}{'before':>8}{'file MB':>9}{'kept':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for name, label in STEPS.items():
            if label.startswith("XlsxWriter") and importlib.util.find_spec("xlsxwriter") is None:
                print(f"{label:<30}left out: pip install -e '.[bench]'")
                continue
            found = run_step(name, Path(folder), options.units, options.thumbnails, options.mails)
            peak, before = (f"{found[key]:.0f}" if found[key] is not None else "-" for key in ("peak", "before"))
            figures = f"{found['cpu']:>8.2f}{found['wall']:>8.2f}{peak:>9}{before:>8}"
            print(f"{label:<30}{figures}{found['file']:>9.2f}{found['kept']:>6}", flush=True)


if __name__ == "__main__":
    main()
