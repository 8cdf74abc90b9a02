"""The words beside pictures that an HTML body shows."""

from __future__ import annotations

import pytest

from intake.mail.beside import beside
from intake.mail.level import Words

FAIR = "九月六日，工作人员在中心广场为群众讲解家用电器安全知识。"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<div>您好</div><img src='cid:a@x'><div>{FAIR}</div>", {"a@x": FAIR}),
        (f"<p><img src='cid:a'><br>{FAIR}</p><p><img src='cid:b'><br>照片</p>", {"a": FAIR, "b": "照片"}),
        # the words of two pictures in a row are those of neither
        (f"<img src='cid:a'><img src='cid:b'><p>{FAIR}</p>", {"a": "", "b": ""}),
        (f"<table><tr><td><img src='cid:a'></td><td>{FAIR}</td></tr></table>", {"a": FAIR}),
        ("<p>请查收</p><img src='cid:a'>", {"a": ""}),
        # history and hidden pictures
        (f"<p>好的</p><blockquote><img src='cid:a'><p>{FAIR}</p></blockquote>", {}),
        (f"<div style='display:none'><img src='cid:a'></div><p>{FAIR}</p>", {}),
        (f"<img src='https://cdn.example/x.jpg'><p>{FAIR}</p>", {}),
    ],
)
def test_table(html: str, expected: dict[str, str]) -> None:
    assert beside([Words(html=html)]) == expected


def test_plain_text_shows_no_pictures() -> None:
    assert beside([Words(plain=f"cid:a\n{FAIR}")]) == {}
