"""The one judge of 是/否, for every format, and of any other options to tick.

Promises: an answer is definite only where the row says so without contradiction; whatever is odd is unclear.
Small functions collect what is seen at each option; one table, read top to bottom, decides. Never raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from intake.answers import BLANK, NO, UNCLEAR, YES, Choice
from intake.campaign import ChoiceSpec
from intake.document import Looks, Piece
from intake.form import telling
from intake.form.binding import Seen, bind_columns, seen_in
from intake.form.folding import fold
from intake.form.glyphs import shape_of
from intake.form.lettered import by_letters, without_letters
from intake.form.wording import says, speaks_against


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the judge may know beyond the row itself.

    `listed`: one row a unit, so an empty cell is a blank and √/× mean yes/no. `others_printed`: no other
    question of the form is answered in words alone, so its options belong in the row; `others_boxed`:
    another question shows its options with boxes. Then a row without them has lost something. `drawn`: read
    from pixels, where an option may be missing because it was not recognised.
    """

    listed: bool = False
    others_printed: bool = False
    others_boxed: bool = False
    drawn: bool = False


ALONE = Surroundings()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the rows of the table look at."""

    spec: ChoiceSpec
    seen: Seen
    around: Surroundings

    @property
    def said(self) -> str:
        """What the free words say; typed option words count as words."""
        if self.present and re.fullmatch(r"(?:\W*[0-9A-Za-z]){1,3}\W*", self.seen.words):
            return "other"  # a letter or digit beside printed options may belong to either
        return says(self.seen.words, self.spec)

    @property
    def ticked(self) -> list[int]:
        return [at for at in self.present if self._kinds(at) & {"tick"}]

    @property
    def present(self) -> list[int]:
        return [at for at, option in enumerate(self.seen.options) if option.present]

    def _kinds(self, at: int) -> set[str]:
        return {mark.kind for mark in self.seen.options[at].marks}

    def with_kind(self, kind: str) -> list[int]:
        return [at for at in self.present if kind in self._kinds(at)]

    @property
    def struck(self) -> list[int]:
        return [at for at in self.present if self.seen.options[at].looks.struck]

    @property
    def boxed(self) -> list[int]:
        return [at for at in self.present if any(mark.boxed for mark in self.seen.options[at].marks)]


@dataclass(frozen=True, slots=True)
class Decision:
    """`chosen` are indexes of options; without any, `answer` is blank or unclear."""

    why: str
    chosen: tuple[int, ...] = ()
    answer: str = ""
    already_member: bool = False


Rule: TypeAlias = Callable[[Evidence], Decision | None]


def judge(
    spec: ChoiceSpec, cells: Sequence[Sequence[Piece]], *, place: str = "", around: Surroundings = ALONE
) -> Choice:
    """Judge the cells that answer a question, in reading order."""
    if spec.lettered:
        cells, letters = without_letters(cells, spec)
        alone = Surroundings(around.listed, drawn=around.drawn)  # the other questions say nothing here
        return by_letters(_choice(Evidence(spec, seen_in(cells, spec), alone), place), letters, spec)
    return _choice(Evidence(spec, seen_in(cells, spec), around), place)


def judge_columns(
    spec: ChoiceSpec, columns: Sequence[tuple[str, Sequence[Piece]]], *, place: str = "", around: Surroundings = ALONE
) -> Choice:
    """Judge a row whose options are the headings of columns; `columns` are (option word, pieces of its cell)."""
    return _choice(Evidence(spec, bind_columns(columns, spec), around), place)


@lru_cache(maxsize=256)  # units answer one form in the same place and in few ways
def _choice(evidence: Evidence, place: str) -> Choice:
    decision = next(found for rule in TABLE if (found := rule(evidence)))
    answer = _answer(evidence.spec, decision)
    return Choice(
        evidence.spec.id,
        answer,
        telling.evidence(evidence.seen, decision.chosen, decision.why, place),
        place,
        decision.already_member,
    )


def _answer(spec: ChoiceSpec, decision: Decision) -> str:
    if not decision.chosen:
        return decision.answer
    if spec.yes_no:
        return (YES, NO)[decision.chosen[0]]
    return ";".join(spec.options[at] for at in decision.chosen)


# ---- the rows of the table --------------------------------------------------------------------


def _half_way(e: Evidence) -> Decision | None:
    if not any(mark.kind != "empty" for mark in e.seen.floating):
        return None
    return _unclear(f"记号“{e.seen.floating[0].shown or '图形'}”位于选项之间，无法判断属于哪一项")


def _unknown_object(e: Evidence) -> Decision | None:
    odd = e.with_kind("unknown")
    return _unclear(f"“{_word(e, odd[0])}”旁有无法识别的记号或图形") if odd else None


def _glued_option(e: Evidence) -> Decision | None:
    return (
        _unclear(f"写有“{telling.short(e.seen.words)}”，选项不完整，无法判断记号属于哪一项") if e.seen.glued else None
    )


def _undecided_words(e: Evidence) -> Decision | None:
    return _unclear(f"写有“{telling.short(e.seen.words)}”，意向未定") if e.said == "undecided" else None


def _mixed_marks(e: Evidence) -> Decision | None:
    for at in e.present:
        marks = e.seen.options[at].marks
        kinds = {mark.kind for mark in marks}
        if "tick" in kinds and kinds & {"cross", "boxed cross"}:
            return _unclear(f"“{_word(e, at)}”旁既有√又有×")
        if any(mark.source.startswith("typed ") and mark.source != f"typed {_word(e, at)}" for mark in marks):
            return _unclear(f"“{_word(e, at)}”的括号内写有别的选项")
        if any(mark.kind == "tick" and mark.looks.struck for mark in marks):
            return _unclear(f"“{_word(e, at)}”旁的记号被划掉")
        if at in e.struck and kinds & {"tick", "boxed cross"}:
            return _unclear(f"“{_word(e, at)}”已勾选，但又被划掉")
    return None


def _several_ticked(e: Evidence) -> Decision | None:
    if len(e.ticked) < 2:
        return None
    if not e.spec.several or e.spec.yes_no:
        return _unclear("、".join(f"“{_word(e, at)}”" for at in e.ticked) + "同时被勾选")
    return _definite(e, tuple(e.ticked), "已勾选")


def _one_ticked(e: Evidence) -> Decision | None:
    if not e.ticked:
        return None
    at = e.ticked[0]
    looks = [other for other in e.present if other != at and _marked_by_pen(e.seen.options[other].looks)]
    if looks and not _marked_by_pen(e.seen.options[at].looks):
        return _unclear(f"勾选了“{_word(e, at)}”，但“{_word(e, looks[0])}”被加亮或加框")
    return _definite(e, (at,), "已勾选")


def _crossed(e: Evidence) -> Decision | None:
    boxes, bare = e.with_kind("boxed cross"), e.with_kind("cross")
    if not boxes and not bare:
        return None
    if len(boxes) == 1 and not bare and len(e.present) > 1:
        return _definite(e, tuple(boxes), "方框内画叉，其余为空，视为选中")
    if e.around.listed and len(bare) == 1 and not boxes and not e.seen.printed:
        return _definite(e, (1,), "填“×”")
    if len(boxes) > 1 and e.spec.several and not bare:
        return _definite(e, tuple(boxes), "方框内画叉")
    return _unclear(f"“{_word(e, (boxes + bare)[0])}”旁为“×”，可能表示选中，也可能表示不选")


def _rejected(e: Evidence) -> Decision | None:
    if not e.struck or len(e.present) < 2:
        return _unclear(f"“{_word(e, e.struck[0])}”被划掉，未见其他选项") if e.struck else None
    left = [at for at in e.present if at not in e.struck]
    if len(left) == 1:
        gone = "、".join(f"“{_word(e, at)}”" for at in e.struck)
        return _definite(e, tuple(left), f"{gone}被划去，留下“{_word(e, left[0])}”")
    return _unclear("选项全部被划掉" if not left else "划掉部分选项后仍不止一项")


def _emphasised(e: Evidence) -> Decision | None:
    for names, text in _EMPHASIS:
        marked = [at for at in e.present if any(getattr(e.seen.options[at].looks, name) for name in names)]
        if len(marked) == 1 and len(e.present) > 1:
            return (
                _definite(e, tuple(marked), f"仅此项{text}")
                if not _rival(e, marked[0])
                else _unclear("各选项的标记方式不同")
            )
    return None


_EMPHASIS = (
    (("highlighted",), "被加亮"),
    (("bordered",), "被加框"),
    (("shaded",), "加了底纹"),
    (("underlined",), "加了下划线"),
    (("coloured",), "改了颜色"),
    (("bold",), "被加粗"),
)


def _faded(e: Evidence) -> Decision | None:
    faint = [at for at in e.present if e.seen.options[at].looks.faint]
    if not faint or len(faint) == len(e.present):
        return None
    return _unclear(f"“{_word(e, faint[0])}”被改为浅色，可能表示不选，无法确定")


def _rival(e: Evidence, at: int) -> bool:
    """Whether another option is set apart in a way this one is not."""
    mine = e.seen.options[at].looks
    names = [name for names, _ in _EMPHASIS for name in names]
    return any(
        getattr(e.seen.options[other].looks, name) and not getattr(mine, name)
        for other in e.present
        if other != at
        for name in names
    )


def _bracketed(e: Evidence) -> Decision | None:
    inside = [at for at in e.present if e.seen.options[at].bracketed]
    if len(inside) == 1 and len(e.present) > 1:
        return _unclear(f"只有“{_word(e, inside[0])}”带括号，无法确定是否表示选中")
    return None


def _member(e: Evidence) -> Decision | None:
    if e.said != "member":
        return None
    return Decision(
        f"写有“{telling.short(e.seen.words)}”，即已是会员、无需填写，按空白处理", (), BLANK, already_member=True
    )


def _typed_options(e: Evidence) -> Decision | None:
    typed = e.seen.typed
    if not typed:
        return None
    if e.seen.odd or (len(typed) > 1 and not e.spec.several):
        return _unclear("选项重复出现，前后不一")
    return _definite(e, typed, "在选项之外写明")


def _typed_words(e: Evidence) -> Decision | None:
    if e.said not in ("yes", "no"):
        return None
    if e.seen.inside:
        return _unclear(f"“{telling.short(e.seen.words)}”写在选项之间，无法判断属于哪一项")
    if e.boxed and len(e.boxed) < len(e.present):
        return _unclear(f"写有“{telling.short(e.seen.words)}”，但有的选项旁的方框不见了")
    if e.spec.yes_no and len(e.present) == 1 and e.present[0] != (YES, NO).index(e.said):
        return _unclear(f"选项“{_word(e, e.present[0])}”与所写“{telling.short(e.seen.words)}”不一致")
    return Decision(f"写有“{telling.short(e.seen.words)}”", ((YES, NO).index(e.said),))


def _abbreviated(e: Evidence) -> Decision | None:
    """中级班 for 中级班（12月8日—10日）, 专用发票 for 增值税专用发票: a part of one printed option and of no other."""
    if e.spec.yes_no or e.present or e.seen.floating or e.seen.odd:
        return None
    words = fold(e.seen.words).strip('。.,，“”"()')
    parts = [at for at, option in enumerate(e.spec.options) if _is_part(words, option)]
    holding = [option for option in e.spec.options if words in fold(option)]
    return _definite(e, (parts[0],), f"写有“{telling.short(words)}”") if len(parts) == len(holding) == 1 else None


def _is_part(words: str, option: str) -> bool:
    """Whether words are an option without its bracket, or half of it and more without turning its meaning."""
    if not words or words not in fold(option) or re.search(r"\d", words):
        return False
    head = fold(option).partition(words)[0]
    whole = re.sub(r"\(.*\)$", "", fold(option))
    return words == whole or (
        len(words) > 2 and 2 * len(words) >= len(whole) and not re.search(r"[不无未没非免]", head)
    )


def _only_option_left(e: Evidence) -> Decision | None:
    if e.seen.odd or (e.spec.several and e.boxed):
        return None
    if len(e.present) not in ((1,) if not e.spec.several else range(1, len(e.seen.options))):
        return None
    reworded = e.spec.yes_no and _word(e, e.present[0]) not in e.spec.options
    if reworded and e.boxed and not e.ticked:
        return _unclear(f"只有“{_word(e, e.present[0])}”及空方框，可能尚未勾选")
    deleted = bool(e.boxed) or e.around.others_printed
    if deleted and e.around.drawn:
        return _unclear(f"图片上只辨认出“{_word(e, e.present[0])}”，其余选项可能未被识别")
    why = "其余选项已被删去" if deleted else "只写有此项"
    return _definite(e, tuple(e.present), why)


def _more_words(e: Evidence) -> Decision | None:
    return _unclear(f"写有“{telling.short(e.seen.words)}”，无法判断") if e.said == "other" else None


def _box_missing(e: Evidence) -> Decision | None:
    bare = [at for at in e.present if at not in e.boxed]
    if bare and (e.boxed or e.seen.floating):
        return _unclear(f"“{_word(e, bare[0])}”旁的方框不见了，可能原有勾选记号")
    if e.seen.odd or len(e.present) not in (0, len(e.seen.options)):
        return _unclear("方框与选项的数目不符")
    return None


def _boxes_lost(e: Evidence) -> Decision | None:
    if e.present and not e.boxed and e.around.others_boxed and not e.seen.stroke:
        return _unclear("选项旁的方框都不见了，可能原有勾选记号")
    return None


def _unlike_boxes(e: Evidence) -> Decision | None:
    """是（○） 否（ ）, ☆是 □否: a ring or star where the other option has its square may have been put there."""
    shapes = {shape_of(mark.shown) for at in e.boxed for mark in e.seen.options[at].marks}
    return _unclear("各选项旁的空心符号不同，可能是选中的记号") if len(shapes) > 1 else None


def _untouched(e: Evidence) -> Decision | None:
    if e.present:
        return Decision("各选项均未作标记", (), BLANK)
    if e.said == "left out":
        return Decision(f"写有“{telling.short(e.seen.words)}”，视为未填", (), BLANK)
    return None


def _empty(e: Evidence) -> Decision | None:
    if e.seen.floating or e.seen.words:
        return None
    if e.around.listed or not e.around.others_printed:
        return Decision("未填写", (), BLANK)
    return _unclear("选项已被删去且未写答复")


def _anything_else(_: Evidence) -> Decision | None:
    return _unclear("无法判断所选")


TABLE: tuple[Rule, ...] = (
    _half_way,
    _unknown_object,
    _undecided_words,
    _glued_option,
    _mixed_marks,
    _several_ticked,
    _one_ticked,
    _crossed,
    _rejected,
    _typed_options,
    _member,
    _typed_words,
    _emphasised,
    _faded,
    _bracketed,
    _abbreviated,
    _more_words,
    _only_option_left,
    _box_missing,
    _boxes_lost,
    _unlike_boxes,
    _untouched,
    _empty,
    _anything_else,
)


# ---- shared by the rows -----------------------------------------------------------------------


def _definite(e: Evidence, chosen: tuple[int, ...], why: str) -> Decision:
    """The options, unless words, typed answers or a comment speak against them."""
    answer = (YES, NO)[chosen[0]] if e.spec.yes_no else "其他"
    doubt = next((text for text in (e.seen.words, *e.seen.comments) if speaks_against(text, answer, e.spec)), "")
    if doubt:
        kind = "批注" if doubt in e.seen.comments else "旁注"
        member = kind == "旁注" and e.said == "member"
        return Decision(f"{why}，但{kind}写有“{telling.short(doubt)}”，前后不一", (), UNCLEAR, already_member=member)
    if any(at not in chosen for at in e.seen.typed):
        return _unclear(f"{why}，但另写有“{e.spec.options[e.seen.typed[0]]}”，前后不一")
    return Decision(why, chosen)


def _unclear(why: str) -> Decision:
    return Decision(why, (), UNCLEAR)


def _word(e: Evidence, at: int) -> str:
    return e.seen.options[at].word


def _marked_by_pen(looks: Looks) -> bool:
    return looks.highlighted or looks.bordered


def shows_options(cells: Sequence[Sequence[Piece]], spec: ChoiceSpec) -> tuple[bool, bool]:
    """Whether a row prints its options, and whether with boxes (for `Surroundings` of the other rows)."""
    seen = seen_in(cells, spec)
    present = [option for option in seen.options if option.present]
    boxed = any(mark.boxed for option in present for mark in option.marks)
    return seen.printed and len(present) > 1, boxed and len(present) > 1
