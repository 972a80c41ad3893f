"""Rules of choices: what ticks and crosses say."""

from __future__ import annotations

from intake.document import Looks
from intake.form.evidence import Decision, Evidence, definite, unclear


def half_way(e: Evidence) -> Decision | None:
    if not any(mark.kind != "empty" for mark in e.seen.floating):
        return None
    return unclear(f"记号“{e.seen.floating[0].shown or '图形'}”位于选项之间，无法判断属于哪一项")


def unknown_object(e: Evidence) -> Decision | None:
    odd = e.with_kind("unknown")
    return unclear(f"“{e.word(odd[0])}”旁有无法识别的记号或图形") if odd else None


def mixed_marks(e: Evidence) -> Decision | None:
    for at in e.present:
        marks = e.seen.options[at].marks
        kinds = {mark.kind for mark in marks}
        if "tick" in kinds and kinds & {"cross", "boxed cross"}:
            return unclear(f"“{e.word(at)}”旁既有√又有×")
        if any(mark.source.startswith("typed ") and mark.source != f"typed {e.word(at)}" for mark in marks):
            return unclear(f"“{e.word(at)}”的括号内写有别的选项")
        if any(mark.kind == "tick" and mark.looks.struck for mark in marks):
            return unclear(f"“{e.word(at)}”旁的记号被划掉")
        if at in e.struck and kinds & {"tick", "boxed cross"}:
            return unclear(f"“{e.word(at)}”已勾选，但又被划掉")
    return None


def several_ticked(e: Evidence) -> Decision | None:
    if len(e.ticked) < 2:
        return None
    if not e.spec.several or e.spec.yes_no:
        return unclear("、".join(f"“{e.word(at)}”" for at in e.ticked) + "同时被勾选")
    return definite(e, tuple(e.ticked), "已勾选")


def one_ticked(e: Evidence) -> Decision | None:
    if not e.ticked:
        return None
    at = e.ticked[0]
    looks = [other for other in e.present if other != at and _marked_by_pen(e.looks(other))]
    if looks and not _marked_by_pen(e.looks(at)):
        return unclear(f"勾选了“{e.word(at)}”，但“{e.word(looks[0])}”被加亮或加框")
    return definite(e, (at,), "已勾选")


def crossed(e: Evidence) -> Decision | None:
    boxes, bare = e.with_kind("boxed cross"), e.with_kind("cross")
    if not boxes and not bare:
        return None
    if len(boxes) == 1 and not bare and len(e.present) > 1:
        return definite(e, tuple(boxes), "方框内画叉，其余为空，视为选中")
    if e.around.listed and len(bare) == 1 and not boxes and not e.seen.printed:
        return definite(e, (1,), "填“×”")
    if len(boxes) > 1 and e.spec.several and not bare:
        return definite(e, tuple(boxes), "方框内画叉")
    return unclear(f"“{e.word((boxes + bare)[0])}”旁为“×”，可能表示选中，也可能表示不选")


def _marked_by_pen(looks: Looks) -> bool:
    return looks.highlighted or looks.bordered
