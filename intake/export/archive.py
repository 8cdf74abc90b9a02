"""The whole package as one zip, written only when something in the package changed."""

from __future__ import annotations

import re
import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Final

ZIP: Final = "全部材料.zip"
_PACKED: Final = re.compile(
    r"jpe?g|png|gif|webp|heic|zip|rar|7z|gz|docx|docm|xlsx|xlsm|pptx|mp4|m4v|mov|avi|mkv|wmv|flv|mp3|m4a|pdf"
)
"""Formats that are compressed already: pressing them again costs time and saves nothing."""
_LARGE: Final = 16 << 20
"""Bytes from which a mail is stored as it is: most of it are films and pictures."""


def write_zip(root: Path, names: list[str], target: Path, at: datetime) -> None:
    """Pack these files into `target`, piece by piece; the manifests come first. `at`: the time of the members."""
    moment = max(at.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(target, "w", allowZip64=True) as file:
        for name in names:
            source = root / name
            size = source.stat().st_size
            info = zipfile.ZipInfo(name, date_time=moment)
            packed = _PACKED.fullmatch(Path(name).suffix.lower()[1:]) is not None or size >= _LARGE
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            info.file_size = size
            info.external_attr = 0o600 << 16
            with source.open("rb") as content, file.open(info, "w", force_zip64=size >= 1 << 31) as member:
                shutil.copyfileobj(content, member, 1 << 20)
