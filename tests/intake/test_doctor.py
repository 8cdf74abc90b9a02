"""The doctor tries everything for real: files, folders, IMAP and SMTP servers; each failure has its remedy."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.config import load_config
from intake.demo.server import MailServer
from intake.demo.units import units, write_roster
from intake.doctor import Line, examine
from intake.doctor_machine import folders, refusal
from storage.complaints import translated
from storage.errors import Temporary

PASSWORD = "canary-7f3a"
NOW = datetime(2022, 9, 20, 1, 0, tzinfo=UTC)
NOTICE = """
id = "quality-month-2022"
title = "质量月活动"
deadline = 2022-10-12
[[requirement]]
id = "summary"
name = "活动总结"
category = "summary"
"""
OF_THE_MACHINE = ("帐号", "可选组件", "磁盘")
"""Running as root, tools that are not installed, little room: the machine's business, not the test's."""


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(address="zlb@yunling.example", password=PASSWORD) as server:
        yield server


class Folder:
    """A settings folder whose lines tests can change one by one."""

    def __init__(self, path: Path, server: MailServer | None) -> None:
        self.path = path
        (path / "n.toml").write_text(NOTICE, "utf-8")
        write_roster(path / "r.xlsx", units(12))
        (path / "pw").write_text(PASSWORD)
        (path / "pw").chmod(0o600)
        self.head = ""
        self.imap = {
            "host": '"127.0.0.1"',
            "port": str(server.imap_port if server else 1),
            "security": '"none"',
            "username": '"zlb@yunling.example"',
            "password": '"file:pw"',
        }
        self.smtp = {
            "host": '"127.0.0.1"',
            "port": str(server.smtp_port if server else 1),
            "security": '"none"',
        }
        self.rest = ""

    @property
    def config(self) -> Path:
        text = self.head + '[[notice]]\nfile = "n.toml"\nroster = "r.xlsx"\n'
        text += '[office]\nname = "云岭市质量办"\naddress = "zlb@yunling.example"\n'
        for name, keys in (("imap", self.imap), ("smtp", self.smtp)):
            text += f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
        file = self.path / "config.toml"
        file.write_text(text + self.rest, "utf-8")
        return file

    def lines(self, now: datetime | str | None = NOW) -> list[Line]:
        lines = list(examine(self.config, now))
        assert lines
        for line in lines:
            assert PASSWORD not in f"{line}"
            assert line.what and line.detail and "\n" not in line.detail
            assert line.remedy or line.ok == "ok", line
        return lines

    def bad(self, now: datetime | str | None = NOW) -> dict[str, Line]:
        """What is not ok, by what it is about."""
        return {line.what: line for line in self.lines(now) if line.ok != "ok" and line.what not in OF_THE_MACHINE}


@pytest.fixture
def folder(tmp_path: Path, server: MailServer) -> Folder:
    return Folder(tmp_path, server)


def test_everything_is_well(folder: Folder, server: MailServer) -> None:
    server.deliver(b"Subject: x\r\n\r\nhi\r\n", NOW - timedelta(hours=1))
    lines = folder.lines()
    assert {line.ok for line in lines if line.what not in OF_THE_MACHINE} == {"ok"}
    told = {line.what: line.detail for line in lines}
    assert "12 个单位，12 个有邮箱" in told["名册"]
    assert "还有 22 天" in told["通知"]
    assert told["催报"].startswith("09-28 09:00、10-09 09:00")
    assert "登录成功，文件夹 INBOX 有 1 封邮件" in told["收信"]
    assert "登录成功" in told["发信"]
    assert server.sent == []
    assert not (folder.path / "data").exists()
    assert set(server.flags.values()) == {frozenset()}


def test_faults_of_the_settings_come_one_a_line(folder: Folder) -> None:
    folder.imap["port"] = '"x"'
    folder.rest = '[schedule]\npoll = "x"\n'
    lines = folder.lines()
    assert [line.ok for line in lines] == ["fail", "fail"]
    assert "imap.port" in lines[0].detail and "schedule.poll" in lines[1].detail


def test_a_missing_settings_file(tmp_path: Path) -> None:
    (line,) = examine(tmp_path / "config.toml", NOW)
    assert (line.ok, line.what) == ("fail", "配置文件")
    assert "找不到" in line.detail


def test_copies_to_superiors_who_have_no_address(folder: Folder) -> None:
    rest = folder.rest
    folder.rest = rest + "\n[superior]\nafter = 2\n"
    line = folder.bad()["抄送"]
    assert line.ok == "warn" and "不会抄送任何人" in line.detail
    folder.rest = rest + '\n[superior]\nafter = 2\naddress = "chuzhang@yunling.example"\n'
    assert "抄送" not in folder.bad()


def test_a_byte_order_mark_is_a_warning(folder: Folder) -> None:
    folder.head = "\ufeff"
    assert "BOM" in folder.bad()["配置文件"].detail


def test_notice_and_roster_are_both_examined(folder: Folder) -> None:
    (folder.path / "n.toml").unlink()
    (folder.path / "r.xlsx").write_bytes(b"PK\x03\x04broken")
    bad = folder.bad()
    assert "找不到通知文件" in bad["通知"].detail
    assert "打不开" in bad["名册"].detail
    assert "收信" not in bad


def test_a_deadline_that_is_over(folder: Folder) -> None:
    line = folder.bad(datetime(2022, 10, 12, 16, 0, tzinfo=UTC))["通知"]
    assert (line.ok, "已过" in line.detail) == ("warn", True)
    assert "通知" not in folder.bad(datetime(2022, 10, 12, 15, 59, tzinfo=UTC))


def test_the_clock_can_be_told_as_text(folder: Folder) -> None:
    assert any("2022-09-20 09:00" in line.detail for line in folder.lines("2022-09-20T09:00"))
    assert folder.bad("tomorrow")["时钟"].ok == "fail"


def test_the_mailbox_betrays_a_clock_that_is_behind(folder: Folder, server: MailServer) -> None:
    server.deliver(b"Subject: x\r\n\r\nhi\r\n", NOW + timedelta(hours=1))
    line = folder.bad()["收信"]
    assert (line.ok, "2022-09-20 10:00" in line.detail) == ("warn", True)


def test_a_file_in_the_place_of_the_data_folder(folder: Folder) -> None:
    (folder.path / "data").write_text("a file in its place")
    line = folder.bad()["配置文件"]
    assert line.ok == "fail" and "data_dir" in line.detail


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that not even root can write to")
def test_a_folder_that_cannot_be_written(folder: Folder) -> None:
    config = load_config(folder.config).model_copy(update={"data_dir": "/proc/self/data"})
    (line,) = folders(config)
    assert line.ok == "fail" and "不能写入" in line.detail


def test_a_database_that_is_none(folder: Folder) -> None:
    (folder.path / "data").mkdir()
    (folder.path / "data" / "shouqi.db").write_bytes(b"not a database, whatever its name says" * 100)
    assert folder.bad()["数据库"].ok == "fail"


def test_a_wrong_password(folder: Folder) -> None:
    (folder.path / "pw").write_text(PASSWORD[::-1])
    bad = folder.bad()
    assert "授权码" in bad["收信"].remedy
    assert "授权码" in bad["发信"].remedy


def test_a_password_that_is_not_there(folder: Folder) -> None:
    (folder.path / "pw").unlink()
    bad = folder.bad()
    assert "找不到" in bad["收信密码"].detail and "找不到" in bad["发信密码"].detail


def test_a_password_file_that_others_can_read(folder: Folder) -> None:
    (folder.path / "pw").chmod(0o644)
    line = folder.bad()["收信"]
    assert (line.ok, "chmod 600" in line.remedy) == ("warn", True)


def test_a_mailbox_folder_that_is_not_there_lists_those_that_are(folder: Folder) -> None:
    folder.imap["folder"] = '"质量月"'
    line = folder.bad()["收信"]
    assert "质量月" in line.detail
    assert "INBOX" in line.remedy


def test_servers_that_do_not_answer(folder: Folder) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, never listening: connections are refused
        folder.imap["port"] = folder.smtp["port"] = str(closed.getsockname()[1])
        bad = folder.bad()
    assert bad["收信"].ok == bad["发信"].ok == "fail"


def test_a_server_without_starttls_never_hears_the_password(folder: Folder) -> None:
    folder.imap["security"] = folder.smtp["security"] = '"starttls"'
    bad = folder.bad()
    assert "STARTTLS" in bad["收信"].detail
    assert "STARTTLS" in bad["发信"].detail


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_certificate_of_an_unknown_authority(folder: Folder, tmp_path: Path) -> None:
    with tls_listener(tmp_path) as port:
        folder.imap |= {"security": '"tls"', "port": str(port)}
        folder.smtp |= {"security": '"tls"', "port": str(port)}
        bad = folder.bad()
        folder.imap["ca_file"] = folder.smtp["ca_file"] = '"cert.pem"'
        trusted = folder.bad()
    # vouched for by our own file the certificate is no matter any more, only that nobody talks behind it
    assert not any("证书" in line.detail for line in trusted.values()) and {"收信", "发信"} <= set(trusted)
    assert "证书" in bad["收信"].detail and "ca_file" in bad["收信"].remedy
    assert "证书" in bad["发信"].detail and "ca_file" in bad["发信"].remedy


@contextmanager
def tls_listener(folder: Path) -> Iterator[int]:
    """A TLS port on loopback with a certificate that nobody vouches for."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    subprocess.run([*make, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # closed by the test
            with connection:
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    continue  # the client does not trust us, as it should

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def test_a_locked_database_is_told_in_whole_sentences() -> None:
    with pytest.raises(Temporary) as locked, translated():
        raise sqlite3.OperationalError("database is locked")
    told = refusal("数据库", locked.value).remedy
    assert told.endswith("再试一次。") and "备份" in told
