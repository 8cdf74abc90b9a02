"""Which small pictures of photos in question go along with a letter, and how the HTML part names them.

They were made in the sandboxed child when the mail was read (`intake.readers.image`); a picture that could not be
decoded has none. Nothing is loaded from elsewhere: each travels with the letter (multipart/related).
"""

from __future__ import annotations

from collections.abc import Mapping

MOST = 6
BYTES = 72 * 1024
"""Of all thumbnails of one letter together; a third more on the wire (base64)."""
_JPEG = b"\xff\xd8"


def cid_of(digest: str) -> str:
    """The Content-ID of a thumbnail (RFC 2392): the same picture has the same one."""
    return f"{digest[:32]}@thumbnail.shouqi"


def those_that_fit(pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The first of them that fit: a letter must stay light on a phone."""
    shown: dict[str, bytes] = {}
    room = BYTES
    for digest, data in pictures.items():
        if len(shown) < MOST and data.startswith(_JPEG) and len(data) <= room:
            shown[digest] = data
            room -= len(data)
    return shown
