"""What is laid over the cells of a sheet: check boxes, option buttons, text boxes, little pictures, comments.

A control of the Forms toolbar has its state in xl/ctrlProps and in the VML drawing, which also holds
its caption and anchor; files of WPS and of old versions have the VML alone. The linked cell, where
there is one, says the same as the control and is plumbing, not content. Sources: [MS-XLSX] 2.4.x
(formControlPr), ECMA-376 part 4, 19.4.2 (ClientData), part 1, 20.5 (spreadsheet drawing).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from intake.document import Box, BoxState, Piece, Text
from intake.readers.controls import read_control
from intake.readers.ooxml_package import Package
from intake.readers.sheet import At, Corner, Overlay, Overlays, area, position
from intake.readers.wordml import R, V
from intake.readers.xlsx_drawings import corner, read_drawing
from intake.readers.xlsx_styles import S, number

X = "{urn:schemas-microsoft-com:office:excel}"
_SPID = re.compile(r"_s(\d+)$")
_KINDS = frozenset({"checkbox", "radio", "drop", "list"})
_POINTS_PER_PIXEL = 0.75


Lines: TypeAlias = Callable[[str, At, At], list[str]]  # what an area of a sheet ("" for this one) shows, by cell


@dataclass(slots=True)
class _Control:
    """A control: `choice` is the number of the chosen line of a list (0: none), `source` the cells with its lines."""

    kind: str = ""
    state: BoxState = "empty"
    link: str = ""
    caption: str = ""
    choice: int = 0
    source: str = ""
    several: bool = False
    start: Corner | None = None
    end: Corner | None = None
    pieces: tuple[Piece, ...] | None = None


def read_overlays(package: Package, part: str, sheet: etree._Element, name: str, lines: Lines) -> Overlays:
    """Everything that lies over a sheet of that name."""
    found = Overlays()
    relations = package.relations(part)
    if not relations:
        return found
    controls: dict[str, _Control] = {}
    captions = dict.fromkeys((one.get("shapeId", "") for one in sheet.iter(S + "control")), "")
    loose: list[str] = []
    for relation in relations.values():
        if relation.external:
            continue
        if relation.kind == "vmlDrawing":
            loose += _read_vml(package, relation.target, controls)
        elif relation.kind == "drawing":
            read_drawing(package, relation.target, found, captions)
        elif relation.kind == "comments":
            found.comments.update(_read_comments(package.root(relation.target)))
    _read_sheet_controls(package, part, sheet, controls)
    if len(loose) == len(controls):  # LibreOffice gives the shapes no number, but the same order
        captions.update(zip(controls, loose, strict=True))
    for identity, control in controls.items():
        control.caption = control.caption or captions.get(identity, "")
        _add_control(found, control, name, lines)
    return found


def _add_control(found: Overlays, control: _Control, name: str, lines: Lines) -> None:
    pieces = _pieces(control, lines) if control.pieces is None else control.pieces
    if control.start is None or not pieces:
        return
    overlay = Overlay(control.start, control.end or control.start, pieces, len(pieces) > 1)
    found.items.append(overlay)
    link = area(control.link)
    if link is None or link[0] not in ("", name):
        return
    if control.kind == "checkbox":
        found.linked.setdefault(link[1], []).append(overlay)
    else:
        found.feeding.add(link[1])


def _pieces(control: _Control, lines: Lines) -> tuple[Piece, ...]:
    if control.kind in ("checkbox", "radio"):
        box = Box(control.state, "form control" if control.kind == "checkbox" else "option button")
        return (box, Text(control.caption)) if control.caption else (box,)
    if control.kind not in ("drop", "list") or not (control.choice or control.several):
        return ()
    source = area(control.source)
    shown = lines(*source) if source is not None and not control.several else []
    if 0 < control.choice <= len(shown):
        return (Text(shown[control.choice - 1]),) if shown[control.choice - 1] else ()
    return (Box("unknown", "list"),)


# ---- VML ----------------------------------------------------------------------------------------


def _read_vml(package: Package, target: str, controls: dict[str, _Control]) -> list[str]:
    """The controls of a VML drawing by their number; returns the words of those without one."""
    root = package.root(target)
    loose: list[str] = []
    for shape in () if root is None else root.iter(V + "shape", V + "rect"):
        data = shape.find(X + "ClientData")
        kind = "" if data is None else data.get("ObjectType", "").lower()
        match = _SPID.search(shape.get("id", ""))
        if data is None or kind not in _KINDS:
            continue
        if match is None:
            loose.append(_words(shape.find(V + "textbox")))
            continue
        control = controls.setdefault(match.group(1), _Control())
        control.kind = kind
        checked = (data.findtext(X + "Checked") or "0").strip()
        control.state = "ticked" if checked == "1" else "unknown" if checked == "2" else "empty"
        control.link = (data.findtext(X + "FmlaLink") or "").strip()
        control.caption = _words(shape.find(V + "textbox"))
        control.choice, control.source = number(data.findtext(X + "Sel")), data.findtext(X + "FmlaRange") or ""
        control.several = (data.findtext(X + "SelType") or "Single").strip() != "Single"
        numbers = [number(one.strip()) for one in (data.findtext(X + "Anchor") or "").split(",")]
        if len(numbers) == 8:
            control.start, control.end = (
                Corner(at[0], at[1] * _POINTS_PER_PIXEL, at[2], at[3] * _POINTS_PER_PIXEL)
                for at in (numbers[:4], numbers[4:])
            )
    return loose


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
    control.choice = number(root.get("sel"), control.choice)
    control.source = root.get("fmlaRange", "") or control.source
    control.several = root.get("selType", "single").lower() != "single"


def _anchor(element: etree._Element | None, control: _Control) -> None:
    if element is not None:
        start, end = corner(element.find(S + "from")), corner(element.find(S + "to"))
        control.start, control.end = start or control.start, end or control.end


def _read_comments(root: etree._Element | None) -> dict[At, str]:
    found = {}
    for comment in () if root is None else root.iter(S + "comment"):
        at = position(comment.get("ref", ""))
        if at is not None:
            found[at] = "".join(one.text or "" for one in comment.iter(S + "t")).strip()
    return found
