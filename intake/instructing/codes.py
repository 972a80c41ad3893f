"""References with their tokens in what a person wrote, and the words beside them. Pure; never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from intake.instructing import words
from intake.instructing.model import Code
from intake.normal_form import nfkc

MOST = 20  # codes that one mail may name
LONGEST = 8000  # characters that are looked at
_MARKS = "2-9A-HJ-NP-Z"  # as in storage/references.py: nothing that reads like another
_CODE = re.compile(
    rf"(?<![0-9A-Za-z#])([{_MARKS}]{{6}})(?:[ \t]*[-‐‑‒–—−_·:][ \t]*|[ \t]*)([{_MARKS}]{{12}})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_TOKEN = re.compile(rf"[{_MARKS}a-hj-np-z]{{12}}")
_BARE = re.compile(rf"(?<![0-9A-Za-z#-])([{_MARKS}]{{6}})(?![0-9A-Za-z-])", re.IGNORECASE)
_OF_LETTER = re.compile(r"\[\s*#\s*\w{4,12}\s*\]")
_SHORT = 22  # characters of a line with a reference and no token, or of a line below a code: more is talk


def folded(text: str) -> str:
    """Full-width as half-width (NFKC), zero-width marks dropped, our letters' own references dropped."""
    plain = nfkc(text[:LONGEST]).replace("\u200b", "").replace("\ufeff", "")
    return _OF_LETTER.sub(" ", plain)


def codes(text: str) -> tuple[Code, ...]:
    """Every code of a folded text, with the rest of its line; where that is empty, with the next line that is not."""
    if not _TOKEN.search(text):  # quickly: most texts hold no code
        return ()
    lines = text.split("\n")
    found = [code for number, line in enumerate(lines) for code in _on_line(line, lines[number + 1 :])]
    return tuple(dict.fromkeys(found))[:MOST]


def bare(text: str) -> tuple[str, ...]:
    """What could be references in short lines without a code."""
    lines = (line for line in text.split("\n") if not _CODE.search(line))
    found = (
        match[1].upper()
        for line in lines
        for match in _BARE.finditer(line)
        if len(line.strip()) <= _SHORT + len(match[1])
    )
    return tuple(dict.fromkeys(found))[:MOST]


def lone(text: str) -> tuple[str, ...]:
    """The decision words of lines that hold nothing else."""
    lines = ([piece.casefold() for piece in words.pieces(line)] for line in text.split("\n"))
    found = (piece for line in lines if words.VOCABULARY.issuperset(line) for piece in line)
    return tuple(dict.fromkeys(found))


def _on_line(line: str, below: Sequence[str]) -> Iterator[Code]:
    matches = list(_CODE.finditer(line))
    if not matches:
        return
    rest = words.strip(_CODE.sub(" ", line)) or _next(below)
    for match in matches:
        yield Code(match[1].upper(), match[2].upper(), rest)


def _next(below: Sequence[str]) -> str:
    """The next line with something in it, where that is short and no code."""
    filled = next((line for line in below if line.strip()), "")
    return "" if _CODE.search(filled) or len(filled) > _SHORT else words.strip(filled)
