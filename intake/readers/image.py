"""Still pictures: JPEG (also MPO, CMYK, progressive), PNG, WebP, BMP, GIF, TIFF.

Each picture is decoded once, since nothing less finds a photo that was cut in half; size, hash and
thumbnail come from that one decoding. Large JPEGs are decoded at a fraction of their scale
(`draft`), so that 12 million pixels cost 2 MB instead of 36.
"""

from __future__ import annotations

import contextlib
import io
import posixpath
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from intake.formats.seal import has_seal
from intake.readers import Given, Reading, Refused, reads
from rules.facts import ImageFacts, Picture

if TYPE_CHECKING:
    from PIL.Image import Image

THUMBNAIL = 240
"""Pixels of the longer side."""
BLANK = 8
"""Grey levels; a picture whose 9×8 reduction differs by no more shows nothing."""
_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "bmp": "BMP", "gif": "GIF", "tif": "TIFF"}
_HEADS = {
    b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG", b"GIF8": "GIF", b"BM": "BMP",
    b"RIFF": "WEBP", b"II*\x00": "TIFF", b"MM\x00*": "TIFF",
}  # fmt: skip
_PLUGINS = {"WEBP": "WebPImagePlugin", "TIFF": "TiffImagePlugin", "BMP": "BmpImagePlugin"}


@reads("jpg", "png", "webp", "bmp", "gif", "tif")
def read_image(path: Path, given: Given) -> Reading:
    """Decode the picture and measure it upright; truncated or impossible ones are damaged."""
    return described(path, given, _FORMATS[given.kind])


def described(path: Path, given: Given, format: str) -> Reading:
    """Facts and thumbnail of a picture that must be of this Pillow format."""
    with open_image(path, format) as image:
        stored = (image.width, image.height)
        dpi = _density(image)
        mode, frames = image.mode, 1 if image.format == "MPO" else _frames(image)
        turned = _orientation(image) >= 5  # EXIF 2.3, tag 274: 5 to 8 lie on their side
        if image.format in ("JPEG", "MPO"):
            image.draft(image.mode, (THUMBNAIL, THUMBNAIL))
        image.load()
        small = upright(image)
        small.thumbnail((THUMBNAIL, THUMBNAIL))
        thumbnail = given.spool / f"{path.name}.thumb.jpg"
        small.save(thumbnail, "JPEG", quality=72)
        facts = ImageFacts(
            format="JPEG" if image.format == "MPO" else str(image.format),
            width=stored[1] if turned else stored[0],
            height=stored[0] if turned else stored[1],
            mode=mode,
            frames=frames,
            dhash=difference_hash(small),
            dpi=dpi,
            seal=has_seal(small),
        )
    return Reading(facts=facts, thumbnail=thumbnail)


def _density(image: Image) -> float | None:
    """Dots per inch as the file labels itself; None when it does not, or writes nonsense."""
    told = image.info.get("dpi")
    try:
        density = round(float(told[0]), 1) if told else 0.0
    except (TypeError, ValueError, ZeroDivisionError, OverflowError, IndexError):
        return None
    return density if 1 < density < 100_000 else None


def measure(file: IO[bytes]) -> tuple[str, int, int] | None:
    """Format and upright pixels of a picture inside another file, by its header; None when not measurable."""
    head = file.read(16)
    file.seek(0)
    format = format_of(head)
    if not format:
        return None
    try:
        with open_image(file, format) as image:
            width, height = image.size
            return (format, height, width) if _orientation(image) >= 5 else (format, width, height)
    except Exception:  # noqa: BLE001 - Pillow raises many kinds on foreign bytes; the document itself goes on
        return None


def format_of(head: bytes) -> str:
    """Pillow's word for the format by the first 16 bytes; "" for what is no picture that we open."""
    format = next((name for signature, name in _HEADS.items() if head.startswith(signature)), "")
    return "" if format == "WEBP" and head[8:12] != b"WEBP" else format


def picture_in(package: zipfile.ZipFile, part: str, name: str = "") -> Picture:
    """A picture that is a part of a document, upright; without pixels where it is only linked, lost, or drawn."""
    try:
        entry = package.getinfo(part)
    except KeyError:
        return Picture(name=name, format="", width=0, height=0)
    format, width, height = posixpath.splitext(part)[1].lstrip(".").upper(), 0, 0
    with (
        contextlib.suppress(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
        package.open(entry) as file,
    ):  # a broken part; the document itself goes on
        format, width, height = measure(file) or (format, 0, 0)
    return Picture(name=posixpath.basename(part), format=format, width=width, height=height, size=entry.file_size)


def measure_bytes(data: bytes) -> tuple[str, int, int] | None:
    """The same of bytes in memory."""
    return measure(io.BytesIO(data))


def open_image(path: Path | IO[bytes], format: str) -> Image:
    """Open a picture as this one format and no other, without decoding it yet.

    Pillow's warning about decompression bombs (89 million pixels) is an error, except for JPEG,
    which is decoded at reduced scale and which phones make with 108 million.
    """
    from PIL import Image as pillow
    from PIL import UnidentifiedImageError

    _import_plugin(format)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore" if format == "JPEG" else "error", pillow.DecompressionBombWarning)
        try:
            return pillow.open(path, formats=[format])
        except (pillow.DecompressionBombError, pillow.DecompressionBombWarning) as bomb:
            raise Refused("too-large", str(bomb)) from bomb
        except UnidentifiedImageError as error:
            raise Refused("damaged", f"not a readable {format}") from error


def difference_hash(image: Image) -> str:
    """64-bit dHash of an upright picture: is each of 8×8 places darker than its right neighbour; "" if blank."""
    from PIL import Image as pillow

    grey = image.convert("L").resize((9, 8), pillow.Resampling.LANCZOS).tobytes()
    if max(grey) - min(grey) <= BLANK:
        return ""
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (grey[row * 9 + column + 1] > grey[row * 9 + column])
    return f"{bits:016x}"


def _import_plugin(format: str) -> None:
    """Only the one plugin: Pillow would import all 43 to find WebP or TIFF."""
    import importlib

    if format in _PLUGINS:
        importlib.import_module(f"PIL.{_PLUGINS[format]}")


def _frames(image: Image) -> int:
    try:
        return int(getattr(image, "n_frames", 1))
    except (OSError, SyntaxError, ValueError, EOFError):
        return 1  # a damaged later frame; the first one is decoded and judged below


def _orientation(image: Image) -> int:
    try:
        value = image.getexif().get(0x0112, 1)
    except Exception:  # noqa: BLE001 - damaged EXIF raises many kinds; the picture itself may be sound
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def upright(image: Image, side: int = THUMBNAIL) -> Image:
    """The decoded picture in RGB, on white, turned as its EXIF says, not much larger than `side` needs."""
    from PIL import Image as pillow
    from PIL import ImageOps

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image.thumbnail((4 * side, 4 * side), reducing_gap=2.0)
        image = image.convert("RGBA")
        white = pillow.new("RGBA", image.size, "white")
        white.alpha_composite(image)
        image = white
    elif image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = _eight_bits(image)
    if max(image.size) > 4 * side:
        image.thumbnail((2 * side, 2 * side), reducing_gap=2.0)
    image = image.convert("RGB") if image.mode != "RGB" else image
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - damaged EXIF raises many kinds; shown as it lies
        return image


def _eight_bits(image: Image) -> Image:
    """Scientific and scanner depths scaled to what can be seen."""
    wide = image.convert("F")
    low, high = cast("tuple[float, float]", wide.getextrema())  # mode F has one band
    scale = 255.0 / (high - low) if high > low else 0.0
    return wide.point(lambda level: level * scale - low * scale).convert("L")
