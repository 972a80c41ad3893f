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


def box(page: np.ndarray, x: int, y: int, *, ticked: bool = False, edge: int = 2) -> None:
    cv2.rectangle(page, (x, y), (x + 28, y + 28), INK, edge)
    if ticked:
        cv2.polylines(page, TICK + np.array([x, y], np.int32), False, (150, 60, 30), 3, cv2.LINE_AA)


def states(page: np.ndarray, words: list[Word]) -> list[str]:
    marks = sorted(find_marks(page, words), key=lambda mark: (mark.top // 20, mark.left))
    return [mark.state for mark in marks if mark.state != "struck"]


def carried_over(lower: str, *, before: str = "") -> tuple[np.ndarray, list[Word]]:
    """A row of two options, and one whose second option stands at the beginning of the next line."""
    page = blank_page()
    words = write(page, "问题甲：", 60, 100, 0) + write(page, "问题丁：", 60, 200, 1)
    for line, places in enumerate(((200, 400), (400,))):
        for at, x in enumerate(places):
            box(page, x, 100 + 100 * line, ticked=line == 1, edge=1)
            words += write(page, ("同意", "反对")[at], x + 34, 100 + 100 * line, line)
    words += write(page, before, 20, 300, 2)
    box(page, 100, 300, edge=1)
    return page, words + write(page, lower, 134, 300, 2)


@pytest.mark.parametrize(
    ("lower", "before", "expected"),
    [("反对", "", ["ticked", "empty"]), ("同意", "", ["unknown"] * 2), ("反对", "他", ["unknown"] * 2)],
)
def test_options_carried_over_to_the_next_line(lower: str, before: str, expected: list[str]) -> None:
    assert states(*carried_over(lower, before=before))[2:] == expected


@pytest.mark.parametrize(("score", "expected"), [(0.3, ["ticked", "empty"]), (0.95, ["unknown"])])
def test_a_ticked_box_that_was_read_as_a_rare_character(score: float, expected: list[str]) -> None:
    page, words = blank_page(), []
    for x, text in ((200, "是"), (400, "否")):
        words += write(page, text, x, 200, 0)
        box(page, x + 34, 200, ticked=x == 200, edge=1)
    words.append(Word("髓", 234, 200, 262, 228, score, 0))
    assert states(cv2.GaussianBlur(page, (0, 0), 0.8), words)[-len(expected) :] == expected


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
    if draw == "ring through the box":
        cv2.ellipse(page, (264, 215), (46, 24), 0, 0, 360, INK, 3, cv2.LINE_AA)
    if draw in ("line through the box", "line through the box, tick beside"):
        cv2.line(page, (200, 214), (228, 214), INK, 3)
        words.append(Word("日", 200, 200, 228, 228, 1.0, 0))
    if draw == "line through the box, tick beside":
        cv2.polylines(page, TICK + np.array([166, 200], np.int32), False, INK, 3, cv2.LINE_AA)
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
        ("ring through the box", ["ticked", "empty"], []),
        ("line through the box", ["unknown", "empty"], []),
        ("line through the box, tick beside", ["ticked", "empty"], []),
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
