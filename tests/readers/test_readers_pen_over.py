"""Ink over the words of options: their print taken away, the shape of what is left, words that a pen has hidden."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from test_readers_pen_bare import INK, drawn, form, states

from intake.readers.paper_words import Word
from intake.readers.pen import read_marks
from intake.readers.pen_shapes import shape_of

EM = 40.0
PLACE = (80.0, 80.0, 120.0, 120.0)  # of one letter
SHAPES: dict[str, list[list[tuple[int, int]]]] = {
    "tick": [[(82, 98), (94, 114), (130, 66)]],
    "cross": [[(78, 118), (124, 82)], [(78, 82), (124, 118)]],
    "line": [[(70, 101), (130, 99)]],
    "underline": [[(76, 125), (126, 126)]],
    "scrawl": [[(122 if at % 2 else 78, 84 + 5 * at) for at in range(8)]],
}


def pictured(strokes: list[list[tuple[int, int]]]) -> np.ndarray:
    mask = np.zeros((200, 200), np.uint8)
    for stroke in strokes:
        cv2.polylines(mask, [np.array(stroke, np.int32)], False, 1, 5)
    return mask


@pytest.mark.parametrize("name", SHAPES)
def test_shapes(name: str) -> None:
    mask = pictured(SHAPES[name])
    assert shape_of(mask, mask, PLACE, EM) == name


def test_a_ring_is_one() -> None:
    mask = np.zeros((200, 200), np.uint8)
    cv2.ellipse(mask, (100, 100), (34, 30), 0, 0, 360, 1, 4)
    assert shape_of(mask, mask, PLACE, EM) == "ring"


@pytest.mark.parametrize(
    "stroke",
    [
        [(78, 122), (126, 76)],  # a slash
        [(78, 122), (126, 76), (122, 100)],
        [(104, 88), (104, 116)],
        [(40, 60), (60, 150)],
    ],
)
def test_ink_that_is_no_mark_of_its_own_decides_nothing(stroke: list[tuple[int, int]]) -> None:
    mask = pictured([stroke])
    assert shape_of(mask, mask, PLACE, EM) == "other"


def test_specks_are_nothing() -> None:
    mask = np.zeros((200, 200), np.uint8)
    mask[90:96, 90:96] = 1
    assert shape_of(mask, mask, PLACE, EM) == "none"


@pytest.mark.parametrize("hidden", [300, 420])
def test_the_words_that_a_pen_hid_are_given_back(hidden: int) -> None:
    page, words = form("是   否")
    drawn(page, "ring", hidden, 1)
    kept = [word for word in words if not (word.line == 1 and abs(word.left - hidden) < 5 and word.text in "是否")]
    assert len(kept) == len(words) - 1
    found, _ = read_marks(page, kept)
    again = [word.text for word in found if abs((word.left + word.right) / 2 - hidden - 15) < 9 and word.line == 1]
    assert again == ["是" if hidden == 300 else "否"]


def test_a_word_that_is_not_there_is_not_found() -> None:
    page, words = form("是    ")
    assert [word.text for word in read_marks(page, words)[0]] == [word.text for word in words]


def test_empty_boxes_beside_a_hidden_word_are_not_blank() -> None:
    page, words = form("是     否")
    for x in (266, 446):
        cv2.rectangle(page, (x, 240), (x + 28, 268), INK, 2)
    cv2.circle(page, (496, 256), 9, INK, -1)
    assert "empty" not in [state for state, _ in states(page, words[:-1])]


def test_a_digit_that_clings_to_an_option_is_its_box() -> None:
    page, words = form("是   否")
    words.insert(-1, Word("8", 390, 240, 415, 270, 0.3, 1))
    assert "8" not in [word.text for word in read_marks(page, words)[0]]
