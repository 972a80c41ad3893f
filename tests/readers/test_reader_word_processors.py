"""The same form as RTF and as OpenDocument, marked in many ways: the judge gives the same answers."""
# ruff: noqa: E501 (tables of samples read best with one row a line)

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from odt_samples import cell as odt_cell
from odt_samples import field_mark, frame, odt, p, span, table, text_box
from reader_samples import png, square, tick_points
from rtf_samples import field, picture, row, rtf, shape

from intake.campaign_file import parse_campaign
from intake.form import find_forms
from intake.readers import read

SPEC = parse_campaign(
    tomllib.loads((Path(__file__).parents[2] / "templates/cipoa-2016/campaign.toml").read_text(encoding="utf-8"))
).form
JOIN, MEMBER = SPEC.choices
PICTURES = {"Pictures/full.png": png(square(tick_points())), "Pictures/box.png": png(square())}


def rtf_form(join: str, member: str) -> bytes:
    edges = (3000, 9000)  # the cells are centred, with room for 289 points
    values = [("单位名称", "示例科技有限公司"), ("联系人姓名", "张三"), (JOIN.label, join), (MEMBER.label, member)]
    return rtf(r"\qc 首都知识产权运营联盟入盟意向书\par" + "".join(row(*one, edges=edges) for one in values) + r"\pard")


def odt_form(join: str, member: str) -> bytes:
    values = [("单位名称", "示例科技有限公司"), ("联系人姓名", "张三"), (JOIN.label, join), (MEMBER.label, member)]
    body = p("首都知识产权运营联盟入盟意向书") + table(*(odt_cell(one) + odt_cell(two) for one, two in values))
    return odt(body, parts=PICTURES)


def after(ticked: str, empty: str) -> tuple[str, str, str]:
    """是 and 否 with a box after each: the first ticked, the second ticked, none."""
    return f"是 {ticked}　　否 {empty}", f"是 {empty}　　否 {ticked}", f"是 {empty}　　否 {empty}"


def looks(first: str, second: str) -> tuple[str, str, str]:
    """`first` and `second` are 是 □ and 否 □ set apart."""
    return f"{first} 否 □", f"是 □ {second}", "是 □ 否 □"


def struck(first: str, second: str) -> tuple[str, str, str]:
    return f"是 □ {second}", f"{first} 否 □", "是 □ 否 □"


def rtf_box(result: int) -> str:
    return field("FORMCHECKBOX", form=rf"\fftype1\ffres{result}\ffdefres0")


def odt_image(name: str) -> str:
    return frame(f'<draw:image xlink:href="Pictures/{name}.png"/>')


RTF = [
    ("glyphs", after("☑", "□")),
    ("roots", after("√", "□")),
    ("bytes of Wingdings", after(r"{\f2\'fe}", r"{\f2\'a8}")),
    ("letters of Wingdings 2", after(r"{\f3 R}", r"{\f3\'a3}")),
    ("symbol fields", after(field(r'SYMBOL 82 \\f "Wingdings 2"'), field(r'SYMBOL 163 \\f "Wingdings 2"'))),
    ("EQ", after(field(r" eq \\o\\ac(□,√)"), "□")),
    ("form boxes", after(rtf_box(1), rtf_box(25))),
    ("bordered", after(r"{\chbrdr\brdrs\brdrw10 √}", r"{\chbrdr\brdrs\brdrw10  }")),
    ("changed", after(r"{\deleted □}{\revised ☑}", "□")),
    ("pictures", after(picture(png(square(tick_points()))), picture(png(square())))),
    ("struck", struck(r"{\strike 是 □}", r"{\strike 否 □}")),
    ("hidden", struck(r"{\v 是 □}", r"{\v 否 □}")),
    ("highlighted", looks(r"{\highlight3 是 □}", r"{\highlight3 否 □}")),
    ("shaded", looks(r"{\chcbpat3 是 □}", r"{\chcbpat3 否 □}")),
    ("red", looks(r"{\cf2 是 □}", r"{\cf2 否 □}")),
    ("text box over the box", (shape("√", left=2520, width=240) + "是□    否□", shape("√", left=3360, width=240) + "是□    否□", "是□    否□")),
]  # fmt: skip
ODT = [
    ("glyphs", after("☑", "□")),
    ("letters of Wingdings 2", after(span("R", "W2"), span("£", "W2"))),
    ("private use", after(span("\uf0fe", "W"), span("\uf0a8", "W"))),
    ("form boxes", after(field_mark("FORMCHECKBOX", {"Checkbox_Checked": "true"}), field_mark("FORMCHECKBOX"))),
    ("content controls", after('<loext:content-control loext:checkbox="true">☒</loext:content-control>', '<loext:content-control loext:checkbox="true">☐</loext:content-control>')),
    ("bordered", after(span("√", "border"), span("<text:s/>", "border"))),
    ("pictures", after(odt_image("full"), odt_image("box"))),
    ("struck", struck(span("是 □", "strike"), span("否 □", "strike"))),
    ("hidden", struck(span("是 □", "hidden"), span("否 □", "hidden"))),
    ("highlighted", looks(span("是 □", "yellow"), span("否 □", "yellow"))),
    ("red", looks(span("是 □", "red"), span("否 □", "red"))),
    ("text box over the box", (frame(text_box(p("√")), x="0.45cm", width="0.4cm") + "是□<text:s text:c='4'/>否□", frame(text_box(p("√")), x="1.7cm", width="0.4cm") + "是□<text:s text:c='4'/>否□", "是□ 否□")),
]  # fmt: skip
ANSWERS = ("yes", "no", "blank")
CASES = [
    pytest.param(form, ways, id=f"{kind}: {name}")
    for kind, form, table_ in (("rtf", rtf_form, RTF), ("odt", odt_form, ODT))
    for name, ways in table_
]


@pytest.mark.parametrize(("form", "ways"), CASES)
def test_each_way_of_marking_is_answered(form: object, ways: tuple[str, str, str]) -> None:
    for join in range(3):
        for member in range(3):
            (document,) = read(form(ways[join], ways[member]))  # type: ignore[operator]
            (found,) = find_forms(document, (SPEC,), "示例").forms
            assert found.value("unit") == "示例科技有限公司"
            assert [found.choices[one.id].answer for one in SPEC.choices] == [ANSWERS[join], ANSWERS[member]]
