"""Tables that repeat: attendees one a row under a row of headings, taken out of a page before the page is read.

Promises: each table of the definition is found wherever it stands, its columns by their headings in any order; a
row is read where anything but its number is written. The page given back has those cells empty, all places kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from intake.answers import BLANK, UNCLEAR, YES
from intake.campaign import ChoiceSpec, FieldSpec, FormSpec, RowsSpec
from intake.document import Block, Cell, Table
from intake.form.choices import judge
from intake.form.evidence import Surroundings
from intake.form.folding import core, core_of, fold
from intake.form.label_words import Label
from intake.form.labels import LabelIndex
from intake.form.lines import cell_pieces, standing
from intake.form.values import normalise

MOST_ROWS = 2000
_EXAMPLE = re.compile(r"(?:例|如|例如|示例|样例)[:：]|^(?:例|示例|样例|填写示例)$|[某×]{2}")
_TOTAL = re.compile(r"(?:合|总|小)计.*|共.*[人名位]|以[上下].*|[…．.]{2,}")
_IN_LIST = Surroundings(listed=True)


@dataclass(slots=True)
class Taken:
    """The page without the tables that repeat. `tables` are the rows of each table found, filled rows only."""

    blocks: tuple[Block, ...]
    tables: list[tuple[Mapping[str, str], ...]] = field(default_factory=list)

    @property
    def rows(self) -> tuple[Mapping[str, str], ...]:
        return tuple(row for table in self.tables for row in table)


def take_rows(blocks: Sequence[Block], spec: FormSpec) -> Taken:
    """Take every table of the definition out of a page. Never raises."""
    taken = Taken(tuple(blocks))
    if spec.rows:
        readers = [(rows, LabelIndex(_as_form(rows))) for rows in spec.rows]
        main = LabelIndex(spec)
        taken.blocks = tuple(_block(block, readers, main, taken) for block in blocks)
    return taken


def _as_form(rows: RowsSpec) -> FormSpec:
    return FormSpec("", rows.label, rows.fields, rows.choices)


def _block(block: Block, readers: Sequence[tuple[RowsSpec, LabelIndex]], main: LabelIndex, taken: Taken) -> Block:
    if not isinstance(block, Table):
        return block
    rows = list(block.rows)
    at = 0
    while at < len(rows):
        found = next(((spec, heads) for spec, index in readers if (heads := _heads(rows[at], spec, index))), None)
        if not found:
            rows[at] = tuple(_inside(cell, readers, main, taken) for cell in rows[at])
            at += 1
            continue
        spec, heads = found
        end = _end(rows, at, heads, main)
        taken.tables.append(tuple(_read(rows[at + 1 : end], heads, spec)))
        columns = {column for column, _ in heads}
        rows[at:end] = [_emptied(row, min(columns)) for row in rows[at:end]]
        at = end
    return replace(block, rows=tuple(rows))


def _inside(cell: Cell, readers: Sequence[tuple[RowsSpec, LabelIndex]], main: LabelIndex, taken: Taken) -> Cell:
    if not any(isinstance(block, Table) for block in cell.blocks):
        return cell
    return replace(cell, blocks=tuple(_block(block, readers, main, taken) for block in cell.blocks))


def _heads(row: Sequence[Cell], spec: RowsSpec, index: LabelIndex) -> list[tuple[int, Label]]:
    """Grid columns and labels of a row that is the headings of the table: most of its columns, and little else."""
    labels = [(cell.column, label) for cell in row if (label := index.whole(cell.text))]
    keys = {key for _, label in labels for key in label.keys}
    wanted = len(spec.fields) + len(spec.choices)
    filled = sum(bool(cell.text.strip()) for cell in row)
    enough = len(keys) >= max(2, -(-wanted * 3 // 5)) and len(labels) >= 2
    return labels if enough and filled <= len(labels) + 3 else []


def _end(rows: Sequence[Sequence[Cell]], at: int, heads: Sequence[tuple[int, Label]], main: LabelIndex) -> int:
    """The row after the last that has cells of their own under the headings; an empty row of a sheet goes on."""
    spans = {cell.column: cell.column_span for cell in rows[at]}
    to = at + 1
    while to < min(len(rows), at + MOST_ROWS):
        by_column = {cell.column: cell for cell in rows[to]}
        cells = [by_column.get(column) for column, _ in heads]
        if rows[to] and not any(cells):
            break
        if any(cell and cell.column_span != spans[cell.column] for cell in cells):
            break
        if sum(main.whole(cell.text) is not None for cell in rows[to]) * 2 > len(heads) and to > at + 1:
            break
        first = rows[to][0] if rows[to] else None
        if first and first.column == 0 and main.whole(first.text):
            break
        to += 1
    return to


def _read(
    rows: Sequence[Sequence[Cell]], heads: Sequence[tuple[int, Label]], spec: RowsSpec
) -> list[Mapping[str, str]]:
    fields = {one.id: one for one in spec.fields}
    choices = {one.id: one for one in spec.choices}
    found: list[Mapping[str, str]] = []
    for row in rows:
        by_column = {cell.column: cell for cell in row}
        values = dict.fromkeys((*fields, *choices), "")
        for column, label in heads:
            cell = by_column.get(column, Cell())
            key = label.key
            values[key] = _value(cell, fields[key]) if key in fields else _answer(cell, choices[key])
        if any(values.values()) and not _is_aside(row, values):
            found.append(values)
    return found


def _is_aside(row: Sequence[Cell], values: Mapping[str, str]) -> bool:
    """A worked example, a sum, or the headings printed once more on the next page."""
    texts = [fold(cell.text) for cell in row if cell.text.strip()]
    filled = [value for value in values.values() if value]
    if any(_EXAMPLE.search(text) for text in texts):
        return True
    return bool(_TOTAL.fullmatch(texts[0])) and len(filled) <= 2


def _value(cell: Cell, spec: FieldSpec) -> str:
    text = normalise(spec.kind, standing(cell_pieces(cell))).text
    bare = fold(text)
    printed = bare in map(fold, spec.printed) or core(bare) in {core_of(label) for label in spec.labels}
    return "" if printed else text


def _answer(cell: Cell, spec: ChoiceSpec) -> str:
    """The option's own words (是 and 否 as printed); "" for a blank, unclear where it cannot be told."""
    answer = judge(spec, [cell_pieces(cell)], around=_IN_LIST).answer
    if answer in (BLANK, UNCLEAR):
        return "" if answer == BLANK else UNCLEAR
    return spec.options[answer != YES] if spec.yes_no else answer


def _emptied(row: Sequence[Cell], first: int) -> tuple[Cell, ...]:
    """The row without its texts, a heading cell at the left of the table aside."""
    return tuple(cell if cell.column < first and cell.row_span > 1 else replace(cell, blocks=()) for cell in row)
