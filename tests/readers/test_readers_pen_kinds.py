"""Kinds of marks on paper, one small page each: columns of options, lines, signs that were read, tall lines."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from intake.readers.paper_trim import trimmed
from intake.readers.paper_words import Word
from intake.readers.pen import find_marks
from intake.readers.pen_boxes import Frame
from intake.readers.pen_inside import Inside
from intake.readers.pen_rows import Option
from intake.readers.pen_verdict import Seen, judge

EM = 30
INK = (30, 30, 30)
TICK = np.array([[(4, 14), (11, 24), (25, 3)]], np.int32)


def blank_page() -> np.ndarray:
    return np.full((700, 900, 3), 255, np.uint8)


def write(page: np.ndarray, text: str, x: int, y: int, line: int) -> list[Word]:
    words = []
    for at, letter in enumerate(text):
        left = x + at * EM
        cv2.putText(page, "HMTL"[at % 4], (left + 3, y + 26), cv2.FONT_HERSHEY_SIMPLEX, 1, INK, 2)
        words.append(Word(letter, left, y, left + EM, y + EM, 1.0, line))
    return words


def box(page: np.ndarray, x: int, y: int, *, ticked: bool = False) -> None:
    cv2.rectangle(page, (x, y), (x + 28, y + 28), INK, 2)
    if ticked:
        cv2.polylines(page, TICK + np.array([x, y], np.int32), False, (150, 60, 30), 3, cv2.LINE_AA)


def states(page: np.ndarray, words: list[Word]) -> list[str]:
    marks = sorted(find_marks(page, words), key=lambda mark: (mark.top // 20, mark.left))
    return [mark.state for mark in marks if mark.state != "struck"]


@pytest.mark.parametrize("ticked", [0, 1, 2])
def test_options_one_below_the_other(ticked: int) -> None:
    page, words = blank_page(), []
    for at, text in enumerate(("同意", "反对", "弃权")):
        box(page, 200, 200 + 55 * at, ticked=at == ticked)
        words += write(page, text, 240, 200 + 55 * at, at)
    assert states(page, words) == ["ticked" if at == ticked else "empty" for at in range(3)]


def test_a_column_that_lacks_a_box_is_not_decided() -> None:
    page, words = blank_page(), []
    for at, text in enumerate(("同意", "反对", "弃权")):
        if at < 2:
            box(page, 200, 200 + 55 * at, ticked=at == 0)
        words += write(page, text, 240, 200 + 55 * at, at)
    assert set(states(page, words)) == {"unknown"}


def two_options(draw: str) -> tuple[list[str], list[str]]:
    """The states of two options, and those struck out, where something is drawn at the first."""
    page, words = blank_page(), []
    for x, text in ((200, "同意"), (500, "反对")):
        box(page, x, 200)
        words += write(page, text, x + 34, 200, 0)
    if draw == "line through words and box":
        cv2.line(page, (202, 215), (290, 215), INK, 3)
        words.append(Word("日", 200, 200, 228, 228, 1.0, 0))
    if draw == "line below the words":
        cv2.line(page, (236, 236), (296, 236), INK, 3)
    struck = [mark.state for mark in find_marks(page, words) if mark.state == "struck"]
    return states(page, words), struck


@pytest.mark.parametrize(
    ("draw", "expected", "struck"),
    [
        ("nothing", ["empty", "empty"], []),
        ("line through words and box", ["empty", "empty"], ["struck"]),
        ("line below the words", ["ticked", "empty"], []),
    ],
)
def test_lines(draw: str, expected: list[str], struck: list[str]) -> None:
    assert two_options(draw) == (expected, struck)


@pytest.mark.parametrize(
    ("sign", "state"), [("√", "ticked"), ("☑", "ticked"), ("⊠", "ticked"), ("日", "unknown"), ("", "unknown")]
)
def test_a_box_that_ink_hides_is_what_was_read_there(sign: str, state: str) -> None:
    hidden = Option(Frame(0, 0, 20, 20, kind="guess"), (0,))
    plain = Option(Frame(90, 0, 110, 20), (1,))
    nothing = Inside(0.0, 0.0, 0.0, 0.0, "empty")
    seen = [
        Seen(hidden, Inside(0.5, 0.3, 1.0, 1.0, "full"), 0.0, False, False, sign=sign),
        Seen(plain, nothing, 0.0, False, False, sign="□"),
    ]
    assert [verdict for verdict, _ in judge(seen, [])] == [state, "empty"]


def test_a_line_that_a_tick_makes_taller_is_cut_to_its_print() -> None:
    page = blank_page()
    tops = (100, 200, 300, 400)
    for at, top in enumerate(tops):
        write(page, "同意反对弃权同意", 100, top, at)
    cv2.line(page, (320, 425), (345, 350), INK, 3)
    quads = [[(95, top - 6), (345, top - 6), (345, top + 36), (95, top + 36)] for top in tops]
    quads[3][0], quads[3][1] = (95, 345), (345, 345)
    cut = trimmed(page, np.array(quads, np.float32))
    assert (cut[:3] == np.array(quads, np.float32)[:3]).all()
    assert 385 < cut[3, 0, 1] < 406
    assert cut[3, 3, 1] > 424
