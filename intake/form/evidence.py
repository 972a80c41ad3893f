"""What the rules of choices look at: a row as it was bound, the question, and what is known beside the row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.answers import NO, UNCLEAR, YES
from intake.campaign import ChoiceSpec
from intake.document import Looks
from intake.form import telling
from intake.form.binding import Seen
from intake.form.wording import says, speaks_against

_A_SIGN_OR_TWO = re.compile(r"(?:\W*[0-9A-Za-z]){1,3}\W*")


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


class Evidence:
    """Everything the rules look at. `present`, `ticked`, `boxed` and `struck` are indexes of options.

    `said` is what the free words say; typed option words count as words.
    """

    def __init__(self, spec: ChoiceSpec, seen: Seen, around: Surroundings) -> None:
        self.spec = spec
        self.seen = seen
        self.around = around
        self.present = [at for at, option in enumerate(seen.options) if option.present]
        self.ticked = self.with_kind("tick")
        self.boxed = [at for at in self.present if any(mark.boxed for mark in seen.options[at].marks)]
        self.struck = [at for at in self.present if self.looks(at).struck]
        self.said = self._said()

    def _said(self) -> str:
        if self.present and _A_SIGN_OR_TWO.fullmatch(self.seen.words):
            return "other"  # a letter or digit beside printed options may belong to either
        return says(self.seen.words, self.spec)

    def word(self, at: int) -> str:
        return self.seen.options[at].word

    def looks(self, at: int) -> Looks:
        return self.seen.options[at].looks

    def with_kind(self, kind: str) -> list[int]:
        """The options that have a mark of a kind."""
        return [at for at in self.present if any(mark.kind == kind for mark in self.seen.options[at].marks)]


@dataclass(frozen=True, slots=True)
class Decision:
    """`chosen` are indexes of options; without any, `answer` is blank or unclear."""

    why: str
    chosen: tuple[int, ...] = ()
    answer: str = ""
    already_member: bool = False


def definite(e: Evidence, chosen: tuple[int, ...], why: str) -> Decision:
    """The options, unless words, typed answers or a comment speak against them."""
    answer = (YES, NO)[chosen[0]] if e.spec.yes_no else "其他"
    doubt = next((text for text in (e.seen.words, *e.seen.comments) if speaks_against(text, answer, e.spec)), "")
    if doubt:
        kind = "批注" if doubt in e.seen.comments else "旁注"
        member = kind == "旁注" and e.said == "member"
        return Decision(f"{why}，但{kind}写有“{telling.short(doubt)}”，前后不一", (), UNCLEAR, already_member=member)
    if any(at not in chosen for at in e.seen.typed):
        return unclear(f"{why}，但另写有“{e.spec.options[e.seen.typed[0]]}”，前后不一")
    return Decision(why, chosen)


def unclear(why: str) -> Decision:
    return Decision(why, (), UNCLEAR)
