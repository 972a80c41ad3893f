"""The characters that people use as boxes, ticks and crosses, and the words printed in place of 是 and 否.

Promises: tables and one look-up; what is in no table and is no letter or digit is `unknown`, never ignored.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, TypeAlias

MarkKind: TypeAlias = Literal["tick", "boxed cross", "cross", "empty", "unknown"]

TICKS = "√✓✔🗸∨ˇ☑🗹✅⍻⎷"
SOLID = "■█▇▉●◼⬛◾▪▣◉⦿⚫⬤☻⊙☉◘▰🔘"
ONLY_BESIDE_HOLLOW = {
    "★": "☆", "◆": "◇", "▲": "△", "◎": "○", "▶": "▷", "♥": "♡", "♦": "♢", "⭕": "○",
    "🟢": "⚪", "🔵": "⚪", "🟩": "⬜", "🟦": "⬜",
}  # fmt: skip
EMPTY = "□☐▢◻⬜◽▫❏❐❑❒○◯⚪〇☆◇△▷♡♢⬚🔲"
BOXED_CROSS = "☒⊠🗵⮽❎⌧⊗⊞"
CROSSES = "×✗✘✕✖╳⨯☓❌ⅹχＸｘ"
TICK_BOXED = "☑🗹✅" + SOLID
SHAPES = ("○◯⚪〇oO", "☆", "◇♢", "△", "▷", "♡")  # of empty marks that are no squares
LIKE_A_BOX = "口囗ロ"  # a box retyped or recognised as a character
LIKE_A_MARKED_BOX = "回团区凶囚図困因"  # what a recogniser makes of a marked box: never certain
TICK_LETTERS = "vVＶｖνΝ"
BOX_CHAR = "\ufffc"  # a Box among characters
MARKS = re.escape(TICKS + SOLID + "".join(ONLY_BESIDE_HOLLOW) + EMPTY + BOXED_CROSS + CROSSES + BOX_CHAR)
OPENING, CLOSING = r"[\[［【〔〖(（﹙{｛<＜〈「]", r"[\]］】〕〗)）﹚}｝>＞〉」]"
FONT_TICKS, FONT_EMPTY = "RþüP", "£¨"  # Wingdings characters shown without their font
ALIASES = (
    ("愿意", "不愿意"), ("同意", "不同意"), ("加入", "不加入"), ("参加", "不参加"), ("有意向", "无意向"),
    ("需要", "不需要"), ("接受", "不接受"), ("愿意加入", "不愿意加入"), ("同意加入", "不同意加入"),
    ("Yes", "No"), ("YES", "NO"), ("Y", "N"), ("愿", "不愿"), ("是的", "不是"), ("对", "错"),
)  # fmt: skip


def glyph_kind(char: str) -> tuple[MarkKind | None, bool]:
    """What a character shows, and whether it is a box; None for what is no mark."""
    if char in TICKS or char in SOLID:
        return "tick", char in TICK_BOXED
    if char in EMPTY:
        return "empty", True
    if char in BOXED_CROSS:
        return "boxed cross", True
    if char in CROSSES:
        return "cross", False
    if char in ONLY_BESIDE_HOLLOW:
        return "unknown", True
    if unicodedata.category(char) in ("So", "Sk", "Co", "Cn") or char in "←→↑↓⇒⇐✝♀♂":
        return "unknown", False
    return None, False


def shape_of(shown: str) -> str:
    """Which of `SHAPES` an empty mark shows, in brackets or not; "" for a square, a blank or a line."""
    return next((shape for shape in SHAPES if any(char in shape for char in shown)), "")
