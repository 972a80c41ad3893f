"""The readers: each turns the bytes of one format into the same small Document.

`read` picks the reader by content, never by name. Whatever is wrong with a file comes out as a
child of `errors.Unreadable`; nothing else is raised. Readers open no file, no socket and no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from intake.errors import Damaged, IntakeError, NoOcr, TooDeep, TookTooMuchMemory, TooLarge, Unsupported
from intake.readers.sniff import PICTURES, sniff

if TYPE_CHECKING:
    from intake.document import Document

MAX_BYTES = 100 << 20


def read(content: bytes, name: str = "", *, ocr: bool = False, kind: str = "") -> tuple[Document, ...]:
    """The documents in a file; none in a picture too small for a form.

    `ocr`: characters are read from pixels too, where that is installed; `kind`: what `sniff` said, where it was asked.

    Raises Encrypted, Damaged, Unsupported, TooLarge, TooDeep, TookTooMuchMemory or NoOcr.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge(f"{len(content)} bytes")
    kind = kind or sniff(content, name)
    reader, scanned = _READERS.get(kind), _SCANNED.get(kind)
    if reader is None and scanned is None:
        raise _refusal(content, kind)
    try:
        return scanned(content, ocr) if scanned else _read_document(reader, content, kind, ocr) if reader else ()
    except IntakeError:
        raise
    except RecursionError as error:
        raise TooDeep(str(error), sentence=_TOO_DEEP) from error
    except MemoryError as error:
        raise TookTooMuchMemory(str(error)) from error
    except Exception as error:  # a reader may stumble over what no program wrote; the file is at fault
        raise Damaged(f"{kind}: {type(error).__name__}: {error}") from error


def _read_document(reader: Callable[[bytes], Document], content: bytes, kind: str, ocr: bool) -> tuple[Document, ...]:
    """The document; of one that holds only pictures, those on its pictures."""
    from intake.readers import enclosed

    try:
        return (reader(content),)
    except NoOcr:
        if not ocr or kind not in enclosed.KINDS:
            raise
    return enclosed.read_enclosed(content, kind)


_TOO_DEEP = "附件的表格或内容嵌套层数过多，请只发送填好的表格。"


def _docx(content: bytes) -> Document:
    from intake.readers.docx import read_docx

    return read_docx(content)


def _doc(content: bytes) -> Document:
    from intake.readers.doc import read_doc

    return read_doc(content)


def _xlsx(content: bytes) -> Document:
    from intake.readers.xlsx import read_xlsx

    return read_xlsx(content)


def _rtf(content: bytes) -> Document:
    from intake.readers.rtf import read_rtf

    return read_rtf(content)


def _xls(content: bytes) -> Document:
    from intake.readers.xls import read_xls

    return read_xls(content)


def _odt(content: bytes) -> Document:
    from intake.readers.odt import read_odt

    return read_odt(content)


def _html(content: bytes) -> Document:
    from intake.readers.html import read_html_bytes

    return read_html_bytes(content)


def _mht(content: bytes) -> Document:
    from intake.readers.mht import read_mht

    return read_mht(content)


def _text(content: bytes) -> Document:
    from intake.readers.plain import read_plain_bytes

    return read_plain_bytes(content)


def _csv(content: bytes) -> Document:
    from intake.readers.plain import read_csv_bytes

    return read_csv_bytes(content)


def _pdf(content: bytes, ocr: bool) -> tuple[Document, ...]:
    from intake.readers.pdf import read_pdf

    return read_pdf(content, ocr=ocr)


def _picture(content: bytes, ocr: bool) -> tuple[Document, ...]:
    from intake.readers.picture import read_picture

    return read_picture(content, ocr=ocr)


_READERS: Mapping[str, Callable[[bytes], Document]] = {
    "docx": _docx,
    "docm": _docx,
    "dotx": _docx,
    "doc": _doc,
    "wps": _doc,
    "xlsx": _xlsx,
    "xlsm": _xlsx,
    "xls": _xls,
    "et": _xls,
    "rtf": _rtf,
    "odt": _odt,
    "ods": _odt,
    "html": _html,
    "mht": _mht,
    "txt": _text,
    "csv": _csv,
}

_SCANNED: Mapping[str, Callable[[bytes, bool], tuple[Document, ...]]] = {
    "pdf": _pdf,
    **dict.fromkeys(PICTURES, _picture),
}

_SELF_EXTRACTING = "附件是自解压程序（.exe），为安全起见不会运行，请改用普通压缩包（.zip），或直接发送填好的表格。"
_NAMES: Mapping[str, str] = {
    "zip": "压缩包",
    "rar": "压缩包（.rar）",
    "7z": "压缩包（.7z）",
    "gz": "压缩包（.gz）",
}


def _refusal(content: bytes, kind: str) -> IntakeError:
    if not content:
        return Damaged("an empty file")
    if kind == "sfx":
        return Unsupported(kind, sentence=_SELF_EXTRACTING)
    name = _NAMES.get(kind)
    if name is None:
        return Unsupported(kind or "unknown format")
    return Unsupported(kind, sentence=f"附件是{name}，本系统目前无法自动读取，请另存为Word文档（.docx）后重新发送。")
