"""Where labels stand on a page and where their values lie, whatever the arrangement.

Promises: groups of label hits in reading order; tables (label beside, above or with its value), lists with one
unit a row, and lines of text all give the same thing. No value is judged here, and no form is decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from intake.document import Block, Cell, Paragraph, Piece, Remark, Table, Text
from intake.grid import Grid, ListHeading, Spot
from intake.labels import Label, LabelIndex, core, fold, unknown_label
from intake.lines import Line, cell_pieces, cut, has_table, join_lines, lines_of, make_line, remarks_in, shown, visible
from intake.marks import Mark, Option, read_row

_NOTE = re.compile(
    r"(?:其他|其它|补充|特别|情况|单位|相关|有关|需要)*(?:备注|说明|附言|留言|意见|意见建议|意见[和与及]建议|建议|注)(?:栏|事项)?"
)
_SPOKEN = re.compile(r"^\s*[（(]?(?:我|本)(?:单位|公司|院|所|校|中心|协会|集团)")
_HEADING_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """A label and the cells (or line ends) that answer it.

    `columns` are set instead of `cells` where the options are headings of columns. `listed`: from a list
    with one unit a row. `section` is the text of a merged cell that stands before a block of rows.
    """

    label: Label
    place: str
    cells: tuple[tuple[Piece, ...], ...] = ()
    columns: tuple[tuple[str, tuple[Piece, ...]], ...] = ()
    listed: bool = False
    section: str = ""


@dataclass(slots=True)
class Group:
    """Hits that stand together. `headings` are the short lines before them; `gap` how many lines lie between
    them and the group before; `notes` what stands in 备注 and the like.
    """

    hits: list[Hit] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gap: int = 0
    quoted: bool = False
    listed: bool = False

    @property
    def asked(self) -> set[str]:
        """The fields and questions that have a label here."""
        return {key for hit in self.hits for key in hit.label.keys}


class Page:
    """Walks the blocks of a document and collects groups."""

    def __init__(self, index: LabelIndex) -> None:
        self.index = index
        self.groups: list[Group] = []
        self._recent: list[str] = []
        self._tables = 0
        self._many = False

    def read(self, blocks: Sequence[Block]) -> list[Group]:
        """The groups of all blocks in reading order."""
        self._many = sum(isinstance(block, Table) for block in blocks) > 1
        self._walk(blocks, "")
        return self.groups

    def _walk(self, blocks: Sequence[Block], within: str) -> None:
        waiting: list[Paragraph] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                waiting.append(block)
                continue
            self._lines(lines_of(waiting), within)
            waiting = []
            self._table(block, within)
        self._lines(lines_of(waiting), within)

    def _open(self, *, listed: bool = False, quoted: bool = False) -> Group:
        group = Group(headings=self._recent[-8:], gap=len(self._recent), listed=listed, quoted=quoted)
        self._recent = []
        self.groups.append(group)
        return group

    def _pass(self, text: str) -> None:
        """A line without labels: a heading for what follows, or a word of the unit about what came before."""
        if not text.strip():
            return
        if self.groups and len(self._recent) < 4 and _SPOKEN.match(text) and len(text) < 120:
            self.groups[-1].notes.append(text)
        self._recent.append(" ".join(text.split())[:_HEADING_LENGTH])

    # ---- lines of text ------------------------------------------------------------------------

    def _lines(self, lines: list[Line], within: str) -> None:
        lines = self._unwrapped(lines)
        group: Group | None = None
        at = 0
        while at < len(lines):
            line = lines[at]
            hits, used = self._line_hits(lines, at, within)
            if hits:
                if group is None or self._starts_anew(group, hits):
                    group = self._open(quoted=line.quoted)
                group.hits += hits
                self._recent = []
            elif not self._noted(line, group):
                self._pass(line.text)
            at += used

    def _starts_anew(self, group: Group, hits: list[Hit]) -> bool:
        """A unit's label, a question asked again, or a wide gap begins another group."""
        keys = {hit.label.key for hit in hits}
        unit = self.index.spec.unit_field
        again = {key for key in keys & group.asked if self.index.is_choice(key)}
        title = fold(self.index.spec.title)
        titled = any(title in fold(text) for text in self._recent)
        return (unit in keys and bool(group.hits)) or bool(again) or len(self._recent) > 3 or titled

    def _unwrapped(self, lines: list[Line]) -> list[Line]:
        """Questions that a mail program broke over two or three lines, joined again."""
        joined: list[Line] = []
        for line in lines:
            if joined and line.text.strip() and self.index.begins(joined[-1].text) and joined[-1].quoted == line.quoted:
                joined[-1] = join_lines(joined[-1], make_line(line.pieces))
            else:
                joined.append(line)
        return joined

    def _noted(self, line: Line, group: Group | None) -> bool:
        """备注：… under a form."""
        head, colon, rest = line.text.replace(":", "：").partition("：")
        if not colon or not _NOTE.fullmatch(core(fold(head))) or not self.groups or group is None:
            return False
        group.notes.append(rest)
        return True

    def _line_hits(self, lines: list[Line], at: int, within: str) -> tuple[list[Hit], int]:
        """The hits of a line, and how many lines they use (a value may stand below its label)."""
        line = lines[at]
        spots = self.index.spots(line.text)
        if not spots:
            return [], 1
        place = within or f"正文第{line.number}段"
        hits = []
        for number, spot in enumerate(spots):
            end = spots[number + 1].start if number + 1 < len(spots) else len(line.text)
            if not self.index.is_choice(spot.label.key):
                end = min(end, spot.end + unknown_label(line.text[spot.end : end]))
            hits.append(Hit(spot.label, place, (cut(line, spot.end, end),)))
        more = self._continued(lines, at, hits[-1], bool(within))
        if more:
            last = hits.pop()
            cells = tuple(piece for pieces in more for piece in (Text("\n"), *pieces))
            hits.append(Hit(last.label, last.place, ((*last.cells[0], *cells),)))
        return hits, 1 + len(more)

    def _continued(self, lines: list[Line], at: int, hit: Hit, in_cell: bool) -> list[tuple[Piece, ...]]:
        """The following lines that belong to a value: options below a question, a value below its label."""
        choice = self.index.is_choice(hit.label.key)
        found: list[tuple[Piece, ...]] = []
        for line in lines[at + 1 : at + 7]:
            if self.index.spots(line.text) or (not in_cell and line.quoted != lines[at].quoted):
                break
            if line.blank:
                if visible(hit.cells[0]) or found:
                    break
                found.append(())
                continue
            wanted = self._more_options(hit, found, line) if choice else self._more_value(hit, found, line, in_cell)
            if not wanted:
                break
            found.append(line.pieces)
        while found and not visible(found[-1]):
            found.pop()
        return found

    def _more_options(self, hit: Hit, found: list[tuple[Piece, ...]], line: Line) -> bool:
        """Whether a line goes on with the options of a question."""
        spec = next(choice for choice in self.index.spec.choices if choice.id == hit.label.key)
        here = {token.index for token in read_row([line.pieces], spec).tokens if isinstance(token, Option)}
        so_far = read_row([*hit.cells, *found], spec).tokens
        already = {token.index for token in so_far if isinstance(token, Option)}
        if here:
            return not here & already
        short = len(line.text.strip()) <= 16 and not re.search(r"[：:]", line.text)
        return short and not already and not visible(hit.cells[0]) and not any(map(visible, found))

    def _more_value(self, hit: Hit, found: list[tuple[Piece, ...]], line: Line, in_cell: bool) -> bool:
        """Whether a line is the value of the label above it, or in a cell goes on with it."""
        if _NOTE.fullmatch(core(fold(re.split(r"[：:]", line.text)[0]))) or unknown_label(" " + line.text) == 1:
            return False
        if in_cell:
            return True
        return not visible(hit.cells[0]) and not any(map(visible, found)) and len(line.text) <= 60

    # ---- tables -------------------------------------------------------------------------------

    def _table(self, table: Table, within: str) -> None:
        self._tables += 1
        grid = Grid(table, self.index, self._prefix(table, within))
        reader = TableReader(grid, self)
        reader.read()

    def _prefix(self, table: Table, within: str) -> str:
        if within:
            return within + "内"
        if table.name:
            return f"工作表“{table.name}”" if self._many else ""
        return f"第{self._tables}个表格" if self._many else ""


class TableReader:
    """Reads one table into the groups of a page."""

    def __init__(self, grid: Grid, page: Page) -> None:
        self.grid = grid
        self.page = page
        self.index = page.index
        self.group: Group | None = None
        self.list_headings: list[str] = []
        if grid.table.name:
            page._pass(grid.table.name)

    def read(self) -> None:
        row = 0
        while row < len(self.grid.rows):
            used = self._list(row) or self._header(row)
            if not used:
                self._row(row)
                used = 1
            row += used
        self._other_comments()

    def _other_comments(self) -> None:
        """Margin comments anchored elsewhere than at a question are notes of the form."""
        remarks = remarks_in(cell for cells in self.grid.rows for cell in cells)
        if not remarks or self.group is None:
            return
        hits = [hit for hit in self.group.hits if self.index.is_choice(hit.label.key)]
        asked = {piece for hit in hits for pieces in (*hit.cells, *(one for _, one in hit.columns)) for piece in pieces}
        self.group.notes += [piece.text for piece in remarks if isinstance(piece, Remark) and piece not in asked]

    def _add(self, hit: Hit) -> None:
        unit = self.index.spec.unit_field
        group = self.group
        if group and hit.label.key == unit and unit in group.asked and self._complete(group, hit):
            group = None
        if group is None:
            group = self.group = self.page._open()
        self.page._recent = []
        group.hits.append(hit)

    def _complete(self, group: Group, hit: Hit) -> bool:
        """A second unit label of the same wording, or after a question, begins the next form of the table."""
        same = any(other.label == hit.label for other in group.hits)
        return same or any(self.index.is_choice(key) for key in group.asked)

    def _row(self, row: int) -> None:
        for spot in self.grid.spots(row):
            if spot in self.grid.used:
                continue
            cell = self.grid.cell(spot)
            label = self.grid.label(spot)
            if label:
                self._labelled(spot, label)
            elif has_table(cell) or len(cell.blocks) > 0:
                self._contents(spot, cell)

    def _contents(self, spot: Spot, cell: Cell) -> None:
        """A cell that is no label: it may hold lines with labels, a nested table, a note, or a heading."""
        if has_table(cell):
            self.page._walk(cell.blocks, self.grid.place(spot))
            return
        text = self.grid.text(spot)
        if _NOTE.fullmatch(core(fold(text[:40]))) and len(text) < 40:
            self._note(self.grid.right_of(spot))
            return
        if not self.index.may_hold(text):
            self._plain(spot, text)
            return
        lines = self.page._unwrapped(lines_of(_paragraphs(cell)))
        if not any(self.index.spots(line.text) for line in lines):
            self._plain(spot, text)
            return
        at = 0
        while at < len(lines):
            hits, used = self.page._line_hits(lines, at, self.grid.place(spot))
            for hit in hits:
                self._add(self._with_columns(hit, spot))
            at += used

    def _with_columns(self, hit: Hit, spot: Spot) -> Hit:
        """A question with nothing behind its colon is answered by the cells beside it."""
        if visible(hit.cells[0]) or not self.index.is_choice(hit.label.key):
            return hit
        return self._choice_hit(spot, hit.label)

    def _plain(self, spot: Spot, text: str) -> None:
        head, colon, rest = text.replace(":", "：").partition("：")
        if colon and self.group and _NOTE.fullmatch(core(fold(head))):
            self.group.notes.append(rest)
        elif self.grid.alone(spot):
            self.page._pass(text)

    def _note(self, spots: Iterable[Spot]) -> None:
        for spot in spots:
            self.grid.used.add(spot)
            if self.group and self.grid.text(spot).strip():
                self.group.notes.append(self.grid.text(spot))

    # ---- a label and its value ----------------------------------------------------------------

    def _labelled(self, spot: Spot, label: Label) -> None:
        if self.grid.heads_section(spot):
            return
        if self.index.is_choice(label.key):
            self._add(self._choice_hit(spot, label))
            return
        found = self._value_spot(spot, label)
        if found is None:
            return
        cells = tuple(cell_pieces(self.grid.cell(one)) for one in found)
        self.grid.used.update(found)
        place = self.grid.place(found[0] if found else spot)
        self._add(Hit(label, place, cells, section=self.grid.section(spot)))

    def _value_spot(self, spot: Spot, label: Label) -> list[Spot] | None:
        """The cells of a field's value; None where the cell beside holds labels of its own (姓名：… 电话：…)."""
        right = self.grid.right_of(spot)
        filled = [one for one in right if visible(cell_pieces(self.grid.cell(one)))]
        if filled:
            inner = self._labels_within(filled[0])
            if len(inner) > 1 or (
                inner and not inner & set(label.keys) and not self.grid.whole_value(filled[0], label)
            ):
                return None
            digits = [one for one in filled if len(self.grid.text(one).strip()) == 1]
            return digits if len(digits) > 3 else filled[:1]
        if right:
            return right[:1]
        below = self.grid.below(spot)
        return [below] if below else []

    def _labels_within(self, spot: Spot) -> set[str]:
        cell = self.grid.cell(spot)
        if has_table(cell) or self.index.whole(cell.text):
            return set()
        return {found.label.key for line in lines_of(_paragraphs(cell)) for found in self.index.spots(line.text)}

    def _choice_hit(self, spot: Spot, label: Label) -> Hit:
        """A question in a cell: answered beside it, under column headings, or in the rows below."""
        right = self.grid.right_of(spot)
        spec = next(choice for choice in self.index.spec.choices if choice.id == label.key)
        columns = self.grid.option_columns(right, spec)
        comments = remarks_in([self.grid.cell(spot)])
        if not columns:
            right += self.grid.options_beside(spot, right, spec)
        self.grid.used.update(right)
        if columns:
            answered = tuple((word, (*cell_pieces(self.grid.cell(one)), *comments)) for word, one in columns)
            return Hit(label, self.grid.place(columns[0][1]), columns=answered)
        seen = [one for one in right if visible(cell_pieces(self.grid.cell(one)))]
        if not seen:
            below = self.grid.answers_below(spot, spec)
            self.grid.used.update(below)
            right = below or right
        cells = tuple(cell_pieces(self.grid.cell(one)) for one in right)
        place = self.grid.place(seen[0] if seen else right[0]) if right else self.grid.place(spot)
        return Hit(label, place, (*cells[:-1], (*cells[-1], *comments)) if cells else (comments,))

    # ---- headings over values -----------------------------------------------------------------

    def _list(self, row: int) -> int:
        """One unit a row under a row of labels; returns how many rows were used, 0 for none."""
        heading = self.grid.list_heading(row)
        if not heading:
            return 0
        rows = self.grid.data_rows(row + heading.depth)
        filled = [at for at in rows if self._unit_in(at, heading.labels)]
        asks = any(self.index.is_choice(label.key) for label, _ in heading.labels)
        if not asks and len(filled) != 1 and self.index.spec.choices:
            self.page._recent = []
            self.group = None
            return heading.depth + len(rows)
        self.list_headings = list(self.page._recent)
        for at in filled:
            self._list_row(at, row, heading, joins=not asks)
        return heading.depth + len(rows)

    def _list_row(self, row: int, top: int, heading: ListHeading, *, joins: bool) -> None:
        hits = [self._listed_hit(row, label, above, heading.options) for label, above in heading.labels]
        if joins:
            for hit in hits:
                self._add(Hit(hit.label, hit.place, hit.cells))
            return
        if self.grid.example_words(row):
            return
        group = self.page._open(listed=True)
        group.headings = self.list_headings[-8:]
        group.hits = hits
        group.notes += self.grid.notes_in(row, top)

    def _listed_hit(self, row: int, label: Label, above: Cell, options: dict[int, str]) -> Hit:
        under = self.grid.under(row, above)
        place = self.grid.place(under[0]) if under else self.grid.row_place(row)
        columns = tuple(
            (options[self.grid.cell(one).column], cell_pieces(self.grid.cell(one)))
            for one in under
            if self.grid.cell(one).column in options
        )
        if columns and self.index.is_choice(label.key):
            return Hit(label, place, columns=columns, listed=True)
        return Hit(label, place, tuple(cell_pieces(self.grid.cell(one)) for one in under), listed=True)

    def _unit_in(self, row: int, labels: Sequence[tuple[Label, Cell]]) -> bool:
        """Whether a row names a unit, or is filled well enough to be one whose name was forgotten."""
        texts = {
            label.key: "".join(shown(cell_pieces(self.grid.cell(one))) for one in self.grid.under(row, above)).strip()
            for label, above in labels
        }
        unit = texts.get(self.index.spec.unit_field, "")
        if re.fullmatch(r"(?:合\s*计|总\s*计|小\s*计|共.*|\d+|…+|\.{2,})", unit):
            return False
        return bool(unit) or sum(bool(text) for text in texts.values()) > 2

    def _header(self, row: int) -> int:
        """A row of labels over one row of values (联系人 | 职务 | 电话)."""
        labels = self.grid.heading_over_values(row)
        if not labels:
            return 0
        for label, above in labels:
            under = self.grid.under(row + 1, above)
            cells = tuple(cell_pieces(self.grid.cell(one)) for one in under)
            self._add(Hit(label, self.grid.place(under[0]) if under else self.grid.row_place(row + 1), cells))
        return 2


def _paragraphs(cell: Cell) -> list[Paragraph]:
    return [block for block in cell.blocks if isinstance(block, Paragraph)]


def tokens_of(pieces: Sequence[Piece], index: LabelIndex, key: str) -> list[Mark | Option]:
    """Options and marks that a cell shows for a question."""
    spec = next(choice for choice in index.spec.choices if choice.id == key)
    return [token for token in read_row([pieces], spec).tokens if isinstance(token, (Mark, Option))]
