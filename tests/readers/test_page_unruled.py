"""Forms without ruling lines: what stands under a heading, goes on from the line above, or begins anew."""

from __future__ import annotations

import pytest
from test_page_layout import word

from intake.document import Paragraph, Table
from intake.readers.page_layout import lay_out

QUESTION = "是否愿意加入首都知识产权运营联盟"
MEMBER = "是否愿意成为首都知识产权服务业协会会员"
FIELDS = (("单位名称", 20, 10), ("示例大学", 120, 10), ("联系人姓名", 20, 30), ("张三", 120, 30))


def shown(*spots: tuple[str, float, float]) -> list[list[str] | str]:
    """The rows of tables as lists of cells, empty ones left out, and the lines of paragraphs."""
    found: list[list[str] | str] = []
    for block in lay_out([word(*spot) for spot in spots]):
        if isinstance(block, Table):
            found += [["".join(cell.text.split(" ")) for cell in row if cell.text] for row in block.rows]
        else:
            found.append("".join(block.text.split()))
    return found


@pytest.mark.parametrize(("left", "column"), [(320, 1), (323, 1), (380, 2), (374, 2), (388, 2)])
@pytest.mark.parametrize("above", [FIELDS, ()])
def test_a_tick_stands_under_the_heading_it_was_drawn_under(
    left: float, column: int, above: tuple[tuple[str, float, float], ...]
) -> None:
    spots = [("是", 320, 60), ("否", 380, 60), (QUESTION, 20, 80), ("√", left, 80), (MEMBER, 20, 100), ("√", 320, 100)]
    *_, table = lay_out([word(*spot) for spot in (*above, *spots)])
    assert isinstance(table, Table)
    assert [(cell.column, cell.text) for cell in table.rows[0] if cell.text] == [(1, "是"), (2, "否")]
    assert [(cell.column, cell.text) for cell in table.rows[1] if cell.text] == [(0, QUESTION), (column, "√")]


def test_a_question_left_open_under_the_heading_keeps_its_row() -> None:
    spots = [("是", 320, 60), ("否", 380, 60), (QUESTION, 20, 80), (MEMBER, 20, 100), ("√", 380, 100)]
    (table,) = lay_out([word(*spot) for spot in spots])
    assert isinstance(table, Table)
    assert [[cell.column for cell in row if cell.text] for row in table.rows] == [[1, 2], [0], [0, 2]]


@pytest.mark.parametrize("rest", ["如已是会员，无需填写）：", "已是会员，无需填写）："])
def test_the_rest_of_a_question_is_no_label(rest: str) -> None:
    first = MEMBER + ("（" if rest.startswith("如") else "（如")
    spots = [*FIELDS, (first, 20, 50), ("是□ 否☑", 260, 50), (rest, 20, 64)]
    assert shown(*spots)[-1] == [first + rest, "是□否☑"]


def test_a_label_set_flush_right_begins_a_line() -> None:
    spots = [("联系人姓名", 20, 10), ("华鹏", 78, 10), ("办公电话", 30, 26), ("职务", 50, 42), ("主任", 90, 42)]
    rows = shown(("单位名称", 30, -6), ("示例大学", 90, -6), *spots)
    assert rows == [["单位名称", "示例大学"], ["联系人姓名华鹏"], ["办公电话"], ["职务", "主任"]]


@pytest.mark.parametrize("value", ["010-85549110-6823", "longer.name@example.com"])
def test_words_below_a_whole_number_or_address_are_not_part_of_it(value: str) -> None:
    spots = [("办公电话", 20, 10), ("手机号码", 200, 10), (value, 20, 24), ("17500000000", 200, 24)]
    spots.append(("电子邮箱", 20, 40))
    (*_, last) = shown(*spots)
    assert last == "电子邮箱" or last == ["电子邮箱"]


def test_a_value_below_one_of_two_labels_is_its_value() -> None:
    spots = [("单位名称：", 20, 10), ("联系人：", 200, 10), ("示例", 20, 24), ("张三", 200, 24)]
    spots += [("办公电话：", 20, 48), ("手机号码：", 200, 48), ("010-62000000", 20, 62)]
    assert shown(*spots)[-1] == ["办公电话：010-62000000", "手机号码："]


def test_a_question_below_a_row_with_values_is_a_line_of_its_own() -> None:
    spots = [("电子邮箱：", 20, 10), ("a@example.com", 120, 10), (QUESTION + "：", 20, 28), ("是☑ 否□", 230, 28)]
    assert shown(*spots) == [["电子邮箱：", "a@example.com"], [QUESTION + "：", "是☑否□"]]


def test_a_heading_alone_is_no_table() -> None:
    assert all(isinstance(block, Paragraph) for block in lay_out([word("是", 320, 60), word("否", 380, 60)]))


@pytest.mark.parametrize(
    ("labels", "values"),
    [
        (("4、联系人职务", "5、手机号码"), ("办公室主任兼党支部书记", "13600000000")),
        (("申请单位（全称）", "联系人姓名姓名姓名"), ("样本集团有限公司北京分公司法务部", "褚欣宇")),
        (("办公电话（座机）", "邮箱"), ("010-88521019", "rdccppn2016@example.com")),
    ],
)
def test_a_label_and_its_value_do_not_both_go_on(labels: tuple[str, str], values: tuple[str, str]) -> None:
    spots = [("单位", 20, -6), ("示例大学", 150, -6)]
    spots += [(labels[0], 20, 10), (values[0], 150, 10), (labels[1], 20, 24), (values[1], 150, 24)]
    assert shown(*spots) == [["单位", "示例大学"], [labels[0], values[0]], [labels[1], values[1]]]


def test_a_number_pushed_to_the_next_line_belongs_to_the_label_at_the_end() -> None:
    spots = [("办公电话：", 20, 10), ("010-56542189转9325", 90, 10), ("手机号码：", 260, 10), ("15900000000", 90, 24)]
    assert shown(("联系人：", 20, -6), ("张三", 90, -6), *spots)[-1] == [
        "办公电话：",
        "010-56542189转9325",
        "手机号码：\n15900000000",
    ]


def test_a_label_ended_by_a_colon_does_not_go_on() -> None:
    spots = [("联系人姓名：", 20, 10), ("严洋丽", 150, 10), ("联系人职务", 20, 24)]
    spots += [("手机号码", 20, 38), ("15600000000", 150, 38)]
    assert shown(*spots) == [["联系人姓名：", "严洋丽"], ["联系人职务"], ["手机号码", "15600000000"]]


@pytest.mark.parametrize(
    ("value", "rest", "joined"),
    [
        ("北京样例知识产权代理有限", "公司", True),
        ("qzywhn2016@sample-ip.example", ".cn", True),
        ("张三", "李四", False),
        ("北京样例知识产权代理有限公司", "联系人：张三", False),
        ("北京样例知识产权代理电话", "13800000000", False),
    ],
)
def test_a_long_value_goes_on_under_its_beginning(value: str, rest: str, joined: bool) -> None:
    spots = [
        ("单位名称：", 20, 10),
        (value, 74, 10),
        (rest, 74, 24),
        ("请各单位按照要求认真填写本表后寄回协会秘书处", 20, 60),
    ]
    assert shown(*spots)[0] == f"单位名称：{value}{rest if joined else ''}"
