"""PDF files made by hand for the tests: a form on a page, and what people put over it.

Coordinates are points with y upwards, as in the files; Chinese stands in the unembedded font STSong-Light.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from intake.campaign import FormSpec
from intake.campaign_file import parse_campaign

ROOT = Path(__file__).resolve().parents[2]
SPEC: FormSpec = parse_campaign(
    tomllib.loads((ROOT / "templates" / "cipoa-2016" / "campaign.toml").read_text("utf-8"))
).form
WIDTH, HEIGHT = 595, 842
SIZE = 12
LEFT, MIDDLE, RIGHT = 60, 300, 540  # the upright lines of the form
OPTION_X = 330  # where 是 stands
ROW = 30
TOP = 720
UNIT, CONTACT = "北京样例科技有限公司", "张三"
QUESTIONS = ("是否愿意加入首都知识产权运营联盟", "是否愿意成为首都知识产权服务业协会会员")
ROWS = (("单位名称", UNIT), ("联系人姓名", CONTACT), ("手机号码", "13800000000"), ("电子邮箱", "sample@example.com"))
JOIN_Y = TOP - ROW * len(ROWS) - 20  # the base line of the first question
MEMBER_Y = JOIN_Y - ROW


@dataclass
class PdfPage:
    """One page: its content stream, its annotations and the entries of its dictionary."""

    content: list[str] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    entries: str = ""

    def text(self, x: float, y: float, text: str, *, size: float = SIZE, font: str = "F1", extra: str = "") -> PdfPage:
        shown = text.encode("utf-16-be").hex() if font == "F1" else text.encode("latin-1").hex()
        self.content.append(f"BT {extra} /{font} {size} Tf {x} {y} Td <{shown}> Tj ET")
        return self

    def draw(self, operators: str) -> PdfPage:
        self.content.append(f"q {operators} Q")
        return self

    def annotate(self, entries: str) -> PdfPage:
        self.annotations.append(f"<< /Type /Annot {entries} >>")
        return self


def pdf(*pages: PdfPage, fields: Sequence[str] = (), catalog: str = "", objects: Sequence[str] = ()) -> bytes:
    """The file. `fields` are widget dictionaries of the first page, `objects` further ones, numbered from 20."""
    numbered: dict[int, str] = {
        3: "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        4: "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500 814 939 500] "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R >>",
        5: "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        6: "<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>",
        7: "<< /Type /Font /Subtype /TrueType /BaseFont /Wingdings /FirstChar 0 /LastChar 255 "
        f"/Widths [{'900 ' * 256}] /FontDescriptor 8 0 R >>",
        8: "<< /Type /FontDescriptor /FontName /Wingdings /Flags 4 /FontBBox [0 -211 1359 899] /ItalicAngle 0 "
        "/Ascent 899 /Descent -211 /CapHeight 700 /StemV 80 >>",
        9: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        **{20 + number: text for number, text in enumerate(objects)},
    }
    kids, at = [], 100
    for number, page in enumerate(pages):
        stream = "\n".join(page.content).encode("latin-1")
        numbered[at + 1] = f"<< /Length {len(stream)} >>\nstream\n{stream.decode('latin-1')}\nendstream"
        own = [*page.annotations, *(fields if number == 0 else ())]
        widgets = []
        for offset, entries in enumerate(own):
            numbered[at + 2 + offset] = entries
            widgets.append(f"{at + 2 + offset} 0 R")
        numbered[at] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] {page.entries} /Contents {at + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R /Zapf 6 0 R /Wing 7 0 R /Helv 9 0 R >> /ExtGState << /Half << /ca 0.4 >> "
            f">> /XObject << {' '.join(f'/X{20 + i} {20 + i} 0 R' for i in range(len(objects)))} >> >> "
            f"/Annots [{' '.join(widgets)}] >>"
        )
        if number == 0 and fields:
            first = len(page.annotations)
            catalog += f" /AcroForm << /Fields [{' '.join(widgets[first:])}] /DR << /Font << /Helv 9 0 R >> >> >>"
        kids.append(f"{at} 0 R")
        at += 100
    numbered[1] = f"<< /Type /Catalog /Pages 2 0 R {catalog} >>"
    numbered[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(pages)} >>"
    return _file(numbered)


def _file(numbered: dict[int, str]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number in sorted(numbered):
        places[number] = len(out)
        out += f"{number} 0 obj\n{numbered[number]}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {max(numbered) + 1}\n0000000000 65535 f \n".encode()
    for number in range(1, max(numbered) + 1):
        out += f"{places[number]:010d} 00000 n \n".encode() if number in places else b"0000000000 65535 f \n"
    return bytes(out + f"trailer << /Size {max(numbered) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())


def form(join: str = "是□   否□", member: str = "是□   否□", *, unit: str = UNIT, ruled: bool = True) -> PdfPage:
    """The form with its answers as text at OPTION_X; characters are SIZE wide, spaces half of it."""
    page = PdfPage()
    page.text(180, 780, "首都知识产权运营联盟入盟意向书", size=18)
    rows = [(ROWS[0][0], unit), *ROWS[1:], (QUESTIONS[0], join), (QUESTIONS[1], member)]
    for number, (label, value) in enumerate(rows):
        base = TOP - number * ROW - 20
        page.text(LEFT + 6, base, label)
        if value:
            page.text(OPTION_X, base, value)
    if ruled:
        bottom = TOP - len(rows) * ROW
        for number in range(len(rows) + 1):
            page.draw(f"0.5 w {LEFT} {TOP - number * ROW} m {RIGHT} {TOP - number * ROW} l S")
        for x in (LEFT, MIDDLE, RIGHT):
            page.draw(f"0.5 w {x} {bottom} m {x} {TOP} l S")
    return page


def tick(x: float, y: float, size: float = 10) -> str:
    """The strokes of a tick in the square with its lower left corner at x, y."""
    return f"1 w {x} {y + 0.5 * size} m {x + 0.35 * size} {y} l {x + size} {y + size} l S"


def cross(x: float, y: float, size: float = 10) -> str:
    return f"1 w {x} {y} m {x + size} {y + size} l {x} {y + size} m {x + size} {y} l S"


def square(x: float, y: float, size: float = 10) -> str:
    return f"0.6 w {x} {y} {size} {size} re S"


def ellipse(left: float, bottom: float, right: float, top: float) -> str:
    """A closed ring of four curves."""
    x, y, a, b = (left + right) / 2, (bottom + top) / 2, (right - left) / 2, (top - bottom) / 2
    k = 0.5523
    return (
        f"1 w {x + a} {y} m {x + a} {y + k * b} {x + k * a} {y + b} {x} {y + b} c "
        f"{x - k * a} {y + b} {x - a} {y + k * b} {x - a} {y} c {x - a} {y - k * b} {x - k * a} {y - b} {x} {y - b} c "
        f"{x + k * a} {y - b} {x + a} {y - k * b} {x + a} {y} c h S"
    )


def yes_no(answer: str) -> tuple[float, float]:
    """Left edges of the option's word and of its box in the text 是□   否□."""
    first = OPTION_X if answer == "yes" else OPTION_X + 2 * SIZE + 3 * SIZE / 2
    return first, first + SIZE
