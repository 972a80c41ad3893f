"""Questions in other words than the form's own, and questions that a mail program broke over lines.

Promises: another wording counts only where it is near to one of the form's and names nothing that this does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from intake.campaign import ChoiceSpec
from intake.form.folding import ANSWER, NUMBERING, core_of, fold

WHOSE = re.compile(r"^(?:请问)?(?:我|贵|本|你|您|该)(?:单位|公司|机构|企业|院|所|校|们)?(?=是否|愿意|加入|成为)")
_OTHER_QUESTION = re.compile(r"已是|已为|已经|是否为|是否是|现为|是不是|曾")
ASKS = re.compile(r"[是愿能可]否|意愿|意向")
_ANSWERED = re.compile(rf"[:：□☐☑☒√✓✔■●○×\ufffc]|[(\[【〔]{ANSWER}[)\]】〕]")
_SAYS_NO_MORE = frozenset(
    "是否能可愿意同有向自申请希望打算考虑参加入成为会盟做作当的了我贵本你您该单位公司机构企业院所校们正式一员名问吗呢及之"
)
_CLOSE_ENOUGH = 0.75  # measured between rewordings of one question (0.8 up) and other questions (0.7 down)
_LEAST = 6  # characters of a question's beginning; fewer begin many lines


class Rewordings:
    """The wordings of a form's questions, by the question's id."""

    def __init__(self, choices: Sequence[ChoiceSpec]) -> None:
        self._wordings = {choice.id: [core_of(label) for label in choice.labels] for choice in choices}
        self._own_pairs = _own_pairs(self._wordings)
        self._whole = tuple(word for wordings in self._wordings.values() for word in wordings)
        self._beginnings = {word[:end] for word in self._whole for end in range(_LEAST, len(word))}

    def find(self, bare: str) -> str | None:
        """The question that a text asks in other words: near to one wording, and with word pairs of that one only."""
        if not 6 <= len(bare) <= 60 or not ASKS.search(bare) or _OTHER_QUESTION.search(bare) or _ANSWERED.search(bare):
            return None
        pairs = _pairs(bare)
        counted = sorted(((len(pairs & own), key) for key, own in self._own_pairs.items()), reverse=True)
        if not counted or not counted[0][0] or (len(counted) > 1 and counted[0][0] < 3 * counted[1][0]):
            return None
        key, asked = counted[0][1], WHOSE.sub("", bare)
        near = any(_asks_the_same(asked, wording) for wording in self._wordings[key])
        return key if near else None

    def begins(self, line: str) -> bool:
        """Whether a line is the beginning of a question that the next line completes (a wrapped mail)."""
        folded = NUMBERING.sub("", fold(line))
        opened = len(folded) >= _LEAST and folded.count("(") > folded.count(")")
        return folded in self._beginnings or (opened and folded.startswith(self._whole))


def _asks_the_same(asked: str, wording: str) -> bool:
    """Whether a question is near to a wording and names nothing that it does not (退出, 会费, 专家委员会, 中关村)."""
    matcher = SequenceMatcher(None, wording, asked, autojunk=False)
    if matcher.ratio() < _CLOSE_ENOUGH:
        return False
    new = "".join(asked[start:end] for _, _, _, start, end in matcher.get_opcodes() if end > start)
    return set(new) <= _SAYS_NO_MORE | set(wording)


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _own_pairs(wordings: dict[str, list[str]]) -> dict[str, set[str]]:
    """Pairs of characters that only one question's wordings have."""
    pairs = {key: set().union(*map(_pairs, words)) for key, words in wordings.items()}
    return {
        key: own - set().union(*(other for name, other in pairs.items() if name != key)) for key, own in pairs.items()
    }
