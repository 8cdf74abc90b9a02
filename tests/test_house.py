"""The house rules, held by a machine: import order, one file + one test + one docs line, plain names."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {"rules": {"rules"}, "storage": {"rules", "storage"}, "intake": {"rules", "storage", "intake"}}
PURE = {"pathlib", "os", "io", "socket", "time", "sqlite3", "sqlalchemy", "sqlmodel", "email", "smtplib", "imaplib",
        "imapclient", "subprocess", "requests", "zoneinfo", "openpyxl", "random"}  # fmt: skip
MAIL_AND_FORMATS = {"imapclient", "smtplib", "imaplib", "email", "mailparser", "PIL", "openpyxl"}
SLOW = {"sqlmodel", "sqlalchemy", "alembic", "pydantic", "openpyxl", "apscheduler", "imapclient", "structlog", "PIL"}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("package", ALLOWED)
def test_packages_import_only_to_their_left(package: str) -> None:
    for path in modules(package):
        wrong = imports(path) & (set(ALLOWED) - ALLOWED[package])
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_rules_are_pure() -> None:
    for path in modules("rules"):
        assert not imports(path) & PURE, f"{path.relative_to(ROOT)} imports {imports(path) & PURE}"


def test_storage_knows_nothing_of_mail() -> None:
    for path in modules("storage"):
        assert not imports(path) & MAIL_AND_FORMATS, path.relative_to(ROOT)


@pytest.mark.parametrize(("folder", "page"), [("rules/checks", "checks.md"), ("intake/readers", "formats.md")])
def test_a_check_or_a_reader_is_one_file_one_test_one_line(folder: str, page: str) -> None:
    docs = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for path in (ROOT / folder).glob("[!_]*.py"):
        test = ROOT / "tests" / folder / f"test_{path.stem}.py"
        assert test.is_file(), f"{path.relative_to(ROOT)} has no test {test.relative_to(ROOT)}"
        assert re.search(rf"`{path.stem}(\.py)?`", docs), f"docs/{page} has no line for `{path.stem}`"


def test_every_check_and_finding_code_is_in_the_docs() -> None:
    from rules.checks import registry

    docs = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    for kind, check in registry().items():
        for word in (kind, *check.codes, *check.settings.model_fields):
            assert f"`{word}`" in docs, f"docs/checks.md does not mention `{word}` of check {kind}"


def test_every_code_a_rule_returns_is_in_the_docs() -> None:
    docs = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    for path in modules("rules"):
        for code in re.findall(r'code="([a-z-]+)"', path.read_text(encoding="utf-8")):
            assert f"`{code}`" in docs, f"{path.name} returns {code!r}, docs/checks.md does not know it"


def test_every_command_is_in_the_readme() -> None:
    from intake.cli import app

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [c.name or (c.callback.__name__ if c.callback else "") for c in app.registered_commands]
    names += [group.name for group in app.registered_groups if isinstance(group.name, str)]
    assert len(names) > 10
    for name in names:
        assert f"`{name}" in readme, f"README.md does not mention the command `{name}`"


def test_what_the_readme_promises_is_held_by_tests_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## What it promises\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if re.match(r"\| \d", line)]
    assert len(rows) == 10
    for row in rows:
        named = re.findall(r"`(tests/[^`]+)`", row)
        assert named, row
        for file in named:
            assert "def test_" in (ROOT / file).read_text(encoding="utf-8"), file


LONGEST_MODULE = 250


def test_no_module_is_longer_than_a_person_reads_at_once() -> None:
    for package in ALLOWED:
        for path in modules(package):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            assert lines <= LONGEST_MODULE, f"{path.relative_to(ROOT)} has {lines} lines: split it along a seam"


def test_class_names_say_what_they_are() -> None:
    for package in ALLOWED:
        for path in modules(package):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    assert not re.search(r"Manager|Handler|Helper", node.name), f"{path.name}: {node.name}"


def test_every_module_and_public_name_has_a_docstring() -> None:
    for package in ALLOWED:
        for path in modules(package):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            assert ast.get_docstring(tree), f"{path.relative_to(ROOT)} has no docstring"
            for node in tree.body:
                if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                    assert ast.get_docstring(node), f"{path.relative_to(ROOT)}: {node.name} has no docstring"


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, intake.cli; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert not SLOW & set(loaded.split())


@pytest.mark.parametrize("command", ["running", "showing", "keeping"])
def test_a_command_loads_what_reads_and_writes_files_only_when_there_are_some(command: str) -> None:
    """A cycle with nothing new, `status` and `doctor --quick` are started every few minutes by some."""
    code = f"import sys, intake.commands.{command}; print(*sorted({{m.partition('.')[0] for m in sys.modules}}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert not {"openpyxl", "docx", "PIL", "apscheduler", "alembic", "dkim", "mailparser"} & set(loaded.split())


def test_imaplib_debugging_can_still_be_switched_off() -> None:
    """`intake.mail.imap` sets a private attribute of imapclient for speed; this fails when it goes away."""
    import imapclient.imapclient as source

    assert "_imap.debug = 5" in Path(source.__file__).read_text(encoding="utf-8")
