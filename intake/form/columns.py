"""Options that are headings of columns: what stands in a heading's cell is its mark."""

from __future__ import annotations

from collections.abc import Sequence

from intake.campaign import ChoiceSpec
from intake.document import PLAIN, Piece
from intake.form.binding import OptionSeen, Seen
from intake.form.folding import fold
from intake.form.tokenising import read_row
from intake.form.tokens import Mark, Option, Row, Words
from intake.form.wording import says


def bind_columns(columns: Sequence[tuple[str, Sequence[Piece]]], spec: ChoiceSpec) -> Seen:
    """Options that are headings of columns: each cell's marks belong to its heading."""
    options = [OptionSeen(word) for word in spec.options]
    words: list[str] = []
    comments: list[str] = []
    for heading, pieces in columns:
        at = [fold(word) for word in spec.options].index(fold(heading))
        row = read_row([pieces], spec)
        marks = tuple(token for token in row.tokens if isinstance(token, Mark)) or _typed_mark(row, heading, spec)
        looks = next((token.looks for token in row.tokens if isinstance(token, (Option, Words))), PLAIN)
        marks_or_blank = marks or (Mark("empty", "空格", True),)
        options[at] = OptionSeen(spec.options[at], True, marks_or_blank, ("栏内",) * len(marks_or_blank), looks)
        said = _cell_words(row)
        if said and not (marks and marks[0].source == "typed"):
            words.append(said)
        comments += row.comments
    return Seen(tuple(options), words="；".join(words), comments=tuple(comments), printed=False)


def _cell_words(row: Row) -> str:
    return "".join(
        token.text if isinstance(token, Words) else token.word
        for token in row.tokens
        if isinstance(token, (Words, Option))
    )


def _typed_mark(row: Row, heading: str, spec: ChoiceSpec) -> tuple[Mark, ...]:
    """A word in an option's column that agrees with its heading is a tick; one that does not is unknown."""
    text = _cell_words(row)
    said = says(text, spec)
    if not text or said in ("", "left out", "member", "undecided"):
        return ()
    agrees = fold(text) in (fold(heading), "1", "是", "选") or said == {"是": "yes", "否": "no"}.get(heading)
    return (Mark("tick" if agrees else "unknown", text, False, "typed"),)
