"""Threat: names of files that lead out of the store, are devices, or look like something else. Fact 13."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from intake.mail.message import Message
from intake.sandbox import Job, Limits, Sandbox
from intake.saved import safe_name
from tests.desk import Desk
from tests.intake.mails_made import write_mail
from tests.threats.bombs import attached

NAMES = (
    "../../evil.docx", "..\\..\\evil.docx", "/etc/evil.docx", "C:\\evil.docx", "C:evil.docx",
    "\\\\host\\share\\evil.docx", "．．／evil.docx", "．．／ＣＯＮ", "CON", "con.docx", "CON .docx", "NUL",
    "aux.jpg", "COM1.docx", "COM¹.docx", "LPT9", "CONIN$", "evil.docx.", "evil.docx ", " evil.docx",
    ".evil", "..", ".", "...", "evil\0.docx", "evil\n.docx", "evil\r\nBcc: x.docx", "a\u202egpj.exe",
    "\u2066evil\u2069.docx", "ev\u200bil.docx", "evil.docx:stream", "evil?.docx", "evil*.docx",
    'ev"il.docx', "<script>alert(1)</script>.docx", "图" * 200 + ".docx", "e" * 300 + ".docx", "𠀀" * 100,
    "e\u0301vil.docx", "EVIL.DOCX", "evil.docx", "~$evil.docx", "-rf.docx", "$(reboot).docx",
    "`reboot`.docx", "%2e%2e%2fevil.docx", "=cmd|' /C calc'!A0.docx", "\ufeffevil.docx", "desktop.ini",
    "evil.docx/", "a/b/../../../evil.docx", "//evil.docx", "\x1b[2Jevil.docx", "",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_saved_name_stays_inside_and_is_shown_as_it_is(name: str, tmp_path: Path) -> None:
    made = safe_name(name)
    assert made and made not in (".", "..") and len(made.encode()) <= 200
    assert not set(made) & set('/\\:*?"<>|') and made.isprintable() and made == made.strip().rstrip(".")
    assert made.partition(".")[0].strip().upper() not in ("CON", "NUL", "AUX", "COM1", "LPT9", "CONIN$")
    (tmp_path / made).write_bytes(b"")
    assert [path.name for path in tmp_path.iterdir()] == [made]


def archive(kind: str, names: tuple[str, ...]) -> bytes:
    """The names as members, and one each that is a link out of the store, a device and a folder above."""
    out = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(out, "w") as target:
            for name in names:
                target.writestr(zipfile.ZipInfo(name.replace("\0", "") or "x"), b"x")
            link = zipfile.ZipInfo("link.docx")
            link.external_attr = 0o120777 << 16
            target.writestr(link, "../../evil.docx")
        return out.getvalue()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in names:
            info = tarfile.TarInfo(name or "x")
            info.size = 1
            tar.addfile(info, io.BytesIO(b"x"))
        for type in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo(f"../{type!r}")
            info.type, info.linkname = type, "/etc/passwd"
            tar.addfile(info)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_members_of_archives_and_attachments_stay_inside_the_store(kind: str, tmp_path: Path) -> None:
    """Everything that is written lies in the job's own folder, under names of ours."""
    inside = tmp_path / "deep" / "in" / "here"
    inside.mkdir(parents=True)
    names = tuple(name for name in NAMES if name.isprintable())
    raw = write_mail(inside, "names", {f"材料.{kind}": archive(kind, names)})
    (inside / "each.eml").write_bytes(b"".join(_parts()))
    jobs = [Job(name, path, inside / name) for name, path in (("a", raw), ("b", inside / "each.eml"))]
    with Sandbox(1, inside / "home", Limits(wall=60)) as sandbox:
        answers = [answer for _, answer in sandbox.understand_many(jobs)]
    for answer in answers:
        assert isinstance(answer, Message)
        assert len(answer.attachments) > len(names) * 0.8
        for file in answer.attachments:
            assert ".." not in file.path.split("/") and not file.path.startswith("/") and "\0" not in file.path
    outside = [path for path in tmp_path.rglob("*") if inside not in path.parents and path.is_file()]
    assert outside == []
    assert not [path for path in inside.rglob("*") if path.is_symlink() or "evil" in path.name]


def _parts() -> list[bytes]:
    """A mail that brings every name as an attachment of its own."""
    whole = [attached(name, b"x%d" % number) for number, name in enumerate(NAMES)]
    return [
        whole[0].removesuffix(b"--b--\r\n"),
        *(one[one.index(b"--b\r\n") :].removesuffix(b"--b--\r\n") for one in whole[1:]),
        b"--b--\r\n",
    ]


def test_a_unit_that_sends_such_names_gets_its_files_saved_below_the_data_folder(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    with Desk(folder) as desk:
        unit = desk.units[0]
        raw = b"".join(_parts()).replace(b"binjiang@unit.example", unit.addresses[0].encode())
        desk.server.deliver(raw, desk.now)
        desk.now = desk.now.replace(hour=12)
        desk.cycle()
        (row,) = desk.mails().values()
        assert row["state"] == "processed"
    assert not [
        path for path in tmp_path.rglob("*") if path.is_symlink() or (folder not in path.parents and path != folder)
    ]
    for path in (folder / "data" / "files").rglob("*"):
        assert path.name == safe_name(path.name)
