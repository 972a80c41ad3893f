"""Rules of choices: what it says that an option looks unlike the others."""

from __future__ import annotations

from intake.form.evidence import Decision, Evidence, definite, unclear

_EMPHASIS = {
    "highlighted": "被加亮",
    "bordered": "被加框",
    "shaded": "加了底纹",
    "underlined": "加了下划线",
    "coloured": "改了颜色",
    "bold": "被加粗",
}


def rejected(e: Evidence) -> Decision | None:
    if not e.struck or len(e.present) < 2:
        return unclear(f"“{e.word(e.struck[0])}”被划掉，未见其他选项") if e.struck else None
    left = [at for at in e.present if at not in e.struck]
    if len(left) == 1:
        gone = "、".join(f"“{e.word(at)}”" for at in e.struck)
        return definite(e, tuple(left), f"{gone}被划去，留下“{e.word(left[0])}”")
    return unclear("选项全部被划掉" if not left else "划掉部分选项后仍不止一项")


def emphasised(e: Evidence) -> Decision | None:
    for name, text in _EMPHASIS.items():
        marked = [at for at in e.present if getattr(e.looks(at), name)]
        if len(marked) == 1 and len(e.present) > 1:
            rival = _rival(e, marked[0])
            return unclear("各选项的标记方式不同") if rival else definite(e, tuple(marked), f"仅此项{text}")
    return None


def faded(e: Evidence) -> Decision | None:
    faint = [at for at in e.present if e.looks(at).faint]
    if not faint or len(faint) == len(e.present):
        return None
    return unclear(f"“{e.word(faint[0])}”被改为浅色，可能表示不选，无法确定")


def bracketed(e: Evidence) -> Decision | None:
    inside = [at for at in e.present if e.seen.options[at].bracketed]
    if len(inside) == 1 and len(e.present) > 1:
        return unclear(f"只有“{e.word(inside[0])}”带括号，无法确定是否表示选中")
    return None


def _rival(e: Evidence, at: int) -> bool:
    """Whether another option is set apart in a way this one is not."""
    mine = e.looks(at)
    others = [e.looks(other) for other in e.present if other != at]
    return any(getattr(looks, name) and not getattr(mine, name) for looks in others for name in _EMPHASIS)
