"""What several waiting letters to one address say when they go as one mail; pure.

Letters about units become one list of units: what was written last of a unit stands, and a mere
repeat never hides a registration that has not been told yet. The other kinds keep a part each.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.letter_row import LetterRow

ABOUT_UNITS = frozenset({"acknowledgement", "correction", "late", "repeat"})
TOGETHER = frozenset({"reminder", "question", "circular"})  # one letter to units that share an address names them all
MOST_TOGETHER = 20  # letters said as one: a circular brings a form for each
ALIKE = ("deadline", "copy", "test")  # facts in which letters said together must agree
ANSWERS = ABOUT_UNITS | {"received", "no-form", "unreadable", "cloud-link"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mail: the kind of letter whose template says it, and its facts."""

    kind: str
    facts: Mapping[str, Any]


def may_join(letter: LetterRow) -> bool:
    """Whether a letter may share a mail: answers and reminders, and none whose exact bytes stand already."""
    return letter.kind in ANSWERS | TOGETHER and letter.raw is None


def join(letter: LetterRow, other: LetterRow) -> bool:
    """Whether two of them may share one: answers may, and reminders of one deadline among themselves."""
    if {letter.kind, other.kind} & TOGETHER:
        alike = letter.kind == other.kind and all(letter.facts.get(key) == other.facts.get(key) for key in ALIKE)
    else:
        alike = True
    return alike and may_join(letter) and may_join(other)


def parts(letters: Sequence[LetterRow]) -> tuple[Part, ...]:
    """The parts of one mail in reading order: the units first, then the other kinds by age."""
    by_age = sorted(letters, key=lambda letter: letter.id)
    units = [letter for letter in by_age if letter.kind in ABOUT_UNITS | TOGETHER]
    others: dict[str, list[LetterRow]] = {}
    for letter in by_age:
        if letter.kind not in ABOUT_UNITS | TOGETHER:
            others.setdefault(letter.kind, []).append(letter)
    found = [_about_units(units)] if units else []
    return (*found, *(_joined(kind, group) for kind, group in others.items()))


def _about_units(letters: Sequence[LetterRow]) -> Part:
    if len(letters) == 1:
        return Part(letters[0].kind, letters[0].facts)
    standing: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for letter in letters:
        for unit in letter.facts.get("units") or ():
            key = _key(unit)
            if letter.kind != "repeat" or standing.get(key, ("repeat", unit))[0] == "repeat":
                standing[key] = (letter.kind, unit)
    kinds = {kind for kind, _ in standing.values()} or {letters[-1].kind}
    kind = kinds.pop() if len(kinds) == 1 else "acknowledgement"
    return Part(kind, dict(letters[-1].facts) | {"units": [unit for _, unit in standing.values()]})


def _key(unit: Mapping[str, Any]) -> str:
    name = unicodedata.normalize("NFKC", str(unit.get("unit") or ""))
    return "".join(name.split()) or str(unit.get("receipt") or "")


def _joined(kind: str, letters: Sequence[LetterRow]) -> Part:
    """Letters of one kind as one: every file named once; a subject only where all have the same."""
    if len(letters) == 1:
        return Part(kind, letters[0].facts)
    files: list[Any] = []
    for letter in letters:
        files.extend(file for file in letter.facts.get("files") or () if file not in files)
    subjects = {letter.facts.get("subject") for letter in letters}
    common = {"files": files, "subject": subjects.pop() if len(subjects) == 1 else ""}
    return Part(kind, dict(letters[-1].facts) | common)
