"""A campaign is a folder of data: no name and no word of the bundled one stands in the program."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from program import bundled

ROOT = Path(bundled.__file__).parents[1]
PACKAGES = ("intake", "storage", "outbox", "scheduler", "program")
SHOWN_AS_SAMPLES = "program/demo"  # the demonstration plays that very campaign
WORDING = {
    "intake/classify/phrases.py",
    "intake/form/finding.py",
    "intake/form/titles.py",
}  # how forms in general are spoken of


def texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_the_program_holds_no_word_of_the_first_campaign() -> None:
    data = tomllib.loads((bundled.campaigns()["cipoa-2016"] / "campaign.toml").read_text("utf-8"))
    letters = data["letters"]
    names = {data["title"], data["notice"], data["form"]["title"], letters["alliance"], letters["office"]}
    names |= {letters["sender_name"], letters["registered"], "CIPOA", "首知服协"}
    names |= {value for contact in letters["contacts"] for value in contact.values()}
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            if place.startswith(SHOWN_AS_SAMPLES):
                continue
            forbidden = names if place in WORDING else {*names, letters["form_noun"]}
            found += [(place, text) for text in texts(path) if any(name in text for name in forbidden)]
    assert found == []
