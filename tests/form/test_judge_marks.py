# ruff: noqa: E501 (a Chinese character counts two columns; the tables of samples read better in long lines)
"""Marks beside 是 and 否: each shape of row with each kind of mark, in both directions, and what stays unclear."""

from __future__ import annotations

import pytest
from form_builders import empty, judged, ticked, unknown

from intake.document import Box, Looks, Text

# {y} and {n} are what stands at 是 and at 否
SHAPES = (
    "是 {y}    否 {n}",
    "{y} 是    {n} 否",
    "是{y}否{n}",
    "{y}是{n}否",
    "是：{y}  否：{n}",
    "是{y}\n否{n}",
    "{y} 是\n{n} 否",
    "是 {y} / 否 {n}",
    "　　是　{y}　　　　否　{n}",
    "A. 是 {y}   B. 否 {n}",
    "{y}1、是  {n}2、否",
    "①是{y}  ②否{n}",
    "（1）是 {y}  （2）否 {n}",
    "是（愿意）{y}　否（不愿意）{n}",
    "请在□内打“√”：是 {y}  否 {n}",
    "是 {y} 否 {n}（请在相应□内打√，单选）",
    "否 {n}    是 {y}",
    "{n} 否    {y} 是",
    "“是”{y}  “否”{n}",
    "愿意 {y}  不愿意 {n}",
    "{y}同意  {n}不同意",
    "是 {y}    否 {n}  （盖章）",
    "願意 {y}    不願意 {n}",
)
MARKS = (
    ("√", "□"), ("☑", "☐"), ("✓", "□"), ("✔", "□"), ("■", "□"), ("●", "○"), ("☑\ufe0e", "□"), ("✅", "⬜"),
    ("（√）", "（ ）"), ("(√)", "(  )"), ("[√]", "[ ]"), ("[x]", "[ ]"), ("[X]", "[]"), ("【√】", "【　】"), ("☒", "☐"),
    ("⊠", "□"), ("V", "□"), ("v", "□"), ("★", "☆"), ("◆", "◇"), ("◉", "○"), ("R", "£"), ("____√____", "________"),
    ("[×]", "[ ]"), ("□√", "□"), ("√", "×"), ("☑", "☒"), ("√√", "□"), ("√", "口"), ("⊙", "○"), ("⬛", "⬜"), ("[*]", "[ ]"),
    ("【■】", "【□】"), ("〔√〕", "〔 〕"), ("✔️", "◻"), ("█", "□"), ("●", "〇"), ("ˇ", "□"),
    ("🔘", "○"), ("🟢", "⚪"), ("🟩", "⬜"), ("〖√〗", "〖 〗"), ("(*)", "( )"), ("(•)", "( )"), ("（对）", "（ ）"), ("（选中）", "（ ）"),
)  # fmt: skip


@pytest.mark.parametrize(("tick", "none"), MARKS)
@pytest.mark.parametrize("way", ["yes", "no"])
def test_each_mark_chooses_its_option(tick: str, none: str, way: str) -> None:
    yes, no = (tick, none) if way == "yes" else (none, tick)
    assert judged(f"是 {yes}    否 {no}").answer == way


@pytest.mark.parametrize(
    ("tick", "none"), [("√", "□"), ("☑", "□"), ("■", "□"), ("[x]", "[ ]"), ("（√）", "（ ）"), ("☒", "☐")]
)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("way", ["yes", "no"])
def test_each_shape_of_row(shape: str, tick: str, none: str, way: str) -> None:
    yes, no = (tick, none) if way == "yes" else (none, tick)
    assert judged(shape.format(y=yes, n=no)).answer == way


BESIDE = (  # a mark laid beside its box, the other box left
    ("是——√  否——□", "yes"), ("是…□  否…√", "no"), ("是□√    否□", "yes"), ("是□    否□√", "no"), ("是□ √    否□", "yes"), ("是□    否□ √", "no"),
    ("是√□    否□", "yes"), ("是□    否√□", "no"), ("√是□    否□", "yes"), ("是□    √否□", "no"),
    ("√ □是    □否", "yes"), ("□是    √ □否", "no"), ("□√是    □否", "yes"), ("□是    □√否", "no"),
    ("□是√    □否", "yes"), ("□是    □否√", "no"), ("是□√否□", "yes"), ("√□是 / □否", "yes"), ("□是 / √□否", "no"),
    ("是□\n否□√", "no"), ("是□√\n否□", "yes"), ("是（ ）√   否（ ）", "yes"), ("是（ ）   否（ ）√", "no"),
    ("□ 是 √ / □ 否", "yes"), ("□ 是 / □ 否 √", "no"),
)  # fmt: skip


@pytest.mark.parametrize(("row", "answer"), BESIDE)
def test_mark_beside_its_box(row: str, answer: str) -> None:
    assert judged(row).answer == answer


WITHOUT_BOXES = (
    ("是√   否", "yes"), ("是   否√", "no"), ("√是   否", "yes"), ("是   √否", "no"), ("√是 / 否", "yes"), ("是 / √否", "no"),
    ("是√/否", "yes"), ("是/否√", "no"), ("√是\n否", "yes"), ("是\n√否", "no"), ("是 √\n否", "yes"), ("是\n否 √", "no"),
    ("是（√）   否", "yes"), ("是   否（√）", "no"), ("是 √ 否 ×", "yes"), ("是 × 否 √", "no"), ("v是 否", "yes"), ("是 v否", "no"),
    ("是 √", "yes"), ("否 √", "no"), ("√是", "yes"), ("√否", "no"), ("√", "yes"), ("是", "yes"), ("否", "no"), ("（是）", "yes"),
    ("【否】", "no"), ("“是”", "yes"), ("是。", "yes"), ("否。", "no"), ("是 □", "yes"), ("□ 否", "no"), ("☑是", "yes"), ("☑否", "no"),
    ("是 ☑    否", "yes"), ("是 否 ☑", "no"), ("☑", "yes"),
)  # fmt: skip


@pytest.mark.parametrize(("row", "answer"), WITHOUT_BOXES)
def test_rows_without_boxes_or_with_one_option(row: str, answer: str) -> None:
    assert judged(row).answer == answer


UNCLEAR = (
    "是 √    否 √", "是 ☑    否 ☑", "☒是   ☒否", "是 ×    否 □", "是 □    否 ×", "× 是   □ 否", "是 ✗    否 □", "是 x    否 □",
    "是 ×    否 ×", "是（×）   否（ ）", "是□×   否□", "是 □  √  否 □", "□是 √ □否", "□是√□否", "是 √ 否", "是 □    否", "是    否 □",
    "□ 是    否", "□应用 是 □", "是 □    否 □\n√", "是 √×   否 □", "是 □ 否 □        √", "★是   否", "是 ▲    否 □", "是 👍  否 □",
    "是回   否口", "是 □ □ 否 □", "是 否 □ □", "（是）   否", "是 R   否", "是 ？  否 □", "是 □ 是 □", "√ √", "是 ☑ 否", "□", "□ □", "×",
    "是1□√ 否□", "是钩√ 否", "是（○）   否（ ）", "☆是   □否", "是 □   否 ○", "……是 …√…否", "是（ ） 否（愿意）", "(o) 是 ( ) 否", "(*) 是 (*) 否",
)  # fmt: skip


@pytest.mark.parametrize("row", UNCLEAR)
def test_what_no_one_could_tell_stays_unclear(row: str) -> None:
    assert judged(row).answer == "unclear"


BLANK = (
    "是 □    否 □", "□ 是    □ 否", "是（ ）   否（ ）", "是 [ ]  否 [ ]", "是 / 否", "是____  否____", "○是  ○否", "是口  否口", "/", "—", "无",
    "－", "——", "", "  ", "是 □ 否 □（请在□内打“√”）", "□是 □否 （如已是会员，无需填写）", "是【 】否【 】", "N/A", "略", "是 □ 否 □ /",
)  # fmt: skip


@pytest.mark.parametrize("row", BLANK)
def test_nothing_marked_is_blank(row: str) -> None:
    assert judged(row).answer == "blank"


BOXES = (
    (("是 ", ticked(), "    否 ", empty()), "yes"),
    (("是 ", empty(), "    否 ", ticked()), "no"),
    ((ticked("FORMCHECKBOX"), " 是    ", empty("FORMCHECKBOX"), " 否"), "yes"),
    ((empty("FORMCHECKBOX"), " 是    ", ticked("FORMCHECKBOX"), " 否"), "no"),
    (("是 ", ticked("content control", "☒"), "  否 ", empty("content control", "☐")), "yes"),
    (("是 ", empty("content control", "☐"), "  否 ", ticked("content control", "☒")), "no"),
    (("是 ", ticked("EQ field", "√"), "  否 □"), "yes"),
    (("是 □  否 ", ticked("EQ field", "√")), "no"),
    (("是 ", ticked("sym F052", "☑"), "  否 □"), "yes"),
    (("是 □  否 ", ticked("sym F052", "☑")), "no"),
    (("是□", ticked("picture"), "    否□"), "yes"),
    (("是□    否□", ticked("picture")), "no"),
    (("是 ", ticked("content control", "✗"), "  否 ", empty()), "yes"),
    (("是 □  否 ", ticked("EQ field", "×")), "no"),
    (("是 ", ticked(), "  否 ", ticked()), "unclear"),
    (("是 ", empty(), "  否 ", empty()), "blank"),
    (("是 ", unknown(), "  否 ", empty()), "unclear"),
    (("是 ", empty(), "  否 ", unknown()), "unclear"),
    (("是□", unknown(), "    否□"), "unclear"),
    (("是 ", ticked("sym F0FB", "✗"), "  否 □"), "unclear"),
    (("是 ", empty(), "  否 "), "unclear"),
)


@pytest.mark.parametrize(("bits", "answer"), BOXES)
def test_boxes_that_are_not_text(bits: tuple[str | Box, ...], answer: str) -> None:
    assert judged(bits).answer == answer


CELLS = (
    (("是", "□", "否", "■"), "no"), (("是", "■", "否", "□"), "yes"), (("□", "是", "√", "否"), "no"), (("√", "是", "□", "否"), "yes"),
    (("是", "√", "否", ""), "yes"), (("是", "", "否", "√"), "no"), (("√", "是", "", "否"), "yes"), (("", "是", "√", "否"), "no"),
    (("是 √", "否 □"), "yes"), (("是 □", "否 √"), "no"), (("☑ 是", "□ 否"), "yes"), (("□ 是", "☑ 否"), "no"), (("是√", "否"), "yes"),
    (("是", "否√"), "no"), (("是", "", "否", ""), "blank"), (("是", "√", "否", "√"), "unclear"), (("是 □", "否 □", ""), "blank"),
    (("是 ☑", "否 □", ""), "yes"), (("", "否 √"), "no"), (("是", "√", "否"), "unclear"), (("是 □", "否 □", "√"), "unclear"),
    (("是", "", ""), "yes"), (("", "否"), "no"), (("是", "TRUE", "否", "FALSE"), "yes"), (("是", "FALSE", "否", "TRUE"), "no"),
    (("TRUE", "是", "FALSE", "否"), "yes"), (("是", "FALSE", "否", "FALSE"), "blank"), (("是", "TRUE", "否", "TRUE"), "unclear"), (("是", "TRUE", "否"), "unclear"),
)  # fmt: skip


@pytest.mark.parametrize(("cells", "answer"), CELLS)
def test_options_in_cells_of_their_own(cells: tuple[str, ...], answer: str) -> None:
    assert judged(*cells).answer == answer


def test_a_struck_tick_is_no_tick() -> None:
    assert judged(["是 ", Text("√", Looks(struck=True)), "   否 □"]).answer == "unclear"


def test_evidence_says_where_and_how() -> None:
    choice = judged(["是 ", ticked("sym F052", "☑"), "    否 □"])
    assert choice.place == "第6行第2列"
    assert choice.evidence.startswith("第6行第2列：“是”后的方框为☑（符号字体）；“否”后的方框为空")
