"""The archive package: what lies where, what a second run touches, what is hers, what is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import zipfile
from pathlib import Path

import pytest

from benchmarks.campaign import NOTICE
from intake.commands import Setting
from intake.commands.exporting import export
from intake.demo import materials as m
from intake.export.archive import ZIP
from intake.export.folder import WORK, claim
from intake.export.manifest import JSON, SUMS, read_sums
from intake.export.verify import verify
from storage.errors import Refused, Temporary
from tests.desk import Desk, captioned, everything


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file with the number of its inode and its time: a file that is written anew gets others."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def run(desk: Desk, folder: Path, *, zipped: bool = True) -> int:
    setting = Setting(config=desk.config, now=desk.now.isoformat(), json=True)
    return export(setting, folder=folder, check=False, zipped=zipped)


def test_everything_lies_under_unit_and_requirement_and_agrees_with_the_ledger(desk: Desk, package: Path) -> None:
    manifest = json.loads((package / JSON).read_text("utf-8"))
    for one in manifest["files"]:
        data = (package / one["path"]).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (one["sha256"], one["size"]), one["path"]
    there = {(f["unit"], f["requirement"], f["sha256"]) for f in manifest["files"] if f["state"] == "current"}
    told = {
        (unit["code"], requirement["id"], file["sha256"])
        for unit in desk.status().values()
        for requirement in unit["requirements"]
        for file in requirement["files"]
    }
    assert there == told
    raw = {f["sha256"] for f in manifest["files"] if f["kind"] == "mail"}
    assert raw == {mail["sha256"] for mail in desk.mails().values()}
    assert read_sums((package / SUMS).read_bytes()).keys() == {f["path"] for f in manifest["files"]} | {JSON}
    assert not (package / WORK).exists()


def test_names_are_clean_and_the_original_ones_are_kept(desk: Desk, package: Path) -> None:
    manifest = json.loads((package / JSON).read_text("utf-8"))
    photos = {f["name"]: Path(f["path"]).name for f in manifest["files"] if f["requirement"] == "photos"}
    assert photos["CON.jpg"] == "_CON.jpg"
    assert photos["con.JPG"] == "_con~2.JPG"


def test_an_earlier_version_lies_below_the_one_in_force(desk: Desk, package: Path) -> None:
    manifest = json.loads((package / JSON).read_text("utf-8"))
    unit = desk.units[1]
    versions = {
        f["state"]: f["path"] for f in manifest["files"] if (f["unit"], f["requirement"]) == (unit.code, "summary")
    }
    assert "/以前版本/" in (versions.get("superseded") or versions["withdrawn"]).replace("已撤回", "以前版本")
    assert Path(versions["current"]).parent == Path(next(p for s, p in versions.items() if s != "current")).parents[1]


def test_a_second_run_touches_nothing(desk: Desk, package: Path) -> None:
    before = files(package)
    assert run(desk, package) == 0
    assert files(package) == before


def test_a_later_moment_alone_changes_nothing(desk: Desk, package: Path) -> None:
    before = files(package)
    later = Setting(config=desk.config, now=desk.now.replace(hour=desk.now.hour + 1).isoformat(), json=True)
    assert export(later, folder=package, check=False, zipped=True) == 0
    assert files(package) == before


def test_what_she_changed_or_added_is_kept_and_ours_comes_back(desk: Desk, package: Path) -> None:
    (package / "领导批示.txt").write_text("同意", "utf-8")
    (package / "登记表.xlsx").write_bytes(b"hers")
    material = next((package / "报送材料").rglob("*.docx"))
    material.write_bytes(b"hers too")
    assert run(desk, package) == 0
    assert (package / "领导批示.txt").read_text("utf-8") == "同意"
    assert (package / "登记表（人工修改）.xlsx").read_bytes() == b"hers"
    assert material.with_stem(f"{material.stem}（人工修改）").read_bytes() == b"hers too"
    found = verify(package)
    assert not found.missing and not found.changed
    assert len(found.extra) == 3


def test_a_place_that_nobody_wants_any_more(desk: Desk, package: Path) -> None:
    """A unit with another name: its files move with it, the old folder goes, content known nowhere else stays."""
    data = json.loads((package / JSON).read_text("utf-8"))
    only = package / "报送材料/旧单位/旧文件.txt"
    only.parent.mkdir()
    only.write_text("旧", "utf-8")
    digest = hashlib.sha256(only.read_bytes()).hexdigest()
    old = {**data["files"][0], "path": "报送材料/旧单位/旧文件.txt", "sha256": digest}
    twin = {**data["files"][0], "path": "报送材料/旧单位/原名.docx"}
    (only.parent / "原名.docx").write_bytes((package / data["files"][0]["path"]).read_bytes())
    (package / JSON).write_text(json.dumps({**data, "files": [*data["files"], old, twin]}), "utf-8")
    assert run(desk, package) == 0
    assert (package / "以前版本/报送材料/旧单位/旧文件.txt").read_text("utf-8") == "旧"
    assert not only.parent.exists()
    assert verify(package).sound
    before = files(package)
    assert run(desk, package) == 0
    assert files(package) == before


def test_a_run_that_was_broken_off_is_told_and_finished_by_the_next(desk: Desk, package: Path) -> None:
    (package / JSON).unlink()
    (package / SUMS).unlink()
    claim_left = package / WORK
    claim_left.mkdir()
    (claim_left / "notice").write_text("quality-month-2022", "utf-8")
    (claim_left / "half.tmp").write_bytes(b"half")
    made = [path for path in package.iterdir() if path.suffix in (".xlsx", ".docx")]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in made]
    (claim_left / "journal").write_text("".join(lines), "utf-8")
    assert verify(package).unfinished
    assert run(desk, package) == 0
    assert verify(package).sound
    assert not list(package.glob("*人工修改*"))


def test_a_foreign_folder_is_refused_and_left_alone(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "别的.txt").write_text("x", "utf-8")
    with pytest.raises(Refused, match="别的内容"):
        run(desk, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["别的.txt"]
    with pytest.raises(Refused, match="是一个文件"):
        run(desk, tmp_path / "别的.txt")
    empty = tmp_path / "空"
    empty.mkdir()
    (empty / "Thumbs.db").write_bytes(b"")
    claim(empty, "another").close()
    claim(empty, "another")
    with pytest.raises(Refused, match="another"):
        run(desk, empty)


def test_bytes_that_are_gone_are_told(desk: Desk, tmp_path: Path) -> None:
    with desk.office() as office:
        digest = next(iter(desk.mails().values()))["sha256"]
        blob = office.blobs.path(digest)
    kept = blob.read_bytes()
    blob.write_bytes(kept[:-1] + b"!")
    try:
        assert run(desk, tmp_path / "out") == 1
        lost = [f for f in json.loads((tmp_path / "out" / JSON).read_text("utf-8"))["files"] if f["sha256"] == digest]
        assert not lost
        assert verify(tmp_path / "out").sound
    finally:
        blob.write_bytes(kept)


def test_the_zip_holds_all_and_is_left_out_on_demand(desk: Desk, package: Path) -> None:
    with zipfile.ZipFile(package / ZIP) as file:
        assert file.testzip() is None
        assert set(file.namelist()) == files(package).keys() - {ZIP}
    assert verify(package / ZIP).sound
    (package / "登记表.xlsx").unlink()
    assert run(desk, package, zipped=False) == 0
    assert (package / "登记表.xlsx").is_file()
    assert verify(package).sound


@pytest.mark.long
def test_two_notices_have_a_folder_each_and_one_alone_lies_straight_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    with Desk(tmp_path / "desk") as desk:
        text = NOTICE.read_text("utf-8").replace('id = "quality-month-2022"', 'id = "safety-month-2022"')
        text = text.replace('["质量月"]', '["安全生产月"]').replace("“质量月”", "“安全生产月”")
        (desk.folder / "safety.toml").write_text(text, "utf-8")
        shutil.copy(NOTICE.with_name("annex-3.xlsx"), desk.folder)
        section = '[[notice]]\nfile = "safety.toml"\nroster = "roster.xlsx"\n\n[office]'
        desk.configure("[office]", section)
        unit, other = desk.units[:2]
        desk.mail(unit, everything(unit), captioned(unit), subject="报送质量月活动材料")
        photo = m.photo(other, 1, name="安全生产月活动照片.jpg")
        desk.mail(other, [photo], "现报送安全生产月活动照片。", subject="安全生产月材料")
        desk.cycle()
        assert run(desk, tmp_path / "out") == 0
        first, second = tmp_path / "out" / "quality-month-2022", tmp_path / "out" / "safety-month-2022"
        assert verify(first).sound and verify(second).sound
        for package, sender in ((first, unit), (second, other)):
            for part in ("报送材料", "来信原件"):
                assert [path.name for path in (package / part).iterdir()] == [f"{sender.code} {sender.name}"]
        checked = desk.command("export", str(tmp_path / "out"), "--verify")
        assert [(one["path"], one["ok"]) for one in checked] == [(str(first), True), (str(second), True)]
        (told,) = desk.command("export", str(tmp_path / "one"), "--notice", "safety-month-2022")
        assert (told["notice"], told["path"]) == ("safety-month-2022", str(tmp_path / "one"))


def test_a_full_disk_is_told_and_the_next_run_goes_on(desk: Desk, tmp_path: Path) -> None:
    """The disk refuses after some files, as a full one does: nothing half-written, status 3, then the rest."""
    resource = pytest.importorskip("resource")  # Windows has none
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    out = tmp_path / "out"
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, limit[1]))
    try:
        with pytest.raises(Temporary, match="磁盘已满"):
            run(desk, out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert verify(out).unfinished
    for path in out.rglob("*.docx"):
        assert zipfile.is_zipfile(path)
    assert run(desk, out) == 0
    assert verify(out).sound
