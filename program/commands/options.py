"""What several commands share on their command line."""

from __future__ import annotations

import functools
import getpass
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from intake.errors import WrongConfiguration, WrongUsage

if TYPE_CHECKING:
    from program.settings import Settings
    from storage.audits import Person

CAMPAIGN = click.option("--campaign", metavar="ID", default="", help="征集活动，默认为最新的一个。")
BY = click.option("--by", metavar="NAME", help="由谁决定，默认为当前用户。")
REASON = click.option("--reason", metavar="TEXT", default="", help="事由，记入操作记录。")


def configured(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command a `--config` option and pass it the loaded settings first."""

    @functools.wraps(command)
    def with_settings(ctx: click.Context, *args: Any, **kwargs: Any) -> Any:
        config: str | None = kwargs.pop("config")
        return command(load(config or ctx.find_root().obj), *args, **kwargs)

    option = click.option("--config", metavar="FILE", help="配置文件，默认 config.toml。")
    return option(click.pass_context(with_settings))


def load(config: str | None) -> Settings:
    """The settings; a file that was named must be there, the default one need not."""
    from program.settings import load_settings

    if config and not Path(config).is_file():
        raise WrongConfiguration(sentence=f"找不到配置文件 {config}；可先运行 intake init 生成。")
    return load_settings(Path(config) if config else None)


def person(by: str | None) -> Person:
    """Who acts from the shell: the one named, or its user."""
    from storage.audits import Person

    return Person(by or user(), "shell")


def user() -> str:
    """The user of the shell, by number where the system has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "本机用户"


def moment(text: str | None) -> datetime | None:
    """An ISO 8601 time with a zone; a clear usage error otherwise."""
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"“{text}”不是ISO时间，例如 2016-12-02T17:00:00+08:00。") from None
    if parsed.tzinfo is None:
        raise click.BadParameter(f"“{text}”缺少时区，例如 2016-12-02T17:00:00+08:00。")
    return parsed


def confirmed(question: str, yes: bool) -> bool:
    """Whether a person said yes, here or by `--yes`; raises WrongUsage where nobody can be asked."""
    if yes:
        return True
    try:
        agreed = click.confirm(question, default=False)
    except click.Abort:
        raise WrongUsage(question, sentence=f"{question}无人确认，未作改动；核对无误后请加 --yes 再运行。") from None
    if not agreed:
        click.echo("已取消，未作改动。")
    return agreed
