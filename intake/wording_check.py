"""Looking through a template that the office changed, before a letter depends on it: every fault with its line.

The language is narrowed so far that no template can run without end or grow without bound: no calls, no products, no
macros, loops only over what a letter holds. It cannot let text of a mail become markup, or load from elsewhere.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from jinja2 import Environment, Template, TemplateError, TemplateSyntaxError, nodes

from intake.wording_names import BLOCKS, LAYOUTS, NAMES, views

LARGEST: Final = 64 * 1024
"""Characters of one template."""
FILTERS: Final = ("join", "default", "length", "upper", "lower", "trim", "first", "last", "e", "escape")
_BARRED: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Mul: "不能用乘法",
    nodes.Pow: "不能用乘方",
    nodes.Mod: "不能用 %",
    nodes.Call: "不能调用函数",
    nodes.CallBlock: "不能用 call",
    nodes.Macro: "不能定义宏",
    nodes.Include: "不能引用其他文件（include）",
    nodes.Import: "不能引用其他文件（import）",
    nodes.FromImport: "不能引用其他文件（import）",
    nodes.Extends: "不能引用其他文件（extends）",
    nodes.With: "不能用 with",
    nodes.AssignBlock: "set 只能写成 {% set 名字 = 值 %}",
    nodes.FilterBlock: "不能用 filter 段",
    nodes.ScopedEvalContextModifier: "不能关闭转义（autoescape）：来信里的文字会变成网页代码",
    nodes.EvalContextModifier: "不能关闭转义（autoescape）：来信里的文字会变成网页代码",
}
_FOREIGN: Final = re.compile(
    r"(?:src|background|poster|srcset)\s*=\s*[\"']?\s*(?:https?:)?//|url\(|@import|<\s*(?:script|link|iframe|style|object)\b"
    r"|\bon\w+\s*=",
    re.IGNORECASE,
)


class Broken(NamedTuple):
    """One fault of a template."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        place = f"第 {self.line} 行：" if self.line else ""
        return f"{self.file} {place}{self.why}"


def look_through(environment: Environment, file: str, source: str) -> Iterator[Broken]:
    """Every fault of the template `file`; nothing when it may be used."""
    if len(source) > LARGEST:
        yield Broken(file, 0, f"文件超过 {LARGEST // 1024}KB")
        return
    try:
        tree = environment.parse(source, filename=file)
    except TemplateSyntaxError as error:
        yield Broken(file, error.lineno, f"写法有误（{error.message}）")
        return
    found = sorted({*_barred(file, tree), *_foreign(file, source), *_names(file, tree)}, key=lambda one: one.line)
    yield from found
    if not found:
        yield from _tried(environment, file, source)


def _barred(file: str, tree: nodes.Template) -> Iterator[Broken]:
    for kind, why in _BARRED.items():
        yield from (Broken(file, node.lineno, why) for node in tree.find_all(kind))
    for one in tree.find_all(nodes.Filter):
        if one.name not in FILTERS:
            yield Broken(file, one.lineno, f"不能用过滤器 {one.name}；可用：{'、'.join(FILTERS)}")
    for loop in tree.find_all(nodes.For):
        if loop.recursive or not isinstance(loop.iter, nodes.Getattr):
            yield Broken(file, loop.lineno, "for 只能用于信中的内容，例如 view.entries、entry.points")
    for assigned in tree.find_all(nodes.Assign):
        if any(True for _ in assigned.find_all((nodes.Concat, nodes.Add))):
            yield Broken(file, assigned.lineno, "set 里不能拼接")


def _foreign(file: str, source: str) -> Iterator[Broken]:
    for number, line in enumerate(source.splitlines(), start=1):
        if _FOREIGN.search(line):
            yield Broken(file, number, "信中不能有脚本，也不能从别处取图片、样式")


def _names(file: str, tree: nodes.Template) -> Iterator[Broken]:
    kind = file.removesuffix(".j2")
    known: Collection[str] = ("view", "loop") if file in LAYOUTS else NAMES[kind]
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name not in known and node.name not in own:
            yield Broken(file, node.lineno, f"不认识的名字 {node.name}；可用：{'、'.join(known)}")
    if file in LAYOUTS:
        return
    there = {block.name for block in tree.find_all(nodes.Block)}
    for name in BLOCKS[kind]:
        if name not in there:
            yield Broken(file, 0, f"缺少 {{% block {name} %}}")


def _tried(environment: Environment, file: str, source: str) -> Iterator[Broken]:
    """What only shows when a letter is made."""
    try:
        code = environment.compile(source, name=file, filename=file)
        template = environment.template_class.from_code(environment, code, {})
        if file in LAYOUTS:
            for view in views():
                template.render(view=view)
        else:
            facts = dict(NAMES[file.removesuffix(".j2")])
            for block in BLOCKS[file.removesuffix(".j2")]:
                passage(template, block, facts)
    except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
        yield Broken(file, line_of(error, file), f"用不了（{error}）")


def passage(template: Template, block: str, facts: Mapping[str, object]) -> str:
    """One block of a wording file; an error knows its line there."""
    try:
        return "".join(template.blocks[block](template.new_context(dict(facts))))
    except Exception:  # noqa: BLE001 - raised again, with the template's lines in the traceback
        template.environment.handle_exception()


def line_of(error: BaseException, file: str) -> int:
    """The line of the template at which an error arose, 0 when it is not known."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return (frames[-1].lineno or 0) if frames else 0
