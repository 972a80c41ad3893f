"""The pictures inside a document that holds nothing else: a scan pasted into Word, Excel or OpenDocument.

Promises: as many pictures as a person would page through, in their order; metafiles and damaged ones are passed
over. Raises what reading the document raises.
"""

from __future__ import annotations

import re
from contextlib import suppress

from intake.document import Document
from intake.errors import NoOcr, Unreadable

MOST_PICTURES = 24
KINDS = frozenset({"docx", "docm", "dotx", "doc", "wps", "xlsx", "xlsm", "odt", "ods", "rtf"})
_FOLDERS = ("word/media/", "xl/media/", "pictures/", "media/")
_IN_RTF = re.compile(rb"(?:89504e470d0a1a0a|ffd8ff)[0-9a-f\s]+", re.IGNORECASE)


def read_enclosed(content: bytes, kind: str) -> tuple[Document, ...]:
    """The documents on the pictures of a file of this kind, read with OCR; raises NoOcr where they give none."""
    from intake.readers.picture import read_picture

    found: list[Document] = []
    for picture in _pictures(content, kind)[:MOST_PICTURES]:
        with suppress(Unreadable):  # one of several, a logo or a metafile; a document without any page is refused below
            found += read_picture(picture, ocr=True)
    if not found:
        raise NoOcr("no page on the pictures of a document")
    return tuple(found)


def _pictures(content: bytes, kind: str) -> list[bytes]:
    if kind == "rtf":
        return [bytes.fromhex(_even(hexed[0].decode())) for hexed in _IN_RTF.finditer(content)]
    from intake.readers.ooxml_package import Package

    package = Package(_as_docx(content) if kind in ("doc", "wps") else content)
    names = [name for folder in _FOLDERS for name in package.names(folder)]
    return [part for name in sorted(names, key=_number) if (part := package.part(name))]


def _as_docx(content: bytes) -> bytes:
    from intake.readers.doc import as_docx
    from intake.readers.doc_file import open_word
    from intake.readers.doc_text import WordText

    file = open_word(content)
    return as_docx(file, WordText(file))


def _even(hexed: str) -> str:
    digits = "".join(hexed.split())
    return digits[: len(digits) // 2 * 2]


def _number(name: str) -> tuple[int, str]:
    """image2 stands before image10."""
    digits = re.findall(r"\d+", name.rpartition("/")[2])
    return int(digits[0]) if digits and len(digits[0]) < 9 else 0, name
