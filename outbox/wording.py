"""How dates, lists and sentences read in a Chinese letter; pure text, no templates.

Every function takes and gives plain text and never raises on any input, so that no fact, however
odd, leaves a doubled full stop, an empty bracket or a line break in a letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

NUMERALS = "零一二三四五六七八九"
STOPS = "。！？…"
TRAILING = "，、；：,;:.。!！?？ "

_BLANKS = re.compile(r"\s+")
_CLIP = 300


def clean(value: object, limit: int = _CLIP) -> str:
    """One line of visible text: blanks joined, control and direction characters dropped, cut at `limit`.

    Everything a stranger wrote passes through here before a template sees it: a line break could
    forge a header or a paragraph, a direction override could turn a name round (Unicode TR 36).
    """
    text = "" if value is None else str(value)
    if text.isprintable() and "  " not in text and len(text) <= limit:
        return text.strip()  # the ordinary case, quickly
    text = _BLANKS.sub(" ", text.replace("\u3000", " "))
    text = "".join(mark for mark in text if unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co", "Cn")).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def bare(text: str) -> str:
    """The text without the punctuation it ends in, to stand inside a sentence."""
    return str(text).strip().rstrip(TRAILING)


def sentence(text: str) -> str:
    """The text with exactly one full stop at its end; "" stays ""."""
    stripped = str(text).strip()
    if not bare(stripped):
        return ""
    if stripped[-1] in STOPS or (stripped[-1] in "”’）" and stripped[-2:-1] in STOPS):
        return stripped
    return bare(stripped) + {"!": "！", "?": "？"}.get(stripped[-1], "。")


def sentences(texts: Iterable[str]) -> str:
    """Several sentences in one line, repeated ones once."""
    return "".join(dict.fromkeys(filter(None, map(sentence, texts))))


def series(items: Iterable[str], most: int = 8, measure: str = "项") -> str:
    """甲、乙、丙; with more than `most`, 甲、乙等10项."""
    names = [name for name in map(bare, items) if name]
    if len(names) <= most:
        return "、".join(names)
    return f"{'、'.join(names[:most])}等{len(names)}{measure}"


def quoted(text: str) -> str:
    """“…”, quotation marks inside turned into single ones (GB/T 15834, 4.8.3.3)."""
    inner = str(text).strip().replace("“", "‘").replace("”", "’").replace('"', "’")
    return f"“{inner}”" if inner else ""


def numeral(number: int) -> str:
    """一 … 九十九, for the headings of a letter with parts; larger numbers in digits."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    return (("" if tens == 1 else NUMERALS[tens]) + "十" if tens else "") + (NUMERALS[ones] if ones else "")
