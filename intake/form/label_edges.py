"""The edges of a label in a line: numbering and stars before it, hints behind it.

Promises: offsets of the line; a bracket that is ticked, empty or holds an answer is no hint.
"""

from __future__ import annotations

import re

from intake.form.folding import fold

LEAD = 40  # characters; numbering, stars and blanks before a label are shorter
_LEADING = re.compile(
    r"(?:[*＊★※●•·■◆▶☆]\s*|(?<!\w)[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)、.．:：]\s*|(?<!\w)\d{1,2}\s?|[①-⑳]\s*)$"
)
_HINT_AFTER = re.compile(r"\s*(?:[（(][^（）()]{0,80}[）)]|【[^【】]{0,80}】|〔[^〔〕]{0,80}〕|[*＊])")
_ANSWERS = frozenset({"是", "否", "愿意", "不愿意", "同意", "不同意", "已是会员", "x", "v"})


def numbered_from(line: str, start: int) -> int:
    """The start of the numbering, stars or brackets that lead up to a label."""
    lead = _LEADING.search(line[max(0, start - LEAD) : start])
    return start - len(lead.group()) if lead else start


def after_hints(line: str, at: int) -> int:
    """The offset after brackets that follow a label, unless they are an empty or ticked answer box."""
    while True:
        hint = _HINT_AFTER.match(line, at)
        if not hint or not re.search(r"[\u4e00-\u9fff*＊a-z]", hint.group()) or _is_answer(hint.group()):
            return at
        at = hint.end()


def _is_answer(bracket: str) -> bool:
    inner = fold(bracket).strip("()【】〔〕")
    return re.fullmatch(r"[a-h](?:[、,;/]?[a-h])*", inner) is not None or inner in _ANSWERS
