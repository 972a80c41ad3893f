"""A pen at options that have no box, and at one option of a row whose others it left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from intake.readers.paper import Sheet, _page
from intake.readers.paper_words import Mark, Word
from intake.readers.pen import find_marks
from intake.readers.pen_boxes import Frame, FrameKind
from intake.readers.pen_inside import Inside
from intake.readers.pen_rows import Option
from intake.readers.pen_verdict import Seen, judge

EM = 30
INK, BLUE = (30, 30, 30), (190, 60, 30)
SHAPES = {"是": "H", "否": "M", "同": "T", "意": "L", "不": "K", "弃": "N", "权": "Z"}
TICK = np.array([[(0, 14), (9, 26), (26, 0)]], np.int32)


def written(page: np.ndarray, text: str, x: int, y: int, line: int) -> list[Word]:
    """A line of text, each letter by a shape of its own; blanks stay blank."""
    words = []
    for at, letter in enumerate(text):
        left = x + at * EM
        if letter == "/":
            cv2.line(page, (left + 20, y + 4), (left + 10, y + 27), INK, 2)
        elif letter == "（" or letter == "）":
            angles = (110, 250) if letter == "（" else (-70, 70)
            cv2.ellipse(page, (left + 15, y + 15), (9, 13), 0, *angles, INK, 2, cv2.LINE_AA)
        elif letter != " ":
            shape = SHAPES.get(letter, "EFAVXY"[ord(letter) % 6])
            cv2.putText(page, shape, (left + 3, y + 26), cv2.FONT_HERSHEY_SIMPLEX, 1, INK, 2)
        if letter != " ":
            words.append(Word(letter, left, y, left + EM, y + EM, 1.0, line))
    return words


def form(row: str, *, x: int = 300) -> tuple[np.ndarray, list[Word]]:
    """A page with a question above a row of options."""
    page = np.full((500, 900, 3), 255, np.uint8)
    words = written(page, "是否同意，可否弃权，是否不同意", 60, 100, 0)
    return page, words + written(page, row, x, 240, 1)


def drawn(page: np.ndarray, what: str, x: int, letters: int, ink: tuple[int, int, int] = INK) -> None:
    """A pen's work at the words that begin at x on the row of options."""
    end, middle = x + letters * EM, x + letters * EM // 2
    if what == "ring":
        cv2.ellipse(page, (middle, 255), (letters * EM // 2 + 9, 25), 0, 0, 360, ink, 3, cv2.LINE_AA)
    if what == "strike":
        cv2.line(page, (x - 6, 256), (end + 6, 254), ink, 3, cv2.LINE_AA)
    if what == "underline":
        cv2.line(page, (x - 2, 276), (end + 3, 275), ink, 3, cv2.LINE_AA)
    if what == "tick":
        cv2.polylines(page, TICK + np.array([end + 8, 238], np.int32), False, ink, 3, cv2.LINE_AA)


def states(page: np.ndarray, words: list[Word]) -> list[tuple[str, int]]:
    """Each mark with the tens of pixels at which it begins."""
    return sorted((mark.state, round(mark.left / 10)) for mark in find_marks(page, words))


@pytest.mark.parametrize("ink", [INK, BLUE])
@pytest.mark.parametrize(("row", "second"), [("是   否", 420), ("是/否", 360)])
@pytest.mark.parametrize(
    ("what", "state"), [("ring", "ringed"), ("strike", "struck"), ("underline", "underlined"), ("nothing", "")]
)
def test_what_a_pen_did_to_one_of_two_words(
    what: str, state: str, row: str, second: int, ink: tuple[int, int, int]
) -> None:
    for x in (300, second):
        page, words = form(row)
        drawn(page, what, x, 1, ink)
        lost = what == "strike" and x == 360 and ink == INK  # its end is lost in the sign between the options
        assert states(page, words) == ([(state, x // 10)] if state and not lost else [])


def test_two_of_three_struck_out() -> None:
    page, words = form("同意  不同意  弃权")
    drawn(page, "strike", 300, 2)
    drawn(page, "strike", 570, 2)
    assert states(page, words) == [("struck", 30), ("struck", 57)]


@pytest.mark.parametrize("pair", [("ring", "ring"), ("strike", "strike"), ("ring", "strike"), ("underline", "tick")])
def test_a_pen_at_every_option_is_not_decided(pair: tuple[str, str]) -> None:
    page, words = form("是   否")
    drawn(page, pair[0], 300, 1)
    drawn(page, pair[1], 420, 1)
    assert states(page, words) == []


@pytest.mark.parametrize(("row", "second"), [("是    否", 450), ("是/否", 360)])
def test_a_tick_beside_a_word_that_was_not_read(row: str, second: int) -> None:
    page, words = form(row)
    drawn(page, "tick", second, 1)
    assert states(page, words) == [("ticked", second // 10 + 3)]


def test_a_tick_beside_a_word_is_told_by_what_was_read() -> None:
    page, words = form("是    否")
    drawn(page, "tick", 450, 1)
    assert states(page, [*words, Word("√", 480, 240, 510, 270, 0.9, 1)]) == []


@pytest.mark.parametrize(("what", "state"), [("ring", "ringed"), ("strike", "struck")])
def test_an_option_that_a_pen_hid_is_found_by_its_print(what: str, state: str) -> None:
    page, words = form("是   否")
    drawn(page, what, 420, 1)
    assert {mark.state for mark in find_marks(page, words[:-1])} == {state}


def test_words_of_a_sentence_are_no_options() -> None:
    page, words = form("可否同意")
    drawn(page, "strike", 330, 1)
    assert states(page, words) == []


@pytest.mark.parametrize("ink", [INK, BLUE])
@pytest.mark.parametrize("struck", [300, 480])
def test_a_line_through_one_word_beside_empty_boxes(struck: int, ink: tuple[int, int, int]) -> None:
    page, words = form("是     否")
    for x in (266, 446):
        cv2.rectangle(page, (x, 240), (x + 28, 268), INK, 2)
    drawn(page, "strike", struck, 1, ink)
    assert [state for state, _ in states(page, words)] == ["empty", "empty", "struck"]


def test_a_line_below_a_word_that_touches_it_strikes_nothing_out() -> None:
    page, words = form("同意   弃权")
    for x in (262, 412):
        cv2.rectangle(page, (x, 240), (x + 28, 268), INK, 2)
    cv2.line(page, (294, 268), (366, 268), INK, 3, cv2.LINE_AA)
    assert "struck" not in [state for state, _ in states(page, words)]


def test_boxes_that_are_not_drawn_alike_are_not_empty() -> None:
    page, words = form("是     否")
    for x in (275, 455):
        cv2.rectangle(page, (x, 246), (x + 14, 260), INK, 1)
    cv2.line(page, (469, 262), (473, 256), (60, 60, 230), 2, cv2.LINE_AA)
    assert {state for state, _ in states(page, words)} == {"unknown"}


@pytest.mark.parametrize(
    ("fellow", "core", "astray", "state"),
    [
        ("bracket", 0.3, False, "ticked"),
        ("round", 0.3, False, "ticked"),
        ("bracket", 0.0, False, "unknown"),
        ("bracket", 0.3, True, "unknown"),
        ("square", 0.3, False, "unknown"),
    ],
)
def test_ink_that_hides_the_box_of_one_option(fellow: FrameKind, core: float, astray: bool, state: str) -> None:
    """The lines of a square box that was not found leave the middle of its place blank."""
    hidden = Option(Frame(0, 0, 20, 20, kind="guess"), (0,))
    plain = Option(Frame(90, 0, 110, 20, kind=fellow), (1,))
    seen = [
        Seen(hidden, Inside(0.9, 0.3, 1.0, 1.0, "full", core=core), 0.0, astray=astray),
        Seen(plain, Inside(0.0, 0.0, 0.0, 0.0, "empty"), 0.0),
    ]
    assert [one for one, _ in judge(seen, [])] == [state, "empty"]


def test_round_boxes() -> None:
    page, words = form("是     否")
    for x in (278, 458):
        cv2.circle(page, (x, 255), 13, INK, 2, cv2.LINE_AA)
    assert states(page, words) == [("empty", 26), ("empty", 44)]
    cv2.ellipse(page, (278, 255), (22, 24), 0, 0, 360, BLUE, 3, cv2.LINE_AA)
    assert "empty" in [state for state, _ in states(page, words)]
    assert ("ticked", 44) not in states(page, words)


def test_the_letter_o_is_no_box() -> None:
    page, words = form("是     否")
    for x in (278, 458):
        cv2.circle(page, (x, 255), 13, INK, 2, cv2.LINE_AA)
        words.append(Word("office", x - 15, 240, x + 15, 270, 1.0, 1))
    assert states(page, words) == []


@pytest.mark.parametrize(("score", "expected"), [(0.2, ["empty", "ticked"]), (0.95, None)])
def test_a_box_filled_in_and_read_as_a_rare_character(score: float, expected: list[str] | None) -> None:
    page, words = form("是     否")
    for x in (264, 444):
        cv2.rectangle(page, (x, 241), (x + 27, 268), INK, 2)
    cv2.rectangle(page, (442, 239), (473, 270), INK, -1)
    words.insert(-1, Word("曇", 443, 240, 472, 269, score, 1))
    found = sorted(state for state, _ in states(page, words))
    assert found == expected if expected else "ticked" not in found


@pytest.mark.parametrize(
    ("state", "looks"), [("ringed", "bordered"), ("underlined", "underlined"), ("struck", "struck")]
)
def test_what_lies_over_words_is_told_as_their_looks(state: str, looks: str) -> None:
    word = Word("否", 100, 100, 130, 130)
    over = Mark(100, 100, 130, 130, state, "ink", 0)  # type: ignore[arg-type]
    page = _page(Sheet(np.full((200, 200, 3), 255, np.uint8), [word], [over], []))
    assert not page.marks
    assert getattr(page.words[0].looks, looks)
