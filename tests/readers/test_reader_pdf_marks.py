"""Every way in which a PDF form gets ticked, read by the judge: one row a kind, both answers of each."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_samples import (
    JOIN_Y,
    MEMBER_Y,
    OPTION_X,
    SPEC,
    PdfPage,
    cross,
    ellipse,
    form,
    pdf,
    square,
    tick,
    yes_no,
)

from intake import readers
from intake.answers import Choice
from intake.form import find_forms

EMPTY = "是□   否□"
WORDS = "是     否"
NOTHING = "<< /Type /XObject /Subtype /Form /BBox [0 0 10 10] /Length 0 >>\nstream\n\nendstream"


def choice(content: bytes, key: str = "join") -> Choice:
    (found,) = find_forms(readers.read(content, "form.pdf")[0], [SPEC], "form.pdf").forms
    return found.choices[key]


def other(answer: str) -> str:
    return "no" if answer == "yes" else "yes"


# ---- one function a kind: a page on which `answer` is chosen -----------------------------------------


def typed(glyph: str) -> Callable[[str], bytes]:
    def build(answer: str) -> bytes:
        join = f"是{glyph}   否□" if answer == "yes" else f"是□   否{glyph}"
        return pdf(form(join))

    return build


def over(glyph: str) -> Callable[[str], bytes]:
    """A glyph printed over the box of the other option's twin."""

    def build(answer: str) -> bytes:
        return pdf(form().text(yes_no(answer)[1] + 1, JOIN_Y + 1, glyph, size=10))

    return build


def symbol(font: str, ticked: str, empty: str) -> Callable[[str], bytes]:
    def build(answer: str) -> bytes:
        page = form(WORDS)
        for which in ("yes", "no"):
            page.text(yes_no(which)[1], JOIN_Y, ticked if which == answer else empty, font=font)
        return pdf(page)

    return build


def drawn(*strokes: Callable[[float, float], str]) -> Callable[[str], bytes]:
    """Squares drawn beside the options, and strokes over the chosen one."""

    def build(answer: str) -> bytes:
        page = form(WORDS)
        for which in ("yes", "no"):
            page.draw(square(yes_no(which)[1] + 1, JOIN_Y))
        for stroke in strokes:
            page.draw(stroke(yes_no(answer)[1] + 1, JOIN_Y))
        return pdf(page)

    return build


def drawn_over(stroke: Callable[[float, float], str]) -> Callable[[str], bytes]:
    """Strokes over a typed box."""

    def build(answer: str) -> bytes:
        return pdf(form().draw(stroke(yes_no(answer)[1] + 1, JOIN_Y)))

    return build


def rounds(answer: str) -> bytes:
    page = form(WORDS)
    for which in ("yes", "no"):
        x = yes_no(which)[1]
        page.draw(ellipse(x + 1, JOIN_Y, x + 11, JOIN_Y + 10))
    x = yes_no(answer)[1]
    return pdf(page.draw(ellipse(x + 4, JOIN_Y + 3, x + 8, JOIN_Y + 7).replace("h S", "h f")))


def ringed(answer: str) -> bytes:
    x = yes_no(answer)[0]
    return pdf(form(WORDS).draw(ellipse(x - 4, JOIN_Y - 5, x + 16, JOIN_Y + 14)))


def framed(answer: str) -> bytes:
    x = yes_no(answer)[0]
    return pdf(form(WORDS).draw(f"0.5 w {x - 1} {JOIN_Y - 2} 14 14 re S"))


def struck(answer: str) -> bytes:
    x = yes_no(other(answer))[0]
    return pdf(form(WORDS).draw(f"0.7 w {x - 1} {JOIN_Y + 4.5} m {x + 13} {JOIN_Y + 4.5} l S"))


def struck_by_rectangle(answer: str) -> bytes:
    x = yes_no(other(answer))[0]
    return pdf(form(WORDS).draw(f"{x} {JOIN_Y + 4} 12 0.6 re f"))


def marked(answer: str) -> bytes:
    """Highlighted: the colour lies under the words."""
    page = PdfPage().draw(f"1 1 0 rg {yes_no(answer)[0] - 1} {JOIN_Y - 3} 26 16 re f")
    page.content += form().content
    return pdf(page)


def marked_over(answer: str) -> bytes:
    """Highlighted by a colour that lets the words through."""
    return pdf(form().draw(f"/Half gs 1 1 0 rg {yes_no(answer)[0] - 1} {JOIN_Y - 3} 26 16 re f"))


def double_square(answer: str) -> bytes:
    page = form(WORDS)
    for which in ("yes", "no"):
        page.draw(square(yes_no(which)[1] + 1, JOIN_Y)).draw(square(yes_no(which)[1] + 1.5, JOIN_Y + 0.5, 9))
    return pdf(page.draw(tick(yes_no(answer)[1] + 1, JOIN_Y)))


def square_of_lines(answer: str) -> bytes:
    page = form(WORDS)
    for which in ("yes", "no"):
        x, y = yes_no(which)[1] + 1, JOIN_Y
        for line in ((x, y, x + 10, y), (x + 10, y, x + 10, y + 10), (x + 10, y + 10, x, y + 10), (x, y + 10, x, y)):
            page.draw(f"0.6 w {line[0]} {line[1]} m {line[2]} {line[3]} l S")
    return pdf(page.draw(tick(yes_no(answer)[1] + 1, JOIN_Y, 12)))


def check_boxes(answer: str) -> bytes:
    """Fields of a form; the file holds no appearance but the state."""
    fields = []
    for name, y, chosen in (("join", JOIN_Y, answer), ("member", MEMBER_Y, "")):
        for which in ("yes", "no"):
            x = yes_no(which)[1] + 1
            state = "/Yes" if which == chosen else "/Off"
            fields.append(
                f"<< /Type /Annot /Subtype /Widget /FT /Btn /T ({name}_{which}) /F 4 /Rect [{x} {y} {x + 10} {y + 10}] "
                f"/V {state} /AS {state} /MK << /CA (4) >> /AP << /N << /Yes 20 0 R /Off 20 0 R >> >> >>"
            )
    page = form(WORDS, WORDS)
    return pdf(
        page,
        fields=fields,
        objects=[NOTHING],
    )


def radio_buttons(answer: str) -> bytes:
    """One field with two buttons: its value is the name of the chosen one."""
    fields = []
    for which in ("yes", "no"):
        x = yes_no(which)[1] + 1
        state = f"/{which}" if which == answer else "/Off"
        fields.append(
            f"<< /Type /Annot /Subtype /Widget /FT /Btn /Ff 49152 /T (join_{which}) /F 4 "
            f"/Rect [{x} {JOIN_Y} {x + 10} {JOIN_Y + 10}] /V {state} /AS {state} "
            f"/AP << /N << /{which} 20 0 R /Off 20 0 R >> >> >>"
        )
    return pdf(
        form(WORDS),
        fields=fields,
        objects=[NOTHING],
    )


def drop_down(answer: str) -> bytes:
    x = OPTION_X
    chosen = "是" if answer == "yes" else "否"
    options = " ".join(f"<feff{word.encode('utf-16-be').hex()}>" for word in ("请选择", "是", "否"))
    field = (
        f"<< /Type /Annot /Subtype /Widget /FT /Ch /Ff 131072 /T (join) /F 4 "
        f"/Rect [{x} {JOIN_Y - 4} {x + 60} {JOIN_Y + 14}] "
        f"/Opt [{options}] /V <feff{chosen.encode('utf-16-be').hex()}> /DA (/Helv 10 Tf 0 g) >>"
    )
    return pdf(form(""), fields=[field])


def text_field(answer: str) -> bytes:
    """A small text field used as a box: the unit typed √ into it."""
    fields = []
    page = form(WORDS)
    for which in ("yes", "no"):
        x = yes_no(which)[1] + 1
        page.draw(square(x, JOIN_Y, 12))
        value = "<feff221a>" if which == answer else "()"
        fields.append(
            f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (join_{which}) /F 4 "
            f"/Rect [{x} {JOIN_Y} {x + 12} {JOIN_Y + 12}] /V {value} /DA (/Helv 10 Tf 0 g) >>"
        )
    return pdf(page, fields=fields)


def pen(answer: str) -> bytes:
    """A tick written on a tablet."""
    x, y = yes_no(answer)[1] + 1, JOIN_Y
    path = f"{x} {y + 5} {x + 2} {y + 2} {x + 3} {y} {x + 6} {y + 4} {x + 9} {y + 9} {x + 13} {y + 13}"
    return pdf(form().annotate(f"/Subtype /Ink /F 4 /Rect [{x} {y} {x + 13} {y + 13}] /InkList [[{path}]] /C [1 0 0]"))


def pen_ring(answer: str) -> bytes:
    """A ring drawn by hand round the word."""
    x, y = yes_no(answer)[0] + 6, JOIN_Y + 4
    path = " ".join(f"{x + 12 * cos(a * pi / 10):.1f} {y + 9 * sin(a * pi / 10):.1f}" for a in range(20))
    return pdf(
        form(WORDS).annotate(f"/Subtype /Ink /F 4 /Rect [{x - 12} {y - 9} {x + 12} {y + 9}] /InkList [[{path}]]")
    )


def comment(subtype: str, chosen: bool, *, box: bool = False) -> Callable[[str], bytes]:
    """A marker or strike-out of a PDF program on the chosen or the other option."""

    def build(answer: str) -> bytes:
        x = yes_no(answer if chosen else other(answer))[0]
        left, bottom, right, top = x - 1, JOIN_Y - 2, x + (25 if box else 13), JOIN_Y + 12
        quad = f"/QuadPoints [{left} {top} {right} {top} {left} {bottom} {right} {bottom}]"
        return pdf(
            form(EMPTY if box else WORDS).annotate(
                f"/Subtype /{subtype} /F 4 /Rect [{left} {bottom} {right} {top}] {quad}"
            )
        )

    return build


def typewriter(answer: str) -> bytes:
    """√ put over the box with the typewriter of a PDF program."""
    x, y = yes_no(answer)[1], JOIN_Y
    return pdf(
        form().annotate(
            f"/Subtype /FreeText /F 4 /Rect [{x} {y - 2} {x + 13} {y + 13}] /Contents <feff221a> /DA (0 g /Helv 12 Tf)"
        )
    )


KINDS: dict[str, Callable[[str], bytes]] = {
    "typed ☑": typed("☑"),
    "typed √": typed("√"),
    "typed ■": typed("■"),
    "√ over the box": over("√"),
    "× over the box": over("×"),
    "ZapfDingbats": symbol("Zapf", "4", "o"),
    "Wingdings": symbol("Wing", "\xfe", "\xa8"),
    "tick in a square": drawn(tick),
    "cross in a square": drawn(cross),
    "filled square": drawn(lambda x, y: f"{x + 1} {y + 1} 8 8 re f"),
    "large tick over a square": drawn(lambda x, y: tick(x - 1, y, 16)),
    "solid tick in a square": drawn(
        lambda x, y: f"{x} {y + 5} m {x + 4} {y + 2} l {x + 10} {y + 10} l {x + 4} {y} l h f"
    ),
    "tick over a typed box": drawn_over(tick),
    "cross over a typed box": drawn_over(cross),
    "round with a dot": rounds,
    "ring round the word": ringed,
    "border round the word": framed,
    "other struck": struck,
    "other struck by a thin rectangle": struck_by_rectangle,
    "highlight under": marked,
    "highlight over": marked_over,
    "square drawn twice": double_square,
    "square of four lines": square_of_lines,
    "check boxes": check_boxes,
    "radio buttons": radio_buttons,
    "drop-down": drop_down,
    "√ in a text field": text_field,
    "pen": pen,
    "pen ring": pen_ring,
    "highlight comment": comment("Highlight", True, box=True),
    "strike-out comment": comment("StrikeOut", False),
    "circle comment": comment("Circle", True),
    "square comment": comment("Square", True),
    "typewriter comment": typewriter,
}


@pytest.mark.parametrize("answer", ["yes", "no"])
@pytest.mark.parametrize("kind", KINDS)
def test_answer(kind: str, answer: str) -> None:
    found = choice(KINDS[kind](answer))
    assert found.answer == answer, found.evidence
    assert choice(KINDS[kind](answer), "member").answer == "blank"


@settings(max_examples=80)
@given(
    st.sampled_from(["yes", "no"]),
    st.booleans(),
    st.sampled_from([tick, cross]),
    st.floats(-3, 3),
    st.floats(-3, 3),
    st.floats(7, 18),
)
def test_careless_strokes_are_never_read_as_the_other(
    answer: str, typed_box: bool, stroke: Callable[[float, float, float], str], right: float, up: float, size: float
) -> None:
    page = form(EMPTY if typed_box else WORDS)
    for which in ("yes", "no"):
        if not typed_box:
            page.draw(square(yes_no(which)[1] + 1, JOIN_Y))
    page.draw(stroke(yes_no(answer)[1] + 1 + right, JOIN_Y + up, size))
    assert choice(pdf(page)).answer in (answer, "unclear")


@settings(max_examples=80)
@given(st.sampled_from(["yes", "no"]), st.floats(-2, 2), st.floats(-2, 2), st.floats(7, 13))
def test_plain_ticks_are_read(answer: str, right: float, up: float, size: float) -> None:
    page = form().draw(tick(yes_no(answer)[1] + 1 + right, JOIN_Y + up, size))
    assert choice(pdf(page)).answer == answer
