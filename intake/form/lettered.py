"""Answers by letter: （B）, 答：A、C under options printed as A. B. C.

Promises: a letter is read only where it stands outside the printed options and is one of theirs; the row given back
has it blanked out, so that the judge sees marks and words alone. A letter against a mark is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from intake.answers import BLANK, NO, UNCLEAR, YES, Choice
from intake.campaign import ChoiceSpec
from intake.document import Piece, Remark, Text
from intake.form.folding import simplified

_HALF = {0xFF21 + n: chr(65 + n) for n in range(26)} | {0xFF41 + n: chr(97 + n) for n in range(26)}
_ANSWER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z](?:[\s、，,;；/和及]*[A-Za-z])*(?![A-Za-z0-9])")
_ROOM = re.compile(r"[（(\[【]\s*[)）\]】]|[_＿]{2,}")
_LEAD = re.compile(r"(?:答案?|选择?|选项|我们?|本单位)[：:为是]?\s*$")


def half_width(cells: Sequence[Sequence[Piece]]) -> list[tuple[Piece, ...]]:
    """The cells with full-width letters as half-width ones."""
    return [tuple(_half(piece) for piece in pieces) for pieces in cells]


def _half(piece: Piece) -> Piece:
    return replace(piece, text=piece.text.translate(_HALF)) if isinstance(piece, Text) else piece


def without_letters(cells: Sequence[Sequence[Piece]], spec: ChoiceSpec) -> tuple[list[tuple[Piece, ...]], str]:
    """The cells with the answering letters blanked out, and those letters in order; "" where there are none."""
    found: list[str] = []
    made = []
    for pieces in half_width(cells):
        text = _text(pieces)
        spans = _answers(text, spec)
        found += [text[start:end] for start, end in spans]
        numbers = [match.span("letter") for match in _print(spec).finditer(simplified(text)) if match.group("letter")]
        made.append(_blanked(pieces, [*spans, *numbers]))
    made = _without_room(made, len(spec.options))
    letters = re.sub(r"[^A-Z]", "", "".join(found).upper())
    return made, "".join(dict.fromkeys(letters))


def _without_room(cells: Sequence[tuple[Piece, ...]], options: int) -> list[tuple[Piece, ...]]:
    """The cells without the brackets and lines that a letter is written into; a bracket for each option stays."""
    spans = [[match.span() for match in _ROOM.finditer(_text(pieces))] for pieces in cells]
    if sum(map(len, spans)) >= options:
        return list(cells)
    return [_blanked(pieces, mine) for pieces, mine in zip(cells, spans, strict=True)]


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text if isinstance(piece, Text) else "\ufffc" for piece in pieces if _seen(piece))


def _seen(piece: Piece) -> bool:
    return not isinstance(piece, Remark)


def _answers(text: str, spec: ChoiceSpec) -> list[tuple[int, int]]:
    """Where letters answer: not as the number of a printed option, nor inside its words."""
    printed = _print(spec)
    bare = printed.sub(lambda match: "\x00" * len(match.group()), simplified(text))
    last = chr(64 + len(spec.options))
    return [
        match.span()
        for match in _ANSWER.finditer(bare)
        if all(letter <= last for letter in re.sub(r"[^A-Z]", "", match.group().upper())) and _stands_alone(bare, match)
    ]


def _print(spec: ChoiceSpec) -> re.Pattern[str]:
    """The options as printed, each with its letter where it has one."""
    words = "|".join(re.escape(simplified(word)) for word in sorted(spec.options, key=len, reverse=True))
    return re.compile(rf"(?P<letter>[（(]?[A-Za-z]\s*[.．、:：)）]?\s*)?(?:{words})")


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """In brackets, on a line, behind 答 or 选, or alone between blanks."""
    before, after = text[: match.start()], text[match.end() :]
    if _LEAD.search(before):
        return True
    left = before[-1:] or "\n"
    right = after[:1] or "\n"
    return bool(re.match(r"[\s（(\[【_＿：:？?\x00]", left)) and bool(re.match(r"[\s）)\]】_＿。.，,；;\x00]", right))


def _blanked(pieces: Sequence[Piece], spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    made: list[Piece] = []
    at = 0
    for piece in pieces:
        if not isinstance(piece, Text):
            made.append(piece)
            at += _seen(piece)
            continue
        chars = [
            " " if _plain(piece) and any(start <= at + n < end for start, end in spans) else char
            for n, char in enumerate(piece.text)
        ]
        made.append(replace(piece, text="".join(chars)))
        at += len(piece.text)
    return tuple(made)


def _plain(piece: Text) -> bool:
    """Whether nothing sets the letters of a piece apart; a ringed or struck letter is left for a person to see."""
    looks = piece.looks
    return not (looks.bordered or looks.struck or looks.highlighted or looks.underlined or looks.coloured)


def by_letters(judged: Choice, letters: str, spec: ChoiceSpec) -> Choice:
    """The answer of the letters, if the rest of the row says nothing else."""
    if not letters:
        return judged
    if len(letters) > 1 and not spec.several:
        return replace(judged, answer=UNCLEAR, evidence=_told(judged, f"填有{letters}，但此题为单选"))
    words = [spec.options[ord(letter) - 65] for letter in sorted(letters)]
    answer = (YES, NO)[spec.options.index(words[0])] if spec.yes_no else ";".join(words)
    if judged.answer not in (BLANK, answer):
        return replace(judged, answer=UNCLEAR, evidence=_told(judged, f"但另填有{letters}，前后不一"))
    return replace(judged, answer=answer, evidence=f"{judged.place}：填有“{letters}”，即{'、'.join(words)}")


def _told(judged: Choice, more: str) -> str:
    return f"{judged.evidence}；{more}"
