"""How well forms are read must not fall: the floor of accuracy on the project's own samples, and on the shared ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from form_builders import ROOT, SPEC
from form_scoring import Tally, score, truth_of

from intake.reading import as_json, read_file

OWN = ROOT / "tests" / "samples" / "forms"
SHARED = ROOT.parent / "shared" / "forms"
DRAWN = ("fx:", "ink:", "scanned", "fill:hand")  # traits of scans and photographs, which the tests of paper hold
PICTURES = (".jpg", ".png", ".tiff", ".heic")


def measured(folder: Path) -> Tally:
    """The sum over the electronic forms of a folder."""
    files = folder / "files" if (folder / "files").is_dir() else folder
    whole = Tally()
    for sample in truth_of(folder):
        path = files / sample["file"]
        drawn = any(trait.startswith(DRAWN) for trait in sample.get("traits", ()))
        if not drawn and path.suffix not in PICTURES:
            forms = as_json(path.name, read_file(path.name, path.read_bytes(), (SPEC,)), (SPEC,))["forms"]
            whole.add(score(sample["forms"], forms))
    return whole


@pytest.mark.parametrize("folder", [OWN, *([SHARED] if SHARED.exists() else [])], ids=lambda folder: folder.parent.name)
def test_accuracy_on_electronic_formats(folder: Path) -> None:
    """The reach of the design: WRONG 0, ASKED at most 3 %, unit names exact at least 99 %, nothing unread."""
    tally = measured(folder)
    assert tally.wrong == 0, tally.faults
    assert tally.unread == 0, tally.faults
    assert tally.asked <= 0.03 * tally.choices
    assert tally.units >= 0.99 * tally.forms
    assert tally.exact >= 0.97 * tally.forms
    assert tally.forms >= 25


def test_a_floor_can_fail() -> None:
    """The measure itself: a wrong tick, an unclear one, a lost form and a form too many are all counted."""
    true = {"values": {"unit": "示例单位"}, "choices": {"join": "yes", "member": "blank"}}
    said = {"values": {"unit": "示例 单位"}, "choices": {"join": {"answer": "no"}, "member": {"answer": "unclear"}}}
    tally = score([true], [said])
    assert (tally.exact, tally.right, tally.wrong, tally.asked) == (1, 0, 1, 1)
    lost = score([true], [])
    assert (lost.unread, lost.wrong, lost.right) == (1, 0, 0)
    more = score([true], [{**true}, {"values": {"unit": "另一单位"}, "choices": {"join": "yes", "member": "no"}}])
    assert (more.right, more.wrong) == (2, 2)
