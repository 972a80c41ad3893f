"""Pens on paper: pages drawn by chance are never misread, and no picture breaks the reader."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pen_pages
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.readers.paper_words import Mark, Word
from intake.readers.pen import find_marks

EM = 30


def answer(group: pen_pages.Group, marks: list[Mark]) -> int | str | None:
    """What a judge makes of a row: the number of the option, None for blank, or unclear."""
    em = group.options[0].word[3] - group.options[0].word[1]
    states, struck = [], []
    for option in group.options:
        here = [mark for mark in marks if mark.state != "struck" and _near(mark, option.frame, 0.6 * em)]
        states.append(here[0].state if here else "missing")
        struck.append(any(mark.state == "struck" and _near(mark, option.word, 1.5 * em) for mark in marks))
    ticked = [number for number, state in enumerate(states) if state == "ticked"]
    if "unknown" in states or len(ticked) > 1 or (ticked and struck[ticked[0]]):
        return "unclear"
    if ticked:
        return ticked[0]
    left = [number for number, gone in enumerate(struck) if not gone]
    if any(struck):
        return left[0] if len(left) == 1 else "unclear"
    return "unclear" if "missing" in states else None


def _near(mark: Mark, box: pen_pages.Box4, reach: float) -> bool:
    dx = (mark.left + mark.right - box[0] - box[2]) / 2
    dy = (mark.top + mark.bottom - box[1] - box[3]) / 2
    return abs(dx) < reach and abs(dy) < reach


def row(**marked: str) -> tuple[np.ndarray, list[Word]]:
    """Two drawn boxes, each before a word, on a clean page; `left` and `right` say what is drawn in them."""
    import cv2

    page = np.full((600, 900, 3), 255, np.uint8)
    words = []
    for name, x in (("left", 200), ("right", 500)):
        cv2.rectangle(page, (x, 200), (x + 28, 228), (30, 30, 30), 2)
        for at, letter in enumerate("同意" if name == "left" else "反对"):
            left = x + 40 + at * EM
            cv2.putText(page, "HM"[at], (left + 2, 226), cv2.FONT_HERSHEY_SIMPLEX, 1, (20, 20, 20), 2)
            words.append(Word(letter, left, 200, left + EM, 230))
        _draw(page, marked.get(name, ""), x)
    return page, words


def _draw(page: np.ndarray, mark: str, x: int) -> None:
    import cv2

    strokes = {
        "tick": [[(4, 14), (11, 24), (25, 3)]],
        "tick over": [[(-4, 10), (10, 30), (44, -20)]],
        "cross": [[(4, 4), (24, 24)], [(24, 4), (4, 24)]],
        "pencil": [[(4, 14), (11, 24), (25, 3)]],
        "red tick": [[(4, 14), (11, 24), (25, 3)]],
        "speck": [[(10, 10), (17, 15)]],
    }
    for stroke in strokes.get(mark, []):
        points = np.array([[(x + dx, 200 + dy) for dx, dy in stroke]], np.int32)
        colour = {"pencil": (125, 125, 125), "red tick": (40, 40, 210)}.get(mark, (150, 60, 30))
        cv2.polylines(page, points, False, colour, 3, cv2.LINE_AA)
    if mark == "filled":
        page[200:229, x : x + 29] = (150, 60, 30)
    if mark == "ring":
        cv2.ellipse(page, (x + 70, 215), (44, 26), 0, 0, 360, (150, 60, 30), 3, cv2.LINE_AA)


@pytest.mark.parametrize(
    ("left", "right", "states"),
    [
        ("", "", ["empty", "empty"]),
        ("tick", "", ["ticked", "empty"]),
        ("", "tick", ["empty", "ticked"]),
        ("tick over", "", ["ticked", "empty"]),
        ("", "cross", ["empty", "ticked"]),
        ("filled", "", ["ticked", "empty"]),
        ("pencil", "", ["ticked", "empty"]),
        ("", "ring", ["empty", "ticked"]),
        ("tick", "tick", ["ticked", "ticked"]),
        ("speck", "", ["unknown", "empty"]),
        ("tick", "ring", ["unknown", "unknown"]),
        ("ring", "ring", ["unknown", "unknown"]),
    ],
)
def test_a_row_of_two(left: str, right: str, states: list[str]) -> None:
    page, words = row(left=left, right=right)
    marks = sorted((mark for mark in find_marks(page, words) if mark.state != "struck"), key=lambda mark: mark.left)
    assert [mark.state for mark in marks] == states
    assert [mark.near for mark in marks] == [0, 2]
    assert all("ink" in mark.source or "circle" in mark.source for mark in marks)


@pytest.mark.parametrize(
    ("left", "right", "states"),
    [
        ("tick", "", ["ticked", "empty"]),
        ("red tick", "", ["unknown", "unknown"]),
        ("", "", ["unknown", "unknown"]),
        ("tick", "tick", ["unknown", "unknown"]),
    ],
)
def test_a_seal_over_the_row_hides_red_ink_but_not_black(left: str, right: str, states: list[str]) -> None:
    import cv2

    page, words = row(left=left, right=right)
    seal = np.full_like(page, 255)
    cv2.circle(seal, (300, 230), 120, (60, 60, 210), 6)
    marks = sorted(find_marks(np.minimum(page, seal), words), key=lambda mark: mark.left)
    assert [mark.state for mark in marks] == states


@pytest.mark.parametrize("shape", [(1, 1, 3), (15, 900, 3), (300, 17, 3), (40, 40, 3), (500, 700, 3), (3000, 2100, 3)])
@pytest.mark.parametrize("filling", ["white", "black", "noise"])
def test_odd_pictures(shape: tuple[int, int, int], filling: str) -> None:
    chance = np.random.default_rng(1)
    page = np.full(shape, 255 if filling == "white" else 0, np.uint8)
    if filling == "noise":
        page = chance.integers(0, 256, shape, dtype=np.uint8)
    words = [Word("是", 5, 5, 25, 25), Word("否", 60, 5, 80, 25), Word("", 0, 0, 0, 0), Word("同", -50, -9, -20, 20)]
    find_marks(page, words)
    assert find_marks(page, []) == []


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.builds(
            Word,
            st.sampled_from(["是", "否", "口", "□", "日", "√", "(", "abc12", ""]),
            st.floats(-50, 700),
            st.floats(-50, 500),
            st.floats(-50, 700),
            st.floats(-50, 500),
        ),
        max_size=12,
    ),
    st.integers(0, 2**32 - 1),
)
def test_any_words_on_any_picture(words: list[Word], seed: int) -> None:
    chance = np.random.default_rng(seed)
    page = chance.choice([0, 255], size=(120, 160, 1)).astype(np.uint8).repeat(3, 0).repeat(4, 1).repeat(3, 2)
    for mark in find_marks(page, words):
        assert mark.right > mark.left
        assert mark.bottom > mark.top


PAGES = 16


def test_pages_by_chance_are_never_misread() -> None:
    """Right or asked, never wrong: fresh pages of every kind of mark, box, pen and effect."""
    told: Counter[str] = Counter()
    wrong = []
    for seed in range(5_000, 5_000 + PAGES):
        page = pen_pages.draw(seed)
        marks = find_marks(page.picture, page.words)
        for number, group in enumerate(page.groups):
            found = answer(group, marks)
            verdict = "right" if found == group.truth else "asked" if found == "unclear" else "wrong"
            told[verdict + (" under a seal" if group.sealed else "")] += 1
            if verdict == "wrong":
                wrong.append((seed, number, group.kind, found, group.truth))
    assert wrong == []
    assert told["right"] > 0.7 * (told["right"] + told["asked"])
