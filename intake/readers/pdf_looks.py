"""Looks that a PDF draws beside its words: colour under them, lines under and through them.

Promises: a line that is a border of a table is neither; a colour drawn over words hides them unless it lets them
through.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.document import Looks
from intake.readers import colours
from intake.readers.page_items import Rule, Word, middle
from intake.readers.pdf_page import Box
from intake.readers.pdf_shapes import Fill, Line
from intake.readers.pdf_sight import Sight
from intake.readers.pdf_text import Glyph

_GONE = "\u200b"  # stands where a word was, that its neighbours do not seem to stand apart
_GROUND = 0.3  # share of dark around light writing
_LONG = 24  # times the height: a line across the page
_TALL = 2.2  # times the height of a line: a colour higher than this belongs to the cell


def seen(glyphs: Sequence[Glyph], fills: Sequence[Fill], sight: Sight) -> list[Glyph]:
    """The glyphs that can be seen: what is pale or painted over is looked for on the page."""
    covers = [fill for fill in fills if fill.alpha > 200]
    doubtful: dict[int, Glyph] = {}
    for glyph in glyphs:
        if not glyph.word.text.isspace() and (glyph.pale or any(_covers(fill, glyph) for fill in covers)):
            doubtful.setdefault(glyph.order, glyph)
    if not doubtful:
        return list(glyphs)
    hidden = {order for order, one in doubtful.items() if one.pale and sight.dark(_place(one.word)) < _GROUND}
    asked = {order: one.item for order, one in doubtful.items() if order not in hidden}
    if asked and not sight.matter(list(asked.values())):
        hidden.update(asked)
    else:
        hidden.update(order for order, item in asked.items() if not sight.matter([item]))
    return [glyph for glyph in glyphs if glyph.order not in hidden]


def _place(word: Word) -> Box:
    return word.left, word.top, word.right, word.bottom


def _covers(fill: Fill, glyph: Glyph) -> bool:
    return fill.order > glyph.order and _inside(glyph.word, fill.box)


def _inside(word: Word, box: Box) -> bool:
    x, y = middle(word)
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def coloured(glyphs: Sequence[Glyph], fills: Sequence[Fill], page_area: float) -> list[Word]:
    """The words with the colours under them as highlight or shading."""
    grounds = [(fill, tone) for fill in fills if (tone := _tone(fill)) and _area(fill.box) < page_area / 3]
    words = []
    for glyph in glyphs:
        word = glyph.word
        for fill, tone in grounds:
            if _inside(word, fill.box):
                word = replace(word, looks=_on(word, fill, tone))
        words.append(word)
    return words


def _tone(fill: Fill) -> str:
    """What a colour says as a ground: highlight, shading, or nothing where it is white."""
    red, green, blue = fill.colour
    if min(fill.colour) > 247 or fill.alpha < 12:
        return ""
    return "highlight" if colours.tone(f"{red:02x}{green:02x}{blue:02x}") == "coloured" else "shading"


def _on(word: Word, fill: Fill, tone: str) -> Looks:
    high = fill.box[3] - fill.box[1] > _TALL * (word.bottom - word.top)
    if tone == "highlight" and not high:
        return replace(word.looks, highlighted=True)
    return replace(word.looks, shaded=True)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def accepted(words: Sequence[Word]) -> list[Word]:
    """Words of a print that shows tracked changes, as they stand when all are accepted.

    Such a print strikes out in colour what was deleted and underlines in the same way what was inserted; a page
    that does only one of the two was marked by hand.
    """
    changed = [word for word in words if word.looks.coloured and not word.text.isspace()]
    if not any(word.looks.struck for word in changed) or not any(word.looks.underlined for word in changed):
        return list(words)
    kept = []
    for word in words:
        looks = word.looks
        if looks.coloured and looks.struck:
            word = replace(word, text=_GONE)
        if looks.coloured and looks.underlined:
            word = replace(word, looks=replace(looks, coloured=False, underlined=False, inserted=True))
        kept.append(word)
    return kept


# ---- lines ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ruled:
    """Words with the lines drawn at them, and the lines that are left."""

    words: list[Word]
    rules: list[Rule]


def ruled(words: Sequence[Word], lines: Sequence[Line], height: float) -> Ruled:
    """Words struck and underlined, and the other lines. `height` is that of most words."""
    down = sorted((line.rule for line in lines if not line.rule.horizontal), key=lambda rule: rule.left)
    edges = [rule.left for rule in down]
    ordered = sorted(range(len(words)), key=lambda index: middle(words[index])[1])
    middles = [middle(words[index])[1] for index in ordered]
    looks: dict[int, Looks] = {}
    rules = list(down)
    for line in lines:
        rule = line.rule
        if not rule.horizontal:
            continue
        at = (rule.top + rule.bottom) / 2
        near = ordered[bisect_left(middles, at - height) : bisect_right(middles, at + height)]
        found = (
            {}
            if rule.right - rule.left > _LONG * height or _touches(rule, down, edges)
            else _drawn_at(words, near, rule, at)
        )
        for index, name in found.items():
            looks[index] = replace(looks.get(index, words[index].looks), **{name: True})
        if not found:
            rules.append(rule)
    changed = list(words)
    for index, look in looks.items():
        changed[index] = replace(words[index], looks=look)
    return Ruled(changed, rules)


def _touches(rule: Rule, down: Sequence[Rule], edges: Sequence[float]) -> bool:
    """Whether a line meets an upright line, as the borders of cells do."""
    at = (rule.top + rule.bottom) / 2
    near = down[bisect_left(edges, rule.left - 2.0) : bisect_right(edges, rule.right + 2.0)]
    return any(one.top - 2 <= at <= one.bottom + 2 for one in near)


def _drawn_at(words: Sequence[Word], near: Sequence[int], rule: Rule, at: float) -> dict[int, str]:
    """The words a line goes through (struck) or under (underlined); none where it is longer than they are."""
    found: dict[int, str] = {}
    left, right = rule.right, rule.left
    for index in near:
        word = words[index]
        common = min(word.right, rule.right) - max(word.left, rule.left)
        if word.right <= word.left or common < 0.6 * (word.right - word.left):
            continue
        place = (at - word.top) / max(word.bottom - word.top, 0.1)
        if 0.28 <= place <= 0.74:
            found[index] = "struck"
        elif 0.82 <= place <= 1.25:
            found[index] = "underlined"
        else:
            continue
        if not word.text.isspace():
            left, right = min(left, word.left), max(right, word.right)
    if "struck" in found.values():
        found = {index: name for index, name in found.items() if name == "struck"}
        slack = 1.2 * (words[next(iter(found))].bottom - words[next(iter(found))].top)
        return found if rule.left >= left - slack and rule.right <= right + slack else {}
    return found
