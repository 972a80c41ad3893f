"""config.example.toml tells the truth both ways: each setting stands in it, and each line of it is a setting."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from program import bundled
from program.settings import Settings, key_tree, load_settings

LINES = bundled.example_configuration().read_text("utf-8").splitlines()
SETTING = re.compile(r"(?:# )?([a-z_]+) = .+")
ALL_ON = "\n".join(re.sub(r"^# (?=[a-z_]+ = )", "", line) for line in LINES)


def leaves(tree: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Every leaf of nested dictionaries by its dotted key."""
    found: dict[str, Any] = {}
    for key, value in tree.items():
        found |= leaves(value, f"{above}{key}.") if isinstance(value, dict) else {above + key: value}
    return found


def defaults(model: type[BaseModel]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        value = info.default
        if isinstance(value, BaseModel):
            found[name] = defaults(type(value))
        else:
            found[info.alias or name] = _plain(value)
    return found


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def commented() -> dict[str, str]:
    """The comment directly above each setting, by dotted key."""
    found, section = {}, ""
    for above, line in zip(["", *LINES], LINES, strict=False):
        if line.startswith("["):
            section = line.strip("[]") + "."
        elif setting := SETTING.fullmatch(line):
            found[section + setting[1]] = above
    return found


REQUIRED = {key for key, sentence in commented().items() if "必填" in sentence}


def test_each_setting_stands_in_the_example_and_each_line_is_a_setting() -> None:
    assert set(leaves(tomllib.loads(ALL_ON))) == set(leaves(key_tree(Settings)))


def test_each_line_shows_the_default() -> None:
    shown, real = leaves(tomllib.loads(ALL_ON)), leaves(defaults(Settings))
    real["campaign"] = [bundled.DEFAULT_CAMPAIGN]
    assert {key: value for key, value in shown.items() if key not in REQUIRED} == {
        key: value for key, value in real.items() if key not in REQUIRED
    }


def test_what_is_marked_as_required_is_what_the_program_asks_for() -> None:
    assert sorted(REQUIRED) == ["mailbox.host", "mailbox.username", "smtp.host", "smtp.username"]
    assert {key: leaves(defaults(Settings))[key] for key in REQUIRED} == dict.fromkeys(REQUIRED, "")


@pytest.mark.parametrize("key", sorted(leaves(key_tree(Settings))))
def test_each_setting_has_one_chinese_sentence_above_it(key: str) -> None:
    assert re.fullmatch(r"# [^。]*[\u4e00-\u9fff][^。]*。", commented()[key])


def test_the_example_is_a_working_file_that_changes_nothing_but_the_required(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("\n".join(LINES), "utf-8")
    shown = load_settings(tmp_path / "config.toml", {}, tmp_path)
    bare = load_settings(None, {}, tmp_path / "elsewhere")
    assert shown.mailbox.host == "imap.vip.126.com"
    assert shown.campaign == bare.campaign
    for section in ("outbox", "limits", "digest", "reading", "log", "calendar"):
        assert getattr(shown, section) == getattr(bare, section)
    assert shown.data == tmp_path / "data"
