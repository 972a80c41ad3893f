# ruff: noqa: E501 (a Chinese character counts two columns; the tables of samples read better in long lines)
"""Options chosen or rejected by looks alone, in both directions."""

from __future__ import annotations

import pytest
from form_builders import JOIN, judged, looking

from intake.document import Box, Remark, Text
from intake.form.choices import judge_columns

CHOOSING = ("highlighted", "shaded", "underlined", "bold", "coloured", "bordered")


@pytest.mark.parametrize("name", CHOOSING)
@pytest.mark.parametrize(("before", "after"), [("", " □"), ("□ ", ""), ("", "")])
@pytest.mark.parametrize("way", ["yes", "no"])
def test_the_only_option_set_apart_is_chosen(name: str, before: str, after: str, way: str) -> None:
    yes: Text | str = looking("是", name) if way == "yes" else "是"
    no: Text | str = looking("否", name) if way == "no" else "否"
    assert judged([before, yes, after, "    ", before, no, after]).answer == way


@pytest.mark.parametrize("way", ["yes", "no"])
def test_bold_and_underlined_together(way: str) -> None:
    set_apart = ("bold", "underlined")
    yes = looking("是 □", *set_apart) if way == "yes" else Text("是 □")
    no = looking("否 □", *set_apart) if way == "no" else Text("否 □")
    assert judged([yes, "    ", no]).answer == way


@pytest.mark.parametrize(
    ("bits", "answer"),
    [
        (["是 ", looking("   √   ", "underlined"), " 否 ", looking("       ", "underlined")], "yes"),
        (["是 ", looking("       ", "underlined"), " 否 ", looking("   √   ", "underlined")], "no"),
        ([looking("   √   ", "underlined"), " 是 ", looking("       ", "underlined"), "否"], "yes"),
        (["是 ", looking("       ", "underlined"), " 否 ", looking("       ", "underlined")], "blank"),
    ],
)
def test_a_tick_on_one_of_the_underlined_blanks(bits: list[str | Text | Box | Remark], answer: str) -> None:
    assert judged(bits).answer == answer


@pytest.mark.parametrize("name", CHOOSING)
def test_looks_that_both_options_share_say_nothing(name: str) -> None:
    assert judged([looking("是 □    否 □", name)]).answer == "blank"


@pytest.mark.parametrize("bits", [["是 □    ", looking("否 □", "faint")], [looking("是", "faint"), " / 否"]])
def test_a_faint_option_is_not_the_chosen_one(bits: list[str | Text | Box | Remark]) -> None:
    assert judged(bits).answer == "unclear"


def test_faint_print_is_outweighed_by_a_tick_and_by_red() -> None:
    assert judged(["是 √    ", looking("否 □", "faint")]).answer == "yes"
    assert judged([looking("是", "coloured"), " □    ", looking("否", "faint"), " □"]).answer == "yes"
    assert judged([looking("是 □    否 □", "faint")]).answer == "blank"


def test_options_set_apart_in_different_ways_are_unclear() -> None:
    assert judged([looking("是", "bold"), " □   ", looking("否", "underlined"), " □"]).answer == "unclear"


@pytest.mark.parametrize(
    ("bits", "answer"),
    [
        (["是 □    ", looking("否 □", "struck")], "yes"),
        ([looking("是 □", "struck"), "    否 □"], "no"),
        (["是 / ", looking("否", "struck")], "yes"),
        ([looking("是", "struck"), " / 否"], "no"),
        ([looking("是", "struck"), " □   否 □"], "no"),
        ([looking("是 □    否 □", "struck")], "unclear"),
        ([looking("是 √", "struck"), "    否 □"], "unclear"),
        (["是 √    ", looking("否 □", "struck")], "yes"),
        ([looking("是 □", "struck"), "    否 √"], "no"),
        ([looking("是", "struck")], "unclear"),
        ([looking("是 □", "struck"), "    否 □  愿意"], "unclear"),
    ],
)
def test_struck_options_are_rejected(bits: list[str | Text | Box | Remark], answer: str) -> None:
    assert judged(bits).answer == answer


def test_a_tick_outweighs_bold_print() -> None:
    assert judged([looking("是", "bold"), " □    否 √"]).answer == "no"


def test_a_tick_against_a_highlight_is_unclear() -> None:
    assert judged([looking("是", "highlighted"), " □    否 √"]).answer == "unclear"


def test_a_circle_around_an_option_chooses_it() -> None:
    assert judged("是\u20dd    否").answer == "yes"
    assert judged("是    否\u20dd").answer == "no"


COLUMNS = (
    (("√", ""), "yes"), (("", "√"), "no"), (("☑", "☐"), "yes"), (("☐", "☑"), "no"), (("是", ""), "yes"), (("", "否"), "no"), (("√", "×"), "yes"),
    (("×", "√"), "no"), (("√", "√"), "unclear"), (("", ""), "blank"), (("×", ""), "unclear"), (("/", "√"), "no"), (("V", ""), "yes"), (("1", ""), "yes"),
    (("待定", ""), "unclear"), (("否", ""), "unclear"), (("□", "■"), "no"), (("●", ""), "yes"), (("", "✓"), "no"), (("—", "—"), "blank"),
)  # fmt: skip


@pytest.mark.parametrize(("cells", "answer"), COLUMNS)
def test_columns_headed_by_the_options(cells: tuple[str, str], answer: str) -> None:
    columns = [(word, (Text(text),)) for word, text in zip(("是", "否"), cells, strict=True)]
    assert judge_columns(JOIN, columns, place="第6行").answer == answer
