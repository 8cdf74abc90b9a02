"""Which words belong to which photo: found in the mail, in a Word or text file, beside the picture, in the name.

Pairing is by file name, by number (图1, 照片一, ①), by order when there are as many captions as photos. What
fits no rule stays unpaired, and the photos it might belong to are named, so that nobody is blamed for it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from rules.captioning.caption_lines import Entry
from rules.captioning.caption_marks import is_placeholder
from rules.captioning.caption_sources import CaptionSource, caption_sources
from rules.captioning.photo_names import caption_in_name, photo_number
from rules.item import Caption, Item, Text
from rules.words import bare, stem, version_name

Key = TypeVar("Key", str, int)
_UNCHANGED = re.compile(
    r"(?:说明|文字|简介)[^。；;，,]{0,8}(?:不变|照旧|同前|同上|不改|沿用|没有变|未变)|沿用[^。；;，,]{0,8}(?:说明|文字)"
)
"""说明不变: a new photo takes the words of the one it replaces."""


class Captions(msgspec.Struct, frozen=True, kw_only=True):
    """What was found."""

    found: Mapping[str, Caption] = {}
    """By `Item.key` of the photo."""
    ambiguous: frozenset[str] = frozenset()
    """Photos without a caption for which words are there that nobody can pair: to be looked at, not to blame."""


def find_captions(photos: Sequence[Item], others: Sequence[Item], texts: Sequence[Text]) -> Captions:
    """Captions for `photos`, from their names, from the documents among `others` and from the mails' words.

    A caption of a later mail wins over an earlier one; within one mail the words that name the file win over a
    number, a number over the order. A photo's own name comes next. A new version of a photo that came without
    words keeps those of the old one, as does the one that a mail puts in its place saying that they stay.
    """
    photos = sorted(photos, key=lambda photo: (photo.received_at, photo.mail))
    pairing = _Pairing(photos, frozenset(text.mail for text in texts if _UNCHANGED.search(text.all_words)))
    for source in caption_sources(photos, others, texts):
        pairing.take(source)
    return pairing.result()


class _Pairing:
    """Photos on one side, words on the other; sources are taken oldest first."""

    def __init__(self, photos: Sequence[Item], unchanged: frozenset[str] = frozenset()) -> None:
        self._unchanged = unchanged
        """Mails that say that the captions stay as they were."""
        self._copies = tuple(photos)
        self._photos = _once(photos)
        self._by_key = {photo.key: photo for photo in photos}
        of_mail: dict[str, list[Item]] = {}
        for photo in photos:
            of_mail.setdefault(photo.mail, []).append(photo)
        self._of_mail = {mail: _once(group) for mail, group in of_mail.items()}
        self._by_stem = _index(photos, _comparable)
        self._by_number = _index(photos, _number)
        self._named_in = {mail: _index(group, _comparable) for mail, group in of_mail.items()}
        self._numbered_in = {mail: _index(group, _number) for mail, group in of_mail.items()}
        self._found: dict[str, Caption] = {}
        """By digest: the same photo sent twice is one photo."""
        self._told: set[tuple[str, str]] = set()
        """Digest and mail of the photos whose words that mail gave them by name or number."""
        self._worded: Sequence[Item] = ()
        self._versions: dict[str, list[Item]] = {}
        """The photos that found their words, oldest first, and by the name that versions of one file share."""
        self._left: set[str] = set()
        """Mails with words that found no photo."""

    def take(self, source: CaptionSource) -> None:
        """Pair the entries of one source: names first, then numbers, then order."""
        group = self._of_mail.get(source.mail)
        stems = self._named_in.get(source.mail, {})
        numbers = self._numbered_in.get(source.mail, self._by_number)
        pool = group if group is not None else self._photos
        waiting: list[Entry] = []
        elsewhere: list[tuple[Item, Entry]] = []
        for entry in source.entries:
            # the mail's own photos first: an earlier or later one may bear the same name
            named = self._by_key.get(entry.key) or stems.get(entry.stem)
            if named is None and entry.number is not None:
                named = numbers.get(entry.number)
            if named is not None:
                self._give(named, entry, source)
                self._told.add((named.digest, source.mail))
            elif entry.stem in self._by_stem:
                elsewhere.append((self._by_stem[entry.stem], entry))
            else:
                waiting.append(entry)
        if group is not None and elsewhere and len(elsewhere) == len(source.entries) == len(pool):
            # 图1 and 图2 were the names of earlier photos; here they count those that came with the words
            waiting, elsewhere = [entry for _, entry in elsewhere], []
        for named, entry in elsewhere:
            self._give(named, entry, source)
            self._told.add((named.digest, source.mail))
        self._in_order(waiting, pool, source)

    def _in_order(self, waiting: Sequence[Entry], pool: Sequence[Item], source: CaptionSource) -> None:
        if not waiting:
            return
        if len(waiting) == len(pool) == len(source.entries):
            for photo, entry in zip(_in_sequence(pool), _entries_in_sequence(waiting), strict=True):
                # words that the mail itself gave to this photo are surer than an order
                if (photo.digest, source.mail) not in self._told:
                    self._give(photo, entry, source)
            return
        free = [photo for photo in pool if photo.digest not in self._found] if len(waiting) <= len(pool) else []
        # one photo without words and one caption without photo belong together only when nothing else was there
        if len(free) == len(waiting) and (len(pool) == 1 or len(source.entries) > len(waiting)):
            for photo, entry in zip(_in_sequence(free), waiting, strict=True):
                self._give(photo, entry, source)
            return
        if not all(is_placeholder(entry.text) for entry in waiting):
            self._left.add(source.mail)

    def _give(self, photo: Item, entry: Entry, source: CaptionSource) -> None:
        if is_placeholder(entry.text):
            return
        self._found[photo.digest] = Caption(text=entry.text, source=source.source, where=source.where)

    def result(self) -> Captions:
        """What was paired; names of the files fill the gaps."""
        self._worded = [photo for photo in self._photos if photo.digest in self._found]
        for photo in self._worded:
            self._versions.setdefault(version_name(photo.name), []).append(photo)
        unsure: set[str] = set()
        for mail in self._left:
            pool = self._of_mail.get(mail, self._photos)
            unsure.update(photo.digest for photo in pool if photo.digest not in self._found)
        found: dict[str, Caption] = {}
        for photo in self._copies:
            caption = self._found.get(photo.digest)
            if caption is None and (words := caption_in_name(photo.name) or self._folder(photo)):
                caption = Caption(text=words, source="file-name", where=photo.path)
            if caption is None and photo.digest not in unsure:
                caption = self._kept(photo)
            if caption is not None:
                found[photo.key] = caption
        left = (photo for photo in self._copies if photo.digest in unsure and photo.key not in found)
        return Captions(found=found, ambiguous=frozenset(photo.key for photo in left))

    def _folder(self, photo: Item) -> str:
        """The sentence that the folder around it is, where it holds no other photo."""
        folder = photo.path.replace("\\", "/").rpartition("/")[0]
        alone = sum(one.path.rpartition("/")[0] == folder for one in self._of_mail[photo.mail]) == 1
        return caption_in_name(folder.rpartition("/")[2]) if folder and alone else ""

    def _kept(self, photo: Item) -> Caption | None:
        """The words of the earlier photo that this one replaces; None when it replaces none for certain."""
        name = version_name(photo.name)
        older = _before(self._versions.get(name, ()), photo) if name else 0
        if older:
            return self._found[self._versions[name][older - 1].digest]
        alone = photo.mail in self._unchanged and len(self._of_mail[photo.mail]) == 1
        return self._found[self._worded[0].digest] if alone and _before(self._worded, photo) == 1 else None


def _before(photos: Sequence[Item], photo: Item) -> int:
    """How many of these, oldest first, came before that one."""
    return bisect_left(photos, photo.received_at, key=lambda one: one.received_at)


def _comparable(photo: Item) -> str:
    return bare(stem(photo.name))


def _number(photo: Item) -> int | None:
    return photo_number(photo.name)


def _once(photos: Iterable[Item]) -> tuple[Item, ...]:
    """Each content once, as it came first."""
    first: dict[str, Item] = {}
    for photo in photos:
        first.setdefault(photo.digest, photo)
    return tuple(first.values())


def _index(photos: Iterable[Item], by: Callable[[Item], Key | None]) -> dict[Key, Item]:
    """Photos by a property; of several that share it in one mail none, else the latest."""
    index: dict[Key, Item] = {}
    clashing: set[Key] = set()
    for photo in photos:
        key = by(photo)
        if not key:
            continue
        if key in index and index[key].mail == photo.mail:
            clashing.add(key)
        elif key in index and index[key].mail != photo.mail:
            clashing.discard(key)
        index[key] = photo
    return {key: photo for key, photo in index.items() if key not in clashing}


def _in_sequence(photos: Sequence[Item]) -> list[Item]:
    """By their numbers when all have one, else as they came."""
    numbers = [photo_number(photo.name) for photo in photos]
    if None in numbers or len(set(numbers)) < len(numbers):
        return list(photos)
    return sorted(photos, key=lambda photo: photo_number(photo.name) or 0)


def _entries_in_sequence(lines: Sequence[Entry]) -> list[Entry]:
    if any(entry.number is None for entry in lines):
        return list(lines)
    return sorted(lines, key=lambda entry: entry.number or 0)
