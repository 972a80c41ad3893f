"""`intake form learn`: a blank form becomes a campaign folder that `intake read` takes at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands.test_commands_errors import one_sentence
from form import blank_forms
from form.paper_builders import docx, filled, xlsx
from promises.nursery import Ended, Nursery

from program.campaign_folders import load_campaigns


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    path = tmp_path / "参会回执.docx"
    path.write_bytes(docx(blank_forms.MEETING))
    return path


def learn(nursery: Nursery, tmp_path: Path, blank: Path, *more: str) -> Ended:
    return nursery.run(
        "form", "learn", str(blank), "--to", str(tmp_path / "annual-2016"), *more, folder=tmp_path, environment={}
    )


def test_a_blank_form_becomes_a_campaign(nursery: Nursery, tmp_path: Path, blank: Path) -> None:
    ended = learn(nursery, tmp_path, blank)
    assert ended.code == 0, ended
    assert "住宿安排：单间／合住／不住" in ended.out
    (loaded,) = load_campaigns([tmp_path / "annual-2016"])
    assert loaded.campaign.id == "annual-2016"
    assert loaded.campaign.form.title == "第三届知识产权服务业年会参会回执"
    text = (tmp_path / "annual-2016" / "campaign.toml").read_text("utf-8")
    assert "#   lodging        住宿安排：单间／合住／不住" in text
    assert "name=姓名" in text
    assert "【请核对】" in text


def test_a_filled_copy_is_read_by_it(nursery: Nursery, tmp_path: Path, blank: Path) -> None:
    assert learn(nursery, tmp_path, blank).code == 0
    ticked = {(2, 8, 1): "□单间   ☑合住   □不住", (2, 9, 1): "√是   □否"}
    page = filled(blank_forms.MEETING, {(2, 0, 1): "示例大学", (2, 5, 1): "李四", **ticked})
    (tmp_path / "回执.xlsx").write_bytes(xlsx(page))
    read = ("read", "--json", "--campaign", str(tmp_path / "annual-2016"), str(tmp_path / "回执.xlsx"))
    ended = nursery.run(*read, folder=tmp_path, environment={})
    (line,) = ended.out.splitlines()
    (form,) = json.loads(line)["forms"]
    assert form["values"]["unit"] == "示例大学"
    assert {key: choice["answer"] for key, choice in form["choices"].items()} == {
        "lodging": "合住", "meals": "yes", "visit": "blank",
    }  # fmt: skip
    assert form["rows"] == [{"name": "李四", "gender": "", "title": "", "mobile": "", "remarks": ""}]


def test_nothing_is_overwritten_without_force(nursery: Nursery, tmp_path: Path, blank: Path) -> None:
    target = tmp_path / "annual-2016" / "campaign.toml"
    target.parent.mkdir()
    target.write_text("mine", "utf-8")
    one_sentence(learn(nursery, tmp_path, blank), 2, "campaign.toml", "--force")
    assert target.read_text("utf-8") == "mine"
    assert learn(nursery, tmp_path, blank, "--force").code == 0
    assert target.read_text("utf-8") != "mine"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 damaged", docx(["关于召开年会的通知", "各会员单位："])])
def test_what_is_no_blank_form_is_refused_with_one_sentence(nursery: Nursery, tmp_path: Path, content: bytes) -> None:
    blank = tmp_path / "空.docx"
    blank.write_bytes(content)
    one_sentence(learn(nursery, tmp_path, blank), 2, "空.docx")
    assert not (tmp_path / "annual-2016").exists()
