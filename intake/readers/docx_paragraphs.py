"""The properties of a paragraph and of the cell around it, as far as they matter here (ECMA-376 part 1, 17.3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from intake.readers.docx_floats import Metrics
from intake.readers.docx_styles import Styles, is_shaded
from intake.readers.wordml import W, first_of_each, number, on, value

Properties: TypeAlias = Mapping[str, etree._Element]  # the children of a properties element, the first of each tag
NO_PROPERTIES: Properties = {}

_CELL_MARGIN = 10.8  # points, left and right together (Word's default of 0.19 cm each)
_P_STYLE, _NUM_PR, _R_PR, _SHD, _JC, _IND, _TC_W, _VANISH = (
    W + name for name in ("pStyle", "numPr", "rPr", "shd", "jc", "ind", "tcW", "vanish")
)
_GONE = (W + "del", W + "moveFrom")


@dataclass(slots=True)
class Setting:
    """Where runs stand: in a paragraph (its `w:pPr`) of a cell (its `w:tcPr`)."""

    own: Properties
    cell: Properties
    style: str
    shaded: bool

    @property
    def numbering(self) -> etree._Element | None:
        return self.own.get(_NUM_PR)

    @property
    def runs_on(self) -> bool:
        """Whether its mark is deleted or hidden: the next paragraph continues it."""
        mark = self.own.get(_R_PR)
        if mark is None:
            return False
        looks = first_of_each(mark)
        return any(tag in looks for tag in _GONE) or (_VANISH in looks and on(looks[_VANISH]))

    def metrics(self, styles: Styles, size: float) -> Metrics:
        """The metrics of its line, with characters of that size in points."""
        align = value(self.own.get(_JC)) or value(styles.paragraph_property(self.style, "jc")) or "left"
        return Metrics(size, self._room(), self._indent(), align)

    def _room(self) -> float:
        """Of the cell, in points; 0 where it is not known."""
        width = self.cell.get(_TC_W)
        if width is None or width.get(W + "type", "dxa") != "dxa":
            return 0.0
        return max(0.0, number(width.get(W + "w")) / 20 - _CELL_MARGIN)

    def _indent(self) -> float:
        indent = self.own.get(_IND)
        return 0.0 if indent is None else (number(indent.get(W + "left")) + number(indent.get(W + "firstLine"))) / 20


def setting(own: Properties, cell: Properties) -> Setting:
    """The setting of a paragraph with these properties in a cell with those."""
    return Setting(own, cell, value(own.get(_P_STYLE)), is_shaded(cell.get(_SHD)) or is_shaded(own.get(_SHD)))
