"""What the doctor finds on this machine: folders, disk, database, account."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal

import msgspec

from intake.config import Config
from intake.halt import REMEDY, halted
from intake.tools import TOOLS
from storage.database import open_database
from storage.errors import DataTooNew, Refused, Temporary, said

LEAST_FREE = 500 << 20
"""Bytes; below that a campaign with videos may not fit."""
ENOUGH_FREE = 5 << 30


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was examined. All texts are Chinese."""

    ok: Literal["ok", "warn", "fail"]
    what: str
    detail: str
    remedy: str = ""


def folders(config: Config) -> Iterator[Line]:
    """The data folder, or the one it will be made in, and the room on its disk."""
    folder = config.data_path
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        yield Line(
            ok="fail",
            what="数据文件夹",
            detail=f"{folder} 不能写入（{said(error)}）",
            remedy="请检查文件夹权限，或在配置中另选 data_dir。",
        )
        return
    if os.name == "posix" and folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o007:
        detail = f"{folder} 本机任何人都可以进入，里面有来信和材料"
        yield Line(ok="warn", what="数据文件夹", detail=detail, remedy=f"请执行 chmod 700 {folder}")
    else:
        yield Line(ok="ok", what="数据文件夹", detail=f"{folder}" if folder.exists() else f"{folder}（首次运行时新建）")
    free = shutil.disk_usage(existing).free
    room = f"剩余 {free / (1 << 30):.1f} GB"
    if free < LEAST_FREE:
        yield Line(ok="fail", what="磁盘", detail=room, remedy="请清理磁盘，至少留出 5 GB。")
    elif free < ENOUGH_FREE:
        yield Line(ok="warn", what="磁盘", detail=room, remedy="单位会报送视频，请至少留出 5 GB。")
    else:
        yield Line(ok="ok", what="磁盘", detail=room)


def database(config: Config) -> Iterator[Line]:
    """The database, when there is one already."""
    url = config.database_url
    file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None
    if file is not None and not file.exists():
        yield Line(ok="ok", what="数据库", detail="首次运行时新建")
        return
    try:
        opened = open_database(url)
    except (Temporary, Refused, DataTooNew) as error:
        yield refusal("数据库", error)
        return
    with closing(opened), opened.reading() as session:
        stopped = halted(session)
    yield Line(ok="ok", what="数据库", detail=file.name if file is not None else url)
    if stopped is not None:
        yield Line(ok="warn", what="发信", detail=f"{stopped.what}：{stopped.detail}", remedy=REMEDY)


def optional() -> Iterator[Line]:
    """The tools without which some formats are left to a person."""
    for tool in TOOLS:
        if tool.present():
            yield Line(ok="ok", what="可选组件", detail=f"{tool.name} 已安装，可以读取{tool.reads}")
        else:
            detail = f"未安装 {tool.name}，{tool.reads}不能自动读取，会留待人工查看"
            yield Line(ok="warn", what="可选组件", detail=detail, remedy=tool.remedy)


def account() -> Iterator[Line]:
    """The service needs no rights beyond its own folder."""
    if os.name == "posix" and os.geteuid() == 0:
        yield Line(ok="warn", what="帐号", detail="正以 root 身份运行", remedy="请为本服务单设一个普通用户。")


def refusal(what: str, error: Exception) -> Line:
    """The sentences of the line itself: the first one says what is wrong, the others what to do."""
    head, _, rest = str(error).partition("。")
    remedy = rest.replace("，稍后会自动重试", "").replace("稍后会自动重试。", "")
    return Line(ok="fail", what=what, detail=head, remedy=remedy or "请检查网络后再试。")
