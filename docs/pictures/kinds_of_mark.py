"""A line for each kind of mark: the row as Word shows it, the answer, the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sample_forms import hits_of, judged, samples
from typesetting import LINE, PALE, VERDICTS, Plate, wrapped

from intake.document import Looks, Piece, Text
from intake.readers import read

EMPTY_ROW = "是 □    否 □"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mark: its name, the row as WordprocessingML (or plain text), the question it answers, a margin
    comment, and how Word shows the row where the Document no longer tells (deleted text)."""

    name: str
    row: str
    question: str = "join"
    comment: str = ""
    shown: tuple[Piece, ...] = ()


def styled(before: str, word: str, looks: str, after: str) -> str:
    return samples.run(before) + samples.run(word, looks) + samples.run(after)


def drawn_tick() -> str:
    """A tick drawn by hand (DrawingML, custom geometry), standing in the line after the box it lies over."""
    main = "http://schemas.openxmlformats.org/drawingml/2006/main"
    shape = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    points = "".join(
        f"<a:{step}><a:pt x='{x}' y='{y}'/></a:{step}>"
        for step, x, y in (("moveTo", 0, 50), ("lnTo", 40, 100), ("lnTo", 120, 0))
    )
    return (
        "<w:r><w:drawing><wp:inline xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'>"
        "<wp:extent cx='152400' cy='152400'/><wp:docPr id='1' name='tick'/>"
        f"<a:graphic xmlns:a='{main}'><a:graphicData uri='{shape}'><wps:wsp xmlns:wps='{shape}'><wps:spPr>"
        "<a:xfrm><a:off x='0' y='0'/><a:ext cx='152400' cy='152400'/></a:xfrm>"
        f"<a:custGeom><a:pathLst><a:path w='120' h='100'>{points}</a:path></a:pathLst></a:custGeom>"
        "</wps:spPr></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


control, legacy = samples.control, samples.legacy
TICKED, EMPTY = samples.symbol("Wingdings 2", "F052"), samples.symbol("Wingdings 2", "F0A3")
STRUCK, GONE = "<w:strike/>", Looks(struck=True, coloured=True)
COMMENT = '<w:r><w:commentReference w:id="0"/></w:r>'
MARKS = (
    Kind("a character typed over the box", "是 ☑    否 □"),
    Kind("a tick typed in place of the box", "是 √    否 □"),
    Kind("a tick typed beside the box", "是□    否□ √"),
    Kind("a filled box", "是 ■    否 □"),
    Kind("brackets", "是（√）    否（  ）"),
    Kind("a line to write on", "是____    否__√__"),
    Kind("a symbol font (Wingdings 2)", samples.run("是 ") + TICKED + samples.run("    否 ") + EMPTY),
    Kind("a content control", samples.run("是 ") + control(True) + samples.run("    否 ") + control(False)),
    Kind("a form field (FORMCHECKBOX)", legacy(False) + samples.run(" 是    ") + legacy(True) + samples.run(" 否")),
    Kind("an EQ field 带圈字符", samples.run("是 ") + samples.enclosed() + samples.run("    否 □")),
    Kind("a tick drawn over the box", samples.run("是 □") + drawn_tick() + samples.run("    否 □")),
    Kind("a cross in one of the boxes", "是 ☒    否 ☐"),
    Kind(
        "a tracked change",
        samples.run("是 □    否 ") + samples.changed("□", "√", 1),
        shown=(Text("是 □    否 "), Text("□", GONE), Text("√", Looks(inserted=True))),
    ),
)  # fmt: skip
LOOKS = (
    Kind("the other option struck out", samples.run("是 □    ") + samples.run("否 □", STRUCK)),
    Kind("highlight", styled("", "是", '<w:highlight w:val="yellow"/>', " □    否 □")),
    Kind("a border round one option", styled("是    ", "否", '<w:bdr w:val="single" w:sz="4"/>', "")),
    Kind("shading", styled("", "是", '<w:shd w:val="clear" w:fill="D9D9D9"/>', "    否")),
    Kind("underline", styled("", "是", '<w:u w:val="single"/>', "    否")),
    Kind("a colour", styled("是    ", "否", '<w:color w:val="FF0000"/>', "")),
    Kind("bold", styled("", "是", "<w:b/>", "    否")),
    Kind("words", "愿意加入"),
    Kind("words that decline", "我单位暂不加入"),
    Kind("the other option deleted", "是 □"),
    Kind("already a member", "已是会员", "member"),
    Kind("nothing marked", EMPTY_ROW),
)
UNCLEAR = (
    Kind("both ticked", "是 √    否 √"),
    Kind("a bare cross", "是 ×    否 □"),
    Kind("half-way between the options", "是    √    否"),
    Kind("a remark that decides nothing", "是 √    否 □（待定）"),
    Kind("a remark against the tick", "是 √    否 □  不愿意"),
    Kind("a comment against the tick", samples.run("是 √    否 □") + COMMENT, comment="领导意见：改为否"),
    Kind("a ticked option, struck out", samples.run("是 √", STRUCK) + samples.run("    否 □")),
    Kind("ticked here, highlighted there", styled("是 √    ", "否", '<w:highlight w:val="yellow"/>', " □")),
    Kind("one option grey", styled("是 □    ", "否", '<w:color w:val="A6A6A6"/>', " □")),
    Kind("a box that is not there", "是 □    否"),
    Kind("a sign of no known meaning", "是 ♀    否 □"),
)


def form_of(kind: Kind) -> bytes:
    rows = {"join": EMPTY_ROW, "member": EMPTY_ROW} | {kind.question: kind.row}
    table = samples.form_table(samples.values(1), rows["join"], rows["member"])
    return samples.docx(samples.p(samples.TITLE) + table, kind.comment)


def rows_picture(kinds: Sequence[Kind], path: Path) -> None:
    """A line for each kind: its name, the row, the verdict, the sentence."""
    high, width, columns = 62, 1290, (16, 292, 572, 684)
    plate = Plate(width, 40 + high * len(kinds))
    for x, heading in zip(columns, ("kind of mark", "as it stands in Word", "answer", "evidence"), strict=True):
        plate.text(x, 22, heading, 17, PALE, bold=True)
    for number, kind in enumerate(kinds):
        y = 40 + high * number + high / 2
        plate.draw.line((0, y - high / 2, width, y - high / 2), LINE, 1)
        content = form_of(kind)
        (document,) = read(content)
        choice = judged("form.docx", content)[kind.question]
        row = next(hit.cells for hit in hits_of(document) if hit.label.key == kind.question)
        plate.text(columns[0], y, kind.name, 18)
        plate.row(columns[1], y, kind.shown or [piece for cell in row for piece in cell])
        plate.tag(columns[2], y, choice["answer"], VERDICTS[choice["answer"]])
        lines = wrapped(choice["evidence"], 18, width - columns[3] - 16)
        for at, line in enumerate(lines):
            plate.text(columns[3], y + 25 * (at - (len(lines) - 1) / 2), line, 18)
    plate.save(path)
