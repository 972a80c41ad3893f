"""What can still be read of a damaged Word 97-2003 file: its text, so that the contact fields are not lost.

Where the directory of the compound file or the table of pieces is gone, the text is looked for where
Word writes it, in one piece after the FIB. Formatting and form data may be lost with the rest, so the
document counts as damaged. Raises Damaged, Encrypted or Unsupported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.document import Block, Cell, Document, Paragraph, Table, Text
from intake.errors import Damaged
from intake.readers.doc_file import check_head
from intake.readers.doc_runs import shown_text

NOTE = "damaged file"
_HEADS = (b"\xec\xa5", b"\xdc\xa5")
_LEAST = 20  # characters of a text worth reading
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*\x14?")
_COMMON = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\x20-\x7e\r\x07\t]")


def salvage(content: bytes) -> Document:
    """The text of a file of which the directory or the tables are lost."""
    for at in range(0, min(len(content), 1 << 20) - 512, 512):
        if content[at : at + 2] in _HEADS:
            check_head(content[at:])
            text = _text(content[at:])
            if text:
                return Document(tuple(_blocks(text)), "doc", notes=(NOTE,), damaged=True)
    raise Damaged("no text of a Word document is left")


def _text(word: bytes) -> str:
    """The characters from fcMin on ([MS-DOC] FibBase, reserved5), 16 or 8 bits each; "" where they are none."""
    start = int.from_bytes(word[24:28], "little")
    count = int.from_bytes(word[76:80], "little")
    if not 0 < count <= len(word) or not 512 <= start < len(word):
        return ""
    wide = word[start : start + 2 * count].decode("utf-16-le", "ignore")
    narrow = word[start : start + count].decode("cp1252", "replace")
    best = wide if _sense(wide) >= _sense(narrow) else narrow
    return best if len(best) >= min(_LEAST, count) and _sense(best) > 0.8 else ""


def _sense(text: str) -> float:
    """The share of characters that a Chinese form is made of."""
    return len(_COMMON.findall(text)) / len(text) if text else 0.0


def _blocks(text: str) -> Iterator[Block]:
    """Paragraphs, and what lies between the first and the last cell mark as one table."""
    text = _FIELD_CODE.sub("", text).replace("\x15", "")
    first, last = text.find("\x07"), text.rfind("\x07")
    if first < 0:
        yield from _paragraphs(text)
        return
    start = text.rfind("\r", 0, first) + 1
    yield from _paragraphs(text[: max(0, start - 1)])
    yield Table(tuple(_rows(text[start:last])))
    yield from _paragraphs(text[last + 1 :])


def _rows(text: str) -> Iterator[tuple[Cell, ...]]:
    """A cell mark that follows another one at once ends a row, or stands for an empty cell: both read alike."""
    cells: list[Cell] = []
    for part in text.split("\x07"):
        if not part and cells:
            yield tuple(cells)
            cells = []
        else:
            cells.append(Cell(tuple(_paragraphs(part)), len(cells)))
    if cells:
        yield tuple(cells)


def _paragraphs(text: str) -> Iterator[Paragraph]:
    for line in text.split("\r"):
        shown = shown_text(line.replace("\x0b", "\n"))
        if shown:
            yield Paragraph((Text(shown),))
