"""Draws the sheets of glyphs that the test pages are set with; run only to make them anew.

    python tests/samples/pen/make_glyphs.py

Needs Pillow and fonts with Chinese glyphs; the sheets themselves need neither. Each sheet is a
greyscale PNG of CELL x CELL cells, COLUMNS in a row, in the order of CHARACTERS.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CELL = 48
COLUMNS = 12
SIGNS = "□■√✓×()_○0123456789"  # signs that Droid Sans Fallback lacks
CHARACTERS = (
    "是否同意不弃权参加有无愿赞成反对"
    "□■√✓×（）()_○"
    "口日国田回因困区四图"
    "中期人名称单位联系电话填写首都知识产业盟协会员手机码"
    "0123456789"
)
NOTO = "/usr/share/fonts/opentype/noto/Noto"
FONTS = {
    "sans": (NOTO + "SansCJK-Regular.ttc", 2),
    "sans-bold": (NOTO + "SansCJK-Bold.ttc", 2),
    "serif": (NOTO + "SerifCJK-Regular.ttc", 2),
    "serif-bold": (NOTO + "SerifCJK-Bold.ttc", 2),
    "droid": ("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0),
}


def main() -> None:
    rows = -(-len(CHARACTERS) // COLUMNS)
    for name, (path, index) in FONTS.items():
        own = ImageFont.truetype(path, CELL, index=index)
        signs = ImageFont.truetype(FONTS["sans"][0], CELL, index=2) if name == "droid" else own
        sheet = Image.new("L", (CELL * COLUMNS, CELL * rows), 255)
        for number, character in enumerate(CHARACTERS):
            cell = Image.new("L", (CELL, CELL), 255)
            font = signs if character in SIGNS else own
            lowered = font.getmetrics()[0] - round(CELL * 0.88)
            offset = (CELL - font.getlength(character)) / 2
            ImageDraw.Draw(cell).text((offset, -lowered), character, font=font, fill=0)
            sheet.paste(cell, (number % COLUMNS * CELL, number // COLUMNS * CELL))
        sheet.quantize(16).save(Path(__file__).parent / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
