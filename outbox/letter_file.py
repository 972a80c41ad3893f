"""A letter's file and its text: head lines, names of units, tidy lines; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from outbox.facts import LetterFacts

_HEAD = re.compile(r"^(主题|小标题|subject|heading)\s*[：:]\s*(.*)$", re.IGNORECASE)
_NAMES = {"主题": "subject", "小标题": "heading"}


def split_head(lines: Sequence[str]) -> tuple[dict[str, tuple[int, str]], int]:
    """The head lines by name, each with the number of lines before it; and where the body starts."""
    heads: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines):
        found = _HEAD.match(line.strip())
        if found:
            name = found[1].lower()
            heads[_NAMES.get(name, name)] = (number, found[2])
        elif line.strip() and not (line.strip().startswith("{#") and line.strip().endswith("#}")):
            return heads, number
    return heads, len(lines)


def names(facts: LetterFacts) -> str:
    """甲公司; 甲公司等3家单位; the addressee's name where the letter is not about units."""
    names = [unit.unit for unit in facts.units if unit.unit]
    if len(facts.units) > 1 and names:
        return f"{names[0]}等{len(facts.units)}家单位"
    return names[0] if names else facts.unit


def tidy(text: str) -> str:
    """No blanks at line ends, never more than one blank line."""
    kept: list[str] = []
    for line in map(str.rstrip, text.split("\n")):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"
