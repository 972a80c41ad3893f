"""How well forms were read: objects of `intake read --json`, or of any other reader, against the truth of a folder.

Promises: one Tally for each format and each kind of mark; comparison as lenient as the samples' README says. A blank
that is recorded where the truth is 是 or 否 counts as WRONG: it is recorded without anybody being asked.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

UNCLEAR = "unclear"
TELEPHONES = ("office_phone", "mobile")
Form = Mapping[str, Any]  # {"values": {id: text}, "choices": {id: answer, or {"answer", "evidence", "where"}}}


@dataclass(slots=True)
class Tally:
    """Counts of forms and choices; `unread` forms were not found at all and record nothing."""

    forms: int = 0
    exact: int = 0
    units: int = 0
    unread: int = 0
    choices: int = 0
    right: int = 0
    wrong: int = 0
    asked: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        for name in ("forms", "exact", "units", "unread", "choices", "right", "wrong", "asked"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults

    def row(self) -> tuple[str, ...]:
        """Forms, values exact, units exact, choices right, WRONG, ASKED, unread; shares with their counts."""
        return (
            str(self.forms),
            share(self.exact, self.forms),
            share(self.units, self.forms),
            share(self.right, self.choices),
            str(self.wrong),
            share(self.asked, self.choices),
            str(self.unread),
        )


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part}/{whole})" if whole else "–"


def truth_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines() if line.strip()]


def score(wanted: Sequence[Form], found: Sequence[Form]) -> Tally:
    """One file: its true forms against those found, paired by unit, then in reading order."""
    tally = Tally()
    for want, got in _paired(wanted, found):
        if want is None:
            tally.wrong += sum(_answer(got, key) in ("yes", "no") for key in _choices(got))
            tally.faults.append(f"a form that is none: {dict(got['values']) if got else ''}")
        else:
            _score_form(want, got, tally)
    return tally


def _score_form(want: Form, got: Form | None, tally: Tally) -> None:
    tally.forms += 1
    tally.choices += len(want["choices"])
    if got is None:
        tally.unread += 1
        tally.faults.append("not read")
        return
    wrong = list(_value_faults(want, got))
    tally.exact += not wrong
    tally.units += lenient("unit", got["values"].get("unit", "")) == lenient("unit", want["values"].get("unit", ""))
    tally.faults += wrong
    for key, answer in want["choices"].items():
        _score_choice(key, answer, got, tally)


def _score_choice(key: str, answer: str, got: Form, tally: Tally) -> None:
    said = _answer(got, key)
    if said == answer:
        tally.right += 1
        return
    tally.asked += said == UNCLEAR
    tally.wrong += said != UNCLEAR
    seen = got["choices"].get(key, {})
    why = f" ({seen['where']}: {seen['evidence']})" if isinstance(seen, Mapping) and "evidence" in seen else ""
    tally.faults.append(f"{'ASKED' if said == UNCLEAR else 'WRONG'} {key}: {said} instead of {answer}{why}")


def _value_faults(want: Form, got: Form) -> Iterator[str]:
    for key, value in want["values"].items():
        if lenient(key, got["values"].get(key, "")) != lenient(key, value):
            yield f"{key}: {got['values'].get(key, '')!r} instead of {value!r}"


def _paired(wanted: Sequence[Form], found: Sequence[Form]) -> Iterator[tuple[Form | None, Form | None]]:
    if len(wanted) == len(found):
        yield from zip(wanted, found, strict=True)
        return
    rest = list(found)
    lonely = []
    for want in wanted:
        same = [one for one in rest if _unit(one) == _unit(want)]
        if same:
            rest.remove(same[0])
            yield want, same[0]
        else:
            lonely.append(want)
    yield from zip_longest(lonely, rest)


def _unit(form: Form) -> object:
    return lenient("unit", form["values"].get("unit", ""))


def _choices(form: Form | None) -> Iterable[str]:
    return form["choices"] if form else ()


def _answer(form: Form | None, key: str) -> str:
    answer = form["choices"].get(key, "blank") if form else ""
    return str(answer["answer"] if isinstance(answer, Mapping) else answer)


def lenient(key: str, value: str) -> object:
    """NFKC, no spaces; telephones as a set of digits without +86 and leading zeros; addresses without case."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", value))
    if key == "email":
        return text.casefold()
    if key not in TELEPHONES:
        return text
    parts = (re.sub(r"\D", "", re.sub(r"^\+?86-?(?=\d)", "", part)).lstrip("0") for part in re.split(r"[/、,;]", text))
    return frozenset(part for part in parts if part)
