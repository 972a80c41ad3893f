"""PDF pages as programs write them: what is read where, what is not seen, and files that are no form at all."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence

import pytest
from pdf_samples import (
    CONTACT,
    HEIGHT,
    JOIN_Y,
    MEMBER_Y,
    MIDDLE,
    OPTION_X,
    ROW,
    SPEC,
    TOP,
    UNIT,
    WIDTH,
    PdfPage,
    form,
    pdf,
    square,
    tick,
    yes_no,
)
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from intake import readers
from intake.answers import Form
from intake.document import Box, Document, Remark, pieces_of
from intake.errors import Damaged, Encrypted, NoOcr, Unreadable, Unsupported
from intake.form import find_forms

TICKED = "是√   否□"


def read(content: bytes) -> Document:
    (document,) = readers.read(content, "form.pdf")
    return document


def only_form(content: bytes) -> Form:
    (found,) = find_forms(read(content), [SPEC], "form.pdf").forms
    return found


def values(found: Form) -> tuple[str, ...]:
    return tuple(found.value(key) for key in ("unit", "contact", "mobile", "email"))


WANTED = (UNIT, CONTACT, "13800000000", "sample@example.com")


def turned(turns: int) -> bytes:
    page = form(TICKED)
    page.entries = f"/Rotate {90 * turns}"
    return pdf(page)


def cropped() -> bytes:
    """The page shows a part of the media; what lies outside is not seen."""
    page = form(TICKED).text(20, 20, "单位名称：看不见的单位")
    page.entries = f"/CropBox [40 40 {WIDTH - 20} {HEIGHT - 20}]"
    return pdf(page)


def shuffled() -> bytes:
    page = form(TICKED)
    random.Random(3).shuffle(page.content)
    return pdf(page)


def single_characters() -> bytes:
    """Every character placed on its own, from the last to the first."""
    page = form("", "")
    for base, text in ((JOIN_Y, TICKED), (MEMBER_Y, "是□   否□")):
        x = float(OPTION_X)
        spots = []
        for character in text:
            spots.append((x, character))
            x += 6 if character == " " else 12
        for place, character in reversed(spots):
            page.text(place, base, character)
    return pdf(page)


def without_outer_lines() -> bytes:
    page = form(TICKED, ruled=False)
    for number in range(7):
        page.draw(f"0.5 w 60 {TOP - number * ROW} m 540 {TOP - number * ROW} l S")
    return pdf(page.draw(f"0.5 w {MIDDLE} {TOP - 6 * ROW} m {MIDDLE} {TOP} l S"))


def thin_rectangles() -> bytes:
    """The lines as Word prints them: filled rectangles of half a point, one for each side of each cell."""
    page = form(TICKED, ruled=False)
    for row in range(7):
        for left, right in ((60, MIDDLE), (MIDDLE, 540)):
            page.draw(f"{left} {TOP - row * ROW} {right - left} 0.48 re f")
    for row in range(6):
        for x in (60, MIDDLE, 540):
            page.draw(f"{x} {TOP - (row + 1) * ROW} 0.48 {ROW} re f")
    return pdf(page)


def unruled() -> bytes:
    return pdf(form(TICKED, ruled=False))


def over_two_pages() -> bytes:
    whole = form(TICKED)
    first, second = PdfPage(), PdfPage()
    first.content = [line for line in whole.content if "m " in line or "l S" in line or "<" in line]
    second.text(66, 700, "说明：本表一式两份。")
    return pdf(first, second)


@pytest.mark.parametrize(
    "content",
    [
        pdf(form(TICKED)),
        turned(1),
        turned(2),
        turned(3),
        cropped(),
        shuffled(),
        single_characters(),
        without_outer_lines(),
        thin_rectangles(),
        unruled(),
        over_two_pages(),
    ],
    ids=["plain", "90", "180", "270", "cropped", "shuffled", "characters", "open", "thin", "unruled", "two pages"],
)
def test_same_form(content: bytes) -> None:
    found = only_form(content)
    assert values(found) == WANTED
    assert (found.choices["join"].answer, found.choices["member"].answer) == ("yes", "blank")


# ---- what no person sees ------------------------------------------------------------------------------


def hidden_layer() -> bytes:
    """The tick at 是 belongs to a layer that is switched off."""
    page = form()
    page.content.append("/OC /Off BDC")
    page.draw(tick(yes_no("yes")[1] + 1, JOIN_Y))
    page.content.append("EMC")
    content = pdf(page, catalog="/OCProperties << /OCGs [20 0 R] /D << /OFF [20 0 R] >> >>", objects=[
        "<< /Type /OCG /Name (Off) >>"
    ])  # fmt: skip
    return content.replace(b"/XObject << /X20 20 0 R >>", b"/Properties << /Off 20 0 R >>")


def widget(entries: str) -> str:
    return f"<< /Type /Annot /Subtype /Widget /DA (/Helv 10 Tf 0 g) {entries} >>"


def drawing(content: str, entries: str = "") -> str:
    """A form XObject."""
    head = f"<< /Type /XObject /Subtype /Form /BBox [0 0 10 10] {entries} /Length {len(content)} >>"
    return f"{head}\nstream\n{content}\nendstream"


UNSEEN = {
    "render mode 3": pdf(form().text(yes_no("yes")[1] + 1, JOIN_Y, "√", extra="3 Tr")),
    "white": pdf(form().draw("1 1 1 rg").text(yes_no("yes")[1] + 1, JOIN_Y, "√", extra="1 1 1 rg")),
    "painted over": pdf(
        PdfPage(
            [
                *PdfPage().text(yes_no("yes")[1] + 14, JOIN_Y, "√").content,
                f"q 1 1 1 rg {OPTION_X - 4} {JOIN_Y - 4} 120 20 re f Q",
                *form().content,
            ]
        )
    ),
    "hidden layer": hidden_layer(),
    "hidden field": pdf(
        form(),
        fields=[widget(f"/FT /Tx /T (x) /F 2 /V <feff221a> /Rect [{OPTION_X} {JOIN_Y} {OPTION_X + 60} {JOIN_Y + 12}]")],
    ),
}


@pytest.mark.parametrize("kind", UNSEEN)
def test_unseen(kind: str) -> None:
    assert only_form(UNSEEN[kind]).choices["join"].answer == "blank"


# ---- doubt --------------------------------------------------------------------------------------------


def half_way() -> bytes:
    """A tick between the two boxes."""
    return pdf(form("是□否□").draw(tick(OPTION_X + 25, JOIN_Y)))


DOUBTFUL = {
    "half-way": half_way(),
    "in the gap": pdf(form("是□        否□").draw(tick(OPTION_X + 43, JOIN_Y))),
    "both": pdf(form().draw(tick(yes_no("yes")[1], JOIN_Y)).draw(tick(yes_no("no")[1], JOIN_Y))),
    "scrawl over a word": pdf(
        form("是     否").draw(f"1 w {OPTION_X} {JOIN_Y + 9} m {OPTION_X + 12} {JOIN_Y - 2} l S")
    ),
    "field at odds with its picture": pdf(
        form("是     否"),
        fields=[
            widget(
                f"/FT /Btn /T (a) /F 4 /Rect [{OPTION_X + 13} {JOIN_Y} {OPTION_X + 23} {JOIN_Y + 10}]"
                " /V /Yes /AS /Off /AP << /N << /Yes 20 0 R /Off 20 0 R >> >>"
            )
        ],
        objects=[drawing("")],
    ),
}


@pytest.mark.parametrize("kind", DOUBTFUL)
def test_doubtful(kind: str) -> None:
    assert only_form(DOUBTFUL[kind]).choices["join"].answer == "unclear"


# ---- the parts of a page ------------------------------------------------------------------------------


def test_fields_give_their_text() -> None:
    fields = []
    for number, value in enumerate(WANTED):
        top = TOP - number * ROW
        place = f"/Rect [{MIDDLE + 4} {top - 26} 536 {top - 4}]"
        fields.append(widget(f"/FT /Tx /T (v{number}) /F 4 {place} /V <feff{value.encode('utf-16-be').hex()}>"))
    page = PdfPage()
    for line in form(TICKED).content:
        keep = not any(value.encode("utf-16-be").hex() in line for value in WANTED)
        page.content += [line] if keep else []
    assert values(only_form(pdf(page, fields=fields))) == WANTED


def test_note_is_a_remark() -> None:
    page = form(TICKED).annotate(
        f"/Subtype /Text /F 4 /Rect [{OPTION_X + 90} {JOIN_Y - 4} {OPTION_X + 106} {JOIN_Y + 12}] "
        f"/Contents <feff{'改为否'.encode('utf-16-be').hex()}>"
    )
    found = [piece for block in read(pdf(page)).blocks for piece in pieces_of(block) if isinstance(piece, Remark)]
    assert found == [Remark("改为否")]


def test_comb_of_squares_is_no_box() -> None:
    """A number written into squares that touch one another."""
    page = PdfPage().text(60, 700, "手机号码")
    for place, digit in enumerate("13800000000"):
        page.draw(square(130 + 14 * place, 697, 14)).text(134 + 14 * place, 700, digit)
    document = read(pdf(page))
    assert not [piece for block in document.blocks for piece in pieces_of(block) if isinstance(piece, Box)]
    assert "".join(document.text.split()) == "手机号码13800000000"


def test_long_unit_wraps_within_its_cell() -> None:
    page = form(TICKED, unit="")
    page.text(MIDDLE + 6, TOP - 13, "北京东西南北东西南北东西南北东西南样例", size=12)
    page.text(MIDDLE + 6, TOP - 27, "知识产权研究院", size=12)
    assert only_form(pdf(page)).value("unit") == "北京东西南北东西南北东西南北东西南样例知识产权研究院"


def test_two_numbers_below_one_another_stay_two() -> None:
    page = PdfPage().draw("60 600 300 100 re S 160 600 m 160 700 l S 60 650 m 360 650 l S")
    page.text(66, 670, "手机号码").text(166, 680, "13800000000").text(166, 660, "13900000000")
    assert "13800000000\n13900000000" in read(pdf(page)).text


def test_prose_in_two_columns_is_read_by_column() -> None:
    page = PdfPage()
    for line in range(6):
        page.text(60, 700 - 16 * line, "左栏的文字左栏的文字左栏的文字左")
        page.text(320, 700 - 16 * line, "右栏的文字右栏的文字右栏的文字右")
    text = read(pdf(page)).text
    assert text.index("右栏") > text.rindex("左栏")


def test_watermark_is_left_out() -> None:
    page = form(TICKED)
    page.content.append("BT 0.7 0.7 -0.7 0.7 200 300 Tm /F1 60 Tf <" + "样本".encode("utf-16-be").hex() + "> Tj ET")
    assert "样本" not in read(pdf(page)).text


def test_thousands_of_pages() -> None:
    document = read(pdf(form(TICKED), *(PdfPage().text(60, 700, "空白") for _ in range(300))))
    assert document.notes == ("only 60 of 301 pages read",)


def picture(rows: Sequence[str]) -> str:
    """A grey picture of rows of # and blanks."""
    data = "".join("\x10" if dot == "#" else "\xff" for row in rows for dot in row)
    head = f"/Width {len(rows[0])} /Height {len(rows)} /ColorSpace /DeviceGray /BitsPerComponent 8"
    return f"<< /Type /XObject /Subtype /Image {head} /Length {len(data)} >>\nstream\n{data}\nendstream"


TICK_PICTURE = picture(
    [
        "                  ##",
        "                 ## ",
        "                ##  ",
        "               ##   ",
        "              ##    ",
        "             ##     ",
        " ##         ##      ",
        "  ##       ##       ",
        "   ##     ##        ",
        "    ##   ##         ",
        "     ## ##          ",
        "      ###           ",
    ]
)


@pytest.mark.parametrize("answer", ["yes", "no"])
@pytest.mark.parametrize("join", ["是     否", "是□   否□"])
def test_picture_of_a_tick(answer: str, join: str) -> None:
    page = form(join)
    page.draw(f"14 0 0 9 {yes_no(answer)[1]} {JOIN_Y} cm /X20 Do")
    page.draw(f"60 0 0 60 {OPTION_X + 120} {JOIN_Y - 30} cm /X20 Do")  # a logo
    assert only_form(pdf(page, objects=[TICK_PICTURE])).choices["join"].answer == answer


# ---- scans and hostile files ----------------------------------------------------------------------------

GREY = (
    "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    "\nstream\n\x80\nendstream"
)


@pytest.mark.parametrize("words", [[], ["3 Tr"]], ids=["picture", "picture over recognised text"])
def test_scanned_page_needs_recognition(words: list[str]) -> None:
    page = PdfPage().draw(f"{WIDTH} 0 0 {HEIGHT} 0 0 cm /X20 Do")
    for extra in words:
        page.text(60, 700, "单位名称北京样例科技有限公司联系人姓名张三", extra=extra)
    with pytest.raises(NoOcr):
        readers.read(pdf(page, objects=[GREY]), "scan.pdf")


def test_letters_drawn_as_outlines_need_recognition() -> None:
    page = PdfPage()
    for spot in range(300):
        x, y = 60 + 12 * (spot % 30), 700 - 20 * (spot // 30)
        page.draw(f"{x} {y} m {x + 4} {y + 9} l {x + 9} {y + 2} l {x + 3} {y + 4} l f")
    with pytest.raises(NoOcr):
        read(pdf(page))


def test_password() -> None:

    def made(user: str) -> bytes:
        held = io.BytesIO()
        canvas = Canvas(held, encrypt=StandardEncryption(user, ownerPassword="owner"))
        canvas.drawString(72, 720, "sample")
        canvas.save()
        return held.getvalue()

    with pytest.raises(Encrypted):
        read(made("secret"))
    assert "sample" in read(made("")).text


def test_form_that_only_adobe_shows() -> None:
    with pytest.raises(Unsupported):
        read(pdf(form(TICKED), catalog="/NeedsRendering true /AcroForm << /XFA (x) /Fields [] >>"))
    with pytest.raises(Unsupported):
        read(pdf(PdfPage().text(60, 700, "Please wait... If this message is not replaced", font="Helv")))


def test_file_without_its_end_is_damaged() -> None:
    content = pdf(form(TICKED), PdfPage().text(60, 700, "页" * 3000))
    with pytest.raises(Damaged):
        read(content[:-9000])


def cut(content: bytes, seed: int) -> bytes:
    return content[: seed * len(content) // 60]


def overwritten(content: bytes, seed: int) -> bytes:
    return content[: 37 * seed] + b"\0" * 50 + content[37 * seed + 50 :]


def flipped(content: bytes, seed: int) -> bytes:
    spots = random.Random(seed)
    held = bytearray(content)
    for _ in range(12):
        held[spots.randrange(8, len(held))] ^= 1 << spots.randrange(8)
    return bytes(held)


@pytest.mark.parametrize("damaged", [cut, flipped, overwritten])
def test_damaged_files_raise_nothing_else(damaged: Callable[[bytes, int], bytes]) -> None:
    content = pdf(form(TICKED).annotate("/Subtype /Ink /Rect [1 1 9 9] /InkList [[1 1 5 5 9 1]]"))
    for seed in range(60):
        try:
            readers.read(damaged(content, seed), "form.pdf")
        except Unreadable:
            continue


def test_drawings_within_drawings_end() -> None:
    """A drawing that holds itself, and one that holds six of the next, five times over."""
    loop = drawing("/X20 Do", "/Resources << /XObject << /X20 20 0 R >> >>")
    assert read(pdf(form(TICKED).draw("/X20 Do"), objects=[loop])).blocks
    bombs = [drawing("/N Do " * 6, f"/Resources << /XObject << /N {21 + level} 0 R >> >>") for level in range(5)]
    assert read(pdf(form(TICKED).draw("/X20 Do"), objects=[*bombs, drawing("")])).blocks


def test_huge_page() -> None:
    page = form(TICKED)
    page.entries = "/UserUnit 1000 /MediaBox [0 0 20000000 20000000]"
    content = pdf(page).replace(b"/MediaBox [0 0 595 842]", b"")
    assert only_form(content).choices["join"].answer == "yes"


def test_a_hyphen_with_which_a_line_ends_is_kept() -> None:
    """PDFium gives a sign of its own for it; in an address it is a letter like any other."""
    page = PdfPage().text(100, 700, "zhang-").text(100, 688, "san@example.org")
    assert "".join(read(pdf(page)).text.split()) == "zhang-san@example.org"
