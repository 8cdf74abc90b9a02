"""Makes pictures of sample letters: `python -m benchmarks.render_letters DIR [NAME… | shown]`.

Each letter is written as .eml, .txt and .html, and drawn as a telephone (360 pixels) and a screen
(1000 pixels) show it. Needs Chromium; where it is not installed the letters are written without pictures.
The campaign is invented.
"""

from __future__ import annotations

import base64
import email
import email.policy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageChops

from benchmarks import office_letters, sample_letters, short_letters
from benchmarks.sample_letters import parts
from intake.mail.letter import Letter

WIDTHS = (360, 1000)
MOST = 60_000
"""Bytes of one picture."""
_TALL = 4000
_MARGIN = 16
_COLOURS = (64, 32, 16)
"""Sizes of the palette, tried in turn until the picture is small enough."""

KINDS: Mapping[str, Sequence[str]] = {
    "reply": (
        *("reply-mixed", "reply-owed", "reply-waiting", "reply-unknown-sender"),
        *("reply-complete", "reply-complete-notes", "reply-overdue"),
        *("reply-photos", "reply-tables", "reply-link", "reply-promised"),
    ),
    "amended": ("amended-earlier", "amended-later", "amended-more"),
    "decided": ("decided-accepted", "decided-refused", "decided-waived"),
    "reminder": ("reminder-7d", "reminder-1d", "reminder-0d", "reminder-overdue", "reminder-copied"),
    "link": ("link", "link-long", "link-last"),
    "hold": ("hold", "hold-several", "hold-plain"),
    "limit": ("limit", "limit-long", "limit-plain"),
    "question": ("question", "question-long", "question-plain"),
    "edited": ("edited", "edited-reminder", "edited-short"),
    "approval": ("approval-first", "approval-replaced", "approval-reminder"),
    "alarm": ("alarm-mailbox", "alarm-letters", "alarm-stopped", "alarm-held"),
    "over": ("over-mailbox", "over-letters", "over-stopped"),
    "morning": ("morning-busy", "morning-two", "morning-quiet"),
    "phones": ("phones-few", "phones-many", "phones-extended"),
    "closing": ("closing-all", "closing-usual", "closing-poor"),
}
"""What docs/pictures holds, at both widths, by kind of letter."""
SAMPLES: Mapping[str, Callable[[], Letter]] = {
    **sample_letters.SAMPLES,
    **short_letters.SAMPLES,
    **{f"{kind}-{name}": make for kind, made in office_letters.SAMPLES.items() for name, make in made.items()},
}


def draw(chromium: str, page: Path, outs: Sequence[Path]) -> None:
    """Pictures of a page, one for each of `WIDTHS`; frames, since browsers have a least window width."""
    uri = page.resolve().as_uri()
    frames = "".join(
        f'<iframe src="{uri}" scrolling="no" style="border:0;float:left;width:{width}px;height:{_TALL}px"></iframe>'
        for width in WIDTHS
    )
    with tempfile.TemporaryDirectory() as profile:
        frame, both = Path(profile) / "frame.html", Path(profile) / "both.png"
        frame.write_text(f'<body style="margin:0">{frames}</body>', encoding="utf-8")
        subprocess.run(
            [
                *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                *(f"--user-data-dir={profile}/data", f"--window-size={sum(WIDTHS)},{_TALL}"),
                *(f"--screenshot={both}", frame.as_uri()),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        with Image.open(both) as picture:
            whole = picture.convert("RGB")
    left = 0
    for width, out in zip(WIDTHS, outs, strict=True):
        _save(whole.crop((left, 0, left + width, _TALL)), out)
        left += width


def _save(picture: Image.Image, out: Path) -> None:
    """Cut off the empty foot, and take so few colours that the file stays small."""
    ground = Image.new("RGB", picture.size, picture.getpixel((1, _TALL - 2)))
    box = ImageChops.difference(picture, ground).getbbox()
    cut = picture.crop((0, 0, picture.width, min((box[3] if box else _TALL) + _MARGIN, _TALL)))
    for colours in _COLOURS:
        cut.quantize(colours, dither=Image.Dither.NONE).save(out, optimize=True)
        if out.stat().st_size <= MOST:
            return
    raise ValueError(f"{out} has {out.stat().st_size} bytes, more than {MOST}: show a shorter letter")


def _with_pictures(html: str, letter: Letter) -> str:
    """The page as a mail program shows it: the pictures that travel with the letter in their places."""
    message = email.message_from_bytes(letter.raw, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "image/jpeg":
            data = base64.b64encode(bytes(part.get_payload(decode=True))).decode()
            html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", f"data:image/jpeg;base64,{data}")
    return html


def main(folder: Path, only: tuple[str, ...] = ()) -> None:
    """Write, and where possible draw, the sample letters."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("no pictures: Chromium is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    shown = tuple(name for names in KINDS.values() for name in names)
    for name, compose in SAMPLES.items():
        if only and name not in (shown if only == ("shown",) else only):
            continue
        letter = compose()
        text, html = parts(letter)
        (folder / f"{name}.eml").write_bytes(letter.raw)
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        page = folder / f"{name}.html"
        page.write_text(_with_pictures(html, letter), encoding="utf-8")
        print(f"{name}: {letter.subject}")
        if chromium:
            draw(chromium, page, [folder / f"{name}-{width}.png" for width in WIDTHS])


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "letter-pictures"), tuple(sys.argv[2:]))
