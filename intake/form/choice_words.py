"""Rules of choices: what words say, beside the options or in place of them."""

from __future__ import annotations

import re

from intake.answers import BLANK, NO, YES
from intake.form import telling
from intake.form.evidence import Decision, Evidence, definite, unclear
from intake.form.folding import fold


def undecided_words(e: Evidence) -> Decision | None:
    return unclear(f"写有“{telling.short(e.seen.words)}”，意向未定") if e.said == "undecided" else None


def glued_option(e: Evidence) -> Decision | None:
    return unclear(f"写有“{telling.short(e.seen.words)}”，选项不完整，无法判断记号属于哪一项") if e.seen.glued else None


def typed_options(e: Evidence) -> Decision | None:
    typed = e.seen.typed
    if not typed:
        return None
    if e.seen.odd or (len(typed) > 1 and not e.spec.several):
        return unclear("选项重复出现，前后不一")
    return definite(e, typed, "在选项之外写明")


def member(e: Evidence) -> Decision | None:
    if e.said != "member":
        return None
    return Decision(
        f"写有“{telling.short(e.seen.words)}”，即已是会员、无需填写，按空白处理", (), BLANK, already_member=True
    )


def typed_words(e: Evidence) -> Decision | None:
    if e.said not in ("yes", "no"):
        return None
    if e.seen.inside:
        return unclear(f"“{telling.short(e.seen.words)}”写在选项之间，无法判断属于哪一项")
    if e.boxed and len(e.boxed) < len(e.present):
        return unclear(f"写有“{telling.short(e.seen.words)}”，但有的选项旁的方框不见了")
    if e.spec.yes_no and len(e.present) == 1 and e.present[0] != (YES, NO).index(e.said):
        return unclear(f"选项“{e.word(e.present[0])}”与所写“{telling.short(e.seen.words)}”不一致")
    return Decision(f"写有“{telling.short(e.seen.words)}”", ((YES, NO).index(e.said),))


def abbreviated(e: Evidence) -> Decision | None:
    """中级班 for 中级班（12月8日—10日）, 专用发票 for 增值税专用发票: a part of one printed option and of no other."""
    if e.spec.yes_no or e.present or e.seen.floating or e.seen.odd:
        return None
    words = fold(e.seen.words).strip('。.,，“”"()')
    parts = [at for at, option in enumerate(e.spec.options) if _is_part(words, option)]
    holding = [option for option in e.spec.options if words in fold(option)]
    return definite(e, (parts[0],), f"写有“{telling.short(words)}”") if len(parts) == len(holding) == 1 else None


def _is_part(words: str, option: str) -> bool:
    """Whether words are an option without its bracket, or half of it and more without turning its meaning."""
    if not words or words not in fold(option) or re.search(r"\d", words):
        return False
    head = fold(option).partition(words)[0]
    whole = re.sub(r"\(.*\)$", "", fold(option))
    return words == whole or (
        len(words) > 2 and 2 * len(words) >= len(whole) and not re.search(r"[不无未没非免]", head)
    )


def more_words(e: Evidence) -> Decision | None:
    return unclear(f"写有“{telling.short(e.seen.words)}”，无法判断") if e.said == "other" else None
