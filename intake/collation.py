"""The order of Chinese names on a list: by 拼音 or by 笔画. Pure; the table of strokes lies beside this file.

Names are compared character by character, after GB/T 13418: digits, then Latin letters, then Chinese characters.
By 拼音: the syllable, the tone, the strokes. By 笔画: the number of strokes, then 横竖撇点折 as 通用规范汉字表 has
it. Brackets, points and spaces do not count.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

Order: TypeAlias = Literal["拼音", "笔画"]
ORDERS: tuple[Order, ...] = get_args(Order)
Key: TypeAlias = tuple[tuple[int, str, int, int, int], ...]  # class, syllable, umlaut, tone, place by strokes

DIGIT, LATIN, CHINESE = 0, 1, 2
UNKNOWN = 1 << 20  # after every character of the table, by code point
_HAN = ("CJK UNIFIED", "CJK COMPAT")


def key(name: str, order: Order) -> Key:
    """What to sort the name by."""
    signs = [sign for sign in unicodedata.normalize("NFKC", name) if sign.isalnum()]
    syllables = _syllables("".join(signs)) if order == "拼音" else [""] * len(signs)
    return tuple(_place(sign, syllable) for sign, syllable in zip(signs, syllables, strict=True))


def _place(sign: str, syllable: str) -> tuple[int, str, int, int, int]:
    if not _is_han(sign):
        return (DIGIT if sign.isdigit() else LATIN, sign.casefold(), 0, 0, 0)
    strokes = _strokes().get(sign, UNKNOWN + ord(sign))
    if syllable == sign:  # pypinyin knows no reading
        return (CHINESE, "~", 0, 0, strokes)
    toneless, tone = syllable[:-1], int(syllable[-1:] or 0)
    return (CHINESE, toneless.replace("ü", "u"), int("ü" in toneless), tone, strokes)


def _syllables(text: str) -> list[str]:
    """One for each character; the reading of one that has several follows from its neighbours."""
    from pypinyin import Style, lazy_pinyin

    alone: Any = list  # a sign without a reading stands for itself
    return lazy_pinyin(text, style=Style.TONE3, errors=alone, v_to_u=True, neutral_tone_with_five=True)


def _is_han(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith(_HAN)


@lru_cache(maxsize=1)
def _strokes() -> dict[str, int]:
    """Each character's place among all."""
    lines = Path(__file__).with_name("strokes.txt").read_text("utf-8").splitlines()
    rows = (line.partition(" ")[2] for line in lines if not line.startswith("#"))
    return {sign: place for place, sign in enumerate("".join(rows))}
