"""`letters`: the templates of letters that are in use, and writing the built-in ones out for changing them."""

from __future__ import annotations

from intake.commands import Setting, say, show
from intake.config import load_config
from intake.wording import FOLDER, wording_of, write_out
from intake.wording_names import files


def letters(setting: Setting, *, write: bool) -> int:
    """`letters`, `letters --write`: 2 when a template has a fault."""
    config = load_config(setting.config)
    folder = config.letters_folder
    written = write_out(folder or config.resolve(FOLDER)) if write else []
    wording = wording_of(folder)
    if setting.json:
        show(
            {
                "folder": str(folder) if folder else "",
                "own": list(wording.own),
                "faults": [fault._asdict() for fault in wording.faults],
                "written": [str(path) for path in written],
            }
        )
        return 2 if wording.faults else 0
    for path in written:
        say(f"已写出 {path}")
    if write and folder is None:
        say(f'请在配置里写上 [letters] folder = "{FOLDER}"，改好的模板才会启用。只留改过的文件即可。')
    for file in files():
        broken = [fault for fault in wording.faults if fault.file == file]
        say(f"{file}  {'本单位的' if file in wording.own else '有误，暂用内置的' if broken else '内置的'}")
    for fault in wording.faults:
        say(f"✗ {fault}")
    return 2 if wording.faults else 0
