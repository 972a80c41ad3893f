"""A filled form as LibreOffice prints it, with what the layout saw drawn over it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from sample_forms import Missing, hits_of, judged, samples
from typesetting import BLUE, GREEN, GREY, INK, ORANGE, STATES, VERDICTS, Plate

from intake.document import Box, Cell, Document, Piece, Table, Text, pieces_of
from intake.form.glyphs import glyph_kind
from intake.readers import read

SCALE = 2.0
EDGE, TOP = 128, 132  # pixels left and above of the form that are cut off
COLUMNS = (1900, 2700, 1500, 2500)  # widths in twentieths of a point
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
SET_OUT = {
    "<w:tblPr/>": f"<w:tblPr><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPr>",
    "<w:tblGrid/>": "<w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in COLUMNS) + "</w:tblGrid>",
    "<w:tr>": '<w:tr><w:trPr><w:trHeight w:val="720"/></w:trPr>',
    "</w:tcPr>": '<w:vAlign w:val="center"/></w:tcPr>',
    "<w:rPr></w:rPr>": '<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/></w:rPr>',
}
Rectangle = tuple[float, float, float, float]


def form_picture(path: Path) -> None:
    join = samples.run("是 ") + samples.control(True) + samples.run("    否 ") + samples.control(False)
    table = samples.form_table(samples.values(1), join, "是 √    否 □（待定）")
    for plain, set_out in SET_OUT.items():
        table = table.replace(plain, set_out)
    content = samples.docx(samples.p(samples.TITLE) + samples.p("") + table)
    (document,) = read(content)
    image, characters = rendered(content)
    plate = Plate(900, 580)
    plate.image.paste(image.crop((EDGE, TOP, EDGE + 900, TOP + 530)), (0, 0))
    overlay(plate, document, located(document, characters), judged("form.docx", content))
    plate.save(path)


def rendered(content: bytes) -> tuple[Any, list[tuple[str, Rectangle]]]:
    """The first page as a picture, and its visible characters with their places, in the order of the file."""
    import pypdfium2

    program = shutil.which("soffice")
    if program is None:
        raise Missing("soffice (LibreOffice)")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "form.docx").write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        order = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, f"{folder}/form.docx"]
        subprocess.run(order, check=True, capture_output=True, timeout=120)
        page = pypdfium2.PdfDocument((Path(folder) / "form.pdf").read_bytes())[0]
    text, high = page.get_textpage(), page.get_height()
    found = []
    for at, char in enumerate(text.get_text_range()):
        if not char.isspace():
            left, bottom, right, top = text.get_charbox(at, loose=True)
            found.append((char, (left * SCALE, (high - top) * SCALE, right * SCALE, (high - bottom) * SCALE)))
    return page.render(scale=SCALE).to_pil(), found


Places = dict[int, list[tuple[str, Rectangle]]]


def located(document: Document, characters: Sequence[tuple[str, Rectangle]]) -> Places:
    """The characters of each piece (by its id) with their places on the page."""
    stands = [(piece, char) for block in document.blocks for piece in pieces_of(block) for char in visible_text(piece)]
    matcher = SequenceMatcher(None, [char for _, char in stands], [char for char, _ in characters], autojunk=False)
    places: Places = {}
    for start, other, size in matcher.get_matching_blocks():
        for step in range(size):
            piece, char = stands[start + step]
            places.setdefault(id(piece), []).append((char, characters[other + step][1]))
    return places


def visible_text(piece: Piece) -> str:
    text = piece.text if isinstance(piece, Text) else piece.glyph if isinstance(piece, Box) else ""
    return "".join(text.split())


def around(pieces: Sequence[Piece], places: Places) -> Rectangle | None:
    boxes = [box for piece in pieces for _, box in places.get(id(piece), ())]
    if not boxes:
        return None
    sides = list(zip(*boxes, strict=True))
    left, top, right, bottom = min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])
    return left - EDGE - 6, top - TOP - 4, right - EDGE + 6, bottom - TOP + 4


def cells_of(document: Document) -> Iterator[Cell]:
    yield from (cell for block in document.blocks if isinstance(block, Table) for row in block.rows for cell in row)


def overlay(plate: Plate, document: Document, places: Places, choices: dict[str, dict[str, str]]) -> None:
    """Labels blue, values green, the rows of options dashed with their marks and the answer."""
    hits = hits_of(document)
    for cell in cells_of(document):
        pieces = [piece for block in cell.blocks for piece in pieces_of(block)]
        place = around(pieces, places)
        hit = next((hit for hit in hits if any(piece is own for own in hit.cells[0] for piece in pieces)), None)
        if place is None:
            continue
        if hit is None:
            plate.draw.rounded_rectangle(place, 5, outline=BLUE, width=3)
        elif hit.label.key not in choices:
            plate.draw.rounded_rectangle(place, 5, outline=GREEN, width=2)
        else:
            answered(plate, pieces, place, places, choices[hit.label.key]["answer"])
    x = 8.0
    for colour, name in ((BLUE, "label"), (GREEN, "value"), (INK, "row of options")):
        plate.draw.rounded_rectangle((x, 552, x + 30, 570), 4, outline=colour, width=3)
        x = plate.text(x + 38, 561, name, 18) + 26
    for colour, name in ((GREEN, "tick"), (GREY, "empty box")):
        plate.draw.rectangle((x, 553, x + 18, 569), outline=colour, width=4)
        x = plate.text(x + 26, 561, name, 18) + 26


def answered(plate: Plate, pieces: Sequence[Piece], place: Rectangle, places: Places, answer: str) -> None:
    plate.draw.rounded_rectangle((place[0] - 4, place[1] - 4, place[2] + 4, place[3] + 4), 5, outline=INK, width=1)
    for piece in pieces:
        for char, box in places.get(id(piece), ()):
            colour = colour_of(piece, char)
            if colour:
                frame = (box[0] - EDGE - 2, box[1] - TOP, box[2] - EDGE + 2, box[3] - TOP)
                plate.draw.rectangle(frame, outline=colour, width=3)
    plate.tag(place[2] + 22, (place[1] + place[3]) / 2, answer, VERDICTS[answer])


def colour_of(piece: Piece, char: str) -> str:
    """The colour of a mark's frame; "" for a character that is no mark."""
    if isinstance(piece, Box):
        return STATES[piece.state]
    kind, _ = glyph_kind(char)
    return "" if kind is None else GREY if kind == "empty" else GREEN if kind == "tick" else ORANGE
