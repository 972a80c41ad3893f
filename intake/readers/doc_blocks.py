"""Paragraphs and tables of a Word 97-2003 file as WordprocessingML.

A table is a row of paragraphs: a cell ends with a mark of its own, and so does a row, whose mark
carries the properties of the row ([MS-DOC] 2.4.3 to 2.4.5). Raises TooLarge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from intake.errors import TooLarge
from intake.readers.doc_runs import Runs
from intake.readers.doc_sprms import ParagraphProperties
from intake.readers.doc_styles import alignment, list_reference
from intake.readers.doc_tables import Cell, Row, write_table
from intake.readers.doc_text import WordText

MAX_SIZE = 16 << 20  # characters of WordprocessingML; a form has a hundred thousand
_CELL_MARK = "\x07"
_ENDS = re.compile("[\r\x07\x0c]")


@dataclass(slots=True)
class _Table:
    rows: list[Row] = field(default_factory=list)
    row: Row = field(default_factory=Row)
    cell: Cell | None = None


@dataclass(slots=True)
class _Page:
    """What is being written: the finished blocks, and the open tables from the outermost in."""

    blocks: list[str] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)

    def target(self) -> list[str]:
        if not self.tables:
            return self.blocks
        table = self.tables[-1]
        if table.cell is None:
            table.cell = Cell()
        return table.cell.content

    def descend(self, level: int) -> None:
        """Open or close tables until as many are open as a paragraph stands in."""
        while len(self.tables) > level:
            table = self.tables.pop()
            _end_row(table)
            self.target().append(write_table(table.rows))
        while len(self.tables) < level:
            self.target()
            self.tables.append(_Table())


class Blocks:
    """Writes stretches of the document as paragraphs and tables."""

    def __init__(self, text: WordText, runs: Runs) -> None:
        self._text = text
        self._runs = runs
        self._size = 0

    def write(self, start: int, end: int) -> str:
        """The blocks of the characters from one CP to another."""
        page = _Page()
        for first, mark in self._paragraphs(start, min(end, len(self._text.characters))):
            self._paragraph(page, first, mark)
        page.descend(0)
        return "".join(page.blocks)

    def _paragraphs(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The paragraphs as (first CP, CP of the mark); the last one may lack its mark."""
        while start < end:
            match = _ENDS.search(self._text.characters, start, end)
            mark = match.start() if match else end
            yield start, mark
            start = mark + 1

    def _paragraph(self, page: _Page, first: int, mark: int) -> None:
        properties, sign = self._properties(page, first, mark)
        page.descend(properties.level)
        if not properties.level:
            page.blocks.append(self._xml(first, mark, properties))
            return
        table = page.tables[-1]
        if properties.row_end or properties.inner_row_end:
            table.row.table = properties.table
            table.row.deleted = self._mark_is_deleted(mark)
            _end_row(table)
            return
        page.target().append(self._xml(first, mark, properties))
        if sign == _CELL_MARK or properties.inner_cell_end:
            _end_cell(table)

    def _properties(self, page: _Page, first: int, mark: int) -> tuple[ParagraphProperties, str]:
        """Where the formatting is lost, a cell mark still says that there is a table; two of them end a row."""
        last = min(mark, len(self._text.characters) - 1)
        sign = self._text.characters[last]
        properties = self._text.paragraph(last)
        if sign == _CELL_MARK and not properties.level:
            row_end = first == mark and bool(page.tables and page.tables[-1].row.cells)
            properties = replace(properties, in_table=True, depth=1, row_end=row_end)
        if mark > last:
            sign = ""
        return properties, sign

    def _mark_is_deleted(self, mark: int) -> bool:
        return any(self._runs.character(one.grpprl, 0).deleted for one in self._text.stretches(mark, mark + 1))

    def _xml(self, first: int, mark: int, properties: ParagraphProperties) -> str:
        own = [f'<w:pStyle w:val="s{properties.style}"/>', properties.shading]
        own.append(list_reference(properties.list_number, properties.list_level))
        if properties.align is not None:
            own.append(f'<w:jc w:val="{alignment(properties.align)}"/>')
        if properties.left or properties.first:
            own.append(f'<w:ind w:left="{properties.left}" w:firstLine="{properties.first}"/>')
        own.append(self._mark(mark, properties.style))
        runs = self._runs.runs(first, mark, properties.style)
        written = f"<w:p><w:pPr>{''.join(own)}</w:pPr>{runs}</w:p>"
        self._size += len(written)
        if self._size > MAX_SIZE:
            raise TooLarge(f"more than {MAX_SIZE} characters of WordprocessingML")
        return written

    def _mark(self, mark: int, style: int) -> str:
        """The properties of the mark: a deleted or hidden one joins the paragraph to the next."""
        if self._text.characters[mark : mark + 1] != "\r":
            return ""
        for stretch in self._text.stretches(mark, mark + 1):
            character = self._runs.character(stretch.grpprl, style)
            hidden = '<w:vanish w:val="1"/>' if '<w:vanish w:val="1"/>' in character.properties else ""
            return f"<w:rPr>{'<w:del/>' if character.deleted else ''}{hidden}</w:rPr>"
        return ""


def _end_cell(table: _Table) -> None:
    table.row.cells.append(table.cell or Cell())
    table.cell = None


def _end_row(table: _Table) -> None:
    if table.cell is not None:
        _end_cell(table)
    if table.row.cells:
        table.rows.append(table.row)
    table.row = Row()
