"""The tables of a blank form: labels beside their values, answers as headings of columns, rows that repeat.

Promises: pure geometry and print of one Table; each cell is asked about once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from intake.document import Block, Cell, Paragraph, Table
from intake.form.folding import core, core_of, fold
from intake.form.learning_asked import (
    LABEL_LENGTH,
    QUESTION_LENGTH,
    Asked,
    Repeating,
    Seen,
    asked_of,
    clean_label,
    is_required,
    is_room,
)
from intake.form.learning_lines import read_lines
from intake.form.learning_options import BOX, OPTION_WORDS, Options, boxed, flatten, parse_options, several
from intake.form.lines import cell_pieces, has_table

Walk: TypeAlias = Callable[[Sequence[Block], Seen, str], None]
_ORDER = re.compile(r"序号|编号|no\.?|序")
_NUMBER = re.compile(r"[\d一二三四五六七八九十]{0,3}[.、．]?|[…．.]{1,6}|其他")


class TableLook:
    """Reads one table of a blank form; `walk` reads what stands in a cell that holds a table."""

    def __init__(self, table: Table, seen: Seen, prefix: str, walk: Walk) -> None:
        self.rows = table.rows
        self.seen = seen
        self.prefix = prefix
        self._walk = walk
        self.table = table
        self._texts = [[flatten(cell_pieces(cell)).strip() for cell in row] for row in table.rows]

    def read(self) -> None:
        at = 0
        while at < len(self.rows):
            at += self._columns(at) or self._under(at) or self._repeating(at) or self._heads(at) or self._row(at)

    def place(self, row: int, number: int) -> str:
        column = self.rows[row][number].column + 1 if self.table.name else number + 1
        return f"{self.prefix}第{self.table.first_row + row}行第{column}列"

    # ---- answers as headings: one question a row ----

    def _columns(self, at: int) -> int:
        """同意 | 不同意 | 弃权 over rows of motions; returns the rows used, headings included."""
        heads = self._answer_heads(at)
        if not heads:
            return 0
        words = tuple(text for _, text in heads)
        columns = {cell.column for cell, _ in heads}
        to = at + 1
        while to < len(self.rows) and (label := self._motion(to, columns)):
            number, text = label
            self.seen.asked.append(
                Asked(clean_label(text), self.place(to, number), words, is_required(text), several(text))
            )
            to += 1
        return to - at if to > at + 1 else 0

    def _under(self, at: int) -> int:
        """表决意见 over 同意 | 不同意 | 弃权: a row of headings above those of the answers."""
        wide = any(cell.column_span > 1 or cell.row_span > 1 for cell in self.rows[at])
        used = self._columns(at + 1) if wide and at + 1 < len(self.rows) else 0
        return used + 1 if used else 0

    def _answer_heads(self, at: int) -> list[tuple[Cell, str]]:
        """Neighbouring cells of a row that are answers in words."""
        cells = list(zip(self.rows[at], map(fold, self._texts[at]), strict=True))
        known = [number for number, (_, text) in enumerate(cells) if core(text) in OPTION_WORDS]
        if len(known) < 2:
            return []
        inner = cells[known[0] : known[-1] + 1]
        return [(cell, core(text)) for cell, text in inner] if all(0 < len(text) <= 8 for _, text in inner) else []

    def _motion(self, row: int, columns: set[int]) -> tuple[int, str] | None:
        """The question of a row whose cells under the answers are empty."""
        under = [number for number, cell in enumerate(self.rows[row]) if cell.column in columns]
        if len(under) < len(columns) or any(re.sub(rf"[{BOX}\s]", "", boxed(self._texts[row][n])) for n in under):
            return None
        first = min(self.rows[row][number].column for number in under)
        before = [n for n, cell in enumerate(self.rows[row]) if cell.column < first]
        worded = [n for n in before if self._texts[row][n] and not _NUMBER.fullmatch(self._texts[row][n])]
        return (worded[-1], self._texts[row][worded[-1]]) if worded else None

    # ---- rows that repeat ----

    def _repeating(self, at: int) -> int:
        """Headings over at least two rows of empty cells; returns the rows used."""
        heads = self._heading_cells(at)
        if not heads:
            return 0
        to = at + 1
        while to < len(self.rows) and self._fits(to, heads):
            to += 1
        ordered = any(_ORDER.fullmatch(core_of(text)) for _, _, text in heads)
        if to - at < (2 if ordered else 3):
            return 0
        columns = tuple(
            self._column(at, number, cell, text) for number, cell, text in heads if not _ORDER.fullmatch(core_of(text))
        )
        if len(columns) < 2:
            return 0
        self.seen.rows.append(Repeating(self._heading_above(at), self.place(at, heads[0][0]), columns))
        return to - at

    def _heading_cells(self, at: int) -> list[tuple[int, Cell, str]]:
        """Short texts without options in every cell of a row, a tall cell at its left aside."""
        cells = [(n, cell, self._texts[at][n]) for n, cell in enumerate(self.rows[at])]
        if cells and cells[0][1].row_span > 2:
            cells = cells[1:]
        cells = cells[:-1] if len(cells) > 2 and not cells[-1][2] else cells
        short = all(text and len(text) <= 20 and cell.row_span == 1 and not has_table(cell) for _, cell, text in cells)
        return cells if len(cells) > 1 and short and not any(BOX in boxed(text) for *_, text in cells) else []

    def _fits(self, row: int, heads: Sequence[tuple[int, Cell, str]]) -> bool:
        """Whether a row has an empty cell, a number or options under each heading, or is an empty row of a sheet."""
        if not self.rows[row]:
            return len(heads) > 2
        by_column = {cell.column: (cell, text) for cell, text in zip(self.rows[row], self._texts[row], strict=True)}
        for _, head, _ in heads:
            found = by_column.get(head.column)
            if found is None or found[0].column_span != head.column_span:
                return False
            if not (is_room(found[1]) or _NUMBER.fullmatch(found[1]) or parse_options(found[1])):
                return False
        return True

    def _column(self, at: int, number: int, cell: Cell, text: str) -> Asked:
        below = next(
            (t for c, t in zip(self.rows[at + 1], self._texts[at + 1], strict=True) if c.column == cell.column), ""
        )
        options = parse_options(below, asked=text)
        if options and not options.question:
            return asked_of(text, options, self.place(at, number), text + below)
        return Asked(clean_label(text), self.place(at, number), required=is_required(text), blank=below)

    def _heading_above(self, at: int) -> str:
        above = self._texts[at - 1] if at else []
        left = self._texts[at][0] if self.rows[at] and self.rows[at][0].row_span > 2 else ""
        alone = [text for text in above if text]
        return clean_label(left or (alone[0] if len(alone) == 1 else ""))

    def _heads(self, at: int) -> int:
        """Labels side by side over one row of empty cells."""
        heads = self._heading_cells(at)
        if len(heads) < 2 or at + 1 >= len(self.rows) or not self._fits(at + 1, heads):
            return 0
        self.seen.asked += [self._column(at, number, cell, text) for number, cell, text in heads]
        return 2

    # ---- labels beside their values ----

    def _row(self, at: int) -> int:
        number = 0
        cells = self.rows[at]
        if len([text for text in self._texts[at] if text]) == 1 and len(cells) == 1 and self._below_is_room(at):
            self.seen.asked.append(self._field(at, 0, ""))
            return 2
        while number < len(cells):
            number += self._cell(at, number)
        return 1

    def _below_is_room(self, at: int) -> bool:
        """单位简介 in a row of its own over one empty cell."""
        text = self._texts[at][0]
        below = self._texts[at + 1] if at + 1 < len(self.rows) else []
        return len(below) == 1 and not below[0] and len(text) <= 20 and BOX not in boxed(text)

    def _cell(self, at: int, number: int) -> int:
        """What a cell and those beside it ask; how many cells that took."""
        cell, text = self.rows[at][number], self._texts[at][number]
        if has_table(cell):
            self._walk(cell.blocks, self.seen, self.place(at, number))
            return 1
        if not text or self._heads_section(at, number):
            return 1
        own = parse_options(text)
        if (own and own.question) or self._asks_inside(cell):
            read_lines(
                [block for block in cell.blocks if isinstance(block, Paragraph)], self.seen, self.place(at, number)
            )
            return 1
        beside = self._beside(at, number)
        if beside and self._is_heading(at, number, beside):
            self.seen.headings.append(" ".join(text.split()))
            return 1 + len(beside)
        options = self._options(at, beside, text)
        if options and not options.question and len(text) <= QUESTION_LENGTH:
            told = text + "".join(self._texts[at][n] for n in beside)
            self.seen.asked.append(asked_of(text, options, self.place(at, beside[0]), told))
            return 1 + len(beside)
        if beside and is_room(self._texts[at][beside[0]]) and len(clean_label(text)) <= LABEL_LENGTH:
            self.seen.asked.append(self._field(at, number, self._texts[at][beside[0]], beside[0]))
            return 2
        if len([one for one in self._texts[at] if one]) == 1:
            self.seen.headings.append(" ".join(text.split()))
        return 1

    def _heads_section(self, at: int, number: int) -> bool:
        """联系人 | 姓名 | … in a cell that spans the rows of a block."""
        tall = self.rows[at][number].row_span > 1
        beside = self._texts[at][number + 1] if number + 1 < len(self.rows[at]) else ""
        offers = BOX in boxed(beside) or parse_options(beside) is not None
        return tall and bool(beside) and not is_room(beside) and not offers

    def _is_heading(self, at: int, number: int, beside: Sequence[int]) -> bool:
        """一、基本情况: the only text of its row, wider than the place beside it."""
        alone = sum(map(bool, self._texts[at])) == 1
        room = sum(cell.column_span for cell in self.rows[at][number + 1 :])
        return alone and not self._texts[at][beside[0]] and self.rows[at][number].column_span > max(room, 1)

    def _asks_inside(self, cell: Cell) -> bool:
        """Whether a cell has labels with a place to write in it, or several questions in lines."""
        paragraphs = [block for block in cell.blocks if isinstance(block, Paragraph)]
        inner = Seen()
        read_lines(paragraphs, inner, "-")
        text = flatten(cell_pieces(cell))
        filled = bool(re.search(r"[：:]\s*[_＿]{2,}|[：:]\s{3,}\S|\n", text)) or any(one.options for one in inner.asked)
        return bool(inner.asked) and filled

    def _beside(self, at: int, number: int) -> list[int]:
        """The cells after a label that hold its answer: an empty one, or all with boxes or answers in words."""
        after = list(range(number + 1, len(self.rows[at])))
        if not after:
            return []
        taken: list[int] = []
        for n in after:
            text = self._texts[at][n]
            offers = BOX in boxed(text) or fold(text) in OPTION_WORDS or parse_options(text) is not None
            if not offers:
                break
            taken.append(n)
        return taken or after[:1]

    def _options(self, at: int, beside: Sequence[int], asked: str) -> Options | None:
        """The options in the cells beside a label, in those below them where the label spans rows."""
        if not beside:
            return None
        texts = [self._texts[at][n] for n in beside]
        first = self.rows[at][beside[0]]
        label = self.rows[at][beside[0] - 1]
        for row in range(at + 1, min(at + label.row_span, len(self.rows))):
            texts += [
                text for cell, text in zip(self.rows[row], self._texts[row], strict=True) if cell.column >= first.column
            ]
        found = parse_options("    ".join(texts), asked=asked)
        return found if found else parse_options(texts[0], asked=asked)

    def _field(self, at: int, number: int, blank: str, value: int | None = None) -> Asked:
        text = self._texts[at][number]
        place = self.place(at, number if value is None else value)
        return Asked(clean_label(text), place, required=is_required(text), blank=blank)
