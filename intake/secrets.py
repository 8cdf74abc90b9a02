"""Fetching a password from where it is kept: an environment variable, a file, or the system's keyring.

The settings hold only references (`env:NAME`, `file:PATH`, `keyring:SERVICE`); the value lives as long as
one login needs it, and no message of this module ever contains it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from intake.files_in import ConfigFaults, decode
from intake.written import REFERENCE_EXPECTED
from rules.faults import Fault
from storage.errors import DISK_AWAY, Temporary, said

LARGEST = 4096
"""Bytes; a file above that holds no password."""


class SecretMissing(ConfigFaults):
    """The password is not where the settings say it is. The text is Chinese and tells what to do."""

    def __init__(self, reference: str, found: str, remedy: str) -> None:
        super().__init__([Fault(path=reference, found=found, expected="", remedy=remedy)], None)


def reveal(reference: str, base: Path, username: str, environ: Mapping[str, str] = os.environ) -> str:
    """The password behind a reference; "" for the empty one. Relative file paths start at `base`.

    Raises SecretMissing when it is not there, Temporary when the disk does not give it. White space around it is cut
    off: it comes from pasting.
    """
    if not reference:
        return ""
    kind, _, name = reference.partition(":")
    match kind:
        case "env":
            password = _from_environment(name, environ)
        case "file":
            password = _from_file(_resolve(name, base), reference)
        case "keyring":
            password = _from_keyring(name, username)
        case _:
            # the reference itself may be a password: it is not repeated
            raise SecretMissing("password", "看不懂的写法", f"请写成 {REFERENCE_EXPECTED}。")
    if not password.strip():
        raise SecretMissing(reference, "内容是空的", "请填入密码；QQ、163 等邮箱填写“授权码”。")
    return password.strip()


def exposed(reference: str, base: Path) -> str:
    """Why other users of this machine could read the password, Chinese; "" when they cannot (or on Windows)."""
    kind, _, name = reference.partition(":")
    if kind != "file" or os.name != "posix":
        return ""
    path = _resolve(name, base)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return ""  # `reveal` tells that it is missing
    if mode & 0o077:
        return f"密码文件 {path} 的权限是 {mode:04o}，本机其他用户可以读取。请执行 chmod 600 {path}"
    return ""


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        windows = os.name == "nt"
        how = f'setx {name} "授权码"，然后重新打开命令窗口' if windows else f"export {name}=授权码"
        raise SecretMissing(f"env:{name}", f"环境变量 {name} 没有设置", f"请先执行 {how}。")
    return environ[name]


def _from_file(path: Path, reference: str) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise SecretMissing(reference, f"{path} 太大，不像密码文件", "文件里只放密码一行。")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SecretMissing(reference, f"找不到 {path}", "请新建该文件，里面只写密码或授权码一行。") from error
    except OSError as error:
        if error.errno in DISK_AWAY:
            raise Temporary(f"读不了密码文件 {path}（{said(error)}）。请检查磁盘，稍后会自动重试。") from error
        raise SecretMissing(reference, f"读不了 {path}（{said(error)}）", "请检查文件权限。") from error
    if not data.strip():
        return ""
    lines = decode(data, path, "密码文件", gbk=False).text.strip().splitlines()
    if len(lines) > 1:
        raise SecretMissing(reference, f"{path} 有 {len(lines)} 行", "文件里只放密码一行。")
    return lines[0]


def _from_keyring(service: str, username: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise SecretMissing(
            f"keyring:{service}", "没有安装 keyring", '请执行 pip install "shouqi[keyring]"，或改用 env: 或 file:。'
        ) from error
    try:
        password = keyring.get_password(service, username)
    except KeyringError as error:
        raise SecretMissing(
            f"keyring:{service}", "系统钥匙串不可用", "无人值守的服务器请改用 file: 并把权限设为 600。"
        ) from error
    if password is None:
        raise SecretMissing(
            f"keyring:{service}", f"钥匙串里没有帐号 {username} 的密码", f"请执行 keyring set {service} {username}。"
        )
    return str(password)


def _resolve(name: str, base: Path) -> Path:
    return Path(base, Path(name).expanduser())
