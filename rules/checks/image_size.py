"""Does a picture have enough pixels (and not too many)? Width and height are upright, EXIF orientation applied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._bounds import ordered
from rules.facts import ImageFacts
from rules.finding import Finding
from rules.item import Item


class ImageSizeSettings(Settings):
    """Limits in pixels; with `either_orientation`, 768×1024 meets 1024×768."""

    min_width: int | None = Field(default=None, ge=1)
    min_height: int | None = Field(default=None, ge=1)
    max_width: int | None = Field(default=None, ge=1)
    max_height: int | None = Field(default=None, ge=1)
    min_long_side: int | None = Field(default=None, ge=1)
    min_side: int | None = Field(default=None, ge=1)
    """Of the shorter side."""
    min_megapixels: float | None = Field(default=None, gt=0)
    either_orientation: bool = True

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        ordered(self, "min_width", "max_width")
        ordered(self, "min_height", "max_height")
        return self


@check("image-size", ImageSizeSettings, codes=("too-small", "too-large"))
def image_size(settings: ImageSizeSettings, case: Case) -> Iterator[Finding]:
    """fail below the least or above the greatest size."""
    for item in case.items:
        if not isinstance(item.facts, ImageFacts):
            continue
        width, height = item.facts.width, item.facts.height
        measured = f"{width}×{height}"
        if not _fits(width, height, settings, least=True):
            wanted = _wanted(settings.min_width, settings.min_height)
            yield Finding(
                code="too-small",
                outcome="fail",
                says=f"图片“{item.name}”为 {measured} 像素，小于要求的 {wanted} 像素。",
                fix=f"请换用相机或手机里的原图（不要截图，也不要用微信压缩过的图片），不低于 {wanted} 像素。",
                file=item.path,
                expected=f"不低于 {wanted} 像素",
                measured=f"{measured} 像素",
                about=item.key,
            )
        yield from _smaller(item, width, height, settings)
        if not _fits(width, height, settings, least=False):
            wanted = _wanted(settings.max_width, settings.max_height)
            yield Finding(
                code="too-large",
                outcome="fail",
                says=f"图片“{item.name}”为 {measured} 像素，超过要求的 {wanted} 像素。",
                fix=f"请缩小到 {wanted} 像素以内后重新发送。",
                file=item.path,
                expected=f"不超过 {wanted} 像素",
                measured=f"{measured} 像素",
                about=item.key,
            )


def _smaller(item: Item, width: int, height: int, settings: ImageSizeSettings) -> Iterator[Finding]:
    """One finding for each measure other than width by height that is not reached."""
    measures = (
        ("长边", max(width, height), settings.min_long_side, "像素"),
        ("短边", min(width, height), settings.min_side, "像素"),
        # 800万 is asked of cameras that make 3264×2448, which is a hair less
        ("总像素", round(width * height / 10_000), _ten_thousands(settings.min_megapixels), "万"),
    )
    for what, number, least, unit in measures:
        slack = 0.99 if unit == "万" else 1
        if least is not None and number < least * slack:
            yield Finding(
                code="too-small",
                outcome="fail",
                says=f"图片“{item.name}”的{what}为 {number} {unit}，小于要求的 {least:g} {unit}。",
                fix=f"请换用相机或手机里的原图（不要截图，也不要用微信压缩过的图片），{what}不低于 {least:g} {unit}。",
                file=item.path,
                expected=f"{what}不低于 {least:g} {unit}",
                measured=f"{number} {unit}",
                about=item.key,
            )


def _ten_thousands(megapixels: float | None) -> float | None:
    return None if megapixels is None else megapixels * 100


def _fits(width: int, height: int, settings: ImageSizeSettings, *, least: bool) -> bool:
    limits = (settings.min_width, settings.min_height) if least else (settings.max_width, settings.max_height)
    ways = [(width, height), (height, width)] if settings.either_orientation else [(width, height)]
    return any(
        all(
            limit is None or (side >= limit if least else side <= limit)
            for side, limit in zip(way, limits, strict=True)
        )
        for way in ways
    )


def _wanted(width: int | None, height: int | None) -> str:
    if width is not None and height is not None:
        return f"{width}×{height}"
    return f"宽 {width}" if width is not None else f"高 {height}"
