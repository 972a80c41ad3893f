"""The evidence of an answer in words that a secretary understands."""

from __future__ import annotations

from intake.form.binding import OptionSeen, Seen
from intake.form.tokens import Mark

_SOURCES = (  # a word of `Box.source`, the first that is met, and what a secretary calls it
    ("content control", "内容控件"),
    ("formcheckbox", "窗体复选框"),
    ("form check box", "PDF表单复选框"),
    ("form radio button", "PDF表单单选按钮"),
    ("cell checkbox", "单元格复选框"),
    ("html", "网页复选框"),
    ("eq field", "带圈字符域"),
    ("option button", "单选按钮"),
    ("form control", "表单控件"),
    ("activex", "ActiveX复选框"),
    ("list", "下拉列表"),
    ("picture", "图片"),
    ("floating text", "文本框"),
    ("drawing", "图形"),
    ("drawn", "图形"),
    ("shape", "图形"),
    ("ink", "笔迹"),
    ("font letter", "符号字体字母"),
    ("sym", "符号字体"),
)


def evidence(seen: Seen, chosen: tuple[int, ...], why: str, place: str) -> str:
    """What stands at each option, then why the answer is what it is: 第6行第2列：“是”后的方框为☑；…；“是”已勾选."""
    described = [text for option in seen.options if option.present and (text := _describe(option))]
    subject = "".join(f"“{seen.options[at].word}”" for at in chosen if seen.options[at].present)
    verdict = f"{subject}{why}" if subject and not why.startswith(("写有", "“")) else why
    sentence = "；".join([*described, verdict])
    return f"{place}：{sentence}" if place else sentence


def short(text: str) -> str:
    """A text to quote: one line, 30 characters at most."""
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:29] + "…"


def _describe(option: OptionSeen) -> str:
    return "、".join(
        _on_paper(option.word, mark, side)
        or f"“{option.word}”{side or '旁'}{'的方框' if mark.boxed and side != '栏内' else ''}{_shown(mark)}"
        for mark, side in zip(option.marks, option.sides, strict=True)
        if mark.shown != "空格"
    )


def _on_paper(word: str, mark: Mark, side: str) -> str:
    """What ink on paper is, in a sentence; empty for what is no ink."""
    box = f"“{word}”栏内" if side == "栏内" else f"“{word}”{side or '旁'}的方框"
    if mark.source == "circle":
        return f"圈出“{word}”"
    if mark.source == "underline":
        return f"“{word}”下划了线"
    if mark.source == "ink beside":
        return f"“{word}”旁有手写的勾"
    if not mark.source.startswith(("ink ", "ink,")):
        return ""
    if mark.source == "ink under a seal":
        return f"{box}被印章遮住"
    if mark.source == "ink, but a box or a word is missing":
        return f"{box}附近的字或方框未辨认出来"
    return box + {"tick": "内有笔迹", "empty": "为空"}.get(mark.kind, "处笔迹不清")


def _shown(mark: Mark) -> str:
    state = "为空" if mark.kind == "empty" else f"为{mark.shown}" if mark.shown else "为图形"
    name = next((chinese for word, chinese in _SOURCES if word in mark.source.lower()), "")
    return f"{state}（{name}）" if name else state
