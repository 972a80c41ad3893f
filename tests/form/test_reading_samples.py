"""Real files: the project's own samples, and the shared ones where they lie beside the repository."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from form_builders import ROOT
from form_scoring import truth_of
from form_truth import differences

OWN = ROOT / "tests" / "samples" / "forms"
SHARED = ROOT.parent / "shared" / "forms"
READABLE = ("docx", "xlsx", "html", "txt", "xls", "et")
NOT_YET = ("doc-", "rtf-")  # formats read later, under whatever name


def named(sample: dict[str, Any]) -> str:
    return str(sample["file"])


@pytest.mark.parametrize("sample", truth_of(OWN), ids=named)
def test_our_samples(sample: dict[str, Any]) -> None:
    assert differences(OWN / sample["file"], sample["forms"]) == []


def test_our_samples_are_what_their_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = importlib.util.spec_from_file_location("make_forms", OWN.parent / "make_forms.py")
    assert place is not None
    assert place.loader is not None
    script = importlib.util.module_from_spec(place)
    place.loader.exec_module(script)
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    script.main()
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in OWN.iterdir()}


def shared_samples() -> list[dict[str, Any]]:
    if not SHARED.exists():
        return []
    return [
        sample
        for sample in truth_of(SHARED)
        if named(sample).endswith(READABLE) and not named(sample).startswith(NOT_YET)
    ]


@pytest.mark.parametrize("sample", shared_samples() or [{"file": "", "forms": []}], ids=named)
def test_shared_samples(sample: dict[str, Any]) -> None:
    if sample["file"]:
        assert differences(SHARED / "files" / sample["file"], sample["forms"]) == []
