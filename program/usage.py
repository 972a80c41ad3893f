"""What is wrong with a command as typed, in one Chinese sentence that names the help to read."""

from __future__ import annotations

import re

import click

_NO_COMMAND = re.compile(r"No such command '(.*?)'")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def sentence_of(error: click.UsageError) -> str:
    """The sentence for an error of click's, or of ours, which is Chinese already."""
    command = error.ctx.command_path if error.ctx else "intake"
    return f"{_problem(error).rstrip('。')}；用法见 {command} --help。"


def _problem(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, click.MissingParameter):
        return f"缺少参数 {_name(error)}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 缺少取值，或取值不当"
    if _CHINESE.search(error.message):
        return error.message
    if isinstance(error, click.BadParameter):
        return f"参数 {_name(error)} 无效（{error.message.rstrip('.')}）"
    if unknown := _NO_COMMAND.match(error.message):
        return f"没有命令 {unknown[1]}"
    return f"命令写得不对（{error.message.rstrip('.')}）"


def _name(error: click.BadParameter) -> str:
    """The parameter as the help calls it."""
    if error.param is None or error.ctx is None:
        return str(error.param_hint or "")
    return error.param.get_error_hint(error.ctx).strip("'")
