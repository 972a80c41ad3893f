"""Rows of boxes marked with a pen: what the reader of paper sees in each box, and the answer of the judge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sample_forms import Missing
from typesetting import GREEN, GREY, LINE, ORANGE, PALE, STATES, VERDICTS, Plate

from intake.campaign import ChoiceSpec
from intake.document import Box, Looks, Piece, Text
from intake.form.choices import judge

PENS = (  # what is drawn, its name and seed in tests/readers/pen_pages.py
    ("a tick in the box", "tick in", 15),
    ("a tick larger than the box", "tick over", 17),
    ("a tick beside the box", "tick beside", 8),
    ("a cross in one box", "cross in", 17),
    ("a box scribbled full", "scribble", 10),
    ("a ring round the words", "circle word", 17),
    ("the other option struck out", "strike other", 12),
    ("nothing", "empty", 10),
    ("both ticked", "both", 17),
    ("one scribbled out, one ticked", "corrected", 8),
    ("a line through words and box", "strike other", 10),
    ("a seal over the row", "seal", 5),
)
LETTER = 34  # pixels of a letter in the picture


def pen_picture(path: Path) -> None:
    """A tile for each way of ticking with a pen: the row with its boxes framed, what was seen, the answer."""
    try:
        import pen_pages
    except ImportError as error:
        raise Missing(f"the extra [ocr] ({error.name})") from error
    wide, high, across = 410, 176, 3
    plate = Plate(wide * across, high * -(-len(PENS) // across) + 34)
    for number, (name, kind, seed) in enumerate(PENS):
        left, top = number % across * wide, number // across * high
        plate.draw.rectangle((left, top, left + wide - 1, top + high - 1), outline=LINE)
        plate.text(left + 14, top + 22, name, 18)
        page = pen_pages.draw(seed, effect="scan", kind="tick in" if kind == "seal" else kind, seal=kind == "seal")
        tile(plate, page, left, top + 42)
    x, y = 16.0, plate.image.height - 17
    for colour, name in ((GREEN, "ticked"), (GREY, "empty"), (ORANGE, "unknown"), (STATES["struck"], "struck out")):
        plate.draw.rectangle((x, y - 9, x + 18, y + 9), outline=colour, width=3)
        x = plate.text(x + 26, y, name, 18) + 26
    plate.save(path)


def tile(plate: Plate, page: Any, left: float, top: float) -> None:
    """The first row of a page, its marks, and what the judge makes of them."""
    from PIL import Image

    from intake.readers.pen import find_marks

    group = page.groups[0]
    em = group.options[0].word[3] - group.options[0].word[1]
    scale, middle = LETTER / em, (group.options[0].word[1] + group.options[0].word[3]) / 2
    start = min(min(option.word[0], option.frame[0]) for option in group.options) - 0.8 * em
    box = (start, middle - 1.25 * em, start + 380 / scale, middle + 1.25 * em)
    picture = Image.fromarray(page.picture[:, :, ::-1]).resize((380, round(2.5 * LETTER)), box=box)
    plate.image.paste(picture, (round(left + 14), round(top)))
    marks = [mark for mark in find_marks(page.picture, page.words) if box[1] < (mark.top + mark.bottom) / 2 < box[3]]
    for mark in marks:
        sides = (mark.left - 2, mark.top - 2, mark.right + 2, mark.bottom + 2)
        x0, y0, x1, y1 = ((side - box[at % 2]) * scale for at, side in enumerate(sides))
        place = (left + 14 + x0, top + y0, left + 14 + min(x1, 379), top + y1)
        plate.draw.rectangle(place, outline=STATES[mark.state], width=3)
    answer = pen_answer(group.options, marks)
    right = plate.tag(left + 14, top + 110, answer, VERDICTS.get(answer, GREEN))
    seen = dict.fromkeys(mark.source for mark in marks if mark.state != "empty") or {"ink 0.00": None}
    plate.text(right + 12, top + 110, "; ".join(seen), 17, PALE)


def pen_answer(options: Sequence[Any], marks: Sequence[Any]) -> str:
    """The judge's answer to the row, its words as printed."""
    words = tuple(option.text for option in options)
    spec = ChoiceSpec("pen", "意见", "意见", words, ("意见",))
    struck = [mark for mark in marks if mark.state == "struck"]
    stands: list[tuple[float, Piece]] = [
        (mark.left, Box(mark.state, mark.source)) for mark in marks if mark.state != "struck"
    ]
    for option in options:
        left, _, right, _ = option.word
        gone = any(mark.left < (left + right) / 2 < mark.right for mark in struck)
        stands.append((left, Text(f" {option.text} ", Looks(struck=gone))))
    return judge(spec, [[piece for _, piece in sorted(stands, key=lambda one: one[0])]]).answer
