"""Tables of a Word document: rows and cells on their grid, merged cells once, what is deleted or hidden left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from intake.document import Block, Cell, Table
from intake.readers.docx_controls import WRAPPERS, inside_table
from intake.readers.docx_paragraphs import NO_PROPERTIES, Properties
from intake.readers.docx_story import Story
from intake.readers.wordml import W, first_of_each, number, on, value

_TR, _TC, _TR_PR, _TC_PR, _CELL_DEL, _GRID_BEFORE, _GRID_SPAN, _V_MERGE, _H_MERGE, _DEL, _HIDDEN = (
    W + name
    for name in (
        "tr", "tc", "trPr", "tcPr", "cellDel", "gridBefore", "gridSpan", "vMerge", "hMerge", "del", "hidden"
    )
)  # fmt: skip
_MOST_COLUMNS = 1000


@dataclass(slots=True)
class _Draft:
    """A cell whose vertical merge may still go on."""

    blocks: tuple[Block, ...]
    column: int
    span: int
    rows: int = 1

    def cell(self) -> Cell:
        return Cell(self.blocks, self.column, self.span, self.rows)


class Tables:
    """Reads the tables of one document; `blocks` reads the content of a cell with its properties."""

    def __init__(self, story: Story, blocks: Callable[[Iterable[etree._Element], Properties], Sequence[Block]]) -> None:
        self._story = story
        self._blocks = blocks

    def table(self, element: etree._Element) -> Table:
        """A `w:tbl`."""
        rows: list[list[_Draft]] = []
        merging: dict[int, _Draft] = {}
        for row in _wrapped(element, _TR):
            content = list(row)
            properties = _properties(content, _TR_PR)
            if _is_gone(properties):
                self._story.note("rows left out")
                continue
            drafts, merging = self._row(content, number(value(properties.get(_GRID_BEFORE))), merging)
            rows.append(drafts)
        return Table(tuple([tuple([draft.cell() for draft in row]) for row in rows]))

    def _row(
        self, row: Iterable[etree._Element], column: int, merging: dict[int, _Draft]
    ) -> tuple[list[_Draft], dict[int, _Draft]]:
        """The cells of a row that begins at a column, and those that the next one may go on with."""
        drafts: list[_Draft] = []
        going_on: dict[int, _Draft] = {}
        for cell in _wrapped(row, _TC):
            content = list(cell)
            own = _properties(content, _TC_PR)
            if _CELL_DEL in own:
                continue
            span = max(1, min(number(value(own.get(_GRID_SPAN)), 1), _MOST_COLUMNS)) if _GRID_SPAN in own else 1
            merge = own.get(_V_MERGE)
            if value(own.get(_H_MERGE)) == "continue" and drafts:
                drafts[-1].span += span
            elif merge is not None and value(merge) in ("", "continue") and column in merging:
                merging[column].rows += 1
                going_on[column] = merging[column]
            else:
                drafts.append(_Draft(self._cell(content, own), column, span))
                if merge is not None:
                    going_on[column] = drafts[-1]
            column += span
        return drafts, going_on

    def _cell(self, content: Iterable[etree._Element], own: Properties) -> tuple[Block, ...]:
        blocks = self._blocks(content, own)
        for block in blocks:
            if isinstance(block, Table) or block.pieces:
                return tuple(blocks)
        return ()


def _wrapped(container: Iterable[etree._Element], tag: str) -> Iterator[etree._Element]:
    """The rows of a table, or the cells of a row, with what stands around them looked through."""
    for child in container:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS and (inner := inside_table(child)) is not None:
            yield from _wrapped(inner, tag)


def _properties(content: Iterable[etree._Element], tag: str) -> Properties:
    """Of a row or cell with this content."""
    for child in content:
        if child.tag == tag:
            return first_of_each(child)
    return NO_PROPERTIES


def _is_gone(row: Properties) -> bool:
    """Whether a row is deleted by a tracked change, or hidden."""
    return _DEL in row or (_HIDDEN in row and on(row[_HIDDEN]))
