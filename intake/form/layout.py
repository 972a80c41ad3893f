"""Where labels stand on a page and where their values lie, whatever the arrangement.

Promises: groups of label hits in reading order; tables (label beside, above or with its value), lists with one
unit a row, and lines of text all give the same thing. No value is judged here, and no form is decided.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.document import Block, Paragraph, Piece, Table, Text
from intake.form.folding import fold
from intake.form.grid import Grid
from intake.form.groups import Group, Hit
from intake.form.labels import LabelIndex, unknown_label
from intake.form.lines import Line, cut, join_lines, lines_of, make_line, visible
from intake.form.sideways import parts
from intake.form.tables import TableReader, is_note
from intake.form.tokenising import read_row
from intake.form.tokens import Mark, Option, Token, Words

_SPOKEN = re.compile(r"^\s*[（(]?(?:我|本)(?:单位|公司|院|所|校|中心|协会|集团)")
_HEADING_LENGTH = 60
_MOST_LINES = 6  # of a value; options of a question may stand one a line
_OTHER_QUESTION = re.compile(
    r"\s*(?:[（(]?[\d一二三四五六七八九十]{1,2}[)）.．、]\s*)?(?!(?:请|选|勾|如)\S{0,12}[：:?？])"
    r"[^：:?？□☐☑√]{0,40}?(?:是否|能否|可否|有无|愿否|是不是|要不要|需不需要)\s*(?:[\u4e00-\u9fff]\s*){2,}"
)
_OTHER_LABEL = re.compile(
    r"(?:说明|备注|附注|注|提示|填表说明|填写说明)\d?$|(?:地址|传真|邮编|发票|用餐|住宿|日期|网址)$"
)
_NUMBERED_LABEL = re.compile(r"\s*\d{1,2}[.．、]\s*[\u4e00-\u9fff/]{2,12}[：:]")  # 4. 部门及职务：
_ANSWER_LINE = re.compile(r"\s*(?:答案?|选择|选项)\s*[:：]")


class Page:
    """Walks the blocks of a document and collects groups."""

    def __init__(self, index: LabelIndex) -> None:
        self.index = index
        self.groups: list[Group] = []
        self.recent: list[str] = []  # short lines passed since the last label
        self._tables = 0
        self._many = False

    def read(self, blocks: Sequence[Block]) -> list[Group]:
        """The groups of all blocks in reading order."""
        self._many = sum(isinstance(block, Table) for block in blocks) > 1
        self.walk(blocks, "")
        return self.groups

    def walk(self, blocks: Sequence[Block], within: str) -> None:
        waiting: list[Paragraph] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                waiting.append(block)
                continue
            self._lines(lines_of(waiting), within)
            waiting = []
            self._table(block, within)
        self._lines(lines_of(waiting), within)

    def open_group(self, *, listed: bool = False, quoted: bool = False) -> Group:
        group = Group(headings=self.recent[-8:], gap=len(self.recent), listed=listed, quoted=quoted)
        self.recent = []
        self.groups.append(group)
        return group

    def pass_by(self, text: str) -> None:
        """A line without labels: a heading for what follows, or a word of the unit about what came before."""
        if not text.strip():
            return
        if self.groups and len(self.recent) < 4 and _SPOKEN.match(text) and len(text) < 120:
            self.groups[-1].notes.append(text)
        self.recent.append(" ".join(text.split())[:_HEADING_LENGTH])

    # ---- lines of text ------------------------------------------------------------------------

    def _lines(self, lines: list[Line], within: str) -> None:
        lines = self.unwrapped(lines)
        group: Group | None = None
        at = 0
        while at < len(lines):
            line = lines[at]
            hits, used = self.line_hits(lines, at, within)
            if hits:
                if group is None or self._starts_anew(group, hits):
                    group = self.open_group(quoted=line.quoted)
                group.hits += hits
                self.recent = []
            elif not self._noted(line, group):
                self.pass_by(line.text)
            at += used

    def _starts_anew(self, group: Group, hits: list[Hit]) -> bool:
        """A unit's label, a question asked again, or a wide gap begins another group."""
        keys = {hit.label.key for hit in hits}
        unit = self.index.unit_field
        questions = set(filter(self.index.is_choice, keys))
        again = bool(questions) and not questions.isdisjoint(group.asked)
        title = fold(self.index.spec.title)
        titled = any(title in fold(text) for text in self.recent)
        return (unit in keys and bool(group.hits)) or again or len(self.recent) > 3 or titled

    def unwrapped(self, lines: list[Line]) -> list[Line]:
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
        if not colon or not is_note(head) or not self.groups or group is None:
            return False
        group.notes.append(rest)
        return True

    def line_hits(self, lines: list[Line], at: int, within: str) -> tuple[list[Hit], int]:
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
        for line in lines[at + 1 : at + 1 + self._most_lines(hit)]:
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

    def _most_lines(self, hit: Hit) -> int:
        key = hit.label.key
        return max(_MOST_LINES, len(self.index.question(key).options) + 2) if self.index.is_choice(key) else _MOST_LINES

    def _more_options(self, hit: Hit, found: list[tuple[Piece, ...]], line: Line) -> bool:
        """Whether a line goes on with the options of a question."""
        spec = self.index.question(hit.label.key)
        tokens = read_row([line.pieces], spec).tokens
        here = {token.index for token in tokens if isinstance(token, Option)}
        if spec.lettered and _ANSWER_LINE.match(line.text):
            return True
        so_far = read_row([*hit.cells, *found], spec).tokens
        already = {token.index for token in so_far if isinstance(token, Option)}
        if _asks_else(line.text):
            return False
        if here:
            return not here & already or _only_options(tokens)
        if already and any(isinstance(token, Mark) and token.kind != "empty" for token in tokens):
            return _only_options(tokens)  # a tick on the line below the options
        short = len(line.text.strip()) <= 16 and not re.search(r"[：:]", line.text)
        return short and not already and not visible(hit.cells[0]) and not any(map(visible, found))

    def _more_value(self, hit: Hit, found: list[tuple[Piece, ...]], line: Line, in_cell: bool) -> bool:
        """Whether a line is the value of the label above it, or in a cell goes on with it."""
        if is_note(re.split(r"[：:]", line.text)[0]) or unknown_label(" " + line.text) == 1:
            return False
        if _NUMBERED_LABEL.match(line.text):
            return False
        if in_cell:
            return True
        return not visible(hit.cells[0]) and not any(map(visible, found)) and len(line.text) <= 60

    # ---- tables -------------------------------------------------------------------------------

    def _table(self, table: Table, within: str) -> None:
        self._tables += 1
        for part in parts(table, self.index):
            TableReader(Grid(part.table, self.index, self._prefix(table, within), part.turned), self).read()

    def _prefix(self, table: Table, within: str) -> str:
        if within:
            return within + "内"
        if table.name:
            return f"工作表“{table.name}”" if self._many else ""
        return f"第{self._tables}个表格" if self._many else ""


def _asks_else(line: str) -> bool:
    """Whether a line asks or tells something of its own (是否需要发票：是 √ 否 □; 说明：选“是”的…)."""
    head = re.split(r"[：:]", line)[0]
    return bool(_OTHER_QUESTION.match(line)) or (head != line and bool(_OTHER_LABEL.search(fold(head))))


def _only_options(tokens: Sequence[Token]) -> bool:
    """Whether a line holds options and marks and no word."""
    return not any(isinstance(token, Words) and token.text for token in tokens)
