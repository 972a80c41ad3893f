"""Compatibility characters as plain ones (NFKC): full-width letters and punctuation as half-width. Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SHORT = 1000  # characters; longer texts are not kept


def nfkc(text: str) -> str:
    """The normal form of a text, remembered where it is short: a dozen rules ask for those of one mail."""
    return _of_short(text) if len(text) <= _SHORT else unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=64)
def _of_short(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
