"""Labels as people print them: found in a line whatever their spacing, colons, numbering, stars, hints or script.

Promises: `LabelIndex` says which field or question a text asks for, and where in a line labels stand.
It knows nothing of tables and reads no values; all its words come from the FormSpec.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from intake.campaign import FormSpec
from intake.form.folding import SHORT, fold, squash
from intake.form.label_edges import LEAD, after_hints, numbered_from
from intake.form.label_words import Label, LabelWords
from intake.form.rewordings import ASKS, WHOSE

_BEFORE = re.compile(r"[\s,，;；。、|｜/)）】>＞:：*★※●•■◆√□☑.．\-—]")
_AFTER_CHOICE = re.compile(r"[\s:：?？=是否愿同不□☐☑☒√✓✔■●○◯×✗✘\[［(（【_＿\ufffc￼]")
_COLON = re.compile(r"\s*(?:[：:=|｜]|[-=－—]*[>＞→]|——+|--+|[….．·]{2,}|[?？]\s*[：:]?)")
_FRAMED = re.compile(r"[【〖]([^【】〖〗]{1,60})[】〗]\s*[：:]?")  # 【单位名称】示例公司
_STARS = frozenset("*＊★※●")
_GAP = re.compile(r"[\t\u3000_＿]|\s{2,}|\s+(?=\S)")
_WIDE_GAP = re.compile(r"[\t_＿]|\s{2,}")
_COLUMN = re.compile(r"(?:\t|\s{2})\s*$")
_TITLE_GOES_ON = re.compile(r"\s*(?:申请|登记|调查|反馈|统计)?(?:书|表|函|回执)")
_BOX_BEFORE = re.compile(r"[□☐☑☒√✓✔■●○◯×✗✘)）\]】\ufffc]\s*$")
_NEAR = 200  # characters; the other options of a question stand no farther
_LOOSE = 3  # wordings from the fourth on are words that also occur as values
_UNKNOWN_LABEL = re.compile(
    r"(?:(?<=[\s；;，,])|(?<=[\u3000\t]))(?:[\u4e00-\u9fff][\u4e00-\u9fff 　]{0,10}[\u4e00-\u9fff])[：:](?!//)"
    r"|[ 　]?\t\s{0,9}[\u4e00-\u9fff]{2,10}\s*\t(?=\s*\S)"
)


@dataclass(frozen=True, slots=True)
class LabelSpot:
    """A label inside a line: `start` where it begins, `end` where its value begins (offsets of the line)."""

    label: Label
    start: int
    end: int


class LabelIndex(LabelWords):
    """The labels of one FormSpec, ready to be looked up."""

    def __init__(self, spec: FormSpec) -> None:
        super().__init__(spec)
        self._spots_of_short = lru_cache(maxsize=4096)(self._find_spots)

    def spots(self, line: str) -> Sequence[LabelSpot]:
        """The labels that stand in a line as labels: at its start or after a gap, and followed by a colon or a blank.

        A question may be followed directly by its options. Labels inside prose are not labels.
        """
        return self._spots_of_short(line) if len(line) <= SHORT else self._find_spots(line)

    def _find_spots(self, line: str) -> tuple[LabelSpot, ...]:
        if not self.may_hold_folded(fold(line)):
            return ()
        folded, origins = squash(line)
        found: list[LabelSpot] = []
        for match in self.anywhere.finditer(folded):
            start, end = origins[match.start()], origins[match.end() - 1] + 1
            if not found or start >= found[-1].end:
                spot = self._spot(line, start, end, self.cores[match.group()], after=bool(found))
                if spot and found and spot.label.key == found[-1].label.key and not line[found[-1].end : start].strip():
                    found[-1] = LabelSpot(found[-1].label, found[-1].start, spot.end)  # 电子邮箱：邮箱：…
                elif spot:
                    found.append(spot)
        return tuple(found or self._reworded_spot(line))

    def _spot(self, line: str, start: int, end: int, label: Label, *, after: bool) -> LabelSpot | None:
        """`after`: another label stands before this one in the line."""
        if self.is_choice(label.key) and _is_option(line, start, end):
            return None
        framed = _FRAMED.match(line, start - 1) if start else None
        if framed and after_hints(line, end) == framed.end(1):
            return LabelSpot(label, numbered_from(line, start - 1), framed.end())
        begin = numbered_from(line, start)
        stop = after_hints(line, end)
        starred = not _STARS.isdisjoint(line[begin] + line[end:stop]) and _COLON.match(
            line, stop
        )  # 王二*座机：010-…, whose gap was lost
        if begin and not _BEFORE.match(line, begin - 1) and not _belongs_to_label(line, end) and not starred:
            return None
        label = self.by_hint(fold(line[start:stop]), label)
        colon = _COLON.match(line, stop)
        if colon:
            return LabelSpot(label, begin, colon.end())
        if self.is_choice(label.key):
            return LabelSpot(label, begin, stop) if stop == len(line) or _AFTER_CHOICE.match(line, stop) else None
        if after and self._heads_column(line, begin, stop, label):
            return LabelSpot(label, begin, stop)
        if begin > LEAD or line[:begin].strip():
            return None
        if not line[stop : stop + LEAD].strip() and not line[stop:].strip():
            return LabelSpot(label, begin, stop)
        blank = _GAP.match(line, stop) if end - start >= 4 else _WIDE_GAP.match(line, stop)
        return LabelSpot(label, begin, stop) if blank else None

    def _heads_column(self, line: str, begin: int, stop: int, label: Label) -> bool:
        """联系人 → 张三 → 手机 → 138…, parted by tabs or wide blanks: a row of a table that became text."""
        told = label.rank < _LOOSE or self.kinds.get(label.key) in ("telephone", "mobile", "email")
        blank = _GAP if stop - begin >= 4 else _WIDE_GAP
        return told and bool(_COLUMN.search(line, max(0, begin - LEAD), begin) and blank.match(line, stop))

    def _reworded_spot(self, line: str) -> Iterator[LabelSpot]:
        """A question in other words at the start of a line, ended by a colon or question mark."""
        match = re.match(r"\s*([^：:?？\n]{6,60}?(?:[（(][^（）()]*[）)])?)\s*[：:?？]", line)
        label = self.whole(match.group(1)) if match else None
        if match and label and self.is_choice(label.key):
            yield LabelSpot(label, 0, after_hints(line, match.end()))


def unknown_label(text: str) -> int:
    """Where another label of any wording (传真：) begins in a value, or its length."""
    match = _UNKNOWN_LABEL.search(text, _end_of_first_cell(text))
    return match.start() if match else len(text)


def _end_of_first_cell(text: str) -> int:
    """→ 张三 → 性别 → 男: where tabs part a value from pairs of label and value, the end of that value; else 0."""
    cells = text.rstrip().split("\t")
    paired = len(cells) > 2 and not cells[0].strip() and len(cells) % 2 == 0
    return len(cells[0]) + 1 + len(cells[1]) if paired else 0


def _is_option(line: str, start: int, end: int) -> bool:
    """☑加入联盟 □不加入联盟, or a title (入盟意向 书): words of a question that do not ask here."""
    if _TITLE_GOES_ON.match(line, end):
        return True
    words = fold(line[start:end])
    if ASKS.search(words):
        return False
    boxed = _BOX_BEFORE.search(line, max(0, start - LEAD), start) is not None
    return boxed or "不" + words in fold(line[end : end + _NEAR])


def _belongs_to_label(line: str, end: int) -> bool:
    """我单位是否愿意…: what stands before the label says whose it is."""
    return end < 2 * LEAD and bool(WHOSE.match(fold(line[:end])))


@lru_cache(maxsize=16)
def index_of(spec: FormSpec) -> LabelIndex:
    """The labels of a form's definition, made once."""
    return LabelIndex(spec)
