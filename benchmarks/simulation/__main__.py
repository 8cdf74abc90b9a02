"""`python -m benchmarks.simulation [--seed N] [--keep FOLDER]`: run it, print its figures and what broke which law.

Exit status 1 when a law was broken.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.simulation.habits import kinds
from benchmarks.simulation.play import FIRST, LAST, Play
from benchmarks.simulation.referee import figures, judged


def main() -> int:
    """Run the campaign of sixty units."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder to leave data, tracker and logs in")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shouqi-simulation-")))
        folder.mkdir(parents=True, exist_ok=True)
        record = Play(folder.resolve(), kinds(), first=FIRST, last=LAST, seed=options.seed).run()
    for label, value in figures(record):
        print(f"{label:<28} {value}")
    found = judged(record)
    for law, lines in found.items():
        print(f"{'broken' if lines else 'held':<8} {law}")
        for line in lines:
            print(f"           {line}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
