"""OpenDocument texts (odt, ott, flat fodt) and spreadsheets (ods) read straight from their XML.

Promises: every kind of mark comes out as it would from a docx of the same page, tables keep their
grid, tracked changes are taken as accepted, hidden text is left out. Headers and footers are not
form content and are not read. Source: OASIS OpenDocument 1.3, part 3. Raises children of
Unreadable only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from intake.document import Block, Cell, Document, Paragraph, Piece, Table
from intake.errors import Damaged, Encrypted, NoOcr, TooLarge, Unsupported
from intake.readers.docx_floats import Metrics
from intake.readers.odt_controls import Controls
from intake.readers.odt_drawn import SHAPES
from intake.readers.odt_lists import Lists
from intake.readers.odt_names import DRAW, LOEXT, META, OFFICE, TABLE, TEXT, XML_ID, count, points
from intake.readers.odt_runs import Inline, Setting, Story
from intake.readers.odt_sheets import Sheets
from intake.readers.odt_styles import Styles, fills
from intake.readers.ooxml_package import Package, parse

OWN_PROPERTY = "cipsa-intake"
MAX_COLUMNS = 16_384
MAX_ROWS = 1_048_576
MAX_CELLS = 300_000
_GAP = 20  # empty rows or cells in a run; more are no part of a form
_TEXT, _SPREADSHEET = OFFICE + "text", OFFICE + "spreadsheet"
_CELL, _COVERED = TABLE + "table-cell", TABLE + "covered-table-cell"
_ALONE = frozenset({DRAW + "control", DRAW + "a", OFFICE + "annotation"})
_CELL_MARGIN = 10.8  # points, left and right together
_CONTAINERS = frozenset(
    TEXT + name
    for name in (
        "table-of-content", "illustration-index", "table-index", "object-index", "user-index", "alphabetical-index",
        "bibliography", "index-body", "index-title", "numbered-paragraph",
    )
)  # fmt: skip
_ROW_GROUPS = frozenset(TABLE + name for name in ("table-header-rows", "table-rows", "table-row-group"))
_COLUMN_GROUPS = frozenset(TABLE + name for name in ("table-header-columns", "table-columns", "table-column-group"))
_ALIGNMENTS = {"center": "center", "end": "right", "right": "right"}


def read_odt(content: bytes) -> Document:
    """Read an OpenDocument text or spreadsheet, packed or flat."""
    if content.startswith(b"PK"):
        package = Package(content)
        _check_encryption(package)
        root, styles = package.root("content.xml"), package.root("styles.xml")
        if root is None:
            raise Damaged("no content part")
        return _read(package, root, [root] if styles is None else [root, styles], package.root("meta.xml"))
    root = parse(content)
    return _read(None, root, [root], root)


def _check_encryption(package: Package) -> None:
    """OpenDocument 1.3 part 2, 4.7: an encrypted member is named in the manifest."""
    manifest = package.part("META-INF/manifest.xml") or b""
    if b"encryption-data" in manifest or package.has("encrypted-package"):
        raise Encrypted("encryption-data in the manifest")


def _read(
    package: Package | None, root: etree._Element, styled: list[etree._Element], meta: etree._Element | None
) -> Document:
    body = root.find(OFFICE + "body")
    page = None if body is None else next((one for one in body if one.tag in (_TEXT, _SPREADSHEET)), None)
    if body is None:
        raise Damaged("no body")
    if page is None:
        raise Unsupported("an OpenDocument file of another kind")
    _rename_tables(page)
    reader = _Reader(_story(package, page, styled))
    sheets = page.tag == _SPREADSHEET
    blocks = reader.sheets(page) if sheets else [*reader.blocks(page), *reader.story.footnotes]
    if reader.large_pictures:
        if not any(block.text.strip() for block in blocks):
            raise NoOcr("a document that holds only pictures")
        reader.story.note("pictures")
    return Document(tuple(blocks), "ods" if sheets else "odt", marks=_marks(meta), notes=tuple(reader.story.notes))


def _rename_tables(page: etree._Element) -> None:
    """Tables in drawn shapes, which OpenDocument does not know: LibreOffice writes them under a name of its own."""
    for element in page.iter(LOEXT + "*"):
        name = element.tag.removeprefix(LOEXT)
        if name.startswith(("table", "covered-table")):
            element.tag = TABLE + name


def _story(package: Package | None, page: etree._Element, styled: list[etree._Element]) -> Story:
    changes: dict[str, str] = {}
    for region in page.iterfind(f"{TEXT}tracked-changes/{TEXT}changed-region"):
        kind = next((one.tag.rpartition("}")[2] for one in region), "")
        for name in (XML_ID, TEXT + "id"):
            changes[region.get(name, "")] = kind
    ends = (one.get(OFFICE + "name", "") for one in page.iter(OFFICE + "annotation-end"))
    return Story(package, Styles(styled), Controls(page), changes, frozenset(ends))


def _marks(meta: etree._Element | None) -> tuple[str, ...]:
    own = () if meta is None else meta.iter(META + "user-defined")
    return tuple(one.text or "own" for one in own if one.get(META + "name") == OWN_PROPERTY)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a paragraph stands on: a shaded cell, and the room in it in points (0: unknown)."""

    shaded: bool = False
    room: float = 0.0


@dataclass(frozen=True, slots=True)
class _Item:
    """The list that a paragraph stands in: the name of its style and its level, from 1."""

    style: str
    level: int


_PAGE = _Ground()


class _Reader:
    """Reads blocks; one for a document, because lists and changes run on from block to block."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._inline = Inline(story, self.blocks)
        self._lists = Lists(story.styles)
        self._cells = 0

    @property
    def large_pictures(self) -> int:
        return self._inline.drawings.large_pictures

    def sheets(self, page: etree._Element) -> list[Block]:
        """The sheets of a workbook."""
        return list(Sheets(self.story, self._inline).tables(page))

    def blocks(self, container: etree._Element, ground: _Ground = _PAGE, item: _Item | None = None) -> list[Block]:
        """The paragraphs and tables of a page, cell, text box, section or note, in order."""
        found: list[Block] = []
        for element in container:
            tag = element.tag
            if tag in (TEXT + "p", TEXT + "h"):
                found.extend(self._paragraph(element, ground, None))
            elif tag == TABLE + "table":
                found.append(self._table(element))
            elif tag == TEXT + "list":
                found.extend(self._list(element, ground, item))
            elif tag == TEXT + "section":
                if element.get(TEXT + "display") != "none":
                    found.extend(self.blocks(element, ground, item))
            elif tag in _CONTAINERS:
                found.extend(self.blocks(element, ground, item))
            elif tag in SHAPES or tag in _ALONE:
                found.extend(self._drawn(element, ground))
        return found

    def _drawn(self, element: etree._Element, ground: _Ground) -> list[Block]:
        """A thing that hangs on the page or on a cell, read as a line of its own."""
        pieces, after = self._inline.alone(element, Setting(shaded=ground.shaded))
        return [Paragraph(pieces), *after] if pieces else after

    def _paragraph(self, element: etree._Element, ground: _Ground, label: Piece | None) -> list[Block]:
        style = element.get(TEXT + "style-name", "")
        shape = self.story.styles.properties("paragraph", style, "paragraph")
        align = _ALIGNMENTS.get(shape.get("text-align", ""), "left")
        indent = points(shape.get("margin-left")) + points(shape.get("text-indent"))
        setting = Setting(style, ground.shaded, metrics=Metrics(room=ground.room, indent=indent, align=align))
        pieces, after = self._inline.paragraph(element, setting, label)
        return [Paragraph(pieces), *after]

    # ---- lists ------------------------------------------------------------------------------------

    def _list(self, element: etree._Element, ground: _Ground, outer: _Item | None) -> list[Block]:
        style = element.get(TEXT + "style-name", "") or (outer.style if outer else "")
        item = _Item(style, outer.level + 1 if outer else 1)
        self._lists.begin(element, style, item.level)
        found: list[Block] = []
        for entry in element:
            if entry.tag in (TEXT + "list-item", TEXT + "list-header"):
                found.extend(self._entry(entry, ground, item))
        return found

    def _entry(self, entry: etree._Element, ground: _Ground, item: _Item) -> list[Block]:
        """The number stands before the first paragraph of an entry."""
        found: list[Block] = []
        numbered = entry.tag == TEXT + "list-item"
        for child in entry:
            if child.tag in (TEXT + "p", TEXT + "h"):
                label = None
                if numbered:
                    style = item.style or self.story.styles.paragraph_list(child.get(TEXT + "style-name", ""))
                    label = self._lists.label(style, item.level, entry.get(TEXT + "start-value", ""))
                numbered = False
                found.extend(self._paragraph(child, ground, label))
            elif child.tag == TEXT + "list":
                found.extend(self._list(child, ground, item))
            elif child.tag == TABLE + "table":
                found.append(self._table(child))
        return found

    # ---- tables -----------------------------------------------------------------------------------

    def _table(self, element: etree._Element) -> Table:
        widths = list(self._widths(element))
        rows: list[tuple[Cell, ...]] = []
        for row, times in self._repeated_rows(element, widths):
            rows.extend([row] * (times if any(cell.blocks for cell in row) else min(times, _GAP)))
        return Table(tuple(rows))

    def _repeated_rows(self, table: etree._Element, widths: list[float]) -> Iterator[tuple[tuple[Cell, ...], int]]:
        """The cells of each row and how often it is repeated; rows that hold something count as often."""
        for row, times in self._rows(table):
            before = self._cells
            cells = tuple(self._row(row, widths))
            if any(cell.blocks for cell in cells):
                self._count((self._cells - before) * (times - 1))
            yield cells, times

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > MAX_CELLS:
            raise TooLarge(f"more than {MAX_CELLS} cells")

    def _rows(self, container: etree._Element) -> Iterator[tuple[etree._Element, int]]:
        """The rows that are shown, each with how often it is repeated."""
        for child in container:
            if child.tag in _ROW_GROUPS:
                yield from self._rows(child)
            elif child.tag == TABLE + "table-row" and child.get(TABLE + "visibility", "visible") == "visible":
                yield child, count(child, TABLE + "number-rows-repeated", MAX_ROWS)

    def _widths(self, container: etree._Element) -> Iterator[float]:
        """The widths of the grid columns in points."""
        for child in container:
            if child.tag in _COLUMN_GROUPS:
                yield from self._widths(child)
            elif child.tag == TABLE + "table-column":
                style = child.get(TABLE + "style-name", "")
                width = points(self.story.styles.properties("table-column", style, "table-column").get("column-width"))
                yield from [width] * count(child, TABLE + "number-columns-repeated", 200)

    def _row(self, row: etree._Element, widths: list[float]) -> list[Cell]:
        """The cells of a row; those covered by a merged cell leave their place only."""
        found: list[Cell] = []
        column = 0
        for element in row:
            if element.tag not in (_CELL, _COVERED):
                continue
            times = count(element, TABLE + "number-columns-repeated", MAX_COLUMNS)
            if element.tag == _CELL:
                found.extend(self._cells_of(element, column, times, widths))
            column = min(column + times, MAX_COLUMNS)
        return found

    def _cells_of(self, element: etree._Element, column: int, times: int, widths: list[float]) -> Iterator[Cell]:
        """A cell as often as it is repeated; a long run of empty ones is left out."""
        span = count(element, TABLE + "number-columns-spanned", MAX_COLUMNS)
        rows = count(element, TABLE + "number-rows-spanned", MAX_ROWS)
        before = self._cells
        blocks = self._cell(element, widths[column : column + span])
        self._count(1 + (self._cells - before + 1) * (times - 1) if blocks else 1)
        for index in range(times if blocks or times < _GAP else 0):
            yield Cell(blocks, column + index, span, rows)

    def _cell(self, element: etree._Element, widths: list[float]) -> tuple[Block, ...]:
        style = element.get(TABLE + "style-name", "")
        shaded = fills(self.story.styles.properties("table-cell", style, "table-cell"))
        room = max(0.0, sum(widths) - _CELL_MARGIN) if widths and all(widths) else 0.0
        blocks = self.blocks(element, _Ground(shaded, room))
        return tuple(blocks) if any(_pieces(block) for block in blocks) else ()


def _pieces(block: Block) -> bool:
    return isinstance(block, Table) or bool(block.pieces)
