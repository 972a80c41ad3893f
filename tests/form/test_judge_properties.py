# ruff: noqa: E501 (a Chinese character counts two columns)
"""What holds of every row: the judge never raises, is even-handed, and does not count blanks."""

from __future__ import annotations

import pytest
from form_builders import JOIN, MEMBER, SPEC, TOPICS, VOTE, document, judged, pieces, row, table
from hypothesis import given
from hypothesis import strategies as st

from intake.document import Box, Looks, Piece, Remark, Text
from intake.form import find_forms
from intake.form.choices import judge_columns

SWAPPED = {"yes": "no", "no": "yes"}
MARKS = (
    "√",
    "☑",
    "□",
    "■",
    "×",
    "☒",
    "[x]",
    "[ ]",
    "（√）",
    "（ ）",
    "✓",
    "○",
    "●",
    "V",
    "",
    "□√",
    "√□",
    "口",
    "☆",
    "★",
    "？",
    "👍",
)
GLYPHS = st.text(
    alphabet="是否愿意不同√×□☑☒■●○（）[]【】xXvV_ /／,，。：\n\t　待定已员会无R£口回★☆\u20dd\ufe0f1A", max_size=40
)
LOOKS = st.builds(Looks, struck=st.booleans(), highlighted=st.booleans(), bold=st.booleans(), underlined=st.booleans())
BOXES = st.builds(Box, st.sampled_from(("ticked", "empty", "unknown")), st.sampled_from(("content control", "picture", "sym F052")), st.sampled_from(("", "☑", "☒", "√", "×", "□")))  # fmt: skip
PIECES = st.one_of(st.builds(Text, GLYPHS, LOOKS), BOXES, st.builds(Remark, GLYPHS))
CELLS = st.lists(st.lists(PIECES, max_size=6), max_size=5)
SPECS = st.sampled_from((JOIN, MEMBER, VOTE, TOPICS))


@given(CELLS, SPECS)
def test_any_row_gets_an_answer(cells: list[list[Piece]], spec: object) -> None:
    choice = judged(*cells, spec=spec)  # type: ignore[arg-type]
    known = {"blank", "unclear", "yes", "no"} if spec in (JOIN, MEMBER) else None
    assert known is None or choice.answer in known
    assert choice.evidence


@given(st.text(max_size=80), SPECS)
def test_any_text_gets_an_answer(text: str, spec: object) -> None:
    assert judged(text, spec=spec).answer  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.sampled_from(("是", "否")), st.lists(PIECES, max_size=4)), max_size=4))
def test_any_columns_get_an_answer(columns: list[tuple[str, list[Piece]]]) -> None:
    assert judge_columns(JOIN, columns).answer in ("yes", "no", "blank", "unclear")


@given(
    st.lists(
        st.lists(CELLS.map(lambda cells: [piece for pieces in cells for piece in pieces]), min_size=1, max_size=4),
        min_size=1,
        max_size=5,
    )
)
def test_any_table_is_walked(rows: list[list[list[Piece]]]) -> None:
    labels = ("单位名称", "是否愿意加入首都知识产权运营联盟", "联系人", "电话")
    made = table(*(row(labels[at % 4], *map(tuple, cells)) for at, cells in enumerate(rows)))
    found = find_forms(document(made), (SPEC,), "示例")
    assert all(form.source == "示例" for form in found.forms)


@pytest.mark.parametrize(
    "shape", ["是 {0}    否 {1}", "{0} 是    {1} 否", "是{0}否{1}", "是{0}\n否{1}", "是 {0} / 否 {1}"]
)
@given(st.sampled_from(MARKS), st.sampled_from(MARKS))
def test_swapping_the_marks_swaps_the_answer(shape: str, first: str, second: str) -> None:
    one = judged(shape.format(first, second)).answer
    other = judged(shape.format(second, first)).answer
    mixed = {one, other}
    assert other == SWAPPED.get(one, one) or "unclear" in mixed or _tight(shape)


def _tight(shape: str) -> bool:
    """A mark between two options without blanks leans on what stands before it."""
    return shape == "是{0}否{1}"


@pytest.mark.parametrize("shape", ["是 {0}    否 {1}", "{0} 是    {1} 否", "是{0}    否{1}", "是 {0} / 否 {1}"])
@given(st.sampled_from(MARKS), st.sampled_from(MARKS), st.integers(2, 5), st.sampled_from((" ", "　")))
def test_wider_blanks_do_not_change_the_answer(shape: str, first: str, second: str, times: int, blank: str) -> None:
    narrow = shape.format(first, second)
    wide = narrow.replace(" ", blank * times)
    assert judged(f"  {wide}  ").answer == judged(narrow).answer


@given(st.sampled_from(MARKS), st.sampled_from(MARKS), st.integers(1, 12))
def test_cutting_a_row_into_pieces_does_not_change_the_answer(first: str, second: str, at: int) -> None:
    whole = f"是 {first}    否 {second}"
    assert judged(pieces(whole[:at], whole[at:])).answer == judged(whole).answer


@given(st.sampled_from(("√", "☑", "■", "（√）", "[x]")), st.sampled_from(("□", "（ ）", "[ ]", "○")))
def test_a_second_tick_is_never_overlooked(tick: str, none: str) -> None:
    assert judged(f"是 {tick}    否 {none}").answer == "yes"
    assert judged(f"是 {tick}    否 {tick}").answer == "unclear"


@given(st.sampled_from(("√", "☑", "■", "×", "☒")))
def test_a_lost_box_is_never_taken_for_an_unticked_one(mark: str) -> None:
    assert judged("是 □    否").answer == "unclear"
    assert judged("是    否 □").answer == "unclear"
    assert judged(f"是 {mark}    否 {mark}").answer == "unclear"
