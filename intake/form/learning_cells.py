"""What stands in a blank form, line by line and cell by cell: labels with a place to write, questions with options.

Promises: pure geometry and print of one Document; gives `Asked` items in reading order and decides no ids. A table
whose rows are empty under a row of headings repeats; a table with answers as headings asks a question a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from intake.document import Block, Cell, Document, Paragraph, Table
from intake.form.labels import core, fold
from intake.form.learning_labels import known_field
from intake.form.learning_options import BOX, OPTION_WORDS, Options, boxed, flatten, parse_options, several
from intake.form.lines import cell_pieces, has_table, lines_of
from intake.form.sheets import unrolled

LABEL_LENGTH, QUESTION_LENGTH = 40, 120
_STAR = re.compile(r"^\s*[*＊★※]|[*＊★]\s*[:：]?\s*$|[（(【\[]\s*必[填选答]|必填项?[）)】\]]|[*＊](?=[（(])")
_HINTS = re.compile(r"\s*[（(【\[〔][^（()）】\]〕]*[)）】\]〕]")
_PRINT = re.compile(r"[\s_＿]*|(?:[\s_＿]*[年月日时点分号至到—–\-~/.:：共人元万份个名间@+])+[\s_＿]*")
_STAMP = re.compile(r"\s*[（(【\[]\s*[^（()）】\]]{0,12}(?:章|签字|签名|必填|全称)[^（()）】\]]{0,6}\s*[)）】\]]\s*")
_FIELD_IN_LINE = re.compile(
    r"(?P<label>[^\s：:，,。；;_＿□|][^：:，,。；;_＿□|\n]{0,38}?)\s*(?:[：:]|(?=[_＿]{3}))(?P<blank>[\s_＿]*)"
)
_ORDER = re.compile(r"序号|编号|no\.?|序")
_NUMBER = re.compile(r"[\d一二三四五六七八九十]{0,3}[.、．]?|[…．.]{1,6}|其他")
_NUMBERED = re.compile(
    r"^\s*(?:[（(]?\d{1,2}[)）.．、]|[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[①-⑳]|\d{1,2}\s)\s*"
)
_ANSWER_LINE = re.compile(r"\s*(?:答案?|选择|请选择|您的选择)\s*[:：]?[\s_＿]*(?:[（(]\s*[)）])?\s*")
_ADDRESSED = re.compile(r"^(?:尊敬的|各|致|附件|注|说明|备注[:：].|填[表写]说明)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A field (no options), or a question with options; `required` where the print says so.

    `label` is the print without numbering, stars and closing colon; `blank` what stands in the place of the value.
    """

    label: str
    place: str
    options: tuple[str, ...] = ()
    required: bool = False
    several: bool = False
    lettered: bool = False
    blank: str = ""


@dataclass(frozen=True, slots=True)
class Repeating:
    """A table with one attendee a row: the heading above it, and its columns."""

    heading: str
    place: str
    columns: tuple[Asked, ...]


@dataclass(slots=True)
class Seen:
    """All that a blank form asks, in reading order; `headings` are the short lines that ask nothing."""

    asked: list[Asked] = field(default_factory=list)
    rows: list[Repeating] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)


def look_at(document: Document) -> Seen:
    """Read a blank form. Never raises."""
    seen = Seen()
    _walk(unrolled(document.blocks), seen, "")
    return seen


def _walk(blocks: Sequence[Block], seen: Seen, within: str) -> None:
    waiting: list[Paragraph] = []
    tables = [block for block in blocks if isinstance(block, Table)]
    many = len({table.name for table in tables} if any(table.name for table in tables) else tables) > 1
    number = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            waiting.append(block)
            continue
        _lines(waiting, seen, within)
        waiting = []
        number += 1
        name = f"工作表“{block.name}”" if block.name else f"第{number}个表格"
        _TableLook(block, seen, within + (name if many else "")).read()
    _lines(waiting, seen, within)


# ---- lines ------------------------------------------------------------------------------------


def _lines(paragraphs: Sequence[Paragraph], seen: Seen, within: str) -> None:
    """Questions with their options on the same or the next lines, labels with a blank, headings."""
    lines = [(line.number, flatten(line.pieces)) for line in lines_of(paragraphs)]
    at = 0
    while at < len(lines):
        number, text = lines[at]
        place = within or f"正文第{number}段"
        used = _question(lines, at, seen, place)
        if not used:
            fields = list(_fields_in(lines, at, place))
            seen.asked += fields
            if not fields and text.strip():
                seen.headings.append(" ".join(text.split()))
            used = 1
        at += used


def _question(lines: Sequence[tuple[int, str]], at: int, seen: Seen, place: str) -> int:
    """A question at a line: how many lines it takes with its options, 0 where it is none."""
    text = lines[at][1]
    own = parse_options(text)
    if own and own.question:
        taken, more = _more(lines, at, own, text)
        seen.asked.append(asked_of(own.question, more, place, text))
        return taken
    following = next((to for to in range(at + 1, min(at + 3, len(lines))) if lines[to][1].strip()), 0)
    if own or not following or not _could_ask(text):
        return 0
    below = parse_options(lines[following][1], asked=text)
    alone = (below is None or below.lettered) and _single(lines[following][1]) and _ends_as_question(text)
    if (below is None or below.question) and not alone:
        return 0
    taken, options = _more(lines, following, below, text)
    if options is None:
        return 0
    seen.asked.append(asked_of(text, options, place, text))
    return following - at + taken


def _could_ask(text: str) -> bool:
    """Whether a line without options may be a question whose options follow."""
    bare = text.strip()
    return 2 < len(bare) <= QUESTION_LENGTH and not _ADDRESSED.match(bare) and not re.search(r"[。；;]$", bare)


def _ends_as_question(text: str) -> bool:
    """5. … , …？, …：, …（   ）, …（可多选）: needed where the options follow one a line."""
    ends = re.search(r"[:：?？]\s*(?:[（(][^（()）]*[)）]\s*)*$|[（(]\s*[)）][。.]?\s*$|选[）)]$", text.strip())
    return bool(ends or _NUMBERED.match(text))


def _single(text: str) -> bool:
    """□A or A. alone on a line."""
    return bool(re.match(rf"\s*(?:{BOX}|[AＡ][.．、:：)）])\s*\S", boxed(text)))


def _more(lines: Sequence[tuple[int, str]], at: int, options: Options | None, asked: str) -> tuple[int, Options | None]:
    """Options that go on in the next lines, taken together; how many lines from `at`."""
    best, taken, whole = options, 1, lines[at][1]
    for to in range(at + 1, min(at + 27, len(lines))):
        text = lines[to][1]
        if _ANSWER_LINE.fullmatch(text):
            return (to - at + 1 if text.strip() else taken), best
        if not re.search(rf"{BOX}|(?:^|\s)[A-ZＡ-Ｚ]\s*[.．、:：)）]", boxed(text)) or _NUMBERED.match(text):
            break
        mine = parse_options(text)
        if mine and mine.question:
            break
        whole += "\n" + text
        more = parse_options(whole, asked=asked)
        if more is None and best is not None:
            break
        best, taken = more, (to - at + 1 if more else taken)
    return taken, best


def _fields_in(lines: Sequence[tuple[int, str]], at: int, place: str) -> Iterator[Asked]:
    """单位名称：______  联系人：______ : labels before a blank; 建议： with a ruled line below."""
    text = lines[at][1]
    if _ADDRESSED.match(text.strip()):
        return
    below = lines[at + 1][1] if at + 1 < len(lines) else ""
    ruled_below = bool(re.fullmatch(r"[\s]*[_＿]{3,}[\s_＿]*", below))
    matches = list(_FIELD_IN_LINE.finditer(text))
    for number, match in enumerate(matches):
        end = matches[number + 1].start() if number + 1 < len(matches) else len(text)
        rest = text[match.end("blank") : end]
        label = clean_label(match.group("label"))
        room = len(match.group("blank")) > 1 or _PRINT.fullmatch(rest) is not None
        if not label or not room or (rest.strip() and not _empty(rest)) or len(label) > LABEL_LENGTH:
            continue
        lined = "_" in match.group("blank") or "＿" in match.group("blank") or ruled_below
        numbered = re.match(r"\s*[（(]?\d{1,2}[)）.．、]", text) and not below.strip("_＿ \u3000\t")
        if lined or numbered or known_field(label) or len(matches) > 1 or rest.strip():
            yield Asked(label, place, required=is_required(match.group("label")), blank=rest.strip())


def _empty(text: str) -> bool:
    """Whether a text is a place to write: blanks, lines, 年 月 日, （盖章）."""
    return _PRINT.fullmatch(_STAMP.sub("", text)) is not None


# ---- labels -----------------------------------------------------------------------------------


def asked_of(label: str, options: Options | None, place: str, told: str) -> Asked:
    """A question: `told` is all that is printed about it (必填, 可多选)."""
    words = options.words if options else ()
    lettered = bool(options and options.lettered)
    return Asked(clean_label(label), place, words, is_required(label), several(told), lettered)


def clean_label(text: str) -> str:
    """A label as printed, on one line, without numbering, stars, hints at its end, and the closing colon."""
    label = re.sub(r"\s+", " ", re.sub(r"[_＿□]+", " ", text)).strip()
    label = re.sub(r"[*＊★※]", "", label)
    label = _NUMBERED.sub("", label).strip()
    while True:
        shorter = re.sub(r"[\s:：?？。、,，;；.]+$", "", label)
        shorter = re.sub(r"\s*[（(【\[〔][^（()）】\]〕]*[)）】\]〕]$", "", shorter)
        if shorter == label or not shorter:
            break
        label = shorter
    return re.sub(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])", "", label)


def is_required(text: str) -> bool:
    return bool(_STAR.search(text))


# ---- tables -----------------------------------------------------------------------------------


class _TableLook:
    """Reads one table of a blank form."""

    def __init__(self, table: Table, seen: Seen, prefix: str) -> None:
        self.rows = table.rows
        self.seen = seen
        self.prefix = prefix
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
        ordered = any(_ORDER.fullmatch(core(fold(text))) for _, _, text in heads)
        if to - at < (2 if ordered else 3):
            return 0
        columns = tuple(
            self._column(at, number, cell, text)
            for number, cell, text in heads
            if not _ORDER.fullmatch(core(fold(text)))
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
            if not (_empty(found[1]) or _NUMBER.fullmatch(found[1]) or parse_options(found[1])):
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
            _walk(cell.blocks, self.seen, self.place(at, number))
            return 1
        if not text or self._heads_section(at, number):
            return 1
        own = parse_options(text)
        if (own and own.question) or self._asks_inside(cell):
            _lines([block for block in cell.blocks if isinstance(block, Paragraph)], self.seen, self.place(at, number))
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
        if beside and _empty(self._texts[at][beside[0]]) and len(clean_label(text)) <= LABEL_LENGTH:
            self.seen.asked.append(self._field(at, number, self._texts[at][beside[0]], beside[0]))
            return 2
        if len([one for one in self._texts[at] if one]) == 1:
            self.seen.headings.append(" ".join(text.split()))
        return 1

    def _heads_section(self, at: int, number: int) -> bool:
        """联系人 | 姓名 | … in a cell that spans the rows of a block."""
        tall = self.rows[at][number].row_span > 1
        beside = self._texts[at][number + 1] if number + 1 < len(self.rows[at]) else ""
        return tall and bool(beside) and not _empty(beside) and not parse_options(beside)

    def _is_heading(self, at: int, number: int, beside: Sequence[int]) -> bool:
        """一、基本情况: the only text of its row, wider than the place beside it."""
        alone = sum(map(bool, self._texts[at])) == 1
        room = sum(cell.column_span for cell in self.rows[at][number + 1 :])
        return alone and not self._texts[at][beside[0]] and self.rows[at][number].column_span > max(room, 1)

    def _asks_inside(self, cell: Cell) -> bool:
        """Whether a cell has labels with a place to write in it, or several questions in lines."""
        paragraphs = [block for block in cell.blocks if isinstance(block, Paragraph)]
        inner = Seen()
        _lines(paragraphs, inner, "-")
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
