"""Word fields: what they show, from their instruction and their form data.

A field is known by its first word. EQ, SYMBOL, MACROBUTTON and the form boxes are drawn from the
instruction, because Word stores no result for them; for every other field the stored result is
what a person sees. Source: ECMA-376 part 1, 17.16; the EQ switches from the field's help page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from intake.document import PLAIN, Box, BoxState, Looks, Piece, Text
from intake.readers import symbols
from intake.readers.pieces import MARKS, enclosed
from intake.readers.wordml import W, on

DRAWN = frozenset({"EQ", "SYMBOL", "MACROBUTTON", "GOTOBUTTON", "FORMCHECKBOX", "FORMDROPDOWN"})
_FRAMES = "□○◯△▢◻⬜☐◇〇"
_BOXES = "□▢◻⬜☐"
_CIRCLED = {**{str(number): chr(0x245F + number) for number in range(1, 21)}, "0": "⓪"}
_WORD = re.compile(r"\s*([A-Za-z=]+)")
_FORMAT = re.compile(r'\\\*\s*(?:"[^"]*"|[^\s\\(]+)')
_GUIDE = re.compile(r"\s*\\\*\s*jc\d", re.I)
_SWITCH = re.compile(
    r"\\(?:(?:ac|ad|al|ar|le|ri|bc|lc|rc|do|fo|ba|li|in|pr|su|co|vs|hs|up|di|ai|to|bo)\s*\d*|[a-z])", re.I
)


@dataclass(slots=True)
class Field:
    """A field being read: `code` collects its instruction until the result begins."""

    form: etree._Element | None = None
    looks: Looks = PLAIN
    code: list[str] = field(default_factory=list)
    in_code: bool = True

    @property
    def kind(self) -> str:
        match = _WORD.match("".join(self.code))
        return match.group(1).upper() if match else ""

    @property
    def drawn(self) -> bool:
        return self.kind in DRAWN

    def pieces(self) -> Sequence[Piece]:
        """What the field draws; empty for a field that shows its stored result."""
        code = "".join(self.code).strip()
        match self.kind:
            case "EQ":
                return equation(code[2:], self.looks)
            case "SYMBOL":
                return _symbol(code, self.looks)
            case "MACROBUTTON" | "GOTOBUTTON":
                words = code.split(None, 2)
                return (Text(words[2], self.looks),) if len(words) == 3 else ()
            case "FORMCHECKBOX":
                return (Box(_check_box_state(self.form), "FORMCHECKBOX", looks=self.looks),)
            case "FORMDROPDOWN":
                return _drop_down(self.form, self.looks)
        return ()


def _check_box_state(form: etree._Element | None) -> BoxState:
    """`checked` without a value means ticked; where it is absent `default` counts (17.16.8, 17.16.12)."""
    box = None if form is None else form.find(W + "checkBox")
    if box is None:
        return "unknown"
    checked = box.find(W + "checked")
    state = checked if checked is not None else box.find(W + "default")
    return "ticked" if state is not None and on(state) else "empty"


def _drop_down(form: etree._Element | None, looks: Looks) -> Sequence[Piece]:
    """The chosen entry; without a stored choice Word shows the default, then the first (17.16.9)."""
    options = None if form is None else form.find(W + "ddList")
    if options is None:
        return ()
    entries = [entry.get(W + "val", "") for entry in options.findall(W + "listEntry")]
    chosen = options.find(W + "result")
    if chosen is None:
        chosen = options.find(W + "default")
    number = chosen.get(W + "val", "0") if chosen is not None else "0"
    index = int(number) if number.isdecimal() else 0
    return (Text(entries[index], looks),) if index < len(entries) else ()


def _symbol(code: str, looks: Looks) -> Sequence[Piece]:
    """SYMBOL 254 \\f Wingdings, or SYMBOL 0xFE; without \\f the code is ANSI (17.16.5.62)."""
    words = code.split()
    number = words[1].strip('"') if len(words) > 1 else ""
    try:
        value = int(number, 0) if number[:1].isdigit() else ord(number[:1])
    except (ValueError, TypeError):
        return ()
    found = re.search(r'\\f\s*("([^"]*)"|\S+)', code, re.I)
    font = (found.group(2) or found.group(1)) if found else ""
    if not found and 0x80 <= value <= 0xFF:
        return (Text(bytes([value]).decode("cp1252", "replace"), looks),)
    return (symbol_piece(font, value, looks),)


def symbol_piece(font: str, code: int, looks: Looks) -> Piece:
    """A symbol put in by font and code: a Box where it is a mark, else Text."""
    shown = symbols.glyph(font, code)
    state = symbols.state_of(shown)
    if state is None:
        return Text(shown, looks)
    low = symbols.family(font) and code <= 0xFF
    return Box(state, f"sym {0xF000 | code if low else code:04X}", shown, looks)


def equation(code: str, looks: Looks) -> Sequence[Piece]:
    r"""What an EQ field draws: \o(□,√) lays the elements over one another, \x(√) puts a frame around.

    Elements are parted by a comma or, by the locale of the writer's machine, a semicolon. Old files write a
    phonetic guide (拼音指南) so, with \* jc before it: the reading over the words is left out unless it is a mark.
    """
    pieces: list[Piece] = []
    guide = _GUIDE.match(code) is not None
    for name, arguments, plain in _functions(_FORMAT.sub("", code)):
        if guide and name == "o" and _plain(arguments[0]).strip() not in MARKS:
            arguments = arguments[1:]
        if plain.strip():
            pieces.append(Text(plain.strip(), looks))
        if name in ("o", "x"):
            pieces.append(_over(arguments if name == "o" else ["□", "".join(arguments)], looks))
        elif name:
            pieces.append(Text("".join(_plain(argument) for argument in arguments), looks))
    return pieces


def _over(arguments: Sequence[str], looks: Looks) -> Piece:
    elements = [element for element in map(_plain, arguments) if element.strip()]
    frames = [element for element in elements if element.strip() in _FRAMES and len(element.strip()) == 1]
    inner = "".join(element for element in elements if element not in frames[:1]).strip()
    if not frames:
        return Text(inner, looks)
    if not inner:
        return Box("empty", "EQ field", frames[0].strip(), looks)
    if inner in MARKS:
        return Box("ticked", "EQ field", inner, looks)
    if frames[0].strip() not in _BOXES and inner in _CIRCLED:
        return Text(_CIRCLED[inner], looks)
    return enclosed(inner, "EQ field", looks)


def _plain(element: str) -> str:
    """An element without its switches; a nested function gives its own elements."""
    if "\\" not in element:
        return element
    shown = []
    for name, arguments, plain in _functions(element):
        shown.append(plain)
        if name:
            shown.append("".join(_plain(argument) for argument in arguments))
    return "".join(shown)


def _functions(code: str) -> list[tuple[str, list[str], str]]:
    """The functions of an EQ code in order: (letter, elements, text before it)."""
    found: list[tuple[str, list[str], str]] = []
    name, plain, index = "", "", 0
    while index < len(code):
        if code[index] == "\\" and code[index + 1 : index + 2] in ("\\", ",", "(", ")", ";"):
            plain += code[index + 1]
            index += 2
        elif (switch := _SWITCH.match(code, index)) is not None:
            name = name or switch.group()[1:].rstrip("0123456789 ").lower()
            index = switch.end()
        elif code[index] in "(（" and name:
            arguments, index = _arguments(code, index + 1)
            found.append((name, arguments, plain))
            name, plain = "", ""
        else:
            plain += code[index]
            index += 1
    if plain or name:
        found.append(("", [], plain))
    return found


def _arguments(code: str, index: int) -> tuple[list[str], int]:
    """The elements up to the closing bracket, and where the code goes on."""
    arguments, current, depth = [], "", 0
    while index < len(code):
        character = code[index]
        if character == "\\" and code[index + 1 : index + 2] in (",", "(", ")", ";", "\\"):
            current += code[index : index + 2]
            index += 2
            continue
        if character in ")）" and depth == 0:
            index += 1
            break
        if character in ",;，；" and depth == 0:
            arguments.append(current)
            current = ""
        else:
            depth += (character in "(（") - (character in ")）")
            current += character
        index += 1
    return [*arguments, current], index
