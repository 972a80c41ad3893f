"""Positions to blocks: tables of any arrangement come out with the cells they were drawn with, wraps as a person
reads them."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.document import Box, Paragraph, Table
from intake.readers.page_items import split_word
from intake.readers.page_layout import Mark, Page, Rule, Word, lay_out, lay_out_pages
from intake.readers.pieces import Line

HEIGHT = 10.0


@dataclass(frozen=True)
class Drawn:
    """A cell as drawn: grid rows and columns (ends exclusive)."""

    row: int
    column: int
    row_end: int
    column_end: int


def word(text: str, left: float, top: float, size: float = HEIGHT) -> Word:
    width = sum(size if ord(one) > 0x2E80 else size / 2 for one in text)
    return Word(text, left, top, left + width, top + size)


def merged(rows: int, columns: int, spots: random.Random) -> list[Drawn]:
    """A grid with some neighbours merged, every row and column still having a cell of its own size."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            row_end, column_end = row + 1, column + 1
            if row > 0 and column > 0 and spots.random() < 0.3:
                if spots.random() < 0.5 and column_end < columns and (row, column_end) not in taken:
                    column_end += 1
                elif row_end < rows:
                    row_end += 1
            cells.append(Drawn(row, column, row_end, column_end))
            taken.update((r, c) for r in range(row, row_end) for c in range(column, column_end))
    return cells


def lines_of(cells: list[Drawn], xs: list[float], ys: list[float], spots: random.Random) -> list[Rule]:
    """The sides of the cells, each a little off and some drawn twice."""
    rules = []
    for cell in cells:
        left, right, top, bottom = xs[cell.column], xs[cell.column_end], ys[cell.row], ys[cell.row_end]
        across = (left, top, right, top), (left, bottom, right, bottom)
        for box in (*across, (left, top, left, bottom), (right, top, right, bottom)):
            for _ in range(1 + (spots.random() < 0.2)):
                rules.append(Rule(*(side + spots.uniform(-0.4, 0.4) for side in box)))
    spots.shuffle(rules)
    return rules


@settings(max_examples=150)
@given(st.integers(2, 6), st.integers(2, 5), st.integers(0, 10**6), st.booleans())
def test_tables_come_out_as_drawn(rows: int, columns: int, seed: int, open_sides: bool) -> None:
    spots = random.Random(seed)
    xs, ys = [30.0], [100.0]
    for _ in range(columns):
        xs.append(xs[-1] + spots.uniform(50, 120))
    for _ in range(rows):
        ys.append(ys[-1] + spots.uniform(16, 40))
    cells = merged(rows, columns, spots)
    rules = lines_of(cells, xs, ys, spots)
    if open_sides:  # without the outer upright lines, as many Chinese tables are
        rules = [rule for rule in rules if rule.horizontal or xs[0] + 1 < rule.left < xs[-1] - 1]
    words = []
    for number, cell in enumerate(cells):
        text = f"n{number}"
        words.append(word(text, xs[cell.column] + 4, (ys[cell.row] + ys[cell.row_end]) / 2 - 5))
    spots.shuffle(words)
    blocks = lay_out(words, (), rules)
    assert len(blocks) == 1
    table = blocks[0]
    assert isinstance(table, Table)
    found = {
        (number, cell.column, number + cell.row_span, cell.column + cell.column_span): cell.text
        for number, row in enumerate(table.rows)
        for cell in row
    }
    wanted = {(c.row, c.column, c.row_end, c.column_end): f"n{number}" for number, c in enumerate(cells)}
    assert found == wanted


SPOT = st.floats(-1e4, 1e4)


@given(st.lists(st.tuples(st.text(max_size=6), SPOT, SPOT, SPOT, SPOT), max_size=20), st.integers())
@settings(max_examples=150)
def test_anything_keeps_every_character(raw: list[tuple[str, float, float, float, float]], seed: int) -> None:
    words = [Word(text, min(a, c), min(b, d), max(a, c), max(b, d)) for text, a, b, c, d in raw]
    rules = [Rule(min(a, c), b, max(a, c), b) for _, a, b, c, _ in raw]
    rules += [Rule(a, min(b, d), a, max(b, d)) for _, a, b, _, d in raw]
    random.Random(seed).shuffle(rules)
    shown = "".join(block.text for block in lay_out(words, (), rules))
    assert visible(shown) == visible("".join(text for text, *_ in raw))


def visible(text: str) -> list[str]:
    """The characters of a text that a person sees, in order of their codes."""
    line = Line()
    line.text(text)
    return sorted("".join(line.paragraph().text.split()))


def cell_of(*lines: str, width: float = 100.0) -> str:
    """The text of a cell of a given inner width (margins of 5 besides) whose lines are these, from the left."""
    words = [word("标签", 15, 12)]
    words += [word(text, 115, 12 + 14 * number) for number, text in enumerate(lines)]
    words.append(word("满" * int(width / HEIGHT), 115, 112))  # a full line shows how wide the margins are
    right = 120 + width
    rules = [Rule(10, y, right, y) for y in (5, 105, 130)] + [Rule(x, 5, x, 130) for x in (10, 110, right)]
    (table,) = lay_out(words, (), rules)
    assert isinstance(table, Table)
    return table.rows[0][1].text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("北京某某科技发展有限", "公司"), "北京某某科技发展有限公司"),
        (("科技部", "张三"), "科技部\n张三"),
        (("18026463809/13813", "516674"), "18026463809/13813516674"),
        (("010-66406954-", "2240"), "010-66406954-2240"),
        (("13800000000", "13900000000"), "13800000000\n13900000000"),
        (("010-62000000", "13900000000"), "010-62000000\n13900000000"),
        (("sample@example.com;", "other@example.com"), "sample@example.com;other@example.com"),
        (("longname@sub.example", ".com"), "longname@sub.example.com"),
        (("是□", "否□"), "是□\n否□"),
        (("首席知识产权官、副总", "经理"), "首席知识产权官、副总经理"),
    ],
)
def test_wraps(lines: tuple[str, ...], text: str) -> None:
    width = 100.0 if len(lines[0]) > 5 else 160.0
    assert cell_of(*lines, width=width) == text


def test_box_stands_in_its_line() -> None:
    box = Box("ticked", "ink")
    blocks = lay_out([word("是", 10, 10), word("否", 60, 10)], [Mark(box, 22, 10, 32, 20)], ())
    assert "".join(blocks[0].text.split()) == "是☑否"
    assert isinstance(blocks[0], Paragraph)
    assert box in blocks[0].pieces


def test_word_across_a_line_is_cut() -> None:
    rules = [Rule(0, y, 200, y) for y in (0, 30)] + [Rule(x, 0, x, 30) for x in (0, 100, 200)]
    (table,) = lay_out([Word("单位名称北京某某公司", 60, 10, 160, 20)], (), rules)
    assert table.text == "单位名称\t北京某某公司"


def test_split_keeps_both_sides() -> None:
    left, right = split_word(Word("是口否口", 0, 0, 40, 10), 20)
    assert (left.text, right.text, left.right, right.left) == ("是口", "否口", 20, 20)


def test_table_continued_on_the_next_page_is_one() -> None:
    def page(first: str, *more: Word) -> Page:
        rules = [Rule(0, y, 200, y) for y in (0, 30, 60)] + [Rule(x, 0, x, 60) for x in (0, 100, 200)]
        words = (word(first, 10, 10), word("值", 110, 10), word("某某", 10, 40), word("值", 110, 40), *more)
        return Page(words, (), tuple(rules))

    blocks = lay_out_pages([page("单位", word("第1页", 90, 200)), page("续表")])
    assert len(blocks) == 1
    assert isinstance(blocks[0], Table)
    assert len(blocks[0].rows) == 4


def test_nested_table_stays_in_its_cell() -> None:
    outer = [Rule(0, y, 300, y) for y in (0, 30, 130)] + [Rule(x, 0, x, 130) for x in (0, 300)]
    inner = [Rule(20, y, 280, y) for y in (40, 70, 100)] + [Rule(x, 40, x, 100) for x in (20, 150, 280)]
    words = [word("标题", 10, 10), word("甲", 30, 50), word("乙", 160, 50), word("丙", 30, 80), word("丁", 160, 80)]
    (table,) = lay_out(words, (), [*outer, *inner])
    assert isinstance(table, Table)
    (within,) = table.rows[1][0].blocks
    assert within.text == "甲\t乙\n丙\t丁"


UNRULED = (
    ("单位名称", 20, 10), ("北京某某科技有限公司", 150, 10),
    ("联系人姓名", 20, 30), ("张三", 150, 30), ("办公电话", 260, 30), ("010-62000000", 340, 30),
    ("联系人职务", 20, 50), ("主任", 150, 50), ("手机号码", 260, 50), ("13800000000", 340, 50),
    ("是否愿意加入首都知识", 20, 70), ("是□", 150, 70), ("否☑", 210, 70),
    ("产权运营联盟", 20, 84),
)  # fmt: skip


def test_form_without_lines_is_a_table() -> None:
    blocks = lay_out([word("首都知识产权运营联盟入盟意向书", 100, -20), *(word(*spot) for spot in UNRULED)])
    title, table = blocks
    assert title.text == "首都知识产权运营联盟入盟意向书"
    assert isinstance(table, Table)
    assert [["".join(cell.text.split()) for cell in row if cell.text] for row in table.rows] == [
        ["单位名称", "北京某某科技有限公司"],
        ["联系人姓名", "张三", "办公电话", "010-62000000"],
        ["联系人职务", "主任", "手机号码", "13800000000"],
        ["是否愿意加入首都知识产权运营联盟", "是□否☑"],
    ]


def test_a_long_heading_close_above_is_no_line_of_a_cell() -> None:
    """Both columns stand below the heading, so it goes on in neither."""
    words = [word("运营联盟入盟意向书全体成员单位适用版", 30, 50), word("单位名称", 30, 66), word("示例大学", 150, 66)]
    words += [word("联系人姓名", 30, 82), word("张三", 150, 82)]
    heading, table = lay_out(words)
    assert isinstance(heading, Paragraph)
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows] == [["单位名称", "示例大学"], ["联系人姓名", "张三"]]


@pytest.mark.parametrize("mark", ["：", ":", "="])
def test_labels_side_by_side_on_several_lines_stay_on_their_lines(mark: str) -> None:
    """Lines with a tab stop: each begins with a label of its own, however well it would go on with the line above."""
    spots = [
        ("联系人姓名{}张示例", 30, 50), ("办公电话{}010-62000000", 180, 50),
        ("联系人职务{}主任", 30, 64), ("手机号码{}13800000000", 180, 64),
    ]  # fmt: skip
    blocks = lay_out([word(text.format(mark), left, top) for text, left, top in spots])
    shown = [line for block in blocks for line in block.text.replace("\t", " ").split("\n")]
    assert [" ".join(line.split()) for line in shown] == [
        f"联系人姓名{mark}张示例 办公电话{mark}010-62000000",
        f"联系人职务{mark}主任 手机号码{mark}13800000000",
    ]


@pytest.mark.parametrize(("gap", "between"), [(0, ""), (3, ""), (4, " "), (6, "  ")])
def test_white_between_chinese_words(gap: int, between: str) -> None:
    """Half a character is the space of a Chinese font; a third and less is how justified lines are set."""
    (line,) = lay_out([word("张三", 30, 50), word("办公电话", 50 + gap, 50)])
    assert line.text == f"张三{between}办公电话"


def test_value_centred_beside_two_lines() -> None:
    spots = [
        ("联系人姓名", 20, 10), ("张三", 180, 10),
        ("是否愿意成为首都知识产权服务业", 10, 30), ("是☑  否□", 200, 40), ("协会会员（已是会员无需填写）", 14, 50),
        ("是否愿意加入首都知识产权运营联", 10, 72), ("是□  否□", 200, 72),
    ]  # fmt: skip
    (table,) = lay_out([word(*spot) for spot in spots])
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows][1] == [
        "是否愿意成为首都知识产权服务业协会会员（已是会员无需填写）",
        "是☑  否□",
    ]


def test_level_rules_alone_part_the_rows() -> None:
    spots = [
        ("手机", 20, 14), ("13800000000", 120, 8), ("13900000000", 120, 20), ("电话", 20, 44), ("138", 120, 44),
    ]  # fmt: skip
    rules = [Rule(10, y, 300, y) for y in (2, 36, 62)]
    (table,) = lay_out([word(*spot) for spot in spots], (), rules)
    assert table.text == "手机\t13800000000\n13900000000\n电话\t138"


def test_lines_of_a_letter_are_no_table() -> None:
    lines = ["单位名称：北京某某公司", "联系人：张三    电话：010-62000000", "愿意加入。"]
    blocks = lay_out([word(text, 20, 10 + 16 * number) for number, text in enumerate(lines)])
    assert all(isinstance(block, Paragraph) for block in blocks)
