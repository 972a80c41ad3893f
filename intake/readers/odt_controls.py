"""Form controls of an OpenDocument page, and the form fields that were brought over from Word.

Sources: OpenDocument 1.3 part 3, 13 (form content) and 19.268 (form:current-state); LibreOffice's
field marks (namespace field) and content controls (namespace loext) as it writes them.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from intake.document import Box, BoxState, Looks, Piece, Text
from intake.readers.fields import Field
from intake.readers.odt_names import FIELD, FORM, LOEXT, XML_ID, is_true, local

SOURCE = "form control"
_STATES: dict[str, BoxState] = {"checked": "ticked", "unchecked": "empty"}
_CHECK_BOX = "FORMCHECKBOX"
_CODE = "vnd.oasis.opendocument.field.code"


class Controls:
    """The controls of the forms in a document, by the id that the page refers to."""

    def __init__(self, body: etree._Element) -> None:
        self._controls: dict[str, etree._Element] = {}
        for forms in body.iter("{*}forms"):
            for element in forms.iter():
                for name in (XML_ID, FORM + "id"):
                    if element.get(name):
                        self._controls.setdefault(element.get(name, ""), element)

    def pieces(self, identity: str, looks: Looks) -> Sequence[Piece]:
        """What a person sees of a control: a box with its caption, or the text typed into a field."""
        control = self._controls.get(identity)
        if control is None:
            return (Box("unknown", SOURCE, looks=looks),)
        kind = local(control)
        if kind in ("checkbox", "radio"):
            label = control.get(FORM + "label", "")
            box = Box(_check_state(control) if kind == "checkbox" else _radio_state(control), SOURCE, looks=looks)
            return (box, Text(label, looks)) if label else (box,)
        shown = _shown(control, kind)
        return (Text(shown, looks),) if shown else ()

    def linked_cell(self, identity: str) -> str:
        """The cell of a workbook that a control sets, as 'Sheet 1'.A1, or ""."""
        control = self._controls.get(identity)
        return "" if control is None else control.get(FORM + "linked-cell", "")


def _check_state(control: etree._Element) -> BoxState:
    stored = control.get(FORM + "current-state") or control.get(FORM + "state") or "unchecked"
    return _STATES.get(stored, "unknown")


def _radio_state(control: etree._Element) -> BoxState:
    return "ticked" if _is_chosen(control) else "empty"


def _is_chosen(control: etree._Element) -> bool:
    return is_true(control.get(FORM + "current-selected") or control.get(FORM + "selected"))


def _shown(control: etree._Element, kind: str) -> str:
    match kind:
        case "text" | "textarea" | "combobox" | "formatted-text" | "number" | "date" | "time":
            return control.get(FORM + "current-value") or control.get(FORM + "value") or ""
        case "listbox":
            options = control.iterfind(FORM + "option")
            chosen = (
                one for one in options if is_true(one.get(FORM + "current-selected") or one.get(FORM + "selected"))
            )
            return "、".join(one.get(FORM + "label", "") for one in chosen)
        case "fixed-text":
            return control.get(FORM + "label", "")
    return ""


def field_pieces(mark: etree._Element, looks: Looks) -> Sequence[Piece] | None:
    """What a field mark draws by itself; None where its content is what a person sees."""
    kind = mark.get(FIELD + "type", "").rpartition(".")[2]
    parameters = [(one.get(FIELD + "name", ""), one.get(FIELD + "value", "")) for one in mark.iterfind(FIELD + "param")]
    if kind == _CHECK_BOX:
        checked = any(name == "Checkbox_Checked" and is_true(value) for name, value in parameters)
        return (Box("ticked" if checked else "empty", _CHECK_BOX, looks=looks),)
    if kind == "FORMDROPDOWN":
        return _drop_down(parameters, looks)
    code = next((value for name, value in parameters if name == _CODE), "")
    field = Field(None, looks, [code], in_code=False)
    return field.pieces() if code and field.drawn else None


def _drop_down(parameters: Sequence[tuple[str, str]], looks: Looks) -> Sequence[Piece]:
    entries = [value for name, value in parameters if name == "Dropdown_ListEntry"]
    chosen = next((value for name, value in parameters if name == "Dropdown_Selected"), "0")
    index = int(chosen) if chosen.isdecimal() and len(chosen) < 6 else 0
    return (Text(entries[index], looks),) if index < len(entries) else ()


def stored_state(control: etree._Element) -> BoxState:
    """The state that a content control stores, whatever it shows."""
    return "ticked" if is_true(control.get(LOEXT + "checked")) else "empty"


def content_box(control: etree._Element, shown: str, state: BoxState | None, looks: Looks) -> Box:
    """A check box that is a content control: the glyph is what a person sees, the stored state where there is none.

    `state` is what the glyph says by itself; any other glyph is compared with those the control names.
    """
    if not shown:
        return Box(stored_state(control), "content control (stored state)", looks=looks)
    if state in ("ticked", "empty"):
        return Box(state, "content control", shown, looks)
    named: dict[str, BoxState] = {"checked-state": "ticked", "unchecked-state": "empty"}
    for name, meaning in named.items():
        if control.get(LOEXT + name) == shown:
            return Box(meaning, "content control", shown, looks)
    return Box("unknown", "content control", shown, looks)
