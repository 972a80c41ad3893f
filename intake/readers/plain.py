"""Plain text and comma-separated tables: one paragraph a line, nothing trimmed.

Tabs and ideographic spaces stay, because people line their answers up with them. Private-use
characters that came out of a symbol font are shown as the picture they were.
"""

from __future__ import annotations

import csv
import io

from intake.document import Block, Cell, Document, Paragraph, Table
from intake.errors import Damaged
from intake.readers import symbols
from intake.readers.pieces import Line

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read_plain(text: str) -> Document:
    """A text as paragraphs, one a line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Document(tuple(_paragraph(line) for line in lines), "plain")


def read_plain_bytes(content: bytes) -> Document:
    """A text file: UTF-8 or UTF-16 by its byte order mark, else UTF-8 if it is that, else GB18030."""
    return read_plain(decode(content))


def read_csv_bytes(content: bytes) -> Document:
    """A comma- or tab-separated file as one table."""
    text = decode(content).replace("\x00", "")
    delimiter = "\t" if text.count("\t") > text.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Damaged(str(error)) from error
    return Document((Table(tuple(tuple(_cell(text, at) for at, text in enumerate(row)) for row in rows)),), "plain")


def decode(content: bytes) -> str:
    """Text out of bytes of unknown charset; characters that neither charset knows become U+FFFD."""
    for mark, charset in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(charset, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _paragraph(text: str) -> Paragraph:
    line = Line()
    line.text(symbols.shown(text, "", "", ""))
    return line.paragraph()


def _cell(text: str, column: int) -> Cell:
    blocks: tuple[Block, ...] = tuple(_paragraph(line) for line in text.splitlines() if line)
    return Cell(blocks, column)
