"""What a file really is, by its content; the name only decides where the content leaves it open.

The answer is a lower-case extension (`jpg`, `docx`, `wps`), "" when unknown. Only the head of the
file and, for containers, the directory is read.
"""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

from intake.formats.package import directory

HEAD = 64 << 10
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_SUFFIXES = frozenset(
    ["txt", "csv", "tsv", "log", "md", "ini", "json", "xml", "eml", "mht", "mhtml", "htm", "html"]
)
_SCRIPTS = frozenset(["bat", "cmd", "js", "jse", "vbs", "vbe", "wsf", "wsh", "ps1", "hta", "reg", "sh"])
_OFFICE = frozenset(["docx", "docm", "xlsx", "xlsm", "pptx", "pptm", "wps", "et", "dps"])
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAIL = re.compile(rb"(?i)(received|return-path|from|date|mime-version|message-id|delivered-to|x-[\w-]+): ")
_HTML = re.compile(rb"(?i)\s*(<!--.{0,200}-->\s*)?<(!doctype html|html|head|body)\b", re.DOTALL)
_RUBBISH = re.compile(
    r"(?:^|/)(?:__MACOSX(?:/|$)|(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*|~\$[^/]*|\.~(?:lock\.)?[^/]*)$)",
    re.IGNORECASE,
)
_BRANDS = {
    b"qt  ": "mov", b"M4V ": "m4v", b"M4A ": "m4a", b"M4B ": "m4a", b"avif": "avif", b"avis": "avif",
    b"heic": "heic", b"heix": "heic", b"hevc": "heic", b"hevx": "heic", b"heim": "heic", b"heis": "heic",
    b"mif1": "heic", b"msf1": "heic", b"crx ": "cr3",
}  # fmt: skip
_SIGNATURES = (
    (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif"),
    (b"II*\x00", "tif"), (b"MM\x00*", "tif"), (b"{\\rtf", "rtf"), (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"), (b"FLV\x01", "flv"), (b"\x7fELF", "elf"), (b"ITSF\x03", "chm"),
    (b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F", "lnk"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", "wmv"),
    (b"\xcf\xfa\xed\xfe", "macho"), (b"\xce\xfa\xed\xfe", "macho"), (b"\x00\x00\x01\xba", "mpg"),
    (b".RMF", "rmvb"), (b"\xd7\xcd\xc6\x9a", "wmf"), (b"\x1f\x8b\x08", "gz"), (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"), (b"\x00\x00\x01\xb3", "mpg"),
)  # fmt: skip


def suffix_of(name: str) -> str:
    """Lower-case extension of a name, "" without one; blanks and dots that Windows ignores are cut off.

    >>> suffix_of("照片.JPG "), suffix_of("说明"), suffix_of("a.pdf.exe. ")
    ('jpg', '', 'exe')
    """
    stem, dot, suffix = name.rstrip(". \u3000").rpartition(".")
    return suffix.strip().lower() if dot and stem else ""


def is_rubbish(name: str) -> bool:
    """True for what systems and office programs leave in a folder; `name` may be a path.

    >>> is_rubbish("材料/Thumbs.db"), is_rubbish("~$活动总结.docx"), is_rubbish("活动总结.docx")
    (True, True, False)
    """
    return _RUBBISH.search(name) is not None


def detect(path: Path, name: str) -> str:
    """Kind of the file at `path`, which the sender called `name`."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    suffix = suffix_of(name)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[257:262] == b"ustar":
        return "tar"
    if head.startswith(b"PK"):
        return _zip_kind(path, head)
    if head.startswith(_OLE):
        return _ole_kind(path, suffix)
    if head.startswith(b"BM") and len(head) >= 26 and head[6:10] == b"\0\0\0\0":
        return "bmp"
    if head.startswith(b"RIFF"):
        return {b"WEBP": "webp", b"AVI ": "avi", b"WAVE": "wav"}.get(head[8:12], "")
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return _brand(head) if head[4:8] == b"ftyp" else "mov"
    if head[0:1] == head[188:189] == head[376:377] == b"G" or head[4:5] == head[196:197] == head[388:389] == b"G":
        return "ts"  # packets of 188 bytes, in camcorders with a time of four bytes before each
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "webm" if b"webm" in head[:64] else "mkv"
    if head.startswith(b"MZ") and not _is_text(head, suffix):
        return "exe"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if _is_text(head, suffix):
        return _text_kind(head, suffix)
    return _other(head)


def _brand(head: bytes) -> str:
    """ISO/IEC 14496-12 4.3: the major brand, and for `mif1` and the like the compatible ones."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    brands = [head[at : at + 4] for at in range(16, max(16, length - 3), 4)]
    if major in (b"mif1", b"msf1") and b"avif" in brands:
        return "avif"
    return "3gp" if major.startswith(b"3g") else _BRANDS.get(major, "mp4")


def _zip_kind(path: Path, head: bytes) -> str:
    if head[:4] not in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return ""
    try:
        with directory(path, entries=20_000) as package:
            return _contents_kind(package)
    except Exception:  # noqa: BLE001 - zipfile raises many kinds on damaged directories; the reader will tell
        # cut or overgrown: the first local names still tell a document from an archive
        for part, kind in ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx")):
            if b"[Content_Types].xml" in head[:4096] and part in head:
                return kind
        return "zip"


def _contents_kind(package: ZipFile) -> str:
    names = set(package.namelist())
    if "[Content_Types].xml" in names:
        macros = any(name.endswith("vbaProject.bin") for name in names)
        for folder, plain, macro in (("word/", "docx", "docm"), ("xl/", "xlsx", "xlsm"), ("ppt/", "pptx", "pptm")):
            if any(name.startswith(folder) for name in names):
                return "xlsb" if "xl/workbook.bin" in names else macro if macros else plain
    if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
        odf = package.read("mimetype").decode("ascii", "replace").strip()
        for word, kind in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp")):
            if odf.startswith(f"application/vnd.oasis.opendocument.{word}"):
                return kind
    if "AndroidManifest.xml" in names:
        return "apk"
    if "META-INF/MANIFEST.MF" in names and any(name.endswith(".class") for name in names):
        return "jar"
    return "zip"


def _ole_kind(path: Path, suffix: str) -> str:
    """[MS-CFB] containers. WPS Office writes the same streams as Word and Excel: there the suffix decides."""
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as ole:
            top = {entry[0].lower() for entry in ole.listdir()}
            class_id = str(ole.root.clsid or "").upper()
    except Exception:  # noqa: BLE001 - olefile raises many kinds on damaged directories; the head is OLE all the same
        return suffix if suffix in ("doc", "xls", "ppt", "wps", "et", "dps", "msg", "msi") else "ole"
    if "encryptedpackage" in top:
        return suffix if suffix in _OFFICE else "ole"
    families = (
        ("worddocument", "doc", "wps"), ("workbook", "xls", "et"), ("book", "xls", "et"),
        ("powerpoint document", "ppt", "dps"), ("__properties_version1.0", "msg", "msg"),
    )  # fmt: skip
    for stream, kind, kingsoft in families:
        if stream in top:
            return kingsoft if suffix == kingsoft else kind
    return "msi" if class_id.startswith(("000C1084", "000C1086")) else "ole"


def _is_text(head: bytes, suffix: str) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = head[: len(head) & ~1].decode("utf-16")
        except UnicodeDecodeError:
            return False
        return not re.search(r"[\x00-\x08\ufffe]", text)
    if _CONTROL.search(head):
        return False
    if suffix in _TEXT_SUFFIXES | _SCRIPTS:
        return True
    for charset in ("utf-8", "gb18030"):
        for cut in range(4 if len(head) == HEAD else 1):  # the head may end within a character
            try:
                head[: len(head) - cut].decode(charset)
            except UnicodeDecodeError:
                continue
            return True
    return False


def _text_kind(head: bytes, suffix: str) -> str:
    if suffix in _SCRIPTS:
        return suffix
    if head.startswith(b"#!"):
        return "sh"
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    if _MAIL.match(head) and b"\nMIME-Version:" in b"\n" + head:
        return "mht" if suffix != "eml" and b"multipart/related" in head else "eml"
    if suffix in ("csv", "tsv"):
        return "csv"
    if suffix in ("eml", "xml", "json"):
        return suffix
    return "txt"


def _other(head: bytes) -> str:
    import filetype

    found = filetype.guess(head)
    return str(found.extension).lower() if found is not None else ""
