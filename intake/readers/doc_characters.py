"""How characters of a Word 97-2003 file look, as the run properties of WordprocessingML.

Only what a person can use to choose or reject an option is carried over, see docx_styles. Source:
[MS-DOC] 2.6.1 (character properties) with the codes in its table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from intake.readers.doc_sprms import HIGHLIGHTS, colour, colour_ref, shading, shading_80, sprms

_TOGGLES = {0x0835: "b", 0x0837: "strike", 0x2A53: "dstrike", 0x083C: "vanish"}
_FONTS = {0x4A4F: "ascii", 0x4A50: "eastAsia", 0x4A51: "hAnsi", 0x4A5E: "cs"}
_FLAGS = {0x0800: "deleted", 0x0801: "inserted", 0x0806: "data", 0x080A: "ole"}
_SHADINGS: Mapping[int, Callable[[bytes], str]] = {0x4866: shading_80, 0xCA71: shading}
_VALUES: Mapping[int, tuple[str, Callable[[bytes], str]]] = {
    0x2A3E: ("u", lambda operand: "single" if operand[0] else "none"),
    0x2A34: ("em", lambda operand: "dot" if operand[0] else "none"),
    0x2A42: ("color", lambda operand: colour(operand[0])),
    0x6870: ("color", colour_ref),
    0x2A0C: ("highlight", lambda operand: HIGHLIGHTS[operand[0]] if operand[0] < len(HIGHLIGHTS) else "none"),
    0x4A43: ("sz", lambda operand: str(int.from_bytes(operand, "little"))),
    0x4A30: ("rStyle", lambda operand: f"s{int.from_bytes(operand, 'little')}"),
}
_PLAIN = 0x2A33
_LOCATION, _OBJECT, _SYMBOL = 0x6A03, 0x680E, 0x6A09


@dataclass(slots=True)
class Character:
    """`properties` is the inside of a `w:rPr`; `location` where a picture, form data or object lies."""

    properties: str = ""
    deleted: bool = False
    inserted: bool = False
    data: bool = False
    ole: bool = False
    location: int | None = None
    object_location: int | None = None
    symbol: str = ""


class _Draft:
    def __init__(self, fonts: Sequence[str], styled: Callable[[str], bool]) -> None:
        self.fonts = fonts
        self.styled = styled
        self.slots: dict[str, str] = {}
        self.elements: dict[str, str] = {}
        self.found = Character()

    def apply(self, code: int, operand: bytes) -> None:
        if code in _TOGGLES:
            self._toggle(_TOGGLES[code], operand[0])
        elif code in _FONTS:
            self.slots[_FONTS[code]] = self._font(operand)
        elif code in _FLAGS:
            setattr(self.found, _FLAGS[code], bool(operand[0]))
        elif code == _PLAIN:
            self.elements.clear()
            self.slots.clear()
        elif code in (_LOCATION, _OBJECT, _SYMBOL):
            self._special(code, operand)
        else:
            self._look(code, operand)

    def _special(self, code: int, operand: bytes) -> None:
        if code == _LOCATION:
            self.found.location = int.from_bytes(operand, "little")
        elif code == _OBJECT:
            self.found.object_location = int.from_bytes(operand, "little")
        else:
            number = int.from_bytes(operand[2:4], "little")
            self.found.symbol = f'<w:sym w:font={quoteattr(self._font(operand[:2]))} w:char="{number:04X}"/>'

    def _toggle(self, name: str, operand: int) -> None:
        """0 and 1 are off and on, 80 as the style has it, 81 the opposite ([MS-DOC] ToggleOperand)."""
        if operand == 0x80:
            self.elements.pop(name, None)
            return
        shown = not self.styled(name) if operand == 0x81 else bool(operand)
        self.elements[name] = f'<w:{name} w:val="{int(shown)}"/>'

    def _look(self, code: int, operand: bytes) -> None:
        if code in _VALUES:
            name, shown = _VALUES[code]
            self._value(name, shown(operand))
        elif code in _SHADINGS:
            self.elements["shd"] = _SHADINGS[code](operand) or '<w:shd w:val="nil"/>'
        elif code == 0x6865:
            self._border(operand[1] if operand[:4] != b"\xff\xff\xff\xff" else 0)
        elif code == 0xCA72:
            self._border(operand[5] if len(operand) > 5 and operand[4:6] != b"\xff\xff" else 0)

    def _border(self, kind: int) -> None:
        self._value("bdr", "single" if kind else "none")

    def _value(self, name: str, value: str) -> None:
        self.elements[name] = f'<w:{name} w:val="{value}"/>'

    def _font(self, operand: bytes) -> str:
        number = int.from_bytes(operand[:2], "little")
        return self.fonts[number] if number < len(self.fonts) else ""

    def finish(self) -> Character:
        slots = "".join(f" w:{slot}={quoteattr(name)}" for slot, name in self.slots.items() if name)
        fonts = f"<w:rFonts{slots}/>" if slots else ""
        self.found.properties = fonts + "".join(self.elements.values())
        return self.found


def read_character(grpprl: bytes, fonts: Sequence[str], styled: Callable[[str], bool]) -> Character:
    """The character properties of a grpprl. `styled` tells whether the paragraph's style has a toggle on."""
    draft = _Draft(fonts, styled)
    for code, operand in sprms(grpprl):
        if operand:
            draft.apply(code, operand)
    return draft.finish()
