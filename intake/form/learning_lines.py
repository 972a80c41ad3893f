"""The lines of a blank form: questions with their options on the same or the next lines, labels before a blank.

Promises: pure; gives `Asked` items in reading order, and notes lines that ask nothing as headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from intake.document import Paragraph
from intake.form.learning_asked import (
    LABEL_LENGTH,
    NUMBERED,
    QUESTION_LENGTH,
    Asked,
    Seen,
    asked_of,
    clean_label,
    is_required,
    is_room,
)
from intake.form.learning_labels import known_field
from intake.form.learning_options import BOX, Options, boxed, flatten, parse_options
from intake.form.lines import lines_of

_FIELD_IN_LINE = re.compile(
    r"(?P<label>[^\s：:，,。；;_＿□|][^：:，,。；;_＿□|\n]{0,38}?)\s*(?:[：:]|(?=[_＿]{3}))(?P<blank>[\s_＿]*)"
)
_UNIT_BEFORE = re.compile(r"(?:天|人|名|万?元|间|个|份|辆|岁)\s+(?=\S)")  # of measure, of the blank before the label
_ANSWER_LINE = re.compile(r"\s*(?:答案?|选择|请选择|您的选择)\s*[:：]?[\s_＿]*(?:[（(]\s*[)）])?\s*")
_ADDRESSED = re.compile(r"^(?:尊敬的|各|致|附件|注|说明|备注[:：]\s*[^\s_＿]|填[表写]说明)")


def read_lines(paragraphs: Sequence[Paragraph], seen: Seen, within: str) -> None:
    """Questions with their options on the same or the next lines, labels with a blank, headings."""
    lines = [(line.number, flatten(line.pieces)) for line in lines_of(paragraphs)]
    at = 0
    while at < len(lines):
        number, text = lines[at]
        place = within or f"正文第{number}段"
        used = _question(lines, at, seen, place)
        if not used:
            fields = list(_fields_in(lines, at, place))
            seen.asked += fields
            if not fields and text.strip():
                seen.headings.append(" ".join(text.split()))
            used = 1
        at += used


def _question(lines: Sequence[tuple[int, str]], at: int, seen: Seen, place: str) -> int:
    """A question at a line: how many lines it takes with its options, 0 where it is none."""
    text = lines[at][1]
    own = parse_options(text)
    if own and own.question:
        taken, more = _more(lines, at, own, text)
        seen.asked.append(asked_of(own.question, more, place, text))
        return taken
    following = next((to for to in range(at + 1, min(at + 3, len(lines))) if lines[to][1].strip()), 0)
    if own or not following or not _could_ask(text):
        return 0
    below = parse_options(lines[following][1], asked=text)
    alone = (below is None or below.lettered) and _single(lines[following][1]) and _ends_as_question(text)
    if (below is None or below.question) and not alone:
        return 0
    taken, options = _more(lines, following, below, text)
    if options is None:
        return 0
    seen.asked.append(asked_of(text, options, place, text))
    return following - at + taken


def _could_ask(text: str) -> bool:
    """Whether a line without options may be a question whose options follow."""
    bare = text.strip()
    return 2 < len(bare) <= QUESTION_LENGTH and not _ADDRESSED.match(bare) and not re.search(r"[。；;]$", bare)


def _ends_as_question(text: str) -> bool:
    """5. … , …？, …：, …（   ）, …（可多选）: needed where the options follow one a line."""
    ends = re.search(r"[:：?？]\s*(?:[（(][^（()）]*[)）]\s*)*$|[（(]\s*[)）][。.]?\s*$|选[）)]$", text.strip())
    return bool(ends or NUMBERED.match(text))


def _single(text: str) -> bool:
    """□A or A. alone on a line."""
    return bool(re.match(rf"\s*(?:{BOX}|[AＡ][.．、:：)）])\s*\S", boxed(text)))


def _more(lines: Sequence[tuple[int, str]], at: int, options: Options | None, asked: str) -> tuple[int, Options | None]:
    """Options that go on in the next lines, taken together; how many lines from `at`."""
    best, taken, whole = options, 1, lines[at][1]
    for to in range(at + 1, min(at + 27, len(lines))):
        text = lines[to][1]
        if _ANSWER_LINE.fullmatch(text):
            return (to - at + 1 if text.strip() else taken), best
        if not re.search(rf"{BOX}|(?:^|\s)[A-ZＡ-Ｚ]\s*[.．、:：)）]", boxed(text)) or NUMBERED.match(text):
            break
        mine = parse_options(text)
        if mine and mine.question:
            break
        whole += "\n" + text
        more = parse_options(whole, asked=asked)
        if more is None and best is not None:
            break
        best, taken = more, (to - at + 1 if more else taken)
    return taken, best


def _fields_in(lines: Sequence[tuple[int, str]], at: int, place: str) -> Iterator[Asked]:
    """单位名称：______  联系人：______ : labels before a blank; 建议： with a ruled line below."""
    text = lines[at][1]
    if _ADDRESSED.match(text.strip()):
        return
    below = lines[at + 1][1] if at + 1 < len(lines) else ""
    ruled_below = bool(re.fullmatch(r"[\s]*[_＿]{3,}[\s_＿]*", below))
    matches = list(_FIELD_IN_LINE.finditer(text))
    for number, match in enumerate(matches):
        end = matches[number + 1].start() if number + 1 < len(matches) else len(text)
        unit = _UNIT_BEFORE.match(text, end) if number + 1 < len(matches) else None
        rest = text[match.end("blank") : unit.end() if unit else end]
        label = clean_label(_UNIT_BEFORE.sub("", match.group("label")) if number else match.group("label"))
        room = len(match.group("blank")) > 1 or is_room(rest)
        if not label or not room or (rest.strip() and not is_room(rest)) or len(label) > LABEL_LENGTH:
            continue
        lined = "_" in match.group("blank") or "＿" in match.group("blank") or ruled_below
        numbered = re.match(r"\s*[（(]?\d{1,2}[)）.．、]", text) and not below.strip("_＿ \u3000\t")
        if lined or numbered or known_field(label) or len(matches) > 1 or rest.strip():
            yield Asked(label, place, required=is_required(match.group("label")), blank=rest.strip())
