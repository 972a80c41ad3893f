"""Makes the pictures of letters to units in docs/letters, from the templates of the bundled campaign and sample data.

    python docs/pictures/letters.py [NAME...]

Run from the repository root; NAME is acknowledgement, many-units (one for several units), reminder, question or
circular (all without one). Each is taken twice: as wide as a mail program's window (800 pixels), and as a telephone
(390). Needs Chromium and a Chinese font.

Letters to the secretariat tell of a register: docs/letters has them as a campaign of the demonstration gave them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from intake.beijing import BEIJING  # noqa: E402
from outbox import samples  # noqa: E402
from outbox.compose import Letters  # noqa: E402
from program.bundled import DEFAULT_CAMPAIGN, campaigns, templates  # noqa: E402
from program.campaign_folders import campaign_letters, load_campaigns  # noqa: E402

MOMENTS = {
    "acknowledgement": "11-21 09:12", "many-units": "11-22 15:40", "reminder": "11-25 10:00",
    "question": "11-29 10:00", "circular": "11-17 14:00",
}  # fmt: skip
UNITS = {"示例科技有限公司": "482913", "示例知识产权代理有限公司": "730265", "示例大学": "519408"}
WIDTHS = {"desktop": 800, "phone": 390}
TALLEST, MARGIN = 3000, 24
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Take the pictures that are asked for; 1 where there is no browser."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.stderr.write(f"no browser: one of {', '.join(BROWSERS)} is needed\n")
        return 1
    for name in sys.argv[1:] or MOMENTS:
        page = html_of(name)
        for window, width in WIDTHS.items():
            path = ROOT / "docs" / "letters" / f"{name}-{window}.png"
            photograph(browser, page, width).save(path, optimize=True)
            sys.stdout.write(f"{path.name}: {path.stat().st_size} bytes\n")
    return 0


def html_of(name: str) -> str:
    """The HTML of a letter with sample data, as of a day of the campaign on which it may leave."""
    kind = "acknowledgement" if name == "many-units" else name
    now = datetime.fromisoformat(f"2016-{MOMENTS[name]}").replace(tzinfo=BEIJING)
    loaded = load_campaigns((campaigns()[DEFAULT_CAMPAIGN],))
    with tempfile.TemporaryDirectory() as forms:
        desk = Letters(
            list(map(campaign_letters, loaded)), common=templates() / "common", sender="sample@example.com",
            forms=Path(forms),
        )  # fmt: skip
        facts = samples.facts(kind, loaded[0].campaign.form, now)
        if name == "many-units":
            facts = {**facts, "units": [_of(facts["units"][0], *unit) for unit in UNITS.items()]}
        letter = desk.preview(kind, DEFAULT_CAMPAIGN, now=now, recipient="sample@example.com", facts=facts)
    body = message_from_bytes(letter.raw, policy=policy.default).get_body(("html",))
    assert body is not None
    text: str = body.get_content()
    return text


def _of(said: Mapping[str, Any], unit: str, receipt: str) -> dict[str, Any]:
    """What is said of another unit, which has answered everything."""
    values = [{**value, "text": unit if value["id"] == "unit" else value["text"]} for value in said["values"]]
    choices = [{**choice, "answer": "yes", "text": "是"} for choice in said["choices"]]
    told = {"unit": unit, "receipt": receipt, "values": values, "choices": choices}
    return {**said, **told, "unclear": [], "due": None}


def photograph(browser: str, page: str, width: int) -> Image.Image:
    """The page in so wide a window, without what is empty below it; 64 colours are enough for ink on paper."""
    with tempfile.TemporaryDirectory() as folder:
        source, taken = Path(folder, "letter.html"), Path(folder, "letter.png")
        source.write_text(page, encoding="utf-8")
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += [f"--user-data-dir={folder}", f"--window-size={width},{TALLEST}", f"--screenshot={taken}"]
        subprocess.run([*command, source.as_uri()], check=True, capture_output=True, timeout=120)
        whole = Image.open(taken).convert("RGB").crop((0, 0, width, TALLEST))
    empty = Image.new("RGB", whole.size, whole.getpixel((0, TALLEST - 1)))
    _, _, _, bottom = ImageChops.difference(whole, empty).getbbox() or (0, 0, 0, TALLEST)
    return whole.crop((0, 0, width, min(TALLEST, bottom + MARGIN))).quantize(64)


if __name__ == "__main__":
    sys.exit(main())
