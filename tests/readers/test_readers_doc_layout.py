"""Pages of Word 97-2003 and WPS files: paragraphs, tables, lists, and the ways in which text is stored."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import pytest
from doc_samples import IN_TABLE, LISTS, OVERRIDES, ROW_END, Par, Run, Word, cell, p, row, sprm
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_samples import plainly

from intake.readers import read

FIRST, CONTINUED = 0x60, 0x20  # merged downwards: begins, goes on


def shown(word: Word, name: str = "a.doc") -> list[object]:
    (document,) = read(word.bytes(), name)
    return [plainly(block) for block in document.blocks]


def inner(*runs: Run | str, level: int = 2, mark: bytes = b"") -> Par:
    return Par(runs, IN_TABLE + sprm(0x6649, level) + mark)


INNER_CELL, INNER_ROW = sprm(0x244B), sprm(0x244C)

PAGES: list[tuple[str, Sequence[Par], list[object]]] = [
    ("paragraphs", [p("甲"), p(), p("乙")], ["甲", "", "乙"]),
    ("a table between paragraphs",
     [p("前"), cell("单位"), cell("示例公司"), row([0, 1000, 3000]), p("后")],
     ["前", [[(0, 1, 1, "单位"), (1, 1, 1, "示例公司")]], "后"]),
    ("a cell of two paragraphs",
     [Par(["一"], IN_TABLE), cell("二"), cell(), row([0, 1000, 3000])],
     [[[(0, 1, 1, ["一", "二"]), (1, 1, 1, [])]]]),
    ("rows that part their width differently",
     [cell("甲"), cell("乙"), row([0, 1000, 3000]), cell("丙"), row([5, 3004]),
      cell("丁"), cell("戊"), row([1000, 2000, 3000])],
     [[[(0, 1, 1, "甲"), (1, 2, 1, "乙")], [(0, 3, 1, "丙")], [(1, 1, 1, "丁"), (2, 1, 1, "戊")]]]),
    ("a cell merged downwards",
     [cell("甲"), cell("乙"), row([0, 1000, 2000], [FIRST]), cell(), cell("丙"), row([0, 1000, 2000], [CONTINUED])],
     [[[(0, 1, 2, "甲"), (1, 1, 1, "乙")], [(1, 1, 1, "丙")]]]),
    ("cells merged across",
     [cell("甲"), cell(), cell("乙"), row([0, 1000, 2000, 3000], [1, 2, 0])],
     [[[(0, 2, 1, "甲"), (2, 1, 1, "乙")]]]),
    ("cells merged across by other numbers",
     [cell("甲"), cell(), cell("乙"), cell(), row([0, 1000, 2000, 3000, 4000], [2, 1, 2, 1])],
     [[[(0, 2, 1, "甲"), (2, 2, 1, "乙")]]]),
    ("cells merged by a later modifier",
     [cell("甲"), cell(), cell("乙"), row([0, 1000, 2000, 3000], more=sprm(0x5624, 0x0200))],
     [[[(0, 2, 1, "甲"), (2, 1, 1, "乙")]]]),
    ("a shaded cell",
     [cell("是"), cell("否"), row([0, 1000, 2000], more=sprm(0xD609, struct.pack("<HH", 7 << 5, 0)))],
     [[[(0, 1, 1, "<是:shaded>"), (1, 1, 1, "否")]]]),
    ("a shaded cell in colour",
     [cell("是"), cell("否"), row([0, 1000, 2000], more=sprm(0xD612, bytes.fromhex("000000ff00ffff000000")))],
     [[[(0, 1, 1, "<是:shaded>"), (1, 1, 1, "否")]]]),
    ("a deleted row",
     [cell("甲"), row([0, 1000]), cell("乙"), row([0, 1000], deleted=True)],
     [[[(0, 1, 1, "甲")]]]),
    ("a row without its description",
     [cell("甲"), cell("乙"), Par((), ROW_END, "\x07")],
     [[[(0, 1, 1, "甲"), (1, 1, 1, "乙")]]]),
    ("a table in a cell",
     [Par(["前"], IN_TABLE), inner("甲", mark=INNER_CELL), inner("乙", mark=INNER_CELL), inner(mark=INNER_ROW),
      cell("后"), row([0, 4000])],
     [[[(0, 1, 1, ["前", [[(0, 1, 1, "甲"), (1, 1, 1, "乙")]], "后"])]]]),
    ("a paragraph whose mark is deleted", [Par(["甲"], mark_grpprl=sprm(0x0800)), p("乙")], ["甲乙"]),
    ("a page break", [Par(["甲"], mark="\x0c"), p("乙")], ["甲", "乙"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in PAGES], ids=[row[0] for row in PAGES])
def test_a_page_keeps_its_paragraphs_and_its_grid(body: Sequence[Par], expected: list[object]) -> None:
    assert shown(Word(body)) == expected


def test_kingsofts_name_and_a_head_with_a_class_make_no_difference() -> None:
    body = [cell("单位"), cell("示例公司"), row([0, 1000, 3000])]
    expected = [[[(0, 1, 1, "单位"), (1, 1, 1, "示例公司")]]]
    assert shown(Word(body, clsid=bytes(range(16))), "a.wps") == expected
    assert shown(Word(body, nfib=0xC2), "a.docx") == expected


def test_text_of_eight_bits() -> None:
    assert shown(Word([p("Beijing – “sample” €"), p("b")], narrow=True)) == ["Beijing – “sample” €", "b"]


def test_a_quick_save_puts_modifiers_on_pieces() -> None:
    body = [p("是"), p("否"), p("也")]
    assert shown(Word(body, extras={1: sprm(0x0837)})) == ["是", "<否:struck>", "也"]


def test_a_long_row_lies_in_the_data_stream() -> None:
    long = row([0, 1000, 3000]).grpprl
    body = [cell("甲"), cell("乙"), Par((), sprm(0x6646, 6), "\x07")]
    data = bytes(6) + struct.pack("<H", len(long)) + long
    assert shown(Word(body, data=data)) == [[[(0, 1, 1, "甲"), (1, 1, 1, "乙")]]]


def level(form: int, text: str, grpprl: bytes = b"") -> bytes:
    head = struct.pack("<iBB9xB8xBB2x", 1, form, 0, 0, len(grpprl), 0)
    return head + grpprl + struct.pack("<H", len(text)) + text.encode("utf-16-le")


def numbered(number: int, text: str) -> Par:
    return p(text, grpprl=sprm(0x260A, 0) + sprm(0x460B, number))


def test_numbers_and_boxes_before_paragraphs() -> None:
    lists = struct.pack("<H", 2) + struct.pack("<ii18xBB", 7, 0, 1, 0) + struct.pack("<ii18xBB", 8, 0, 1, 0)
    lists += level(37, "\0、") + level(23, "\uf0fe", sprm(0x4A4F, 1) + sprm(0x4A51, 1))
    overrides = struct.pack("<I", 2) + struct.pack("<i12x", 7) + struct.pack("<i12x", 8)
    body = [numbered(1, "甲"), numbered(1, "乙"), numbered(2, "是"), numbered(0, "否")]
    found = shown(Word(body, pairs={LISTS: lists, OVERRIDES: overrides}))
    assert found == ["一、\t甲", "二、\t乙", "[ticked sym F0FE ☑]是", "否"]


LETTERS = st.text(st.characters(codec="utf-16-le", exclude_categories=("Cc", "Cs", "Cf", "Mn", "Me", "Co", "Cn")))
LOOKS = st.sampled_from([b"", sprm(0x0837), sprm(0x0835), sprm(0x2A0C, 7)])


@settings(max_examples=60)
@given(st.lists(st.lists(st.tuples(LETTERS, LOOKS), max_size=5), min_size=1, max_size=12), st.booleans())
def test_no_character_is_lost(paragraphs: list[list[tuple[str, bytes]]], tabled: bool) -> None:
    made = [[Run(text.replace("(", "（"), grpprl) for text, grpprl in one] for one in paragraphs]
    body = [Par(runs, IN_TABLE, "\x07") if tabled else p(*runs) for runs in made]
    rows = [row([500 * at for at in range(len(body) + 1)])] if tabled else []
    (document,) = read(Word([*body, *rows], fonts=["宋体"]).bytes())
    texts = ["".join(run.text for run in runs) for runs in made]
    assert document.text.replace("\t", "\n").split("\n") == texts or document.text == ("\t" if tabled else "\n").join(
        texts
    )
