"""A red seal on a scanned page, told by colour alone: a patch of seal red on mostly pale ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

REDDER = 60
"""By how much (of 255) red must exceed both other channels; red ink on white paper does by 100 and more."""
PALE = 170
"""All channels above it: paper, also grey from a phone's camera."""
_SMALL = 240


def has_seal(image: Image) -> bool:
    """True when 0.2 to 15 per cent of the page is seal red and at least a third is paper.

    A machine's hint for a person, no proof: a red logo on a letter looks the same.
    """
    from PIL import ImageChops

    small = image.convert("RGB")
    small.thumbnail((_SMALL, _SMALL))
    red, green, blue = small.split()
    inked = _count(ImageChops.subtract(red, ImageChops.lighter(green, blue)), REDDER)
    paper = _count(ImageChops.darker(red, ImageChops.darker(green, blue)), PALE)
    area = small.width * small.height
    return 0.002 * area <= inked <= 0.15 * area and paper >= area / 3


def _count(channel: Image, least: int) -> int:
    """Pixels of one channel from `least` upwards."""
    return sum(channel.histogram()[least:])
