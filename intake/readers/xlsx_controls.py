"""What is laid over the cells of a sheet: check boxes, option buttons, text boxes, little pictures, comments.

A control of the Forms toolbar has its state in xl/ctrlProps and in the VML drawing, which also holds
its caption and anchor; files of WPS and of old versions have the VML alone. The linked cell, where
there is one, says the same as the control and is plumbing, not content. Sources: [MS-XLSX] 2.4.x
(formControlPr), ECMA-376 part 4, 19.4.2 (ClientData), part 1, 20.5 (spreadsheet drawing).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from intake.document import Box, BoxState, Piece, Text
from intake.readers import ink
from intake.readers.controls import read_control
from intake.readers.docx_drawings import EMU_PER_POINT, SMALL_PICTURE, SMALL_SHAPE
from intake.readers.ooxml_package import Package
from intake.readers.sheet import At, Corner, Overlay, Overlays, position
from intake.readers.wordml import MC, A, R, V
from intake.readers.xlsx_styles import S, number

XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
X = "{urn:schemas-microsoft-com:office:excel}"
A14 = "{http://schemas.microsoft.com/office/drawing/2010/main}"
_SPID = re.compile(r"_s(\d+)$")
_POINTS_PER_PIXEL = 0.75


@dataclass(slots=True)
class _Control:
    kind: str = ""
    state: BoxState = "empty"
    link: str = ""
    caption: str = ""
    start: Corner | None = None
    end: Corner | None = None
    pieces: tuple[Piece, ...] | None = None


def read_overlays(package: Package, part: str, sheet: etree._Element) -> Overlays:
    """Everything that lies over a sheet."""
    found = Overlays()
    relations = package.relations(part)
    if not relations:
        return found
    controls: dict[str, _Control] = {}
    captions: dict[str, str] = {}
    for relation in relations.values():
        if relation.external:
            continue
        if relation.kind == "vmlDrawing":
            _read_vml(package, relation.target, controls)
        elif relation.kind == "drawing":
            _read_drawing(package, relation.target, found, captions)
        elif relation.kind == "comments":
            found.comments.update(_read_comments(package.root(relation.target)))
    _read_sheet_controls(package, part, sheet, controls)
    for identity, control in controls.items():
        control.caption = control.caption or captions.get(identity, "")
        _add_control(found, control)
    return found


def _add_control(found: Overlays, control: _Control) -> None:
    if control.start is None:
        return
    pieces = control.pieces
    if pieces is None and control.kind in ("checkbox", "radio"):
        box = Box(control.state, "form control" if control.kind == "checkbox" else "option button")
        pieces = (box, Text(control.caption)) if control.caption else (box,)
    elif pieces is None:
        return
    overlay = Overlay(control.start, control.end or control.start, pieces, len(pieces) > 1)
    found.items.append(overlay)
    link = position(control.link)
    if link is not None and control.kind == "checkbox":
        found.linked.setdefault(link, []).append(overlay)


# ---- VML ----------------------------------------------------------------------------------------


def _read_vml(package: Package, target: str, controls: dict[str, _Control]) -> None:
    root = package.root(target)
    for shape in () if root is None else root.iter(V + "shape", V + "rect"):
        data = shape.find(X + "ClientData")
        kind = "" if data is None else data.get("ObjectType", "").lower()
        match = _SPID.search(shape.get("id", ""))
        if data is None or kind not in ("checkbox", "radio") or match is None:
            continue
        control = controls.setdefault(match.group(1), _Control())
        control.kind = kind
        checked = (data.findtext(X + "Checked") or "0").strip()
        control.state = "ticked" if checked == "1" else "unknown" if checked == "2" else "empty"
        control.link = (data.findtext(X + "FmlaLink") or "").strip()
        control.caption = _words(shape.find(V + "textbox"))
        numbers = [number(one.strip()) for one in (data.findtext(X + "Anchor") or "").split(",")]
        if len(numbers) == 8:
            control.start, control.end = (
                Corner(at[0], at[1] * _POINTS_PER_PIXEL, at[2], at[3] * _POINTS_PER_PIXEL)
                for at in (numbers[:4], numbers[4:])
            )


def _words(element: etree._Element | None) -> str:
    return "" if element is None else "".join(str(text) for text in element.itertext()).strip()


# ---- controls named in the sheet ----------------------------------------------------------------


def _read_sheet_controls(package: Package, part: str, sheet: etree._Element, controls: dict[str, _Control]) -> None:
    relations = package.relations(part)
    for element in sheet.iter(S + "control"):
        relation = relations.get(element.get(R + "id", ""))
        if relation is None or relation.external:
            continue
        control = controls.setdefault(element.get("shapeId", ""), _Control())
        _anchor(element.find(f"{S}controlPr/{S}anchor"), control)
        if relation.kind == "ctrlProp":
            _control_properties(package.root(relation.target), control)
        elif relation.kind == "control":
            active = read_control(package, relation.target)
            control.pieces = active.pieces() if active is not None else None


def _control_properties(root: etree._Element | None, control: _Control) -> None:
    if root is None:
        return
    control.kind = root.get("objectType", "").lower()
    checked = root.get("checked", "")
    control.state = "ticked" if checked == "Checked" else "unknown" if checked == "Mixed" else "empty"
    control.link = root.get("fmlaLink", "") or control.link


def _anchor(element: etree._Element | None, control: _Control) -> None:
    if element is not None:
        start, end = _corner(element.find(S + "from")), _corner(element.find(S + "to"))
        control.start, control.end = start or control.start, end or control.end


def _corner(element: etree._Element | None) -> Corner | None:
    if element is None:
        return None
    column, x, row, y = (number(element.findtext(XDR + name)) for name in ("col", "colOff", "row", "rowOff"))
    return Corner(column, x / EMU_PER_POINT, row, y / EMU_PER_POINT)


# ---- DrawingML ----------------------------------------------------------------------------------


def _read_drawing(package: Package, target: str, found: Overlays, captions: dict[str, str]) -> None:
    root = package.root(target)
    for anchor in () if root is None else _anchors(root):
        start = _corner(anchor.find(XDR + "from"))
        if start is None:
            continue
        end = _corner(anchor.find(XDR + "to")) or start
        for shape in anchor.iter(XDR + "sp"):
            compat = next(shape.iter(A14 + "compatExt"), None)
            words = _drawn_text(shape)
            match = _SPID.search(compat.get("spid", "")) if compat is not None else None
            if match is not None:
                captions[match.group(1)] = words
            elif words:
                found.items.append(Overlay(start, end, (Text(words),)))
            elif 0 < _size(shape) <= SMALL_SHAPE:
                found.items.append(Overlay(start, end, (Box("unknown", "shape"),)))
        for picture in anchor.iter(XDR + "pic"):
            _add_picture(package, target, picture, _size(picture, anchor), Overlay(start, end), found)


def _anchors(root: etree._Element) -> Iterator[etree._Element]:
    """The anchors of a drawing, old branches left out."""
    for child in root:
        if child.tag == MC + "AlternateContent":
            branch = child.find(MC + "Choice")
            yield from () if branch is None else _anchors(branch)
        else:
            yield child


def _drawn_text(shape: etree._Element) -> str:
    paragraphs = ("".join(text.text or "" for text in one.iter(A + "t")) for one in shape.iter(A + "p"))
    return "\n".join(text for text in paragraphs if text.strip())


def _size(element: etree._Element, anchor: etree._Element | None = None) -> int:
    extent = anchor.find(XDR + "ext") if anchor is not None else None
    if extent is None:
        extent = element.find(f"{XDR}spPr/{A}xfrm/{A}ext")
    return 0 if extent is None else max(number(extent.get("cx")), number(extent.get("cy")))


def _add_picture(
    package: Package, target: str, picture: etree._Element, size: int, overlay: Overlay, found: Overlays
) -> None:
    blip = next(picture.iter(A + "blip"), None)
    if blip is None:
        return
    if size > SMALL_PICTURE or not size:
        found.large_pictures += 1
        return
    relation = package.relations(target).get(blip.get(R + "embed", ""))
    content = package.part(relation.target, 4 << 20) if relation is not None and not relation.external else None
    state, glyph = ink.look(content or b"")
    overlay.pieces = (Box(state, "picture", glyph),)
    found.items.append(overlay)


def _read_comments(root: etree._Element | None) -> dict[At, str]:
    found = {}
    for comment in () if root is None else root.iter(S + "comment"):
        at = position(comment.get("ref", ""))
        if at is not None:
            found[at] = "".join(one.text or "" for one in comment.iter(S + "t")).strip()
    return found
