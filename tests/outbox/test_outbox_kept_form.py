"""The blank form kept as a file: made once, and again where the file is damaged or the form is another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from outbox_office import campaign

from outbox import blank_form, kept_form

SPEC = campaign().form
MADE = blank_form.make(SPEC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of forms, and a making that says of which form it was asked."""
    monkeypatch.setattr(blank_form, "make", lambda spec: MADE if spec == SPEC else b"another form")
    kept_form.blank.cache_clear()
    return tmp_path / "data" / "forms"


def again(folder: Path) -> bytes:
    """As another process would ask."""
    kept_form.blank.cache_clear()
    return kept_form.blank(SPEC, folder)


def test_it_is_made_once_and_then_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept_form.blank(SPEC, folder) == MADE
    (kept,) = folder.iterdir()
    assert (kept.stat().st_mode & 0o077, folder.stat().st_mode & 0o077) == (0, 0)
    monkeypatch.setattr(blank_form, "make", lambda spec: b"made again")
    assert again(folder) == MADE


def test_another_form_is_another_file(folder: Path) -> None:
    kept_form.blank(SPEC, folder)
    assert kept_form.blank(replace(SPEC, title="另一份表"), folder) == b"another form"
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("rest", [b"", MADE[:20_000], MADE[:9_000] + bytes(64) + MADE[9_064:], b"no zip"])
def test_a_damaged_file_is_made_anew(folder: Path, rest: bytes) -> None:
    kept_form.blank(SPEC, folder)
    (kept,) = folder.iterdir()
    kept.write_bytes(rest)
    assert again(folder) == MADE
    assert kept.read_bytes() == MADE


def test_a_folder_that_cannot_be_made_costs_only_the_time(folder: Path) -> None:
    folder.parent.write_bytes(b"a file stands here")
    assert kept_form.blank(SPEC, folder) == MADE


def test_without_a_folder_it_is_made(folder: Path) -> None:
    assert kept_form.blank(SPEC, None) == MADE
