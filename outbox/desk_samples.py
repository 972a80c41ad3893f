"""Sample facts for the letters that answer the secretariat, one set or more a file: for trying templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

KIND = "confirmation"
_LINE = {"word": "撤销", "line": "A7K2QX-4J7MPW3KQ9TZ 撤销", "link": "mailto:sample@example.com?subject=A7K2QX"}
_WORDS = [{**_LINE, "word": word, "line": f"A7K2QX-4J7MPW3KQ9TZ {word}"} for word in ("是", "否", "空白", "补正")]
_MOMENT = "2016年11月28日（星期一）09:30"
_ITEM = {
    "reference": "A7K2QX", "reason": "勾选无法确认", "about": "示例科技有限公司", "word": "是",
    "decided": f"{_MOMENT}由示例人员处理", "item": "“示例科技有限公司”的“加入联盟”一项无法确认，请核对原件。",
}  # fmt: skip
_DONE = _ITEM | {"by": "sample@example.com", "at": _MOMENT, "undo": _LINE, "until": _MOMENT}
_ANSWERS = [["联系人姓名", "示例联系人"], ["加入联盟", "是（☑）"]]
_STORY = {
    "unit": "示例科技有限公司", "receipt": "482913", "late": "逾期", "lines": _ANSWERS,
    "came": [[_MOMENT, "sample@example.com", "示例表格.docx", "已登记"]],
    "went": [[_MOMENT, "登记回执", "sample@example.com", "已发"]],
    "said": [[_MOMENT, "sample@example.com（邮件）", "是"]],
}  # fmt: skip
_TIMED = {
    "again": False,
    "withheld": False,
    "at": _MOMENT,
    "timed": True,
    "refused": False,
    "pending": False,
    "late": False,
}
_APPROVAL = {
    "reference": "A7K2QX", "kind": "登记回执", "unit": "示例科技有限公司", "to": "sample@example.com", "since": _MOMENT,
    "subject": "来件已登记 [#K3M9QZ]", "text": ["示例科技有限公司：", "您好！来件收悉，已经登记。"],
    "files": ["示例表格.docx（24KB）"], "lines": _WORDS[:3],
}  # fmt: skip
_WAITING = "A7K2QX　发给sample@example.com的登记回执：来件已登记"
_WHYS = (
    "several", "mixed", "no-token", "quoted", "unknown", "used", "closed", "expired", "another", "no-word", "two-words",
    "not-its-word", "impossible",
)  # fmt: skip
_FACTS: dict[str, tuple[Mapping[str, Any], ...]] = {
    "desk-decided": (_DONE,),
    "desk-told": (_DONE,),
    "desk-undone": (
        _DONE | {"left": 0, "told": False, "lines": _WORDS}, _DONE | {"left": 2, "told": True, "lines": []}
    ),
    "desk-refused": tuple(_ITEM | {"why": why, "words": ["是", "否"], "sentence": "未作改动。"} for why in _WHYS),
    "desk-find": (
        {"name": "示例", "units": [_STORY, {**_STORY, "lines": [], "came": [], "went": [], "said": [], "receipt": ""}],
         "more": ["甲"], "near": []},
        {"name": "示例", "units": [], "more": [], "near": ["示例科技有限公司"]},
        {"name": "示例", "units": [], "more": [], "near": []},
    ),
    "desk-tally": (
        {"lines": [["应通知", "600家"], ["加入联盟", "600 = 是171 + 否12 + 待核3 + 未回复414"]],
         "at": _MOMENT, "paused": True},
    ),
    "desk-members": (
        {"rows": [["示例科技有限公司", "482913", "按时"]], "number": 9, "choice": "加入联盟", "at": _MOMENT},
        {"rows": [], "number": 0, "choice": "", "at": _MOMENT},
    ),
    "desk-unanswered": (
        {"rows": [["示例科技有限公司", "示例联系人", "010-00000000", "示例负责人"]],
         "number": 9, "at": _MOMENT},
        {"rows": [], "number": 0, "at": _MOMENT},
    ),
    "desk-gate": tuple(
        {"paused": paused, "changed": changed, "by": "sample@example.com", "at": _MOMENT, "told": told, "asked": asked,
         "lines": [{**_LINE, "word": "恢复发送", "line": "PAUSED-4J7MPW3KQ9TZ 恢复发送"}] if paused else []}
        for paused in (True, False)
        for changed, told, asked in ((1, 0, 0), (0, 0, 0), (1, 1, 0), (0, 0, 1))
    ),
    "desk-entered": (
        {"units": [{"unit": "示例科技有限公司", "receipt": "482913", "state": "已登记", "lines": _ANSWERS}],
         "channel": "微信", "address": "sample@example.com", "files": ["示例表格.jpg"], "faults": [], **_TIMED},
        {"units": [], "channel": "", "address": "", "files": ["示例表格.jpg"],
         "faults": [{"name": "示例表格.jpg", "sentence": "图片不清晰。"}], **_TIMED},
        {"units": [{"unit": "示例科技有限公司", "receipt": "482913", "state": "已登记", "lines": _ANSWERS}],
         "channel": "微信", "address": "sample@example.com", "files": [], "faults": [], **_TIMED, "withheld": True},
        {"units": [], "channel": "", "address": "", "files": [], "faults": [], **_TIMED, "timed": False, "late": True},
        {"units": [{"unit": "示例科技有限公司", "receipt": "482913", "state": "已登记", "lines": _ANSWERS}],
         "channel": "微信", "address": "", "files": ["示例表格.jpg"], "faults": [], **_TIMED, "again": True},
    ),
    "desk-alert": (
        {"subject": "【告警】收信中断，自11月28日03:10起", "lines": ["原因：连接不上。", "恢复后另行告知。"]},
    ),
    "desk-help": ({"several": True}, {"several": False}),
    "desk-deputy": ({"items": [_ITEM | {"lines": _WORDS, "since": _MOMENT}], "more": 3},),
    "desk-approval": tuple(
        {"items": [_APPROVAL] * number, "more": more, "all": _WORDS[:2] if number > 1 else []}
        for number, more in ((1, 0), (2, 570))
    ),
    "desk-approved": tuple(
        {"word": "全部同意发送", "done": [_WAITING, _WAITING], "left": left, "told": told, "by": "sample@example.com",
         "at": _MOMENT}
        for left, told in (([], False), ([_WAITING], True))
    ),
}  # fmt: skip
NAMES = tuple(_FACTS)
_LONG = "示例单位名称" * 15
_SIGNS = '<b>甲&乙</b> "丙" {{ 丁 }} {% 戊 %} | # 1. “己”——（庚）'


def each(name: str) -> Iterator[Mapping[str, Any]]:
    """The facts of a file, and the same with every text very long, or full of signs that mean something."""
    for desk in _FACTS[name]:
        for said in (desk, _with_texts(desk, _LONG), _with_texts(desk, _SIGNS)):
            yield {"template": name, "desk": said}


def _with_texts(value: Any, text: str) -> Any:
    if isinstance(value, Mapping):
        return {key: each if key == "why" else _with_texts(each, text) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_texts(each, text) for each in value]
    return text if isinstance(value, str) else value
