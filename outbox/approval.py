"""Which letters a person must approve before they leave; pure.

Source: `letters.approve` of the configuration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FIRST = re.compile(r"first\s+(\d{1,4})\s+of\s+each\s+kind")


@dataclass(frozen=True, slots=True)
class Approval:
    """`first`: how many letters of a kind are approved before the others go by themselves; None: every one."""

    first: int | None = 0

    @property
    def is_asked(self) -> bool:
        return self.first != 0

    def is_needed(self, approved: int) -> bool:
        """Whether another letter of a kind needs approval of which so many were approved."""
        return self.first is None or approved < self.first

    def room(self, approved: int, shown: int) -> int | None:
        """How many more of a kind may be shown while so many of it wait; None for any number."""
        return None if self.first is None else max(0, self.first - approved - shown)


def parse(text: str) -> Approval:
    """`none`, `all`, or `first 3 of each kind`; raises ValueError with a sentence."""
    said = " ".join(text.split()).casefold()
    if said in ("none", "all"):
        return Approval(0 if said == "none" else None)
    match = _FIRST.fullmatch(said)
    if match is None:
        raise ValueError("只能写 none、all，或如 first 3 of each kind")
    return Approval(int(match[1]))
