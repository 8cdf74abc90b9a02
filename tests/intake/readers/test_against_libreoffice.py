"""What we read in files that LibreOffice writes, against the text that LibreOffice itself exports.

Needs LibreOffice (Debian: libreoffice-writer, libreoffice-impress); without it these tests are left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from rules.facts import TextFacts
from tests.intake.readers.samples import Measure
from tests.intake.readers.test_docx import report
from tests.intake.readers.test_odf import NAMES

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice (Debian: libreoffice-writer)")
TARGETS = {"doc": "doc:MS Word 97", "rtf": "rtf", "txt": "txt:Text (encoded):UTF8"}


def convert(folder: Path, source: Path, targets: Mapping[str, str]) -> dict[str, bytes]:
    """One file in several formats, with a profile of its own so that nothing else is disturbed."""
    assert SOFFICE is not None
    found = {}
    for suffix, target in targets.items():
        command = [SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore"]
        command += ["--convert-to", target, "--outdir", str(folder), str(source)]
        environment = {**os.environ, "HOME": str(folder)}
        subprocess.run(command, check=True, capture_output=True, timeout=120, env=environment)
        found[suffix] = (folder / f"{source.stem}.{suffix}").read_bytes()
    return found


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace("\t", "\n").replace("\ufeff", "").split("\n") if line.strip()]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("office")
    source = folder / "report.docx"
    source.write_bytes(report())
    return convert(folder, source, TARGETS)


@pytest.mark.parametrize("suffix", ["doc", "rtf"])
def test_same_words_in_the_same_order(documents: dict[str, bytes], measure: Measure, suffix: str) -> None:
    facts = measure(documents[suffix], f"总结.{suffix}")[1].facts
    assert isinstance(facts, TextFacts) and facts.format == suffix, facts
    assert lines(facts.text) == lines(documents["txt"].decode("utf-8"))
    assert facts.pictures and all(picture.width for picture in facts.pictures)


FLAT = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {NAMES} xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.presentation"><office:body>
<office:presentation><draw:page><draw:frame svg:width="10cm" svg:height="3cm"><draw:text-box><text:p>活动汇报</text:p>
<text:p>二〇二二年十月 Report</text:p></draw:text-box></draw:frame></draw:page><draw:page><draw:frame svg:width="10cm"
 svg:height="3cm"><draw:text-box><text:p>图1 现场</text:p></draw:text-box></draw:frame></draw:page>
</office:presentation></office:body></office:document>"""


def test_slides(tmp_path: Path, measure: Measure) -> None:
    source = tmp_path / "slides.fodp"
    source.write_text(FLAT, "utf-8")
    for suffix, data in convert(tmp_path, source, {"ppt": "ppt"}).items():
        facts = measure(data, f"汇报.{suffix}")[1].facts
        assert isinstance(facts, TextFacts) and facts.format == suffix, facts
        assert (facts.pages, facts.text) == (2, "活动汇报\n二〇二二年十月 Report\n图1 现场")
