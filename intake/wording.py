"""The words and the look of letters: the templates of `intake/letters`, or the office's own in their place, rendered.

`reply.j2`, `reminder.j2` and the like hold sentences, one block each; `letter.txt.j2` and `letter.html.j2` lay out the
same view twice. Templates run in a sandbox, and a name they do not know is an error. A template of the office that
has a fault is not used: the built-in one is, `doctor` and 待办 say where the fault is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from intake.letterparts import View
from intake.letterwords import clean
from intake.reports.page import Page
from intake.wording_check import Broken, line_of, look_through, passage
from intake.wording_names import LAYOUTS, files

LETTERS: Final = Path(__file__).resolve().parent / "letters"
FOLDER: Final = "letters"
"""Where an office keeps its own templates, beside the settings file."""
MOST: Final = 512 * 1024
"""Characters of one part of a letter."""


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(LETTERS),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


class Wording:
    """The templates of one office: `own` in the place of the built-in ones, `faults` of those that cannot be used."""

    def __init__(self, own: Mapping[str, Template], faults: tuple[Broken, ...] = ()) -> None:
        self._own = dict(own)
        self.faults = list(faults)

    @property
    def own(self) -> tuple[str, ...]:
        """Names of the office's templates that are in use."""
        return tuple(self._own)

    def line(self, kind: str, block: str, facts: Mapping[str, object]) -> str:
        """One block of a wording file as one harmless line: line breaks in it are only for its reader."""
        text = self._made(f"{kind}.j2", lambda one: passage(one, block, facts))
        return clean("".join(part.strip() for part in text.splitlines()))

    def lay_out(self, view: View | Page) -> tuple[str, str]:
        """The letter as text and as HTML."""
        name = "report" if isinstance(view, Page) else "letter"
        text, html = (self._made(f"{name}.{part}.j2", lambda one: one.render(view=view)) for part in ("txt", "html"))
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", html.strip() + "\n"

    def _made(self, file: str, use: Callable[[Template], str]) -> str:
        """What the office's template says, or the built-in one where that fails on this letter."""
        own = self._own.get(file)
        if own is not None:
            try:
                text = use(own)
                if len(text) <= MOST:
                    return text
                fault = Broken(file, 0, f"写出的信太长（{len(text)} 字）")
            except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
                fault = Broken(file, line_of(error, file), f"用不了（{error}）")
            self.faults.append(fault)
            del self._own[file]
        return use(_environment().get_template(file))


BUILT_IN: Final = Wording({})


def wording_of(folder: Path | None) -> Wording:
    """The templates in the office's folder, read again whenever a file there changes. None: the built-in ones."""
    if folder is None:
        return BUILT_IN
    found = sorted(folder.glob("*.j2")) if folder.is_dir() else []
    return _read(folder, tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in found))


@lru_cache(maxsize=4)
def _read(folder: Path, look: tuple[tuple[str, int, int], ...]) -> Wording:
    if not folder.is_dir():
        return Wording({}, (Broken(str(folder), 0, "没有这个文件夹"),))
    own: dict[str, Template] = {}
    faults: list[Broken] = []
    for file in (name for name, _, _ in look):
        if file not in files():
            faults.append(Broken(file, 0, f"不是可以修改的模板；可改：{'、'.join(files())}"))
            continue
        try:
            source = (folder / file).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Broken(file, 0, f"读不出来（{error}），请存为 UTF-8 编码"))
            continue
        found = list(look_through(_environment(), file, source))
        faults += found
        if not found:
            environment = _environment()
            code = environment.compile(source, name=file, filename=file)
            own[file] = environment.template_class.from_code(environment, code, {})
    if any(fault.file in LAYOUTS for fault in faults):  # both parts of a letter must say the same
        own = {file: one for file, one in own.items() if file not in LAYOUTS}
    return Wording(own, tuple(faults))


def write_out(folder: Path) -> list[Path]:
    """Write the built-in templates that an office may change into a folder; what is there already stays."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / file for file in files() if not (folder / file).exists()]
    for path in written:
        path.write_text((LETTERS / path.name).read_text(encoding="utf-8"), encoding="utf-8")
    return written


def plain_page(text: str) -> str:
    """An HTML page that says just this text, line by line; blanks at the beginning of a line are kept."""
    lines = [re.sub(r"^ +", lambda blanks: "\u00a0" * len(blanks[0]), line) for line in text.rstrip("\n").split("\n")]
    return _environment().get_template("plain.html.j2").render(lines=lines).strip() + "\n"
