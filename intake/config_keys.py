"""What is done to the data of the settings before they are validated.

Keys that do not exist are told with a hint; passwords that stand in the file are taken out, so that no later
message can repeat them; what depends on another section or on the folder is filled in.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel

from intake.written import REFERENCE_EXPECTED, is_reference
from rules.faults import Fault

_SECRET_KEY = re.compile(r"pass|pwd|secret|token|密码|口令|授权码", re.IGNORECASE)
_HIDDEN = "一段文字（不显示）"
_PLACEHOLDER = "env:_"
"""Stands for a refused password while the rest is checked."""


def sections(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The keys of a model that are sections themselves, `[x]` or `[[x]]`."""
    found = {}
    for key, field in model.model_fields.items():
        inner = next((part for part in (field.annotation, *get_args(field.annotation)) if _is_model(part)), None)
        if inner is not None:
            found[key] = inner
    return found


def keys(model: type[BaseModel], leave_out: Collection[str] = ()) -> Iterator[str]:
    """Every key path there is, in order: `timezone`, `imap.host` …"""
    inner = sections(model)
    for key in model.model_fields:
        if key in inner:
            yield from (f"{key}.{name}" for name in keys(inner[key]))
        elif key not in leave_out:
            yield key


def take_unknown(data: dict[str, Any], model: type[BaseModel], *, leave_out: Collection[str]) -> list[Fault]:
    """Remove every key that does not exist and tell where it may belong. Values are not shown."""
    known = [key for key in model.model_fields if key not in leave_out]
    inner = sections(model)
    everywhere = list(keys(model, leave_out))
    faults = [_unknown(key, "", known, everywhere) for key in data if key not in known]
    for key in [key for key in data if key not in known]:
        del data[key]
    for section, part in inner.items():
        tables = data.get(section)
        for number, table in enumerate(tables if isinstance(tables, list) else [tables], start=1):
            if not isinstance(table, dict):
                continue
            prefix = f"{section}[{number}]" if isinstance(tables, list) else section
            names = list(part.model_fields)
            for key in [key for key in table if key not in names]:
                faults.append(_unknown(key, prefix, names, everywhere))
                del table[key]
    return faults


def hide_secrets(data: dict[str, Any]) -> list[Fault]:
    """Replace passwords that stand in the file itself by a harmless reference, and tell that they must go."""
    faults = []
    for section in ("imap", "smtp"):
        table = data.get(section)
        password = table.get("password") if isinstance(table, dict) else None
        if isinstance(table, dict) and password is not None and not is_reference(password):
            if password != "" or section == "imap" or table.get("username") != "":
                faults.append(_bare_password(section, password))
            table["password"] = _PLACEHOLDER
    storage = data.get("storage")
    url = storage.get("database") if isinstance(storage, dict) else None
    if isinstance(storage, dict) and isinstance(url, str) and _has_password(url):
        faults.append(
            Fault(
                path="storage.database",
                found="地址里写有密码（不显示）",
                expected="不含密码的地址，例如 postgresql+psycopg://shouqi@主机/数据库",
                remedy="请把密码放进环境变量 PGPASSWORD 或 ~/.pgpass 文件，并从配置文件中删去。",
            )
        )
        storage["database"] = "sqlite:///{data_dir}/shouqi.db"
    _scrub(data)
    return faults


def absolute(base: Path, path: str) -> Path:
    """A path of the settings as an absolute one; `~` is the home folder."""
    return Path(base, Path(path).expanduser()).absolute()


def complete(data: dict[str, Any]) -> None:
    """Take [notice] for [[notice]]; let an [smtp] without username and password log in as [imap] does.

    Nearly every provider has one login for both.
    """
    if isinstance(data.get("notice"), dict):
        data["notice"] = [data["notice"]]
    imap, smtp = data.get("imap"), data.get("smtp")
    if isinstance(imap, dict) and isinstance(smtp, dict):
        if "username" not in smtp and "username" in imap:
            smtp["username"] = imap["username"]
        if "password" not in smtp:
            anonymous = smtp.get("username") == ""
            if anonymous or "password" in imap:
                smtp["password"] = "" if anonymous else imap["password"]


def anchor_authorities(data: dict[str, Any], base: Path) -> list[Fault]:
    """Make `ca_file` absolute and see that it is there."""
    faults = []
    for section in ("imap", "smtp"):
        server = data.get(section)
        name = server.get("ca_file") if isinstance(server, dict) else None
        if not isinstance(server, dict) or not isinstance(name, str) or not name:
            continue
        path = absolute(base, name)
        if not path.is_file():
            faults.append(
                Fault(
                    path=f"{section}.ca_file",
                    found=name,
                    expected="一个存在的证书文件（PEM）",
                    remedy="请核对路径；使用公共邮箱时留空即可。",
                )
            )
        server["ca_file"] = str(path)
    return faults


def data_folder_faults(path: Path, written: str) -> list[Fault]:
    """See that nothing else stands where the data folder is or will be made."""
    there = next(place for place in (path, *path.parents) if place.exists())
    if there.is_dir():
        return []
    return [
        Fault(
            path="data_dir",
            found=f"写的是 “{written}”，而 {there} 是一个文件",
            expected="一个文件夹",
            remedy="请改用别的名称，或把那个文件移走。",
        )
    ]


def _scrub(data: Any) -> None:
    """Whatever looks like a password in a place where none belongs (`imap` as a list, say) is not shown either."""
    if isinstance(data, dict):
        for key, value in data.items():
            if _SECRET_KEY.search(key) and not (is_reference(value) or value == ""):
                data[key] = _PLACEHOLDER
            else:
                _scrub(value)
    elif isinstance(data, list):
        for value in data:
            _scrub(value)


def _bare_password(section: str, password: Any) -> Fault:
    name = f"SHOUQI_{section.upper()}_PASSWORD"
    return Fault(
        path=f"{section}.password",
        found="空" if password == "" else _HIDDEN,
        expected=REFERENCE_EXPECTED,
        remedy=f'请改为 password = "env:{name}"，把密码或授权码放进环境变量 {name}；密码本身不要写在配置文件里。',
    )


def _has_password(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return True  # not understood: rather hidden than shown
    return bool(parts.password) or re.search(r"[?&]password=", url, re.IGNORECASE) is not None


def _unknown(key: str, prefix: str, known: list[str], everywhere: list[str]) -> Fault:
    near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.6)
    elsewhere = [path for path in everywhere if path.rpartition(".")[2] == key.lower()]
    if near:
        remedy = f"是否想写 {near[0]}？"
    elif elsewhere:
        section, _, _ = elsewhere[0].rpartition(".")
        place = f"[{section}] 之下" if section else "文件开头、第一个 [节] 之前"
        remedy = f"{key} 应写在{place}。"
    else:
        remedy = "请删去这一行，或在行首加 #。"
    return Fault(
        path=f"{prefix}.{key}" if prefix else key,
        found="不认识的键",
        expected=f"下列之一：{'、'.join(known)}",
        remedy=remedy,
    )


def _is_model(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, BaseModel)
