"""What a label asks for: the field or question of a form that a whole text names.

Promises: it knows nothing of lines and tables and reads no values; all its words come from the FormSpec.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from intake.campaign import ChoiceSpec, FormSpec
from intake.form.folding import core, core_of, fold, squash
from intake.form.label_edges import after_hints
from intake.form.rewordings import ASKS, WHOSE, Rewordings

LONGEST = 240  # characters; no label is longer
_JOINERS = re.compile(r"[/、及和与&+]")
_NO_ANSWER = re.compile(r"成员|会员|单位|的|\(|注|请|如")  # what a printed question goes on with, on a line of its own


@dataclass(frozen=True, slots=True)
class Label:
    """What a text asks for. `keys` has more than one for a joined label (姓名/职务).

    `rank` is 0 for the printed wording and grows towards looser ones.
    """

    keys: tuple[str, ...]
    rank: int = 0

    @property
    def key(self) -> str:
        return self.keys[0]


class LabelWords:
    """The wordings of the labels of one FormSpec, and what a whole text asks for."""

    def __init__(self, spec: FormSpec) -> None:
        self.spec = spec
        self.unit_field = spec.unit_field
        self.kinds = {field.id: field.kind for field in spec.fields}
        self._questions = {choice.id: choice for choice in spec.choices}
        self.cores: dict[str, Label] = {}
        wordings = [(item.id, item.labels) for item in spec.fields] + [(item.id, item.labels) for item in spec.choices]
        for key, labels in wordings:
            for rank, label in enumerate(labels):
                self.cores.setdefault(core_of(label), Label((key,), rank))
        ordered = sorted(self.cores, key=len, reverse=True)
        self.anywhere = re.compile("|".join(map(re.escape, ordered)) or r"(?!)")
        self._longest = max(map(len, ordered), default=0)
        self._rewordings = Rewordings(spec.choices)
        self._whole = lru_cache(maxsize=4096)(self._find_whole)

    def is_choice(self, key: str) -> bool:
        return key in self._questions

    def question(self, key: str) -> ChoiceSpec:
        return self._questions[key]

    def whole(self, text: str) -> Label | None:
        """The label that the whole text is, hints and numbering aside; None for any other text."""
        if not text or len(text) > LONGEST:
            return None
        return self._whole(text)

    def _find_whole(self, text: str) -> Label | None:
        folded = fold(text)
        if not folded or len(folded) > self._longest + 80 or not self.may_hold_folded(folded):
            return None
        bare = core(folded)
        found = self.cores.get(bare) or self.cores.get(WHOSE.sub("", bare))
        if found:
            return self.by_hint(folded, found)
        return self._joined(bare) or (None if self._goes_on(text) else self._reworded(bare))

    def _reworded(self, bare: str) -> Label | None:
        key = self._rewordings.find(bare)
        return Label((key,), 90) if key else None

    def _goes_on(self, text: str) -> bool:
        """Whether a question is followed, behind a blank, line end or question mark, by what may be its answer."""
        folded, origins = squash(text)
        match = next((one for one in self.anywhere.finditer(folded) if self.is_choice(self.cores[one[0]].key)), None)
        if not match:
            return False
        rest = text[after_hints(text, origins[match.end() - 1] + 1) :]
        words = fold(rest).lstrip(":?")
        return bool(words and re.match(r"[\s:：?？]", rest)) and not _NO_ANSWER.match(words)

    def may_hold(self, text: str) -> bool:
        """Whether a text could hold a label at all; a quick look before the careful one."""
        return self.may_hold_folded(fold(text))

    def may_hold_folded(self, folded: str) -> bool:
        return bool(self.anywhere.search(folded) or ASKS.search(folded))

    def by_hint(self, folded: str, found: Label) -> Label:
        """电话（手机） asks for the mobile: a hint that is itself a telephone label decides."""
        if self.kinds.get(found.key) not in ("telephone", "mobile"):
            return found
        for hint in re.findall(r"\(([^()]*)\)", folded):
            inner = self.cores.get(hint) or self.cores.get(hint + "电话")
            if inner and self.kinds.get(inner.key) in ("telephone", "mobile"):
                return Label(inner.keys, found.rank)
        return found

    def _joined(self, bare: str) -> Label | None:
        parts = [part for part in _JOINERS.split(bare) if part]
        labels = [self.cores.get(part) for part in parts]
        if len(parts) < 2 or len(parts) > 4 or not all(labels):
            return None
        keys = tuple(dict.fromkeys(label.key for label in labels if label))
        return None if any(map(self.is_choice, keys)) else Label(keys, 50)

    def begins(self, line: str) -> bool:
        """Whether a line is the beginning of a question that the next line completes (a wrapped mail)."""
        return self._rewordings.begins(line)
