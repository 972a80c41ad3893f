"""Old Excel workbooks: values, looks, hidden things, merges, and every kind of check box."""
# ruff: noqa: E501 (tables of samples read best with one row a line)

from __future__ import annotations

import contextlib
import random
import struct
from datetime import datetime

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_samples import plainly, png, square, tick_points
from xls_samples import (
    anchor,
    atom,
    check_box,
    compound_file,
    container,
    drawing,
    drop_down,
    obj,
    options,
    record,
    saved,
    shape,
    stream_of,
    with_records,
)

from intake.errors import Encrypted, TooLarge, Unreadable
from intake.readers import read


def sheet_of(content: bytes, name: str = "a.xls") -> object:
    (document,) = read(content, name)
    assert document.format == "xls"
    return plainly(document.blocks[0])


def styled(text: str) -> xlwt.XFStyle:
    return xlwt.easyxf(text)


def _values(book: xlwt.Workbook) -> None:
    sheet = book.add_sheet("表")
    sheet.write_merge(0, 0, 0, 2, "意向书", styled("font: bold on"))
    for column, value in enumerate(("手机", 13800000000, 0.5)):
        sheet.write(1, column, value)
    sheet.write(2, 0, datetime(2016, 12, 2), xlwt.easyxf(num_format_str="yyyy-mm-dd"))  # noqa: DTZ001
    sheet.write(2, 1, True)
    sheet.write(2, 2, 1, xlwt.easyxf(num_format_str='[=1]"√";[=0]"×";'))
    struck = xlwt.easyfont("struck_out on")
    sheet.write_rich_text(3, 0, ("是 ", ("否", struck), " □"), xlwt.Style.default_style)
    sheet.write(3, 1, "þ是", styled("font: name Wingdings"))
    sheet.write(3, 2, "红", styled("font: color_index red, underline single"))
    sheet.write(4, 0, "黄", styled("pattern: pattern solid, fore_colour yellow"))
    sheet.write(4, 1, "两行\n文字")
    sheet.write(4, 2, xlwt.Formula('"公" & "式"'))


VALUES = saved(_values)


def test_values_looks_and_merges() -> None:
    assert sheet_of(VALUES) == [
        [(0, 3, 1, "<意向书:bold>")],
        [(0, 1, 1, "手机"), (1, 1, 1, "13800000000"), (2, 1, 1, "0.5")],
        [(0, 1, 1, "2016-12-02"), (1, 1, 1, "TRUE"), (2, 1, 1, "√")],
        [(0, 1, 1, "是 <否:struck> □"), (1, 1, 1, "☑是"), (2, 1, 1, "<红:underlined+coloured>")],
        [(0, 1, 1, "<黄:shaded>"), (1, 1, 1, ["两行", "文字"]), (2, 1, 1, [])],
    ]


def test_the_bare_stream_and_the_kingsoft_name_read_alike() -> None:
    assert read(stream_of(VALUES), "a.xls") == read(VALUES, "a.et") == read(VALUES, "a.docx")


def _hidden(book: xlwt.Workbook) -> None:
    sheet = book.add_sheet("表")
    for row in range(1, 4):
        for column in range(3):
            sheet.write(row, column, f"{row + 1}{column + 1}")
    sheet.row(2).hidden = True
    sheet.col(1).hidden = True
    secret = book.add_sheet("密")
    secret.write(0, 0, "不可见")
    secret.visibility = 1


def test_hidden_sheets_rows_and_columns_are_left_out_but_rows_keep_their_numbers() -> None:
    (document,) = read(saved(_hidden))
    (table,) = document.blocks
    assert plainly(table) == [[(0, 1, 1, "21"), (2, 1, 1, "23")], [], [(0, 1, 1, "41"), (2, 1, 1, "43")]]
    assert document.notes == ("hidden sheets",)


# ---- controls -----------------------------------------------------------------------------------


def _form(book: xlwt.Workbook) -> None:
    sheet = book.add_sheet("表")
    sheet.write(0, 0, "是否愿意")
    sheet.write(0, 1, "是      否")
    sheet.write(1, 0, "名单")
    sheet.write(2, 5, "甲")
    sheet.write(3, 5, "乙")
    sheet.write(4, 0, "末行")


FORM = saved(_form)


def linked(value: object) -> bytes:
    def fill(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("表")
        sheet.write(0, 0, "问")
        sheet.write(0, 7, value)

    return saved(fill)


def answer(content: bytes, row: int = 0, column: int = 1) -> object:
    (document,) = read(content, "a.xls")
    rows = plainly(document.blocks[0])
    return next((one[3] for one in rows[row] if one[0] == column), None)


CONTROLS = [
    ("ticked with words", drawing([(shape(anchor(2, 0, 3, 0), text=True), check_box(1, 1), "是")]), (0, 2), "[ticked form control]是"),
    ("empty with words", drawing([(shape(anchor(2, 0, 3, 0), text=True), check_box(1, 0), "是")]), (0, 2), "[empty form control]是"),
    ("mixed", drawing([(shape(anchor(2, 0, 3, 0), text=True), check_box(1, 2), "是")]), (0, 2), "[unknown form control]是"),
    (
        "two in a cell",
        drawing(
            [
                (shape(anchor(2, 0, 2, 0, 500, 900), text=True), check_box(2, 1), "否"),
                (shape(anchor(2, 0, 2, 0, 0, 400), text=True), check_box(1, 0), "是"),
            ]
        ),
        (0, 2),
        "[empty form control]是  [ticked form control]否",
    ),
    ("option button", drawing([(shape(anchor(2, 0, 3, 0), text=True), check_box(1, 1, kind=0x0C), "否")]), (0, 2), "[ticked option button]否"),
    ("chosen of a list", drawing([(shape(anchor(1, 1, 2, 1)), drop_down(1, 2, (2, 3, 5, 5)), "")]), (1, 1), "乙"),
    ("nothing chosen", drawing([(shape(anchor(1, 1, 2, 1)), drop_down(1, 0, (2, 3, 5, 5)), "")]), (1, 1), []),
    ("off the list", drawing([(shape(anchor(1, 1, 2, 1)), drop_down(1, 9, (2, 3, 5, 5)), "")]), (1, 1), "[unknown list]"),
    ("several of a list", drawing([(shape(anchor(1, 1, 2, 1)), drop_down(1, 2, (2, 3, 5, 5), 0x10), "")]), (1, 1), "[unknown list]"),
    ("list of a filter", drawing([(shape(anchor(1, 1, 2, 1)), drop_down(1, 2, (2, 3, 5, 5), 0x300), "")]), (1, 1), []),
    ("text box", drawing([(shape(anchor(1, 1, 2, 1), 202, text=True), obj(0x06, 1), "√")]), (1, 1), "√"),
    ("drawn line", drawing([(shape(anchor(1, 1, 1, 1), 20), obj(0x01, 1), "")]), (1, 1), "[unknown shape]"),
    ("drawn square", drawing([(shape(anchor(1, 1, 1, 1, 0, 200), 1), obj(0x02, 1), "")]), (1, 1), "[empty shape □]"),
    (
        "filled square",
        drawing([(shape(anchor(1, 1, 1, 1, 0, 200), 1, options((0x181, 0x0000FF))), obj(0x02, 1), "")]),
        (1, 1),
        "[unknown shape]",
    ),
    ("hidden", drawing([(shape(anchor(1, 1, 2, 1), 201, options((0x3BF, 0x20002))), check_box(1, 1), "")]), (1, 1), []),
    (
        "word art",
        drawing(
            [
                (
                    shape(anchor(1, 1, 1, 1), 136, options((0x80C0, 4), tail="√\0".encode("utf-16-le"))),
                    obj(0x1E, 1),
                    "",
                )
            ]
        ),
        (1, 1),
        "√",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("extra", "at", "wanted"), [row[1:] for row in CONTROLS], ids=[row[0] for row in CONTROLS])
def test_what_lies_over_a_cell(extra: bytes, at: tuple[int, int], wanted: object) -> None:
    assert answer(with_records(FORM, extra), *at) == wanted


def test_a_linked_boolean_sets_its_box_and_is_not_shown() -> None:
    for value, state in ((True, "ticked"), (False, "empty")):
        content = with_records(
            linked(value), drawing([(shape(anchor(1, 0, 2, 0)), check_box(1, 1 - value, (0, 7)), "")])
        )
        (document,) = read(content)
        assert plainly(document.blocks[0]) == [[(0, 1, 1, "问"), (1, 1, 1, f"[{state} form control]")]]


def test_the_number_that_feeds_option_buttons_is_not_shown() -> None:
    button = check_box(1, 1, (0, 7), kind=0x0C)
    content = with_records(linked(1), drawing([(shape(anchor(1, 0, 2, 0)), button, "")]))
    (document,) = read(content)
    assert plainly(document.blocks[0]) == [[(0, 1, 1, "问"), (1, 1, 1, "[ticked option button]")]]


def test_a_comment_stands_in_its_cell() -> None:
    note = record(0x1C, struct.pack("<HHHHH", 0, 0, 0, 7, 0) + b"\0\0")
    extra = drawing([(shape(anchor(3, 0, 4, 3), 202, text=True), obj(0x19, 7), "改为否")]) + note
    assert answer(with_records(FORM, extra), 0, 0) == "是否愿意{改为否}"


def _picture(rows: list[str]) -> bytes:
    """The drawing group of a workbook with one PNG."""
    content = png(rows)
    blip = atom(0xF01E, bytes(17) + content, 0x6E0)
    store = atom(0xF007, b"\x06\x06" + bytes(34) + blip, 6, 2)
    group = container(0xF000, struct.pack("<HHI", 0x1F, 0xF001, len(store)) + store)
    return record(0xEB, group[:2000]) + b"".join(
        record(0x3C, group[at : at + 2000]) for at in range(2000, len(group), 2000)
    )


@pytest.mark.parametrize(
    ("rows", "wanted"), [(square(), "[empty picture □]"), (square(tick_points()), "[ticked picture ☑]")]
)
def test_a_little_picture_is_looked_at(rows: list[str], wanted: str) -> None:
    placed = shape(anchor(1, 1, 1, 1, 0, 200), 75, options((0x4104, 1)))
    content = with_records(FORM, drawing([(placed, obj(0x08, 1), "")]), _picture(rows))
    assert answer(content, 1) == wanted


def test_a_line_down_and_up_again_is_a_tick() -> None:
    points = struct.pack("<HHH6h", 3, 3, 0xFFF0, 0, 50, 30, 100, 100, 0)
    for flags, wanted in ((0xA00, "[ticked shape √]"), (0xA80, "[unknown shape]")):
        placed = shape(anchor(1, 1, 1, 1, 0, 400), 0, options((0x8145, len(points)), tail=points), flags=flags)
        assert answer(with_records(FORM, drawing([(placed, obj(0x1E, 1), "")])), 1) == wanted


def test_members_of_a_group_stand_at_their_own_places() -> None:
    group = atom(0xF009, struct.pack("<4i", 0, 0, 100, 100), version=1)
    own = container(0xF004, group + atom(0xF00A, struct.pack("<II", 1025, 0xA01), version=2) + anchor(1, 0, 3, 4, 0, 0))
    left, right = (atom(0xF00F, struct.pack("<4i", x, 20, x + 40, 40)) for x in (0, 55))
    inner = own + shape(left, text=False)
    front, rest = inner, shape(right)
    head = struct.pack("<HHI", 0x0F, 0xF003, len(front) + len(rest))
    extra = drawing([(head + front, check_box(1, 1), ""), (rest, check_box(2, 0), "")])
    content = with_records(FORM, extra)
    assert answer(content, 1, 1) == "[ticked form control]"
    assert answer(content, 1, 2) == "[empty form control]"


def _active(value: str, name: str = "Forms.CheckBox.1") -> bytes:
    formula = (
        struct.pack("<HI5s", 5, 0, b"\x02" + bytes(4)) + struct.pack("<BBB", 3, len(name), 0) + b"\0" + name.encode()
    )
    formula += bytes(len(formula) % 2)
    body = struct.pack("<H", len(formula)) + formula + struct.pack("<II", 0, 4096)
    return obj(0x08, 1, record(0x07, b"\xff\xff"), record(0x08, b"\x31\x00"), record(0x09, body))


def control_stream(value: str, caption: str) -> bytes:
    words = [text.encode("utf-16-le") for text in (value, caption)]
    mask = struct.pack("<Q", 1 << 22 | 1 << 23)
    sizes = struct.pack("<II", *map(len, words))
    strings = b"".join(one + bytes(-len(one) % 4) for one in words)
    block = mask + sizes + strings
    return bytes.fromhex("401DD28B42ECCE119E0D00AA006002F3") + b"\0\2" + struct.pack("<H", len(block)) + block


def test_an_active_x_check_box_is_read_from_its_stream() -> None:
    stream = with_records(FORM, drawing([(shape(anchor(1, 1, 2, 1)), _active("1"), "")]))
    for value, wanted in (("1", "[ticked ActiveX]是"), ("0", "[empty ActiveX]是")):
        content = compound_file({"Workbook": stream, "Ctls": control_stream(value, "是")})
        assert answer(content, 1) == wanted
    assert answer(stream, 1) == "[unknown ActiveX]"


# ---- bad files ----------------------------------------------------------------------------------


def test_a_locked_workbook_is_said_to_be_locked() -> None:
    stream = stream_of(VALUES)
    front = 4 + int.from_bytes(stream[2:4], "little")
    with pytest.raises(Encrypted):
        read(stream[:front] + record(0x2F, bytes(6)) + stream[front:])


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.sampled_from(["flip", "cut", "records"]))
def test_no_damage_raises_anything_else(seed: int, how: str) -> None:
    chance = random.Random(seed)
    box = drawing([(shape(anchor(2, 0, 3, 0), text=True), check_box(1, 1, (0, 7)), "是")])
    content = bytearray(VALUES if how == "flip" else with_records(FORM, box + box))
    if how == "cut":
        content = content[: chance.randrange(len(content))]
    for _ in range(chance.randrange(1, 30)):
        if content:
            content[chance.randrange(len(content))] = chance.randrange(256)
    with contextlib.suppress(Unreadable):
        read(bytes(content), "a.xls")


def test_a_sheet_full_of_empty_cells_stays_small() -> None:
    row = struct.pack("<HH", 0, 0) + struct.pack("<256H", *[15] * 256) + struct.pack("<H", 255)
    blanks = b"".join(record(0xBE, struct.pack("<H", at) + row[2:]) for at in range(10, 65_536))
    (document,) = read(with_records(FORM, blanks), "a.xls")
    assert len(plainly(document.blocks[0])) == 5


def test_a_sheet_full_of_numbers_is_refused() -> None:
    full = b"".join(record(0xBD, struct.pack("<HH", at, 0) + bytes(6 * 256) + b"\xff\0") for at in range(10, 2_000))
    with pytest.raises(TooLarge):
        read(with_records(FORM, full), "a.xls")


def test_a_table_of_strings_that_claims_too_much_is_refused_or_read() -> None:
    stream = bytearray(stream_of(VALUES))
    at = bytes(stream).index(b"\xfc\x00")
    stream[at + 8 : at + 12] = b"\xff\xff\xff\x7f"
    with pytest.raises(Unreadable):
        read(bytes(stream), "a.xls")


# ---- before Excel 97 ----------------------------------------------------------------------------


def _label(number: int, row: int, column: int, text: str) -> bytes:
    raw = text.encode("gbk")
    head = struct.pack("<HH3sB", row, column, bytes(3), len(raw)) if number == 0x04 else None
    return record(number, (head or struct.pack("<HHHH", row, column, 0, len(raw))) + raw)


CODEPAGE, END = record(0x42, b"\xa8\x03"), record(0x0A, b"")
BIFF2 = record(0x09, struct.pack("<HH", 2, 0x10)) + _label(0x04, 0, 0, "单位") + _label(0x04, 0, 1, "示例") + END
BIFF4 = (
    record(0x409, struct.pack("<HHH", 0x400, 0x10, 0))
    + CODEPAGE
    + _label(0x204, 0, 0, "单位")
    + _label(0x204, 0, 1, "示例")
    + END
)
_GLOBALS = record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + CODEPAGE
BIFF5 = (
    _GLOBALS
    + record(0x85, struct.pack("<IHB", len(_GLOBALS) + 17, 0, 2) + "表".encode("gbk"))
    + END
    + record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0))
    + _label(0x204, 0, 0, "单位")
    + _label(0x204, 0, 1, "示例")
    + record(0x5D, struct.pack("<IHHH8H", 1, 0x0B, 1, 0, 2, 0, 0, 0, 3, 0, 1, 0) + bytes(20))
    + END
)


@pytest.mark.parametrize(
    ("content", "more"), [(BIFF2, []), (BIFF4, []), (BIFF5, [(2, 1, 1, "[unknown form control]")])], ids=["2", "4", "5"]
)
def test_older_workbooks(content: bytes, more: list[object]) -> None:
    assert sheet_of(content, "a.docx") == [[(0, 1, 1, "单位"), (1, 1, 1, "示例"), *more]]
