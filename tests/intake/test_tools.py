"""Optional tools: every one that a reader names is known, and `doctor` says how to install it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from intake.doctor_machine import optional
from intake.tools import TOOLS

ROOT = Path(__file__).resolve().parents[2]

BLIND = """
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"rarfile", "libarchive", "pillow_heif"}:
            raise ImportError(name)
sys.meta_path.insert(0, Nothing())
import tempfile
from pathlib import Path
from intake.readers import read
for name in sys.argv[1:]:
    with tempfile.TemporaryDirectory() as folder:
        facts = read(Path(name), Path(name).name, Path(folder))[1].facts
        print(Path(name).name, getattr(facts, "reason", ""), getattr(facts, "missing", ""))
"""


def test_doctor_tells_each_with_its_remedy() -> None:
    lines = list(optional())
    assert len(lines) == len(TOOLS)
    for tool, line in zip(TOOLS, lines, strict=True):
        assert tool.name in line.detail
        assert line.ok == ("ok" if tool.present() else "warn")
        assert (line.remedy == tool.remedy) == (line.ok == "warn")


def test_names_in_readers_are_known() -> None:
    known = {tool.name for tool in TOOLS}
    for path in (ROOT / "intake" / "readers").glob("*.py"):
        named = set(re.findall(r'(?:missing=|present\()"([^"]+)"', path.read_text(encoding="utf-8")))
        assert named <= known, path.name


def test_without_any_of_them_a_person_looks() -> None:
    """In a process where none can be imported, every such file is unsupported and says what is missing."""
    files = sorted((ROOT / "tests" / "intake" / "readers" / "files").glob("plain.*[rcz]"))
    command = [sys.executable, "-c", BLIND, *(str(path) for path in files)]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    assert done.stdout.splitlines() == [
        "plain.7z unsupported libarchive",
        "plain.heic unsupported pillow-heif",
        "plain.rar unsupported libarchive",
    ]
