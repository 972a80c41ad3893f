"""How forms in general are named: the nouns that end their titles.

Promises: words only; whether a heading is the title of a form, and under which noun.
"""

from __future__ import annotations

import re

_NOUNS = (
    "回执", "登记表", "申请表", "报名表", "意向书", "表决票", "选票", "采集表", "信息表", "调查表",
    "调查问卷", "问卷", "统计表", "推荐表", "确认函", "确认表",
    "反馈表", "征集表", "汇总表", "承诺书", "申报表", "情况表",
)  # fmt: skip
_NAMED = re.compile(rf"({'|'.join(_NOUNS)})(?:[（(][^（()）]*[)）])?$")


def form_noun(heading: str) -> str:
    """The noun that ends a title of a form (…参会回执 → 回执), a remark in brackets aside; "" for any other text."""
    match = _NAMED.search(heading)
    return match.group(1) if match else ""
