"""The folder is the registry: every module here declares checks with `@check`, no list elsewhere.

A check is a frozen settings class and one pure function from settings and `Case` to findings.

>>> sorted(registry())[:2]
['all-formats', 'caption']
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict

from rules.case import Case
from rules.finding import Finding


class Settings(BaseModel):
    """Base of all check settings: frozen, unknown keys refused, so that a typing error in a notice is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Check:
    """One declared check."""

    kind: str
    settings: type[Settings]
    run: Callable[[Settings, Case], Iterable[Finding]]
    codes: tuple[str, ...]
    always: bool
    """Runs on every requirement, with default settings unless the notice gives others."""
    per_item: bool
    """Its findings are about single pieces, so a piece can be weighed before it is chosen."""


_registered: dict[str, Check] = {}


def check(
    kind: str, settings: type[Settings], *, codes: tuple[str, ...], always: bool = False, per_item: bool = True
) -> Callable[[Callable[..., Iterable[Finding]]], Callable[..., Iterable[Finding]]]:
    """Declare a check: `kind` is its key under `checks.` in a notice, `codes` the finding codes it may return."""

    def register(run: Callable[..., Iterable[Finding]]) -> Callable[..., Iterable[Finding]]:
        if kind in _registered and _registered[kind].run is not run:
            raise ValueError(f"two checks are called {kind!r}")
        _registered[kind] = Check(kind, settings, run, codes, always, per_item)
        return run

    return register


@cache
def registry() -> Mapping[str, Check]:
    """All declared checks by kind; imports every module of this folder once."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        importlib.import_module(f"{__name__}.{module.name}")
    return _registered
