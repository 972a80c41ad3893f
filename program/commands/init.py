"""`intake init`: a configuration and an editable copy of the letters in the current folder."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import click

from program import bundled

FOLDER = Path("templates")


@click.command(name="init", help="在当前文件夹写入 config.toml 和可编辑的活动文件夹，已有的文件不会覆盖。")
def command() -> int:
    taken = [path for path in (Path("config.toml"), FOLDER) if path.exists()]
    if taken:
        raise click.UsageError(f"当前文件夹中已有 {'、'.join(map(str, taken))}，未作改动；请换一个空文件夹。")
    name = bundled.DEFAULT_CAMPAIGN
    shutil.copytree(bundled.campaigns()[name], FOLDER / name)
    shutil.copytree(bundled.templates() / "common", FOLDER / "common")
    _write_private(Path("config.toml"), configured_for(bundled.example_configuration().read_text("utf-8"), name))
    click.echo(
        "已生成：\n"
        "  config.toml             配置文件，请填写邮箱账号和授权码\n"
        f"  {FOLDER / name}/   征集活动：campaign.toml 可直接修改\n"
        f"  {FOLDER / 'common'}/       信函模板，可用记事本修改\n"
        "下一步：填好 config.toml 后运行 intake check。"
    )
    return 0


def configured_for(example: str, name: str) -> str:
    """The example with its campaign pointing at the copy beside it."""
    line = f'campaign = ["{FOLDER.as_posix()}/{name}"]'
    changed, found = re.subn(r"(?m)^campaign = .*$", line, example, count=1)
    if not found:
        raise ValueError("config.example.toml has no campaign")
    return changed


def _write_private(path: Path, text: str) -> None:
    """The file will hold a secret: readable by its owner alone from its first byte."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
