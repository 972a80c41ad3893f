"""What a file is, by its content; its name only breaks ties (doc/wps, xls/et, txt/csv).

Never raises, never unpacks: of a zip it reads the list of members, of a compound file the
directory. Magic numbers are those of the formats' own specifications.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from intake.readers.ole import MAGIC as _OLE
from intake.readers.ole import CompoundFile

PICTURES = frozenset({"jpg", "png", "gif", "tiff", "heic", "bmp", "webp"})

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gz"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x78\x9f\x3e\x22", "tnef"),
    (b"{\\rtf", "rtf"),
)
_HEIF = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|div|p|span|style|br|font)[\s>/]", re.I)
_FIELD = re.compile(rb"[!-9;-~]+:[ \t]?[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")
_MAIL_FIELD = re.compile(
    rb"^(?:received|return-path|delivered-to|from|to|subject|date|message-id|mime-version|content-type"
    rb"|x-[!-9;-~]+|dkim-signature|reply-to|sender)[ \t]*:",
    re.I,
)
_RELATED = re.compile(rb"(?im)^content-type:\s*(?:multipart/related|text/html)")
_SENT = re.compile(rb"(?im)^(?:received|delivered-to|to|cc|message-id|return-path):")
_LOCATION = re.compile(rb"(?im)^(?:snapshot-)?content-location:")
_ARCHIVE = re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|PK\x03\x04")
_MOST_MEMBERS = 5_000  # of a zip whose names are looked at
_STUB = 2 << 20  # bytes of a program before the archive that it carries
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(content: bytes, name: str = "") -> str:
    """The format of a file: docx docm dotx xlsx xlsm doc wps xls et rtf odt ods pdf jpg png gif tiff heic bmp
    webp zip rar 7z gz bz2 xz tar tnef msg eml mht html txt csv, `sfx` for an archive behind a program, `ole` for
    another compound file, "" where unknown.

    A docx or xlsx locked with a password is a compound file; it is named docx or xlsx all the same.
    """
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    head = content[:16]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(content, suffix)
    if head.startswith(_OLE):
        return _ole_kind(content, suffix)
    return _other_kind(content, head) or _text_kind(content, suffix)


def _other_kind(content: bytes, head: bytes) -> str:
    if content[257:262] == b"ustar" or _is_old_tar(content):
        return "tar"
    if head.startswith(b"MZ"):
        return "sfx" if _ARCHIVE.search(content, 0, _STUB) else ""
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        return "bz2"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return "heic"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"BM") and head[6:10] == b"\x00\x00\x00\x00":
        return "bmp"
    # The first record of a workbook stream that lies bare in the file (BIFF5 and BIFF8, then BIFF2 to BIFF4).
    if head.startswith((b"\x09\x08\x10\x00\x00\x06\x05", b"\x09\x08\x08\x00\x00\x05")):
        return "xls"
    if head.startswith((b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")) and head[6:8] == b"\x10\x00":
        return "xls"
    return ""


def _is_old_tar(content: bytes) -> bool:
    """A tar from before POSIX: the checksum of the first header, its own field taken as blanks, is right."""
    said = re.fullmatch(rb" *([0-7]+)[\x00 ]*", content[148:156])
    return said is not None and int(said[1], 8) == sum(content[:148]) + 8 * 32 + sum(content[156:512])


def _zip_kind(content: bytes, suffix: str) -> str:
    names: set[str] = set()
    for name in _member_names(content):
        name = name.lower().replace("\\", "/").lstrip("/")
        if name.startswith("word/"):
            return suffix if suffix in ("docm", "dotx") else "docx"
        names.add(name)
    if any(name.startswith("xl/") for name in names):
        return "xlsm" if suffix == "xlsm" else "xlsx"
    if "mimetype" in names and ("content.xml" in names or "encrypted-package" in names):
        return "ods" if b"opendocument.spreadsheet" in content[:200] else "odt"
    if (not any(names) or "[content_types].xml" in names) and suffix in ("docx", "docm", "dotx", "xlsx", "xlsm"):
        return suffix
    return "zip"


def _member_names(content: bytes) -> Iterator[str]:
    """As they stand, by the directory or, where that gives none, by the members themselves; few are asked for."""
    empty = True
    for name in _directory_names(content):
        empty = False
        yield name
    if empty:
        yield from _local_names(content)


def _directory_names(content: bytes) -> Iterator[str]:
    """Member names from the central directory (APPNOTE.TXT 4.3.12 and 4.3.16); none where it is broken."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 65_557))
    if end < 0 or len(content) < end + 22:
        return
    size, offset = struct.unpack_from("<II", content, end + 12)
    if content[offset : offset + 4] != b"PK\x01\x02":
        offset = end - size  # something was put before the archive
    for _ in range(_MOST_MEMBERS):
        if not (0 <= offset <= end - 46 and content[offset : offset + 4] == b"PK\x01\x02"):
            return
        name, extra, comment = struct.unpack_from("<HHH", content, offset + 28)
        yield content[offset + 46 : offset + 46 + name].decode("utf-8", "replace")
        offset += 46 + name + extra + comment


def _local_names(content: bytes) -> list[str]:
    """Member names of a zip without its directory: a truncated download still shows what it was."""
    found: list[str] = []
    offset = 0
    while (offset := content.find(b"PK\x03\x04", offset)) >= 0 and len(found) < 200:
        length = int.from_bytes(content[offset + 26 : offset + 28], "little")
        found.append(content[offset + 30 : offset + 30 + length].decode("utf-8", "replace"))
        offset += 30 + length
    return found


def _ole_kind(content: bytes, suffix: str) -> str:
    names = CompoundFile(content).names
    if "encryptedpackage" in names:
        return suffix if suffix in ("docm", "dotx", "xlsx", "xlsm") else "docx"
    if "worddocument" in names:
        return "wps" if suffix == "wps" else "doc"
    if "workbook" in names or "book" in names:
        return "et" if suffix == "et" else "xls"
    if "__properties_version1.0" in names:
        return "msg"
    if not names and suffix in ("doc", "wps", "xls", "et"):
        return suffix
    return "ole"


def _text_kind(content: bytes, suffix: str) -> str:
    text = _narrow(content)
    if not text.strip():
        return "txt" if suffix in ("txt", "csv") or (content and not content.strip()) else ""
    if _looks_like_mail(text):  # whatever bytes its body may hold
        return "mht" if _looks_like_page(text) else "eml"
    start = text.lstrip()
    if _looks_like_html(start):  # some writers leave the placeholders of fields in it, U+0001
        return "html"
    if _CONTROLS.search(text[:65536]):
        return ""
    if start.startswith(b"<?xml"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in start[:8192]:
            return "xls"  # XML Spreadsheet 2003
        return "odt" if b"<office:document " in start[:4096] else ""
    if not _decodable(content):
        return ""
    return "csv" if suffix == "csv" or (suffix in ("xls", "et") and b"\t" in text) else "txt"


def _narrow(content: bytes) -> bytes:
    """The first part of a text as ASCII-compatible bytes, whatever its byte order mark says."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content[:131072].decode("utf-16", "replace").encode("utf-8", "replace")
    return content.removeprefix(b"\xef\xbb\xbf")[:131072]


def _looks_like_html(start: bytes) -> bool:
    head = start[:4096]
    if head.startswith(b"<?xml"):
        return re.search(rb"<html[\s>]", head, re.I) is not None
    while head.startswith(b"<!--"):
        _, _, head = head.partition(b"-->")
        head = head.lstrip()
    return _HTML.match(head) is not None


def _looks_like_mail(text: bytes) -> bool:
    """Header fields from the first byte on, two of them known (RFC 5322, 2.2)."""
    offset, known = 0, 0
    if text.startswith(b"From "):
        offset = text.find(b"\n") + 1
    while (field := _FIELD.match(text, offset)) is not None:
        known += _MAIL_FIELD.match(field.group()) is not None
        offset = field.end()
        if known >= 3:
            return True
    return known >= 2 and text[offset : offset + 2].strip(b"\r\n") == b""


def _looks_like_page(text: bytes) -> bool:
    """A saved page and no mail: never received, addressed to nobody, its parts named by location (RFC 2557)."""
    section = re.split(rb"\r?\n\r?\n", text, maxsplit=1)[0]
    return _RELATED.search(section) is not None and _SENT.search(section) is None and _LOCATION.search(text) is not None


def _decodable(content: bytes) -> bool:
    sample = content[:262144]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    for charset in ("utf-8", "gb18030"):
        try:
            sample.decode(charset)
        except UnicodeDecodeError as error:
            if len(content) > len(sample) and error.start > len(sample) - 4:
                return True
        else:
            return True
    return False
