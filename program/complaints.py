"""What is wrong with the configuration, in one Chinese sentence: where, which key, what to do.

A value is never quoted: it may be a secret that stands in the wrong place.
"""

from __future__ import annotations

from typing import Any

from program.sources import Source

EXPECTED = {
    "int": "整数",
    "float": "数字",
    "finite": "数字",
    "date": "日期，例如 2027-01-01",
    "string": "带引号的文字",
    "tuple": '列表，例如 ["甲", "乙"]',
    "path": "路径",
}


def sentence_of(error: dict[str, Any], stated: Source, changed: Source) -> str:
    """The sentence for one error of pydantic's, about a value of the file or of the environment."""
    key, problem = tuple(str(part) for part in error["loc"] if not isinstance(part, int)), _problem(error)
    if "|" in problem:  # a rule about a whole section names the key itself
        last, problem = problem.split("|", 1)
        key = (*key[:1], last)
    source = changed if changed.holds(key) else stated
    return f"{source.where(key)}：{problem}。"


def _problem(error: dict[str, Any]) -> str:
    """What is wrong with a value, never the value itself: it may be a secret in the wrong place."""
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"只能是 {str(context['expected']).replace(' or ', ' 或 ')}"
    if kind in ("greater_than_equal", "less_than_equal", "greater_than"):
        words = {"greater_than_equal": ("不能小于", "ge"), "less_than_equal": ("不能大于", "le")}
        text, limit = words.get(kind, ("必须大于", "gt"))
        return f"{text} {context[limit]}，请改正"
    if kind.startswith("bool"):
        return "只能是 true 或 false"
    for begin, expected in EXPECTED.items():
        if kind.startswith(begin):
            return f"应为{expected}，请改正"
    return "值无效，请改正"
