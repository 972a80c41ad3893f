# ruff: noqa: E501 (a Chinese character counts two columns)
"""Questions of any options, printed and ticked in any usual way: the ticked option or a question to the unit, never another."""

from __future__ import annotations

from datetime import UTC, datetime

from form.paper_builders import C, Page, docx
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.form import find_forms
from intake.form.learning import learn
from intake.readers import read

NOW = datetime(2016, 11, 20, 2, tzinfo=UTC)
WORDS = (
    "企业", "高等院校", "科研院所", "民办非企业单位", "其他", "同意", "不同意", "弃权", "单间", "合住", "不住", "愿意", "不愿意", "暂不考虑",
    "100万元以下", "100万-500万元", "500万元以上", "A轮", "不了解", "比较了解", "线上参会", "线下参会", "是", "否", "12月8日", "12月9日",
    "专利", "商标", "版权（著作权）", "知识产权服务机构", "国有", "民营", "外资",
)  # fmt: skip
PLACES = ("cell", "line", "below", "rows")
STYLES = ("□{}", "□ {}", "{}□", "{}（ ）", "（  ）{}", "○{}", "[ ]{}", "{} □")
TICKS = {
    "□": ("☑", "√", "■", "□√", "✓"),
    "○": ("●", "√"),
    "（ ）": ("（√）", "（ √ ）"),
    "（  ）": ("（√）",),
    "[ ]": ("[√]", "[x]"),
}
options = st.lists(st.sampled_from(WORDS), min_size=2, max_size=6, unique=True)
gaps = st.sampled_from((" ", "   ", "\u3000", "\u3000\u3000", "\n"))


def printed(words: list[str], style: str, gap: str, ticked: tuple[int, ...] = (), tick: str = "") -> str:
    box = next(box for box in TICKS if box in style)
    return gap.join(
        (style.replace(box, tick) if at in ticked else style).replace("{}", word) for at, word in enumerate(words)
    )


def page(place: str, text: str, unit: str = "") -> Page:
    if place == "cell":
        return ["情况登记表", [["单位名称", unit], ["请选择类别", text]]]
    if place == "rows":
        lines = text.split("\n")
        rest = [["", line] for line in lines[1:]]
        return [
            "情况登记表",
            [["单位名称", unit], [C("请选择类别", down=len(lines)), lines[0]], *[[row[1]] for row in rest]],
        ]
    joined = text.replace("\n", "   ")
    asked = ["请选择类别：" + joined] if place == "line" else ["请选择类别（限选一项）：", joined]
    return ["情况登记表", f"单位名称：{unit or '____________'}", *asked]


@settings(max_examples=60)
@given(st.sampled_from(PLACES), options, st.sampled_from(STYLES), gaps, st.data())
def test_one_ticked(place: str, words: list[str], style: str, gap: str, data: st.DataObject) -> None:
    (blank,) = read(docx(page(place, printed(words, style, gap))))
    spec = learn(blank, "any", NOW).spec
    (choice,) = spec.choices
    assert set(choice.options) == set(words)
    assert find_forms(blank, (spec,), "空白").forms == ()
    ticked = data.draw(st.integers(0, len(words) - 1))
    box = next(box for box in TICKS if box in style)
    tick = data.draw(st.sampled_from(TICKS[box]))
    (filled,) = read(docx(page(place, printed(words, style, gap, (ticked,), tick), "示例大学")))
    (form,) = find_forms(filled, (spec,), "表").forms
    answer = form.choices[choice.id].answer
    expected = {"是": "yes", "否": "no"}.get(words[ticked], words[ticked]) if choice.yes_no else words[ticked]
    assert answer == expected, form.choices[choice.id].evidence
    assert form.value("unit") == "示例大学"


@settings(max_examples=60)
@given(st.booleans(), options, st.sampled_from(STYLES), gaps, st.data())
def test_several_ticked(several: bool, words: list[str], style: str, gap: str, data: st.DataObject) -> None:
    label = "请选择类别（可多选）" if several else "请选择类别"

    def form_with(text: str, unit: str = "") -> Page:
        return ["情况登记表", [["单位名称", unit], [label, text]]]

    (blank,) = read(docx(form_with(printed(words, style, gap))))
    spec = learn(blank, "any", NOW).spec
    (choice,) = spec.choices
    assert choice.several is (several and not choice.yes_no)
    ticked = data.draw(st.lists(st.integers(0, len(words) - 1), min_size=2, unique=True).map(sorted))
    tick = data.draw(st.sampled_from(TICKS[next(box for box in TICKS if box in style)]))
    (filled,) = read(docx(form_with(printed(words, style, gap, tuple(ticked), tick), "示例大学")))
    (form,) = find_forms(filled, (spec,), "表").forms
    answer = form.choices[choice.id].answer
    wanted = [word for word in choice.options if word in {words[at] for at in ticked}]
    assert answer == (";".join(wanted) if several and not choice.yes_no else "unclear")
