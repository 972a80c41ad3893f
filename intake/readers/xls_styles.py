"""How the cells of an old Excel workbook are shown, out of the formats that xlrd has read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.document import Looks
from intake.readers import symbols
from intake.readers.colours import tone
from intake.readers.sheet_styles import DATE_IDS, DEFAULT_STYLE, CellStyle, Font, hides, is_date_pattern

if TYPE_CHECKING:
    from xlrd.book import Book

_ALIGNED = {2: "center", 3: "right", 6: "center"}  # [MS-XLS] 2.5.122 (HorizAlign); 6: across the selection
_SOLID = 1
_SYSTEM_BACK = 65  # the colour of the window's background


class OldStyles:
    """The fonts and cell formats of a workbook by their numbers."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._styles: dict[int, CellStyle] = {}
        self._fonts: dict[int, Font] = {}

    def __getitem__(self, number: int) -> CellStyle:
        if number not in self._styles:
            self._styles[number] = self._style(number)
        return self._styles[number]

    def font(self, number: int) -> Font:
        """A font, without the fill of a cell."""
        if number not in self._fonts:
            self._fonts[number] = self._font(number)
        return self._fonts[number]

    def _style(self, number: int) -> CellStyle:
        if not 0 <= number < len(self._book.xf_list):
            return DEFAULT_STYLE
        xf = self._book.xf_list[number]
        own = self.font(xf.font_index)
        if self._is_filled(xf):
            own = shaded(own)
        known = self._book.format_map.get(xf.format_key)
        pattern = known.format_str if known is not None else "General"
        border = xf.border
        return CellStyle(
            font=own,
            pattern=pattern,
            date=is_date_pattern(pattern) or (xf.format_key in DATE_IDS and pattern in ("", "General")),
            hidden=hides(pattern),
            framed=border is not None and bool(border.right_line_style),
            align="left" if xf.alignment is None else _ALIGNED.get(xf.alignment.hor_align, "left"),
        )

    def _font(self, number: int) -> Font:
        if not 0 <= number < len(self._book.font_list):
            return Font()
        font = self._book.font_list[number]
        shown = self._tone(font.colour_index)
        looks = Looks(
            struck=bool(font.struck_out),
            underlined=bool(font.underline_type),
            bold=font.weight >= 600 or bool(font.bold),
            coloured=shown == "coloured",
            faint=shown == "faint",
        )
        return Font(looks, symbols.family(font.name), font.height / 20 or 11.0)

    def _tone(self, colour: int) -> str:
        channels = self._book.colour_map.get(colour)
        return "plain" if channels is None else tone("{:02X}{:02X}{:02X}".format(*channels))

    def _is_filled(self, xf: object) -> bool:
        back = getattr(xf, "background", None)
        if back is None or not back.fill_pattern:
            return False
        if back.fill_pattern != _SOLID:
            return True
        colour = back.pattern_colour_index
        return colour != _SYSTEM_BACK and self._book.colour_map.get(colour) not in ((255, 255, 255), None)


def shaded(own: Font) -> Font:
    """The font on a filled cell."""
    return own if own.looks.shaded else replace(own, looks=replace(own.looks, shaded=True))
