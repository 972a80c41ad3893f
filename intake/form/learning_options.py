# ruff: noqa: E501 (a Chinese character counts two columns; the tables read better in long lines)
"""The options of a blank form: where a text prints boxes, letters or words to choose among, and the question before them.

Promises: a pure look at one text in which each box is □; what is no list of options gives None, never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intake.document import Box, Piece, Remark, Text
from intake.form.folding import fold
from intake.form.glyphs import EMPTY, FONT_EMPTY

BOX = "□"
LONGEST_WORD, MOST_OPTIONS = 40, 26
_BRACKETS = re.compile(r"[（(\[［【〔]\s*[)）\]］】〕]")
_ZERO = re.compile(r"(?<=[一二三四五六七八九十〇○\d])[〇○](?=[一二三四五六七八九〇○\d年])")  # 二〇一六
_LINE = re.compile(r"[_＿]{2,}")
_HINT = re.compile(r"[（(【\[〔][^（()）】\]〕□]*[)）】\]〕]")
_TELLS = re.compile(r"选|勾|打|填|√|注明|说明|划|画|必|限|项")
_SEVERAL = re.compile(
    r"可?多选|可选多项|可多项|不定项|(?:最多|至多|限|可|任)选?[择]?[2-9二三四五六七八九两][项个]|多项选择|可选.{0,3}项(?<!一项)"
)
_SINGLE = re.compile(r"单选|[限只仅任]选?一|选一项|一项|二选一")
_ENUMERATED = re.compile(r"[（(]?(?<![A-Za-z0-9])([A-Z])\s*[.．、:：)）]\s*|(?<![A-Za-z0-9])([A-Z])(?=[\u4e00-\u9fff])")
_HALF_LETTERS = {0xFF21 + n: chr(65 + n) for n in range(26)}
_NUMBER = re.compile(r"^(?:[A-Za-z0-9①-⑳]{1,2}[.．、:：)）]|[①-⑳])\s*")
_CLOSING = re.compile(r"[\s:：,，;；。、.．_＿/／]+$")
_PARTED = re.compile(r"[/／、|｜]|[ \t\u3000]{2,}")
_QUESTION_END = re.compile(r"[：:？?]")
_OPTION_SETS = (
    "是 否", "同意 不同意 弃权 反对 赞成 赞同 保留 回避", "愿意 不愿意 暂不 再议 考虑中", "参加 不参加 出席 不出席 请假 委托",
    "需要 不需要", "有 无 没有", "男 女", "满意 非常满意 很满意 较满意 比较满意 基本满意 一般 不满意 很不满意 非常不满意",
    "单间 合住 标间 双人间 单人间 大床房 双床房 不住 不住宿 自理 自行安排 住宿", "优 良 中 差 优秀 良好 合格 不合格 及格 不及格",
    "接受 不接受", "清真 普通 素食", "用餐 不用餐", "符合 不符合 基本符合", "通过 不通过", "会员 非会员", "支持 不支持 中立",
    "非常重要 重要 比较重要 不重要", "经常 偶尔 从不", "了解 不了解 比较了解 非常了解",
)  # fmt: skip
OPTION_WORDS = frozenset(word for words in _OPTION_SETS for word in words.split())


@dataclass(frozen=True, slots=True)
class Options:
    """What a text offers: the question before it ("" for none), the words, and how many may be ticked."""

    question: str
    words: tuple[str, ...]
    lettered: bool = False


def flatten(pieces: Iterable[Piece]) -> str:
    """The text of pieces, one □ for each box; underlined blanks are lines."""
    return "".join(map(_shown, pieces))


def _shown(piece: Piece) -> str:
    match piece:
        case Box():
            return BOX
        case Text(text=text, looks=looks):
            return re.sub(r"[ \t\u3000\xa0]", "_", text) if looks.underlined and not text.strip() else text
        case Remark():
            return ""


def boxed(text: str) -> str:
    """The text with every kind of empty box, and every pair of brackets around nothing, as □."""
    text = _ZERO.sub("零", text)
    text = re.sub(f"[{re.escape(EMPTY)}]", BOX, text)
    text = re.sub(rf"(?<![A-Za-z])[{FONT_EMPTY}](?=\s*[\u4e00-\u9fff])", BOX, text)
    return _BRACKETS.sub(BOX, text)


def several(text: str) -> bool:
    """Whether a question says that more than one option may be ticked."""
    return bool(_SEVERAL.search(unicodedata.normalize("NFKC", text))) and not _SINGLE.search(text)


def parse_options(text: str, *, asked: str = "") -> Options | None:
    """The options that a text prints; `asked` is the label before it. None where it prints none.

    In order: boxes before or after words, letters (A. B. C.), lines to tick on (是__ 否__), and words alone that
    are known answers or of which the text says that one is to be chosen.
    """
    plain = boxed(text)
    return _lettered(plain) or _by_boxes(plain) or _by_lines(plain) or _by_words(plain, asked)


# ---- boxes ------------------------------------------------------------------------------------


def _by_boxes(plain: str) -> Options | None:
    parts = plain.split(BOX)
    if not 3 <= len(parts) <= MOST_OPTIONS + 1:
        return None
    after = not _bare(parts[-1]) and bool(_bare(parts[0]))
    if after:
        question, first = _question_of(parts[0])
        return _made(question, [first, *parts[1:-1]])
    return _made(parts[0], parts[1:])


def _question_of(lead: str) -> tuple[str, str]:
    """是否住宿：单间 → the question and the word before the first box."""
    ends = list(_QUESTION_END.finditer(lead))
    if ends and lead[ends[-1].end() :].strip():
        return lead[: ends[-1].end()], lead[ends[-1].end() :]
    parted = re.match(r"(.*\S)(?:[ \t\u3000]{2,}|\t|\n)\s*(\S.*)$", lead, re.S)
    return (parted.group(1), parted.group(2)) if parted else ("", lead)


def _bare(text: str) -> str:
    """A text without hints and punctuation."""
    return re.sub(r"[\W_]+", "", _HINT.sub("", text))


def _made(question: str, words: Sequence[str]) -> Options | None:
    cleaned = [clean_word(word) for word in words]
    if not all(cleaned) or len(set(cleaned)) < len(cleaned) or len(cleaned) < 2:
        return None
    if any(len(word) > LONGEST_WORD for word in cleaned):
        return None
    return Options(question.strip(), ordered(cleaned))


def clean_word(word: str) -> str:
    """An option as printed: without numbering, hints that tell how to fill in, lines and closing punctuation."""
    text = word.split("\n\n")[0].strip()
    text = _HINT.sub(lambda match: "" if _TELLS.search(match.group()) else match.group(), text)
    text = re.split(r"[_＿]{2,}|[ \t\u3000]{4,}(?=\S+[：:])", text)[0]
    text = re.sub(r"(?<=[：:])[^：:]*$", "", text) if re.match(r"其[他它][：:]", text) else text
    text = _NUMBER.sub("", _CLOSING.sub("", text))
    return re.sub(r"\s+", "" if re.search(r"[\u4e00-\u9fff]", text) else " ", text)


def ordered(words: Sequence[str]) -> tuple[str, ...]:
    """否 / 是 as 是 / 否, which is what makes a question one of yes and no."""
    return ("是", "否") if set(words) == {"是", "否"} else tuple(words)


# ---- letters ----------------------------------------------------------------------------------


def _lettered(plain: str) -> Options | None:
    """A. 企业  B. 高校 ...: letters in order from A, whatever their width."""
    text = plain.translate(_HALF_LETTERS)
    spots: list[re.Match[str]] = []
    for match in _ENUMERATED.finditer(text):
        if (match.group(1) or match.group(2)) == chr(65 + len(spots)):
            spots.append(match)
    if len(spots) < 2:
        return None
    ends = [spot.start() for spot in spots[1:]] + [len(text)]
    words = [text[spot.end() : end] for spot, end in zip(spots, ends, strict=True)]
    words[-1] = re.split(r"\n\s*(?:答案?|选择)\s*[:：]", words[-1])[0]
    made = _made(text[: spots[0].start()], [word.replace(BOX, " ") for word in words])
    return Options(made.question.replace(BOX, "").strip(), made.words, lettered=True) if made else None


# ---- lines and words --------------------------------------------------------------------------


def _by_lines(plain: str) -> Options | None:
    """是____ 否____: known answers, each with a line to tick on."""
    if BOX in plain or len(_LINE.findall(plain)) < 2:
        return None
    lead, *rest = [part.strip() for part in _LINE.split(plain)]
    question, first = _question_of(lead) if _QUESTION_END.search(lead) else ("", lead)
    words = [clean_word(word) for word in (first, *rest) if clean_word(word)]
    known = len(words) > 1 and all(word in OPTION_WORDS for word in words)
    return _made(question, words) if known else None


def _by_words(plain: str, asked: str) -> Options | None:
    """单间/合住/不住: words parted by strokes or gaps, without any box."""
    if BOX in plain or len(plain) > 200:
        return None
    question, rest = _question_of(plain) if _QUESTION_END.search(plain) else ("", plain)
    told = bool(re.search(r"[请限]?[勾选择]|打[√勾钩]|√", f"{asked}{plain}"))
    words = [clean_word(word) for word in _PARTED.split(_HINT.sub("  ", rest)) if clean_word(word)]
    known = all(fold(word) in OPTION_WORDS for word in words)
    strokes = bool(re.search(r"[/／|｜]", rest))
    if 2 <= len(words) <= 8 and (known or (told and strokes and all(len(word) <= 10 for word in words))):
        return _made(question, words)
    return None
