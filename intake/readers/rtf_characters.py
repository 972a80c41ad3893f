r"""The state of an RTF reader between two characters: formatting of characters and paragraphs.

The state is a mapping of names to numbers, copied when a group opens and put back when it closes.
Style sheets need not be looked at: a writer must give the formatting of a style after naming it
(RTF 1.9.1, "Style Sheet"). Control words of the spec's "Font (Character) Formatting Properties",
"Character Borders and Shading", "Track Changes" and "Paragraph Formatting Properties".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from intake.document import PLAIN, Looks
from intake.readers.rtf_header import Header

State: TypeAlias = dict[str, int]

_UNDERLINES = (
    "ul uld uldash uldashd uldashdd uldb uldot uldotted ulhair ulhwave ulldash ulth ulthd ulthdash ulthdashd"
    " ulthdashdd ulthldash ululdbwave ulw ulwave"
)
_ACCENTS = "accdot acccomma acccircle accunderdot"
# Control words that switch a thing on, or off with the parameter 0: the name of it in the state.
_SWITCHES: Mapping[str, str] = {
    "b": "bold",
    "strike": "strike",
    "striked": "double",
    "v": "hidden",
    "deleted": "deleted",
    "mvf": "deleted",
    "revised": "revised",
    "mvt": "revised",
    "intbl": "intbl",
    **dict.fromkeys(_UNDERLINES.split(), "underline"),
    **dict.fromkeys(_ACCENTS.split(), "accent"),
}
# Control words that bring a number.
_NUMBERS: Mapping[str, str] = {
    "f": "font",
    "fs": "half_points",
    "cf": "colour",
    "highlight": "highlight",
    "chcbpat": "ground",
    "chshdng": "shading",
    "uc": "fallback",
    "itap": "itap",
    "li": "indent",
    "fi": "first_indent",
    "cbpat": "paragraph_ground",
    "shading": "paragraph_shading",
}
_FIXED: Mapping[str, tuple[str, int]] = {
    "ulnone": ("underline", 0),
    "accnone": ("accent", 0),
    "ql": ("align", 0),
    "qj": ("align", 0),
    "qd": ("align", 0),
    "qc": ("align", 1),
    "qr": ("align", 2),
}
_RIGHT_TO_LEFT, _LATIN, _ASIAN = 1, 0, 2
_SCRIPTS = {"rtlch": _RIGHT_TO_LEFT, "ltrch": _LATIN, "loch": _LATIN, "hich": _LATIN, "dbch": _ASIAN}
# What is said of another script of the same run; LibreOffice says of Chinese text nothing else.
_OF_OTHER_SCRIPT = {"af": "private_font", "ab": "asian_bold"}
ALIGNMENTS = ("left", "center", "right")
_NO_BORDER = frozenset({"brdrnone", "brdrnil", "brdrtbl"})
_BORDER_MEASURES = frozenset({"brdrw", "brdrcf", "brdrart", "brdrframe"})
_LIMIT = 100_000  # twips, half-points, indices: nothing on a page is larger

_CHARACTER: State = {
    "bold": 0,
    "asian_bold": 0,
    "script": _LATIN,
    "strike": 0,
    "double": 0,
    "hidden": 0,
    "deleted": 0,
    "revised": 0,
    "underline": 0,
    "accent": 0,
    "font": 0,
    "private_font": -1,
    "half_points": 24,
    "colour": 0,
    "highlight": 0,
    "ground": 0,
    "shading": 0,
    "border": 0,
    "border_next": 0,
}
_PARAGRAPH: State = {
    "intbl": 0,
    "itap": 0,
    "align": 0,
    "indent": 0,
    "first_indent": 0,
    "paragraph_ground": 0,
    "paragraph_shading": 0,
}


class Characters:
    """Applies control words to a state and tells how characters in a state look."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._plain: State = {**_CHARACTER, "font": header.default_font}
        self._known: dict[tuple[int, ...], Looks] = {}

    def start(self) -> State:
        return {**self._plain, **_PARAGRAPH, "fallback": 1}

    def apply(self, state: State, word: str, parameter: int | None) -> bool:
        """Change the state by one control word; false where the word is no formatting."""
        if (name := _SWITCHES.get(word)) is not None:
            state[name] = int(parameter != 0)
        elif (name := _NUMBERS.get(word)) is not None:
            state[name] = max(-_LIMIT, min(parameter or 0, _LIMIT))
        elif word == "plain":
            state.update(self._plain)
        elif word == "pard":
            state.update(_PARAGRAPH)
        elif (fixed := _FIXED.get(word)) is not None:
            state[fixed[0]] = fixed[1]
        elif (script := _SCRIPTS.get(word)) is not None:
            state["script"] = script
        elif (name := _OF_OTHER_SCRIPT.get(word)) is not None:
            if state["script"] != _RIGHT_TO_LEFT:
                state[name] = int(parameter != 0) if word == "ab" else parameter or 0
        else:
            return self._border(state, word, parameter)
        return True

    def _border(self, state: State, word: str, parameter: int | None) -> bool:
        r"""\chbrdr is followed by the kind of line; a width or colour alone draws none."""
        if word == "chbrdr":
            state["border_next"] = 1
        elif not word.startswith("brdr"):
            state["border_next"] = 0
            return False
        elif state["border_next"] and word not in _BORDER_MEASURES:
            state["border"] = int(word not in _NO_BORDER)
        elif state["border_next"] and word == "brdrw" and parameter == 0:
            state["border"] = 0
        return True

    def looks(self, state: State, *, shaded: bool) -> Looks:
        """How characters look; `shaded` is whether they stand on a shaded cell."""
        key = (*state.values(), shaded)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._looks(state, shaded)
        return known

    def _looks(self, state: State, shaded: bool) -> Looks:
        tone = self._header.tone(state["colour"])
        fills = self._header.fills
        looks = Looks(
            struck=bool(state["strike"] or state["double"]),
            highlighted=fills(state["highlight"]),
            shaded=shaded
            or fills(state["ground"])
            or state["shading"] > 0
            or fills(state["paragraph_ground"])
            or state["paragraph_shading"] > 0,
            underlined=bool(state["underline"] or state["accent"]),
            bold=bool(state["bold"] or (state["asian_bold"] and state["script"] == _ASIAN)),
            coloured=tone == "coloured",
            bordered=bool(state["border"]),
            inserted=bool(state["revised"]),
            faint=tone == "faint",
        )
        return PLAIN if looks == PLAIN else looks


def depth(state: State) -> int:
    """How many tables the paragraph stands in."""
    return max(state["itap"], state["intbl"], 0)


def is_gone(state: State) -> bool:
    """Whether characters are hidden, or deleted by a tracked change."""
    return bool(state["hidden"] or state["deleted"])
