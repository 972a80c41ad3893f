"""docs/reading.md: the files and folders it names exist, and its table of choices has a row for each rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intake.form.choices import TABLE

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reading.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`((?:[\w-]+/)+(?:[\w-]+\.\w+)?)`", PAGE)))
SHOWN = sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)", PAGE)))


@pytest.mark.parametrize("name", NAMED)
def test_each_file_named_exists(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("name", SHOWN)
def test_each_picture_shown_is_there_and_small(name: str) -> None:
    assert 0 < (ROOT / "docs" / name).stat().st_size < 60_000


def test_the_page_names_files_and_shows_pictures() -> None:
    assert len(NAMED) > 20
    assert len(SHOWN) > 4


def test_the_table_of_choices_has_a_row_for_each_rule() -> None:
    assert [int(number) for number in re.findall(r"^\| (\d+) \|", PAGE, re.M)] == list(range(1, len(TABLE) + 1))
