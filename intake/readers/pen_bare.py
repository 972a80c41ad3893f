"""Options printed without a box, as 是 / 否 alone: which of them a pen has ringed, underlined or struck out.

Promises: only words that stand alone as a known set of answers in one cell are looked at; a mark is given where a pen
was at some of the options and none at the others, else none is; ink that nobody could read beside an option that lacks
its fellow is a mark of unknown meaning. Lengths are pixels; `em` is the size of the printed letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from intake.readers.paper_words import Mark, Word
from intake.readers.pen_boxes import Frame
from intake.readers.pen_excess import any_overwritten
from intake.readers.pen_ink import Ink, Picture
from intake.readers.pen_inside import Inside
from intake.readers.pen_lines import colour_through, lined, struck, underlined
from intake.readers.pen_over import is_strike, shapes_over
from intake.readers.pen_rings import encircled, pen_colour, ring
from intake.readers.pen_rows import Option, Row, middle, text_of
from intake.readers.pen_shapes import Shape
from intake.readers.pen_share import letters_place, shared_out, without_ring
from intake.readers.pen_strokes import TICK_SIGNS, Stroke, Surroundings, strokes_beside, surroundings, without_print
from intake.readers.pen_verdict import NO_RING, RING, Seen

Way: TypeAlias = Literal["ringed", "underlined", "struck"]
_WAYS: dict[Shape, Way] = {
    "line": "struck",
    "cross": "struck",
    "scrawl": "struck",
    "ring": "ringed",
    "underline": "underlined",
}
SETS = (
    ("是", "否"),
    ("同意", "不同意", "弃权"),
    ("赞成", "反对", "弃权"),
    ("愿意", "不愿意"),
    ("参加", "不参加"),
    ("有", "无"),
)
_APART = 0.3  # em: a gap that parts options
_LOST = 4.0  # em: how far from an option its unread fellow stands
_NEAR = 9.0  # em: options of a row stand closer
_TINT = 0.02  # squares of the letters' size
_NOTHING_INSIDE = Inside(0.0, 0.0, 0.0, 0.0, "empty")


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    run: tuple[int, ...]


def bare_marks(ink: Ink, words: Sequence[Word], rows: Sequence[Row], rules: Picture) -> list[Mark]:
    """What a pen did to the words of each row of options without boxes."""
    found, alone = _bare_rows(words, rules, ink.em)
    found, alone = (
        [row for row in some if not any(_meet(row, other, ink.em) for other in rows)] for some in (found, alone)
    )
    marks = [mark for row in found for mark in _marks(ink, row, [*rows, *found], words)]
    return marks + [mark for row in alone for mark in _unread(ink, row, [*rows, *found], words)]


def _meet(one: Row, other: Row, em: float) -> bool:
    return abs(one.y - other.y) < 0.8 * em and one.left < other.right and other.left < one.right


def _unread(ink: Ink, row: Row, rows: Sequence[Row], words: Sequence[Word]) -> list[Mark]:
    """Ink as large as a letter on the line of an option that stands alone: perhaps the other one, ringed or struck."""
    frame = row.options[0].frame
    return [
        Mark(*stroke.box, state="unknown", source="ink unread")
        for stroke in strokes_beside(ink, surroundings(ink, row), row, rows, words)
        if abs((stroke.box[1] + stroke.box[3]) / 2 - row.y) < 0.7 * ink.em
        and max(frame.left - stroke.box[2], stroke.box[0] - frame.right) < _LOST * ink.em
    ]


# ---- rows -------------------------------------------------------------------------------------


def _bare_rows(words: Sequence[Word], rules: Picture, em: float) -> tuple[list[Row], list[Row]]:
    """The rows of options, and those of one option whose fellows were not read."""
    pieces = [piece for line in _lines(words) for piece in _pieces(line, words, em)]
    rows: list[Row] = []
    alone: list[Row] = []
    for texts in SETS:
        alike = sorted((piece for piece in pieces if piece.text in texts), key=lambda piece: words[piece.run[0]].left)
        while alike:
            first = alike.pop(0)
            own = [first, *(other for other in alike if _beside(first, other, words, rules, em))]
            alike = [other for other in alike if other not in own]
            named = [piece.text for piece in own]
            if len(named) >= 2 and len(set(named)) == len(named) and set(named) >= set(texts[:2]):
                rows.append(_row(own, words, rules))
            elif len(own) == 1:
                alone.append(_row(own, words, rules))
    taken = {option.words for row in rows for option in row.options}
    return rows, [row for row in alone if row.options[0].words not in taken]


def _lines(words: Sequence[Word]) -> list[list[int]]:
    lines: dict[int, list[int]] = {}
    for at, word in enumerate(words):
        lines.setdefault(word.line, []).append(at)
    return list(lines.values())


def _pieces(line: Sequence[int], words: Sequence[Word], em: float) -> list[_Piece]:
    """The stretches of a line that stand apart; whatever is no Chinese character parts them."""
    runs: list[list[int]] = [[]]
    for at in line:
        last = runs[-1][-1] if runs[-1] else None
        if not "\u4e00" <= words[at].text <= "\u9fff" or len(words[at].text) > 1:
            runs.append([])
            continue
        if last is not None and words[at].left - words[last].right > _APART * em:
            runs.append([])
        runs[-1].append(at)
    pieces = [_Piece(text_of(run, words), tuple(run)) for run in runs if run]
    if len(pieces) == 1 and pieces[0].text == "是否":  # far apart they were read as one
        first, last = pieces[0].run
        if words[last].left - words[first].right > 0.1 * em:
            return [_Piece("是", (first,)), _Piece("否", (last,))]
    return pieces


def _beside(first: _Piece, other: _Piece, words: Sequence[Word], rules: Picture, em: float) -> bool:
    (x, y), (x1, y1) = middle(words[first.run[-1]]), middle(words[other.run[0]])
    if abs(y - y1) > 0.5 * em or not 0 < x1 - x < 2 * _NEAR * em:
        return False
    return not rules[_within(rules, (y + y1) / 2), max(0, round(x)) : max(0, round(x1))].any()


def _within(rules: Picture, y: float) -> int:
    """A row of pixels on the page; words may be read beyond its edges."""
    return max(0, min(len(rules) - 1, round(y)))


def _row(pieces: Sequence[_Piece], words: Sequence[Word], rules: Picture) -> Row:
    options = []
    for piece in pieces:
        own = [words[at] for at in piece.run]
        top, bottom = min(word.top for word in own), max(word.bottom for word in own)
        options.append(Option(Frame(own[0].left, top, own[-1].right, bottom, 0.0, 1.0, "bare"), piece.run))
    line = rules[_within(rules, options[0].frame.middle[1])]
    left = line[: round(options[0].frame.left)].nonzero()[0]
    right = line[round(options[-1].frame.right) :].nonzero()[0]
    bounds = (
        float(left[-1]) if len(left) else 0.0,
        float(right[0] + options[-1].frame.right) if len(right) else len(line),
    )
    return Row(options, "before", *bounds)


# ---- marks ------------------------------------------------------------------------------------


def _marks(ink: Ink, row: Row, rows: Sequence[Row], words: Sequence[Word]) -> list[Mark]:
    if any(_sealed(ink, option.frame) for option in row.options):
        return []
    around = surroundings(ink, row)
    penned = without_print(around, row, words, ink.em)
    strokes = without_ring(strokes_beside(ink, around, row, rows, words), around, row, words, ink.em)
    shares, stray = shared_out(strokes, row, words, ink.em)
    seen = [_see(ink, around, penned, row, one, words, own) for one, own in zip(row.options, shares, strict=True)]
    touched = [one for one in seen if not _calm(ink, one, words)]
    if not all(any(_part_of_line(stroke, one, words, ink.em) for one in touched) for stroke in stray):
        return _by_shape(ink, row, seen, words)
    if not touched or len(touched) == len(seen):
        return _by_shape(ink, row, seen, words)
    ways = {_way(one) for one in touched}
    if len(ways) > 1 or None in ways or (len(touched) > 1 and ways != {"struck"}):
        return _by_shape(ink, row, seen, words)
    if ways == {"struck"}:
        shapes = dict(zip(map(id, seen), shapes_over(ink, row, words), strict=True))
        if not all(is_strike(shapes[id(one)]) and not one.underlined for one in touched):
            return []
    return [_mark(one, way) for one in touched for way in ways if way]


def _by_shape(ink: Ink, row: Row, seen: Sequence[Seen], words: Sequence[Word]) -> list[Mark]:
    """The mark at the only option at which a pen left more than print; a tick stands behind its words."""
    shapes = shapes_over(ink, row, words)
    touched = [at for at, shape in enumerate(shapes) if shape != "none"]
    if len(touched) != 1 or not all(_clear(one) for at, one in enumerate(seen) if at != touched[0]):
        return []
    one, shape = seen[touched[0]], shapes[touched[0]]
    if one.ring > NO_RING and shape != "ring":
        return []
    if shape == "tick" and not any(word.text in TICK_SIGNS for word in words if _beside_row(word, row, ink.em)):
        frame = one.option.frame
        return [Mark(frame.right, frame.top, frame.right + 0.1 * ink.em, frame.bottom, "ticked", "ink over")]
    way = _WAYS.get(shape)
    return [_mark(one, way)] if way else []


def _clear(one: Seen) -> bool:
    return not (one.struck or one.beside or one.underlined or one.ring > NO_RING)


def _beside_row(word: Word, row: Row, em: float) -> bool:
    """Whether a sign stands on the line of a row, where it is read by itself."""
    x, y = middle(word)
    return row.left < x < row.right and abs(y - row.y) < 0.8 * em


def _see(
    ink: Ink,
    around: Surroundings,
    penned: Surroundings,
    row: Row,
    option: Option,
    words: Sequence[Word],
    beside: Sequence[Stroke],
) -> Seen:
    em, place = ink.em, letters_place(option, words, ink.em)
    others = [other.frame for other in row.options if other is not option]
    below = underlined(around, place, em)
    return Seen(
        option,
        _NOTHING_INSIDE,
        1.0 if encircled(around, place, em) else ring(penned, place, others, em),
        struck=struck(around, place, em),
        lined=lined(around, place, len(option.words), em, 0.4 if below else 0.65),
        crossed=lined(around, place, len(option.words), em, 0.28) or (colour_through(ink, place) and not below),
        underlined=below,
        colour=pen_colour(ink, place),
        beside=tuple(beside),
    )


def _calm(ink: Ink, one: Seen, words: Sequence[Word]) -> bool:
    """Whether no pen was at an option."""
    drawn = one.beside or one.struck or one.lined or one.crossed or one.underlined
    plain = one.ring < NO_RING and one.colour < _TINT
    return plain and not drawn and not any_overwritten(ink, [one.option.words], words)


def _part_of_line(stroke: Stroke, one: Seen, words: Sequence[Word], em: float) -> bool:
    """Whether ink between options is the line through the words of one of them, a little long."""
    left, _, right, _ = letters_place(one.option, words, em)
    over = min(right, stroke.box[2]) - max(left, stroke.box[0])
    return (one.crossed or one.struck) and not stroke.tick and over > 0.8 * (right - left)


def _way(one: Seen) -> Way | None:
    """How the pen marked an option; None where that is not plain, or a tick beside it: which option that is nearer to,
    is told where it was read."""
    if any(stroke.tick for stroke in one.beside):
        return None
    if one.ring >= RING:
        return None if one.crossed else "ringed"
    if one.underlined_alone and not one.crossed:
        return "underlined"
    return "struck" if (one.struck or one.crossed) and one.ring < NO_RING else None


def _mark(one: Seen, way: Way) -> Mark:
    frame = one.option.frame
    return Mark(frame.left, frame.top, frame.right, frame.bottom, way, "ink", one.option.words[0])


def _sealed(ink: Ink, frame: Frame) -> bool:
    part = ink.seal[max(0, int(frame.top)) : int(frame.bottom), max(0, int(frame.left)) : int(frame.right)]
    return bool(part.any())
