"""`image-size`: pixels of a picture, upright, in either orientation unless the notice says otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from pydantic import Field, model_validator

from rules.case import Case
from rules.checks import Settings, check
from rules.checks._say import about, in_order, pixels, quoted
from rules.facts import ImageFacts
from rules.finding import Finding


class ImageSizeSettings(Settings):
    """Pixels, all bounds included."""

    min_width: int | None = Field(default=None, ge=1)
    min_height: int | None = Field(default=None, ge=1)
    max_width: int | None = Field(default=None, ge=1)
    max_height: int | None = Field(default=None, ge=1)
    either_orientation: bool = True
    """768×1024 is as good as 1024×768."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        in_order(self, "min_width", "max_width")
        in_order(self, "min_height", "max_height")
        return self


@check("image-size", ImageSizeSettings, codes=("too-small", "too-large"))
def judge_image_size(settings: ImageSizeSettings, case: Case) -> Iterable[Finding]:
    """The size after the EXIF orientation was applied. Pictures in documents are not weighed here."""
    turned = "（横幅、竖幅均可）" if settings.either_orientation else ""
    for item in case.items:
        if not isinstance(item.facts, ImageFacts):
            continue
        width, height = item.facts.width, item.facts.height
        ways = [(width, height), (height, width)] if settings.either_orientation else [(width, height)]
        measured = pixels(width, height)
        if not any(_reaches(w, h, settings) for w, h in ways):
            least = f"不低于{_bounds(settings.min_width, settings.min_height)}{turned}"
            yield about(
                item,
                "too-small",
                "fail",
                f"{quoted(item)}为{measured}，要求{least}。",
                "请发送相机或手机拍摄的原图（微信发送时请勾选“原图”），放大小图达不到清晰度要求。",
                expected=least,
                measured=measured,
            )
        elif not any(_fits(w, h, settings) for w, h in ways):
            most = f"不超过{_bounds(settings.max_width, settings.max_height)}{turned}"
            yield about(
                item,
                "too-large",
                "fail",
                f"{quoted(item)}为{measured}，要求{most}。",
                "请缩小后重新发送。",
                expected=most,
                measured=measured,
            )


def _reaches(width: int, height: int, settings: ImageSizeSettings) -> bool:
    return width >= (settings.min_width or 0) and height >= (settings.min_height or 0)


def _fits(width: int, height: int, settings: ImageSizeSettings) -> bool:
    return width <= (settings.max_width or width) and height <= (settings.max_height or height)


def _bounds(width: int | None, height: int | None) -> str:
    if width is not None and height is not None:
        return pixels(width, height)
    return f"宽{width}像素" if width is not None else f"高{height}像素"
