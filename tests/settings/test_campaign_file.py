"""Mistakes in a campaign.toml that somebody wrote by hand: one sentence each, that names the place."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from intake.campaign_file import parse_campaign
from intake.errors import WrongConfiguration
from intake.stages import parse_stages
from program.commands.form import campaign_id

BUNDLED = tomllib.loads(
    (Path(__file__).parents[2] / "templates" / "cipoa-2016" / "campaign.toml").read_text(encoding="utf-8")
)


def top(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data.__setitem__(key, value)


def form(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["form"].__setitem__(key, value)


def field(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["form"]["fields"][1].__setitem__(key, value)


def choice(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["form"]["choices"][0].__setitem__(key, value)


MISTAKES: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (lambda data: data.pop("title"), "title 没有填写，应为文字"),
    (lambda data: data.pop("form"), "form 没有填写，应为一段 [form]"),
    (top("id", "x" * 32), "id 应为至多31个字母、数字、汉字或 - _ ."),
    (top("id", "a/b"), "id 应为至多31个"),
    (top("id", ""), "id 应为至多31个"),
    (top("title", "甲\n乙"), "title 应为一行文字"),
    (top("opens", date(2016, 11, 17)), "opens 应为日期和时刻"),
    (top("opens", datetime(2016, 11, 17)), "opens 须带时区"),  # noqa: DTZ001
    (top("opens", BUNDLED["letters_until"]), "opens、deadline、letters_until 须依次不早于前一个"),
    (top("letters_until", BUNDLED["opens"]), "opens、deadline、letters_until 须依次不早于前一个"),
    (top("grace_minutes", "10"), "grace_minutes 应为整数"),
    (top("grace_minutes", True), "grace_minutes 应为整数"),
    (top("grace_minutes", -1), "grace_minutes 应为不小于 0 的整数"),
    (top("words", "入盟"), "words 应为一列文字"),
    (top("deadlines", 1), "有不认识的键 deadlines"),
    (top("followups", "3"), "followups 应为一段 [followups]"),
    (top("followups", {"workdays": "3"}), "[followups] 的 workdays 应为整数"),
    (form("requird", []), "[form] 有不认识的键 requird"),
    (form("required", "unit"), "[form] 的 required 应为一列 id"),
    (form("required", [1]), "[form] 的 required 应为一列 id"),
    (form("required", ["nobody"]), "[form] 中的 id 重复或未定义：nobody"),
    (form("declines", ["join"]), "[form] 的 declines 应为文字"),
    (form("declines", "unit"), "declines 须是一个选择题的 id，“unit”不是"),
    (form("fields", {"id": "unit"}), "[form] 的 fields 应为若干段 [[form.fields]]"),
    (form("rows", [{"fields": "x"}]), "form.rows 第1项的 fields 应为若干段 [[form.rows.fields]]"),
    (form("rows", [{"label": "参会人员"}]), "form.rows 至少要有两栏"),
    (field("id", "x" * 41), "form.fields 第2项的 id 应为至多40个"),
    (field("id", "unit"), "id 重复或未定义：contact、unit"),
    (field("kind", "phone"), "form.fields 第2项的 kind “phone” 无效"),
    (field("labels", "联系人"), "form.fields 第2项的 labels 应为一列文字"),
    (field("lable", "联系人"), "form.fields 第2项有不认识的键 lable"),
    (choice("options", "是否"), "form.choices 第1项的 options 应为一列文字"),
    (choice("several", 1), "form.choices 第1项的 several 应为true 或 false"),
]


@pytest.mark.parametrize(("spoil", "sentence"), MISTAKES)
def test_a_mistake_is_one_sentence(spoil: Callable[[dict[str, Any]], None], sentence: str) -> None:
    data = copy.deepcopy(BUNDLED)
    spoil(data)
    with pytest.raises(WrongConfiguration) as refused:
        parse_campaign(data)
    assert refused.value.sentence.startswith("campaign.toml：")
    assert sentence in refused.value.sentence
    assert "\n" not in refused.value.sentence


def test_names_that_the_register_cannot_hold_are_refused() -> None:
    with pytest.raises(WrongConfiguration, match="过长"):
        parse_stages([{"name": "筹" * 41}], ())
    with pytest.raises(WrongConfiguration, match="过长"):
        parse_stages([{"name": "筹备", "materials": [{"id": "x" * 41, "label": "申请书"}]}], ())


def test_a_learnt_campaign_has_an_id_that_is_accepted(tmp_path: Path) -> None:
    learnt = campaign_id(tmp_path / ("2027年度 会员大会（" + "示例" * 20))
    assert parse_campaign(BUNDLED | {"id": learnt}).id == learnt
