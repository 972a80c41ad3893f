"""Texts as they are compared: whatever their spacing, width, case, script, numbering, stars, colons and hints.

Promises: pure; `fold` keeps every visible character, `core` takes off what people print around a label.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Traditional characters that occur in labels and short answers, each followed by its simplified form.
_PAIRS = (
    "單单稱称聯联繫系係系絡络辦办電电話话務务職职機机號号碼码郵邮願愿產产權权運运營营為为爲为會会員员協协業业無无寫写請请貴贵"
    "傳传設设備备註注簽签蓋盖個个內内對对劃划選选擇择項项問问級级該该經经負负責责區区國国際际學学術术門门發发開开關关進进東东與与"
    "實实應应義义創创資资價价錢钱誠诚盡尽歡欢讓让議议論论說说確确認认審审讀读還还沒没過过這这們们將将於于錯错誤误銷销暫暂緩缓"
    "參参團团體体總总統统結结構构樣样範范欄栏處处證证銀银歸归屬属類类願愿擬拟時时間间後后須须導导領领層层復复覆复虛虚慮虑"
    "識识雙双戶户園园車车長长術术語语陽阳歲岁願愿號号質质購购賬账帳账礎础優优勢势環环絕绝棄弃謝谢滿满圓圆餘余徵征黨党書书長长據据點点陸陆臺台灣湾財财組组織织調调動动報报師师監监編编別别館馆離离達达標标準准執执擔担畫画轉转歷历興兴"
)
_SIMPLIFIED = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_DROPPED = re.compile("[\\s\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f_\u00ad]")
_INVISIBLE = {ord(char): None for char in map(chr, range(0x3001)) if _DROPPED.match(char)} | {
    0xFEFF: None,
    0xFE0E: None,
    0xFE0F: None,
}
_PLAIN = {ord(char): None for char in map(chr, range(0x3001)) if char.isspace()} | {
    ord(old): new for old, new in _SIMPLIFIED.items()
}
NUMBERING = re.compile(
    r"^(?:[*★※●•·■◆▶☆\-]+|\(?(?:\d{1,2}(?:\.\d{1,2})*|[一二三四五六七八九十]{1,3})[).、:：](?!\d)|\d{1,2}(?=[^\d\W]))"
)
_TAIL = re.compile(r"[:：?？.。,，;；*★、=\-—→>]+$")
ANSWER = r"(?:是|否|不?愿意?|不?同意|\W{0,3}|[vxy])"  # in brackets after a label it is no hint
_HINT = re.compile(
    rf"(?:\((?!{ANSWER}\))[^()]*\)|\[(?!{ANSWER}\])[^\[\]]*\]|【(?!{ANSWER}】)[^【】]*】|〔(?!{ANSWER}〕)[^〔〕]*〕)$"
)
_SEALED = re.compile(r"(?<=...)(?:[/、及和,]?(?:并?加?盖单?位?公?章|签章))$")


def simplified(text: str) -> str:
    """The text with traditional characters of the table replaced, one for one."""
    return "".join(_SIMPLIFIED.get(char, char) for char in text)


def fold(text: str) -> str:
    """NFKC, lower case, simplified, without spaces, invisible characters and underscores."""
    return _fold_short(text) if len(text) <= SHORT else _fold(text)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).lower().translate(_PLAIN)


SHORT = 80  # characters; labels come again in every unit's copy
_fold_short = lru_cache(maxsize=4096)(_fold)


def squash(text: str) -> tuple[str, tuple[int, ...]]:
    """`fold` together with the offset in `text` that each of its characters came from."""
    chars: list[str] = []
    origins: list[int] = []
    for at, char in enumerate(text):
        parts = _squashed(char)
        chars += parts
        origins += (at,) * len(parts)
    return "".join(chars), tuple(origins)


@lru_cache(maxsize=4096)
def _squashed(char: str) -> str:
    parts = "" if _DROPPED.match(char) else unicodedata.normalize("NFKC", char).lower()
    return "".join(_SIMPLIFIED.get(part, part) for part in parts if not part.isspace())


def core(folded: str) -> str:
    """A folded label without numbering, stars, colons, closing hints and 盖章."""
    text = folded
    while True:
        shorter = _TAIL.sub("", NUMBERING.sub("", text))
        bare = _SEALED.sub("", _HINT.sub("", shorter))
        shorter = bare or shorter
        if shorter == text:
            return text
        text = shorter


def core_of(text: str) -> str:
    """The `core` of a text as printed."""
    return _core_of_short(text) if len(text) <= SHORT else core(fold(text))


@lru_cache(maxsize=4096)
def _core_of_short(text: str) -> str:
    return core(fold(text))
