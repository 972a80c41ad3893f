"""Marks in Word 97-2003 and WPS files: each comes out as a person sees it."""

from __future__ import annotations

import struct
import uuid
from collections.abc import Sequence

import pytest
from doc_samples import (
    COMMENT_PLACES,
    DRAWINGS,
    SHAPE_PLACES,
    SPECIAL,
    TEXT_BOXES,
    Run,
    Word,
    box_texts,
    drawings,
    field_of,
    form_box,
    form_data,
    inline_picture,
    p,
    places,
    shape,
    sprm,
    style_sheet,
    symbol,
)
from reader_samples import plainly, png, square, stroke, tick_points

from intake.document import Document, Remark
from intake.readers import read

STYLES = style_sheet(
    ("Struck", 1, 0, sprm(0x0837)),
    ("Ticks", 2, 0xFFF, sprm(0x4A4F, 2) + sprm(0x4A51, 2)),
    ("Hidden", 2, 0xFFF, sprm(0x083C)),
)


def shown(word: Word) -> str:
    (document,) = read(word.bytes())
    return "\n".join(str(plainly(block)) for block in document.blocks)


def looks(code: int, operand: int | bytes = 1) -> list[Run | str]:
    return [Run("是", sprm(code, operand)), "否"]


BLACK_ON_YELLOW = bytes.fromhex("000000ffffff00000000")
WINGDINGS, WINGDINGS_2 = 1, 2
in_font = {font: sprm(0x4A4F, font) + sprm(0x4A50, font) + sprm(0x4A51, font) for font in (WINGDINGS, WINGDINGS_2)}

BEGIN, SEPARATE, END = (Run(one, SPECIAL) for one in "\x13\x14\x15")
LETTER, SYMBOL = Run("P", in_font[WINGDINGS_2]), symbol(WINGDINGS_2, 0xF050)

MARKS: list[tuple[str, Sequence[Run | str], str]] = [
    ("symbol of Wingdings", [symbol(WINGDINGS, 0xF0FE)], "[ticked sym F0FE ☑]"),
    ("symbol of Wingdings 2", [symbol(WINGDINGS_2, 0xF0A3), "x"], "[empty sym F0A3 □]x"),
    ("bracket that is none", ["(是)"], "(是)"),
    ("letter in Wingdings 2", [Run("R", in_font[WINGDINGS_2]), "是"], "☑是"),
    ("private-use character", [Run("\uf0fe", in_font[WINGDINGS])], "☑"),
    ("letter by a style", [Run("R£", sprm(0x4A30, 2))], "☑□"),
    ("strike", looks(0x0837), "<是:struck>否"),
    ("double strike", looks(0x2A53), "<是:struck>否"),
    ("strike off", looks(0x0837, 0), "是否"),
    ("bold", looks(0x0835), "<是:bold>否"),
    ("highlight", looks(0x2A0C, 7), "<是:highlighted>否"),
    ("highlight none", looks(0x2A0C, 0), "是否"),
    ("underline", looks(0x2A3E), "<是:underlined>否"),
    ("emphasis dots", looks(0x2A34), "<是:underlined>否"),
    ("red by number", looks(0x2A42, 6), "<是:coloured>否"),
    ("red", looks(0x6870, 0x0000FF), "<是:coloured>否"),
    ("automatic colour", looks(0x6870, 0xFF000000), "是否"),
    ("shading by number", looks(0x4866, 7 << 5), "<是:shaded>否"),
    ("no shading", looks(0x4866, 0), "是否"),
    ("shading", looks(0xCA71, BLACK_ON_YELLOW), "<是:shaded>否"),
    ("border", looks(0x6865, 0x00000104), "<是:bordered>否"),
    ("border none", looks(0x6865, 0), "是否"),
    ("border of colours", looks(0xCA72, bytes([0, 0, 0, 0, 4, 1, 0, 0])), "<是:bordered>否"),
    ("set back by plain", [*looks(0x0837), Run("也", sprm(0x0837) + sprm(0x2A33))], "<是:struck>否也"),
    ("hidden", [Run("示例", sprm(0x083C)), "是"], "是"),
    ("hidden by a style", [Run("示例", sprm(0x4A30, 3)), "是"], "是"),
    ("deleted and inserted", [Run("□", sprm(0x0800)), Run("√", sprm(0x0801)), "是"], "<√:inserted>是"),
    ("inserted and deleted again", [Run("是", sprm(0x0800) + sprm(0x0801)), "否"], "否"),
    ("enclosed character", ["是", *field_of(" eq \\o\\ac(□,√)"), " 否□"], "是[ticked EQ field √] 否□"),
    ("enclosed, cut off", [*field_of(" eq \\o\\ac("), "x"], "x"),
    ("enclosed letter of a symbol font", [BEGIN, " eq \\o\\ac(□,", LETTER, ")", END], "[ticked EQ field ✓]"),
    ("enclosed symbol", [BEGIN, " eq \\o\\ac(□,", SYMBOL, ")", END], "[ticked EQ field ✓]"),
    ("phonetic guide", field_of(' EQ \\* jc2 \\* "Font:宋体" \\* hps10 \\o\\ad(\\s\\up 9(shi),是)'), "是"),
    ("symbol field", field_of(" SYMBOL 254 \\f Wingdings \\s 12 "), "[ticked sym F0FE ☑]"),
    ("link", field_of(' HYPERLINK "mailto:sample@example.com" ', "sample@example.com"), "sample@example.com"),
    ("nested field", [BEGIN, " IF ", *field_of(" PAGE ", "1"), SEPARATE, "是", END], "是"),
    ("field never closed", [BEGIN, " EQ x"], ""),
    ("tab, break, hyphens", ["a\tb\x0bc\x1ed\x1fe"], "a\tb\nc-de"),
    ("characters beyond the plane", ["是\U0001f5f9\U00020000"], "是🗹\U00020000"),
    ("no mark of its own", ["是□ 否☑"], "是□ 否☑"),
]  # fmt: skip


@pytest.mark.parametrize(("runs", "expected"), [row[1:] for row in MARKS], ids=[row[0] for row in MARKS])
def test_a_mark_comes_out_as_a_person_sees_it(runs: Sequence[Run | str], expected: str) -> None:
    assert shown(Word([p(*runs)], styles=STYLES)) == expected


def test_a_toggle_may_undo_its_style() -> None:
    body = [p("甲", Run("乙", sprm(0x0837, 0x81)), Run("丙", sprm(0x0837, 0x80)), Run("丁", sprm(0x0837, 0)), style=1)]
    assert shown(Word(body, styles=STYLES)) == "<甲:struck>乙<丙:struck>丁"


FORM_BOXES = [
    ("ticked", form_data(1, 1), "[ticked FORMCHECKBOX]"),
    ("empty", form_data(1, 0, default=1), "[empty FORMCHECKBOX]"),
    ("ticked by default", form_data(1, 25, default=1), "[ticked FORMCHECKBOX]"),
    ("empty by default", form_data(1, 25), "[empty FORMCHECKBOX]"),
    ("of no meaning", form_data(1, 7), "[unknown FORMCHECKBOX]"),
    ("of a text field", form_data(0, 1), "[unknown FORMCHECKBOX]"),
    ("cut off", form_data(1, 1)[:70], "[unknown FORMCHECKBOX]"),
    ("lost", b"", "[unknown FORMCHECKBOX]"),
]


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in FORM_BOXES], ids=[row[0] for row in FORM_BOXES])
def test_a_form_box_tells_its_state(data: bytes, expected: str) -> None:
    assert shown(Word([p("是", *form_box(8))], data=bytes(8) + data)) == "是" + expected


def test_each_form_box_has_its_own_state() -> None:
    first, second = form_data(1, 0), form_data(1, 1)
    body = [p("是", *form_box(len(second)), "否", *form_box(0))]
    assert shown(Word(body, data=second + first)) == "是[empty FORMCHECKBOX]否[ticked FORMCHECKBOX]"


def test_a_form_list_shows_its_chosen_entry() -> None:
    runs = field_of(" FORMDROPDOWN ", mark=sprm(0x6A03, 0) + sprm(0x0806))
    assert shown(Word([p(*runs)], data=form_data(2, 1, entries=["是", "否"]))) == "否"
    assert shown(Word([p(*runs)], data=form_data(2, 25, entries=["是", "否"]))) == "是"


# ---- pictures and shapes ----------------------------------------------------------------------------

PICTURES = [
    ("ticked box", png(square(tick_points())), "[ticked picture ☑]"),
    ("empty box", png(square()), "[empty picture □]"),
    ("tick", png(stroke()), "[ticked picture √]"),
]


@pytest.mark.parametrize(("picture", "expected"), [row[1:] for row in PICTURES], ids=[row[0] for row in PICTURES])
def test_a_little_picture_is_looked_at(picture: bytes, expected: str) -> None:
    runs = ["是", Run("\x01", SPECIAL + sprm(0x6A03, 0))]
    assert shown(Word([p(*runs)], data=inline_picture(picture))) == "是" + expected
    art = {SHAPE_PLACES: places((1, 1026, 240, 200)), DRAWINGS: drawings(shape(1026, 75, {0x104: 1}), store=[picture])}
    assert shown(Word([p("是", Run("\x08", SPECIAL))], pairs=art)) == "是" + expected


def test_a_picture_that_is_not_there_is_of_unknown_state() -> None:
    assert shown(Word([p("是", Run("\x01", SPECIAL + sprm(0x6A03, 9)))], data=b"x" * 50)) == "是[unknown shape]"
    assert shown(Word([p("是", Run("\x08", SPECIAL))])) == "是[unknown shape]"


def corners(*points: tuple[int, int]) -> bytes:
    return struct.pack("<HHH", len(points), len(points), 8) + b"".join(struct.pack("<ii", *point) for point in points)


TICK = corners((0, 80), (60, 150), (180, 0))
NO_FILL, NO_LINE = 0x00100000, 0x00080000
TWO_LINES = struct.pack("<HHH4H", 4, 4, 2, 0x4000, 1, 0x4000, 1)
HEADLESS = shape(1026, 100, {0x145: TICK}).replace(struct.pack("<HI", 0x8145, 30), struct.pack("<HI", 0x8145, 24))
SHAPES = [
    ("drawn tick", shape(1026, 100, {0x145: TICK, 0x1BF: NO_FILL}), "[ticked shape √]"),
    ("tick, turned", shape(1026, 100, {0x145: TICK, 0x004: 0x5A0000}), "[unknown shape]"),
    ("tick in two lines", shape(1026, 100, {0x145: TICK, 0x146: TWO_LINES}), "[unknown shape]"),
    ("size without its head", HEADLESS, "[ticked shape √]"),
    ("clear square", shape(1026, 1, {0x1BF: NO_FILL}), "[empty shape □]"),
    ("white square", shape(1026, 1, {}), "[empty shape □]"),
    ("black square", shape(1026, 1, {0x181: 0, 0x1BF: 0x00100010}), "[unknown shape]"),
    ("white cover", shape(1026, 1, {0x1FF: NO_LINE}), "[unknown shape]"),
    ("nothing to see", shape(1026, 1, {0x1BF: NO_FILL, 0x1FF: NO_LINE}), ""),
    ("ring", shape(1026, 3, {0x1BF: NO_FILL}), "[unknown shape]"),
    ("hidden", shape(1026, 3, {0x3BF: 0x00020002}), ""),
    ("words", shape(1026, 136, {0xC0: "√\0".encode("utf-16-le")}), "√"),
]  # fmt: skip


@pytest.mark.parametrize(("drawn", "expected"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES])
def test_a_drawn_shape(drawn: bytes, expected: str) -> None:
    pairs = {SHAPE_PLACES: places((1, 1026, 240, 200)), DRAWINGS: drawings(drawn)}
    assert shown(Word([p("是", Run("\x08", SPECIAL))], pairs=pairs)) == "是" + expected


@pytest.mark.parametrize(("left", "expected"), [(190, "是□√ 否□"), (810, "是□ 否□√")])
def test_a_floating_text_box_lands_where_it_is_seen(left: int, expected: str) -> None:
    pairs = {
        SHAPE_PLACES: places((0, 1026, left, 240)),
        DRAWINGS: drawings(shape(1026, 202)),
        TEXT_BOXES: box_texts((1026, 2)),
    }
    body = [p(Run("\x08", SPECIAL), Run("是□ 否□", sprm(0x4A43, 24)))]
    assert shown(Word(body, boxes=[p("√")], pairs=pairs)) == expected


def test_a_text_box_that_is_two_shapes_is_read_once() -> None:
    pairs = {
        SHAPE_PLACES: places((0, 1026, 190, 240), (1, 1027, 190, 240)),
        DRAWINGS: drawings(shape(1026, 1, {0x1BF: NO_FILL}), shape(1027, 202)),
        TEXT_BOXES: box_texts((1026, 1), (1027, 2)),
    }
    body = [p(Run("\x08\x08", SPECIAL), Run("是□ 否□", sprm(0x4A43, 24)))]
    assert shown(Word(body, boxes=[p(), p("√")], pairs=pairs)) == "是□√ 否□"


# ---- controls and comments --------------------------------------------------------------------------


def check_box(value: str) -> tuple[bytes, dict[str, bytes]]:
    """A storage with a CheckBox of Microsoft Forms ([MS-OFORMS] 2.2.5), its value alone."""
    text = value.encode("latin-1")
    inner = struct.pack("<Q", 1 << 22) + struct.pack("<I", len(text) | 0x80000000) + text + bytes(-len(text) % 4)
    contents = struct.pack("<HH", 0x0200, len(inner)) + inner
    return uuid.UUID("8BD21D40-EC42-11CE-9E0D-00AA006002F3").bytes_le, {"contents": contents, "\x03OCXNAME": b"x"}


def test_controls_are_found_in_the_object_pool() -> None:
    runs: list[Run | str] = []
    for label, number in (("是", 77), ("否", 78), ("无", 79)):
        begin, code, end = field_of(" CONTROL Forms.CheckBox.1 \\s ")
        separator = Run("\x14", SPECIAL + sprm(0x080A) + sprm(0x6A03, number))
        runs += [label, begin, code, separator, Run("\x01", SPECIAL + sprm(0x6A03, 0)), end]
    pool = {"_77": check_box("1"), "_78": check_box("0")}
    expected = "是[ticked ActiveX]否[empty ActiveX]无[unknown picture]"
    assert shown(Word([p(*runs)], storages=pool, data=inline_picture(b"", 200))) == expected


def test_a_comment_stands_where_it_is_anchored() -> None:
    pairs = {COMMENT_PLACES: struct.pack("<II30x", 2, 4), 5: struct.pack("<III", 0, 6, 7)}
    body = [p("是☑", Run("\x05", SPECIAL), "否□")]
    (document,) = read(Word(body, comments=[p("请改为否")], pairs=pairs).bytes())
    assert [piece for piece in pieces(document) if isinstance(piece, Remark)] == [Remark("请改为否")]


def pieces(document: Document) -> list[object]:
    return [piece for block in document.blocks for piece in getattr(block, "pieces", ())]
