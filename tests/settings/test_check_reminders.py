"""What `intake check` says of the rounds to come."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from intake.beijing import BEIJING
from program.bundled import campaigns
from program.checks import _reminders
from program.settings import load_settings
from storage import extensions
from storage.register import Register


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def _said(folder: Path, now: str, campaign: Path | None = None) -> list[tuple[str, str]]:
    environment = {"INTAKE_STORAGE__URL": f"sqlite:///{folder}/register.sqlite"}
    if campaign:
        environment["INTAKE_CAMPAIGN"] = str(campaign)
    settings = load_settings(None, environment, folder)
    return [(finding.state, finding.sentence) for finding in _reminders(settings, at(now))]


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ("2016-11-25T09:59", "cipoa-2016：下一轮 2016年11月25日（星期五）10:00（截止前7天）"),
        ("2016-11-25T10:00", "cipoa-2016：下一轮 2016年11月29日（星期二）10:00（截止前3天）"),
        ("2016-12-01T10:00", "cipoa-2016：没有待进行的提醒"),
    ],
)
def test_the_next_round_is_named(tmp_path: Path, now: str, sentence: str) -> None:
    assert _said(tmp_path, now) == [("good", sentence)]


def test_a_deadline_moved_for_all_moves_the_rounds(tmp_path: Path) -> None:
    register = Register.open(f"sqlite:///{tmp_path}/register.sqlite", at("2016-12-01T10:00"))
    with register.writing() as tx:
        extensions.grant(
            tx, "cipoa-2016", None, at("2016-12-16T17:00"), at("2016-12-02T17:00"), "liu", at("2016-12-01T10:00")
        )
    register.close()
    assert "12月9日" in _said(tmp_path, "2016-12-02T10:00")[0][1]


def test_a_year_without_calendar_data_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    folder.mkdir()
    text = (campaigns()["cipoa-2016"] / "campaign.toml").read_text("utf-8")
    (folder / "campaign.toml").write_text(
        text.replace("2016-12-02T17", "2090-12-01T17").replace("2036-12-31", "2090-12-31"), "utf-8"
    )
    ((state, sentence),) = _said(tmp_path, "2090-11-01T10:00", folder)
    assert state == "warning"
    assert sentence.endswith("（截止前7天），2090年尚无放假安排，日期按周一至周五推算")
