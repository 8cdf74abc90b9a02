"""A lower bound above the upper one could never be met: such settings are refused when the notice is read."""

from __future__ import annotations

from rules.checks import Settings


def ordered(settings: Settings, least: str, most: str) -> None:
    """ValueError, in the words of a fault (what was expected), when `least` is above `most`; None is no bound."""
    low, high = getattr(settings, least), getattr(settings, most)
    if low is not None and high is not None and low > high:
        raise ValueError(f"{least} 不大于 {most}")
