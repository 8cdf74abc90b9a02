"""A placement in the making: what one file answers as far as name, type and content tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from rules.placing.vocabulary import Aside

_SAID: Mapping[Aside, str] = {
    "captions": "是图片的文字说明，与图片一并核对，不单独计为一项材料",
    "letter": "是报送用的函件，不单独计为一项材料",
    "notice": "是通知文件，不是报送材料",
    "plan": "是方案、议程一类的文件，不是本次要求的材料",
}


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A placement in the making."""

    ids: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    why: str
    confidence: float = 1.0
    undecided: bool = False
    """No evidence yet: the mail's subject and what else is missing may help."""
    aside: Aside | None = None
    settled: bool = False
    """Certain by content (a form filled in): requirements of one kind need not be told apart."""
    spare: bool = False
    """A poster, a screenshot: worth a look only where nothing else came."""


def placed(ids: tuple[str, ...], why: str, confidence: float) -> Found:
    """It answers these requirements."""
    return Found(ids=ids, why=why, confidence=confidence)


def set_aside(aside: Aside) -> Found:
    """It is no material of its own, and why."""
    return Found(why=_SAID[aside], aside=aside)


def merged(*groups: Iterable[str]) -> tuple[str, ...]:
    """Requirement ids in order, each once."""
    return tuple(dict.fromkeys(target for group in groups for target in group))
