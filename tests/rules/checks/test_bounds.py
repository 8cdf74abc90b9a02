"""Every check refuses settings that nothing could meet, in the words of the person who wrote them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from rules.checks import registry
from rules.faults import faults_of


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        ("count", "min", "max"),
        ("caption", "min", "max"),
        ("caption", "note_min", "note_max"),
        ("caption", "about", "max"),
        ("text-length", "min", "max"),
        ("text-length", "about", "max"),
        ("duration", "min_seconds", "max_seconds"),
        ("file-size", "min_mb", "max_mb"),
        ("image-size", "min_width", "max_width"),
        ("image-size", "min_height", "max_height"),
    ],
)
def test_bounds(kind: str, least: str, most: str) -> None:
    settings = registry()[kind].settings
    settings.model_validate({least: 5, most: 5})
    with pytest.raises(ValidationError) as caught:
        settings.model_validate({least: 6, most: 5})
    (fault,) = faults_of(caught.value, "requirement[1].checks")
    assert fault.expected == f"{least} 不大于 {most}"
