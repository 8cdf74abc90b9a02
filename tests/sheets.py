"""What a person does to a workbook in an office program: sort, and save with LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from copy import copy
from pathlib import Path
from typing import Any


def sort_rows(ws: Any, header: str, *, reverse: bool = False) -> None:
    """Sort a list by one column, with values, looks, links and comments, as Excel does."""
    heads = [cell.value for cell in ws[1]]
    at = heads.index(header)
    rows = [
        [
            (cell.value, copy(cell._style), copy(cell.hyperlink), copy(cell.comment) if cell.comment else None)
            for cell in row
        ]
        for row in ws.iter_rows(min_row=2)
    ]
    rows.sort(key=lambda row: str(row[at][0] or ""), reverse=reverse)
    for number, row in enumerate(rows, 2):
        for column, (value, style, link, comment) in enumerate(row, 1):
            cell = ws.cell(number, column)
            cell.value, cell._style, cell.comment = value, style, comment
            cell.hyperlink = link.target if link is not None else None


def saved_by_libreoffice(path: Path, scratch: Path, form: str = "xlsx:Calc MS Excel 2007 XML") -> None:
    """Open the workbook in LibreOffice and save it in its place; `form`: suffix and filter of LibreOffice."""
    out = scratch / "saved"
    subprocess.run(
        [
            str(shutil.which("soffice")),
            *("--headless", f"-env:UserInstallation={(scratch / 'profile').as_uri()}"),
            *("--convert-to", form, "--outdir", str(out), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    (out / path.with_suffix(f".{form.partition(':')[0]}").name).replace(path)
