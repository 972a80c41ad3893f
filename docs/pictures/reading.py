"""Makes the pictures of docs/reading.md; every verdict and sentence in them is what the program says.

    python docs/pictures/reading.py [NAME...]

Run from the repository root; NAME is flow, form, marks, looks, unclear or pen (all without one). Uses the
dependencies of the project (pen: those of its extra [ocr]), `fc-match` with a Chinese font, and for `form`
LibreOffice (`soffice`); a picture for which something is missing is left as it is, and that is said.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flow_chart import flow_picture
from form_overlay import form_picture
from kinds_of_mark import LOOKS, MARKS, UNCLEAR, rows_picture
from pen_tiles import pen_picture
from sample_forms import Missing
from typesetting import NoFont

HERE = Path(__file__).resolve().parent
PICTURES: dict[str, Callable[[Path], None]] = {
    "flow": flow_picture,
    "form": form_picture,
    "marks": partial(rows_picture, MARKS),
    "looks": partial(rows_picture, LOOKS),
    "unclear": partial(rows_picture, UNCLEAR),
    "pen": pen_picture,
}


def main() -> int:
    """Make the pictures that are asked for; 1 where one could not be made."""
    unknown = [name for name in sys.argv[1:] if name not in PICTURES]
    if unknown:
        sys.stderr.write(f"no such picture: {', '.join(unknown)}; there are {', '.join(PICTURES)}\n")
        return 2
    failed = 0
    for name in sys.argv[1:] or PICTURES:
        path = HERE / f"reading-{name}.png"
        try:
            PICTURES[name](path)
        except (Missing, NoFont) as error:
            sys.stderr.write(f"{path.name} is left as it is; missing: {error}\n")
            failed = 1
        else:
            sys.stdout.write(f"{path.name}: {path.stat().st_size} bytes\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
