"""Content controls of a Word document, and the other wrappers that may stand around its paragraphs, rows and cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from intake.document import PLAIN, Box, BoxState, Looks, Piece, Remark, Text
from intake.readers import symbols
from intake.readers.docx_drawings import choice
from intake.readers.docx_story import Story
from intake.readers.docx_styles import Styles
from intake.readers.wordml import MC, W14, W, on, value

PROMPT = re.compile(r"单击|点击|选择一项|选择日期|请选择|在此输入|输入文字|Click|Choose|Tap|Enter", re.I)
_SDT, _SDT_CONTENT = W + "sdt", W + "sdtContent"
_ALTERNATE = MC + "AlternateContent"
WRAPPERS = frozenset({_SDT, _ALTERNATE, W + "customXml", W + "ins", W + "moveTo", W + "smartTag"})


def inside(wrapper: etree._Element, styles: Styles) -> etree._Element | None:
    """The content of a wrapper around paragraphs; None for a prompt."""
    if wrapper.tag == _SDT:
        return None if is_prompt(wrapper, styles) else wrapper.find(_SDT_CONTENT)
    return _looked_through(wrapper)


def inside_table(wrapper: etree._Element) -> etree._Element | None:
    """The content of a wrapper around rows or cells."""
    return wrapper.find(_SDT_CONTENT) if wrapper.tag == _SDT else _looked_through(wrapper)


def _looked_through(wrapper: etree._Element) -> etree._Element | None:
    return choice(wrapper) if wrapper.tag == _ALTERNATE else wrapper


def is_prompt(control: etree._Element, styles: Styles) -> bool:
    """Whether a content control shows only its own prompt (单击此处输入文字), which nobody typed.

    Some editors leave the flag when text is typed, so the words or their style must agree with it.
    """
    flag = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    content = control.find(W + "sdtContent")
    if flag is None or not on(flag) or content is None:
        return False
    if any("placeholder" in styles.name(value(style)) for style in content.iter(W + "rStyle")):
        return True
    text = "".join(one.text or "" for one in content.iter(W + "t"))
    return not text.strip() or PROMPT.search(text) is not None


def check_box(check: etree._Element, pieces: Sequence[Piece], story: Story) -> Sequence[Piece]:
    """What a check box (its `w14:checkbox`) shows, where its content is `pieces`.

    The glyph is what a person sees; the stored state counts only where there is none.
    """
    looks = looks_of(pieces)
    shown = "".join(map(plainly, pieces)).strip()
    if len(shown) > 1:
        story.note("text typed into a check box")
        return pieces
    if not shown:
        return (stored_box(check, looks),)
    state = _glyph_state(shown, check)
    if state != _stored(check):
        story.note("content control: stored state differs from the glyph")
    return (Box(state, "content control", shown, looks),)


def stored_box(check: etree._Element, looks: Looks = PLAIN) -> Box:
    """A check box without a glyph."""
    return Box(_stored(check), "content control (stored state)", looks=looks)


def plainly(piece: Piece) -> str:
    """A piece as bare characters; a Remark gives none."""
    if isinstance(piece, Text):
        return piece.text
    return (piece.glyph or ("√" if piece.state == "ticked" else "□")) if isinstance(piece, Box) else ""


def looks_of(pieces: Sequence[Piece]) -> Looks:
    """The looks of the first piece that has any."""
    return next((piece.looks for piece in pieces if not isinstance(piece, Remark)), PLAIN)


def _stored(check: etree._Element) -> BoxState:
    state = check.find(W14 + "checked")
    return "ticked" if state is not None and state.get(W14 + "val", "1") in ("1", "true", "on") else "empty"


def _glyph_state(shown: str, check: etree._Element) -> BoxState:
    """A known glyph speaks for itself; any other is compared with the glyphs the control names."""
    state = symbols.state_of(shown)
    if state in ("ticked", "empty"):
        return state
    states: dict[str, BoxState] = {"checkedState": "ticked", "uncheckedState": "empty"}
    for name, meaning in states.items():
        element = check.find(W14 + name)
        code = "" if element is None else element.get(W14 + "val", "")
        if element is not None and re.fullmatch(r"[0-9A-Fa-f]{1,6}", code):
            named = symbols.glyph(element.get(W14 + "font", ""), int(code, 16))
            if shown in (named, chr(min(int(code, 16), 0x10FFFF))):
                return meaning
    return "unknown"
