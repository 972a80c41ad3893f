"""Pictures of unclear answers are kept and found again; certain ones are not kept."""

from __future__ import annotations

from pathlib import Path

from intake.answers import Choice, Form, Value
from storage.cutouts import CutOuts

HASH, PNG = "a" * 64, b"\x89PNG sample"


def form(unit: str, answer: str = "unclear") -> Form:
    choices = {
        "join": Choice("join", answer, "", "", cutout=PNG + unit.encode()),
        "member": Choice("member", "unclear"),
    }
    return Form("sample", "scan.jpg", {"unit": Value(unit)}, choices)


def test_an_unclear_answer_is_shown_by_its_unit(tmp_path: Path) -> None:
    kept = CutOuts(tmp_path / "cutouts", {"sample": "unit"})
    kept.keep(HASH, (form("甲"), form("乙")))
    assert kept.of(HASH, "甲", "join") == PNG + "甲".encode()
    assert kept.of(HASH, "乙", "join") == PNG + "乙".encode()
    assert kept.of(HASH, "丙", "join") == b""
    assert kept.of(HASH, "甲", "member") == b""


def test_a_unit_that_was_renamed_is_found_where_there_is_one_picture(tmp_path: Path) -> None:
    kept = CutOuts(tmp_path / "cutouts", {"sample": "unit"})
    kept.keep(HASH, (form("甲"), form("乙", "yes")))
    assert kept.of(HASH, "丙", "join") == PNG + "甲".encode()


def test_where_nothing_can_be_written_there_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "cutouts").write_text("a file stands in the way")
    kept = CutOuts(tmp_path / "cutouts", {"sample": "unit"})
    kept.keep(HASH, (form("甲"),))
    assert kept.of(HASH, "甲", "join") == b""
