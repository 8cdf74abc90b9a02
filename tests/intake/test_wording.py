"""The office's own templates: used when sound; a fault is found with file and line, and the built-in one is used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks import sample_letters as sample
from intake.doctor import examine
from intake.wording import BUILT_IN, LETTERS, Wording, wording_of, write_out
from intake.wording_names import BLOCKS, LAYOUTS, NAMES, files
from tests.desk import Desk, captioned, everything
from tests.intake.test_approval import body

DOCS = Path(__file__).resolve().parents[2] / "docs" / "letters.md"
GOOD = (LETTERS / "reply.j2").read_text(encoding="utf-8")


def with_opening(words: str) -> str:
    """The wording of replies with another first sentence, which stands in line 6."""
    return (
        "{# 答复 #}\n{% block subject %}回复：{{ subject }}{% endblock %}\n\n\n{% block opening %}\n"
        f"{words}\n"
        "{% endblock %}\n{% block summary %}见下。{% endblock %}\n{% block closing %}此致{% endblock %}\n"
    )


def test_the_built_in_templates_pass_their_own_examination(tmp_path: Path) -> None:
    written = write_out(tmp_path / "letters")
    assert {path.name for path in written} == set(files())
    wording = wording_of(tmp_path / "letters")
    assert wording.faults == []
    assert set(wording.own) == set(files())
    assert write_out(tmp_path / "letters") == []


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "reply.j2").write_text("我们的", encoding="utf-8")
    write_out(tmp_path)
    assert (tmp_path / "reply.j2").read_text(encoding="utf-8") == "我们的"


@pytest.mark.parametrize(
    ("words", "line", "why"),
    [
        ("您好 {{ titel }}", 6, "不认识的名字 titel"),
        ("您好 {% if left %}", 7, "写法有误"),
        ("您好 {{ title", 7, "写法有误"),
        ("{% for i in range(999999999) %}x{% endfor %}", 6, "for 只能用于信中的内容"),
        ("{{ 'x' * 999999999 }}", 6, "不能用乘法"),
        ("{{ '%999999999d' % 1 }}", 6, "不能用 %"),
        ("{{ 'x'.ljust(999999999) }}", 6, "不能调用函数"),
        ("{{ title | center(999999999) }}", 6, "不能用过滤器 center"),
        ("{% set a = title ~ title %}{{ a }}", 6, "set 里不能拼接"),
        ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", 6, "不能定义宏"),
        ("{% include 'reply.j2' %}", 6, "不能引用其他文件"),
        ("{{ title.__class__ }}", 6, "用不了"),
        ("{{ title.no_such_thing }}", 6, "用不了"),
        ("{{ 1 / 0 }}", 6, "用不了"),
        ("{{ title | safe }}", 6, "不能用过滤器 safe"),
    ],
)
def test_a_fault_is_found_with_its_line_and_the_built_in_one_is_used(
    tmp_path: Path, words: str, line: int, why: str
) -> None:
    (tmp_path / "reply.j2").write_text(with_opening(words), encoding="utf-8")
    wording = wording_of(tmp_path)
    assert wording.own == ()
    assert [fault for fault in wording.faults if fault.file == "reply.j2" and fault.line == line and why in fault.why]
    facts = dict(NAMES["reply"])
    assert wording.line("reply", "opening", facts) == BUILT_IN.line("reply", "opening", facts)


def layout(tmp_path: Path, old: str, new: str) -> Wording:
    """The office's own layouts, one passage of the HTML changed."""
    write_out(tmp_path)
    html = (tmp_path / "letter.html.j2").read_text(encoding="utf-8")
    assert old in html
    (tmp_path / "letter.html.j2").write_text(html.replace(old, new, 1), encoding="utf-8")
    return wording_of(tmp_path)


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("{% autoescape false %}{{ view.opening }}{% endautoescape %}", "不能关闭转义"),
        ("{{ view.opening | safe }}", "不能用过滤器 safe"),
        ('<img src="https://evil.example/x.png">{{ view.opening }}', "不能从别处"),
        ("<script>alert(1)</script>{{ view.opening }}", "不能有脚本"),
        ("{{ view.openning }}", "用不了"),
        ("{{ entry.points }}", "不认识的名字 entry"),
    ],
)
def test_no_layout_lets_words_become_markup_or_loads_anything(tmp_path: Path, new: str, why: str) -> None:
    wording = layout(tmp_path, "{{ view.opening }}", new)
    number = (tmp_path / "letter.html.j2").read_text(encoding="utf-8").split(new)[0].count("\n") + 1
    assert [fault for fault in wording.faults if fault.line == number and why in fault.why] or "entry" in new
    assert wording.faults
    assert not set(wording.own) & set(LAYOUTS)  # the text part says the same as the HTML one


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("replay.j2", b"x", "不是可以修改的模板"),
        ("reply.j2", "{% block subject %}您好".encode("gb18030"), "UTF-8"),
        ("reply.j2", b"{% block subject %}x{% endblock %}", "缺少 {% block opening %}"),
        ("reply.j2", b"x" * 70_000, "超过 64KB"),
    ],
)
def test_other_faults_are_told(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert [fault for fault in wording_of(tmp_path).faults if why in str(fault) and fault.file == name]


def test_a_fault_that_only_one_letter_shows_falls_back_too(tmp_path: Path) -> None:
    (tmp_path / "reply.j2").write_text(with_opening("您好{{ '' if left > 0 else left.nothing }}"), encoding="utf-8")
    wording = wording_of(tmp_path)
    assert wording.own == ("reply.j2",)
    facts = dict(NAMES["reply"]) | {"left": 0}
    assert wording.line("reply", "opening", facts) == BUILT_IN.line("reply", "opening", facts)
    assert [(fault.file, fault.line) for fault in wording.faults] == [("reply.j2", 6)]


class Recording(Wording):
    """Notes the names that each wording file is really given."""

    def __init__(self) -> None:
        super().__init__({})
        self.given: dict[str, set[str]] = {}

    def line(self, kind: str, block: str, facts: Mapping[str, object]) -> str:
        self.given.setdefault(f"{kind} {block}", set()).update(facts)
        return super().line(kind, block, facts)


def test_letters_give_just_the_names_that_the_page_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = Recording()
    monkeypatch.setattr(sample, "OFFICE", replace(sample.OFFICE, wording=recording))
    for make in sample.SAMPLES.values():
        make()
    page = DOCS.read_text(encoding="utf-8")
    for kind, names in NAMES.items():
        for name in names:
            assert re.search(rf"\| [^|]*`{name}`[^|]*\| ([^|]*\b{kind}\b|all )", page), (kind, name)
        for block in BLOCKS[kind]:
            given = recording.given.get(f"{kind} {block}")
            assert given is None or given == set(names), (kind, block)
    assert {key.partition(" ")[0] for key in recording.given} >= {"reply", "reminder", "hold"}


def settings(desk: Desk, folder: str) -> None:
    desk.config.write_text(desk.config.read_text("utf-8") + f'\n[letters]\nfolder = "{folder}"\n', "utf-8")


def test_the_office_writes_its_own_words_and_a_fault_does_not_stop_a_letter(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        settings(desk, "letters")
        write_out(tmp_path / "letters")
        mine = tmp_path / "letters" / "reply.j2"
        mine.write_text(GOOD.replace("请留存作为收件凭证", "请打印留存"), encoding="utf-8")
        first, second = desk.units[:2]
        desk.mail(first, everything(first), captioned(first))
        desk.cycle(wait=timedelta(minutes=10))
        assert "请打印留存" in body(desk)
        mine.write_text(GOOD.replace("{{ counted }}", "{{ countd }}"), encoding="utf-8")
        desk.mail(second, everything(second), captioned(second), at=desk.now)
        desk.cycle(wait=timedelta(minutes=10))
        assert len(desk.letters) == 2
        assert "请留存作为收件凭证" in body(desk)
        number = GOOD.split("{{ counted }}")[0].count("\n") + 1
        expected = f"reply.j2 第 {number} 行：不认识的名字 countd"
        assert [text for kind, text in desk.todo() if kind == "wording" and expected in text]
        assert [line for line in examine(desk.config, desk.now) if line.ok == "fail" and expected in line.detail]
        mine.write_text(GOOD.replace("{{ counted }}", "{{ countd }}{{ countd }}{{ 2 * 2 }}"), encoding="utf-8")
        assert len([text for kind, text in desk.todo() if kind == "wording"]) == 1
        mine.unlink()
        assert not [text for kind, text in desk.todo() if kind == "wording"]
