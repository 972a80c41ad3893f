"""Rules of choices: what is left of the options and boxes where nothing was marked."""

from __future__ import annotations

from intake.answers import BLANK
from intake.form import telling
from intake.form.evidence import Decision, Evidence, definite, unclear
from intake.form.glyphs import shape_of


def only_option_left(e: Evidence) -> Decision | None:
    if e.seen.odd or (e.spec.several and e.boxed):
        return None
    if len(e.present) not in ((1,) if not e.spec.several else range(1, len(e.seen.options))):
        return None
    reworded = e.spec.yes_no and e.word(e.present[0]) not in e.spec.options
    if reworded and e.boxed and not e.ticked:
        return unclear(f"只有“{e.word(e.present[0])}”及空方框，可能尚未勾选")
    deleted = bool(e.boxed) or e.around.others_printed
    if deleted and e.around.drawn:
        return unclear(f"图片上只辨认出“{e.word(e.present[0])}”，其余选项可能未被识别")
    why = "其余选项已被删去" if deleted else "只写有此项"
    return definite(e, tuple(e.present), why)


def box_missing(e: Evidence) -> Decision | None:
    bare = [at for at in e.present if at not in e.boxed]
    if bare and (e.boxed or e.seen.floating):
        return unclear(f"“{e.word(bare[0])}”旁的方框不见了，可能原有勾选记号")
    if e.seen.odd or len(e.present) not in (0, len(e.seen.options)):
        return unclear("方框与选项的数目不符")
    return None


def boxes_lost(e: Evidence) -> Decision | None:
    if e.present and not e.boxed and e.around.others_boxed and not e.seen.stroke:
        return unclear("选项旁的方框都不见了，可能原有勾选记号")
    return None


def unlike_boxes(e: Evidence) -> Decision | None:
    """是（○） 否（ ）, ☆是 □否: a ring or star where the other option has its square may have been put there."""
    shapes = {shape_of(mark.shown) for at in e.boxed for mark in e.seen.options[at].marks}
    return unclear("各选项旁的空心符号不同，可能是选中的记号") if len(shapes) > 1 else None


def untouched(e: Evidence) -> Decision | None:
    if e.present:
        return Decision("各选项均未作标记", (), BLANK)
    if e.said == "left out":
        return Decision(f"写有“{telling.short(e.seen.words)}”，视为未填", (), BLANK)
    return None


def empty(e: Evidence) -> Decision | None:
    if e.seen.floating or e.seen.words:
        return None
    if e.around.listed or not e.around.others_printed:
        return Decision("未填写", (), BLANK)
    return unclear("选项已被删去且未写答复")


def anything_else(_: Evidence) -> Decision | None:
    return unclear("无法判断所选")
