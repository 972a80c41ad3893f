"""What photographs add to pens: thick or cut ticks, boxes read as letters, strange lines, ink within print."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from test_readers_pen_bare import BLUE, EM, INK, form, states, written

from intake.readers.paper import Sheet, _page
from intake.readers.paper_words import Mark, Word
from intake.readers.pen_signs import without_signs
from intake.readers.pen_ticks import arm_shaped, tick_shaped

BOXES = (264, 444)  # left edges of the boxes before 是 and 否 of `boxed`


def boxed() -> tuple[np.ndarray, list[Word]]:
    """□是    □否 on a clean page, the letters of both also in the question above."""
    page, words = form("是     否")
    for x in BOXES:
        cv2.rectangle(page, (x, 241), (x + 27, 268), INK, 2)
    return page, words


def piece(points: list[tuple[int, int]], thick: int) -> np.ndarray:
    mask = np.zeros((120, 120), np.uint8)
    cv2.polylines(mask, [np.array(points, np.int32)], False, 1, thick)
    ys, xs = np.nonzero(mask)
    return mask[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1] > 0


@pytest.mark.parametrize("thick", [3, 6, 9])
def test_a_tick_is_one_however_thick(thick: int) -> None:
    assert tick_shaped(piece([(30, 40), (42, 62), (62, 30)], thick), EM)


@pytest.mark.parametrize(
    "points",
    [
        [(30, 60), (62, 30)],  # a slash
        [(30, 30), (62, 60)],
        [(30, 62), (46, 30), (62, 62)],  # upside down
        [(30, 30), (62, 62), (46, 46), (62, 30), (30, 62)],  # a cross
        [(40, 40), (52, 40), (52, 52), (40, 52), (40, 40), (52, 52)],  # a blot
        [(30, 46), (62, 46)],
    ],
)
@pytest.mark.parametrize("thick", [3, 9, 14])
def test_other_ink_is_no_tick(points: list[tuple[int, int]], thick: int) -> None:
    assert not tick_shaped(piece(points, thick), EM)


def test_the_long_arm_of_a_tick() -> None:
    assert arm_shaped(piece([(30, 60), (62, 30)], 4), EM)
    assert not arm_shaped(piece([(30, 30), (62, 60)], 4), EM)
    assert not arm_shaped(piece([(30, 45), (62, 45)], 4), EM)


@pytest.mark.parametrize("chosen", [0, 1])
def test_a_tick_whose_elbow_lies_on_the_line_of_its_box(chosen: int) -> None:
    page, words = form("是     否")
    for x in (340, 520):
        cv2.rectangle(page, (x, 241), (x + 27, 268), INK, 2)
    left = (340, 520)[chosen] + 28
    cv2.line(page, (left, 262), (left + 34, 236), INK, 4, cv2.LINE_AA)
    assert [state for state, _ in sorted(states(page, words), key=lambda one: one[1])] == [
        "ticked" if at == chosen else "empty" for at in (0, 1)
    ]


@pytest.mark.parametrize("ink", [INK, BLUE])
@pytest.mark.parametrize("stroke", [[(4, 10), (12, 25), (26, 5)], [(5, 25), (25, 5)], [(4, 15), (26, 15)]])
@pytest.mark.parametrize("x", [300, 480])
def test_ink_within_the_print_of_a_word_is_never_blank(
    x: int, stroke: list[tuple[int, int]], ink: tuple[int, int, int]
) -> None:
    page, words = boxed()
    cv2.polylines(page, [np.array([(x + dx, 240 + dy) for dx, dy in stroke], np.int32)], False, ink, 4, cv2.LINE_AA)
    found = {state for state, _ in states(page, words)}
    assert found - {"empty"}


def test_clean_boxes_are_blank() -> None:
    page, words = boxed()
    assert [state for state, _ in states(page, words)] == ["empty", "empty"]


@pytest.mark.parametrize("moved", [0, 3])
@pytest.mark.parametrize("blur", [0.8, 1.5])
def test_clean_boxes_of_a_blurred_page_are_blank(blur: float, moved: int) -> None:
    page, words = boxed()
    page = cv2.GaussianBlur(page, (0, 0), blur)
    words = [Word(w.text, w.left + moved, w.top, w.right + moved, w.bottom, w.score, w.line) for w in words]
    assert [state for state, _ in states(page, words)] == ["empty", "empty"]


@pytest.mark.parametrize(
    ("text", "score", "kept"),
    [
        ("山", 0.6, False),
        ("山", 0.99, True),
        ("M", 0.99, False),
        ("(r)", 0.7, False),
        ("Q", 0.99, True),
        ("或", 0.6, True),
    ],
)
def test_a_box_that_was_read_as_a_letter(text: str, score: float, kept: bool) -> None:
    words = [
        Word("是", 100, 0, 130, 30, 1.0, 0),
        Word(text, 250, 2, 290, 32, score, 1),
        Word("否", 300, 0, 330, 30, 1.0, 2),
    ]
    found = [word.text for word in without_signs(words, EM)]
    assert (found[1] == text) is kept
    assert len(found) == 3


def test_options_with_letters_keep_them() -> None:
    words = [
        Word(text, left, 0, left + 30, 30, 0.95, 0) for text, left in (("M", 90), ("是", 130), ("N", 290), ("否", 330))
    ]
    assert [word.text for word in without_signs(words, EM)] == ["M", "是", "N", "否"]


def test_print_of_the_line_above_and_a_border_are_no_pens() -> None:
    page, words = boxed()
    cv2.polylines(page, [np.array([(267, 280), (274, 290), (292, 268)], np.int32) - (0, 30)], False, INK, 4)
    cv2.ellipse(page, (320, 208), (6, 11), 0, 110, 250, INK, 3)
    words.append(Word("（", 310, 190, 330, 225, 0.9, 2))
    cv2.line(page, (200, 150), (203, 330), INK, 2)
    assert [state for state, _ in sorted(states(page, words), key=lambda one: one[1])] == ["ticked", "empty"]


def bordered(right: int) -> tuple[np.ndarray, list[Word]]:
    """□是    □否 in a cell whose right border leans a little."""
    page, words = boxed()
    cv2.line(page, (right, 150), (right + 2, 330), INK, 2)
    return page, words


@pytest.mark.parametrize("right", [516, 524, 534])
def test_a_tick_across_the_border_of_the_cell_is_never_blank(right: int) -> None:
    page, words = bordered(right)
    tick = np.array([(right - 5, 252), (right + 3, 264), (right + 22, 236)], np.int32)
    cv2.polylines(page, [tick], False, INK, 3, cv2.LINE_AA)
    assert {state for state, _ in states(page, words)} != {"empty"}


@pytest.mark.parametrize("blur", [0.1, 0.8, 1.5])
@pytest.mark.parametrize("right", [516, 524, 534])
def test_a_border_close_to_the_words_leaves_clean_boxes_blank(right: int, blur: float) -> None:
    page, words = bordered(right)
    cv2.line(page, (180, 228), (700, 226), INK, 2)  # and the upper one
    page = cv2.GaussianBlur(page, (0, 0), blur)
    assert [state for state, _ in states(page, words)] == ["empty", "empty"]


def test_a_room_between_brackets_is_no_part_of_a_bracket_read_wide() -> None:
    page = np.full((200, 400, 3), 255, np.uint8)
    words = [
        *written(page, "是", 60, 60, 0),
        Word("（", 100, 50, 160, 100, 1.0, 0),
        Word("）", 170, 50, 190, 100, 1.0, 0),
    ]
    mark = Mark(115, 65, 139, 85, "unknown", "ink in doubt", 0)
    shown = _page(Sheet(page, words, [mark], []))
    assert [getattr(one.box, "state", "") for one in shown.marks] == ["unknown"]
