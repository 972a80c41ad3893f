"""The command `intake`: names its sub-commands, and turns errors into one sentence and an exit code.

Exit 0 done, 1 a server, disk or lock refused, 2 wrong usage or configuration. A command's module is
imported only when it is called, so that `intake --help` answers at once.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys

import click

from intake.errors import BrokenTemplate, IntakeError, WrongConfiguration, WrongUsage
from program import __version__

COMMANDS = {  # name: (module in program.commands, what it does)
    "init": ("init", "在当前文件夹写入配置文件和可编辑的活动文件夹"),
    "check": ("check", "逐项检查配置、邮箱、模板、磁盘、日历和时钟"),
    "run": ("run", "收信、登记、答复；加 --once 只做一轮"),
    "status": ("status", "显示进度：收到、登记、待办、发信"),
    "read": ("read", "读取填好的表格或邮件，不需要配置"),
    "form": ("form", "从空白表生成新活动的表格定义"),
    "held": ("held", "待人工处理的事项：列出、查看、重读、决定"),
    "adopt": ("adopt", "放行或丢弃启用前来信的答复"),
    "roster": ("roster", "载入单位名册"),
    "unit": ("unit", "一家单位的情况：查看、更改状态"),
    "stage": ("stage", "活动的阶段：列出、开启"),
    "followup": ("followup", "各单位所欠的事项：列出、登记收到、重新计算期限"),
    "extend": ("extend", "延长一家或全部单位的截止时间"),
    "accept-late": ("accept_late", "准予逾期件计入"),
    "circular": ("circular", "通知：排日程，发通知，看进度"),
    "letter": ("letter", "预览信函，批准待发的信函"),
    "find": ("find", "按名称、登记号或邮箱查找单位的全部情况"),
    "enter": ("enter", "登记以微信、传真、纸质、电话收到的表格"),
    "amend": ("amend", "更正一家单位登记的内容或选择"),
    "pause": ("pause", "暂停向各单位发信"),
    "resume": ("resume", "恢复向各单位发信"),
    "digest": ("digest", "预览日报、简报和待办单"),
    "export": ("export", "导出台账（.xlsx）"),
    "print": ("print_lists", "生成可打印的签到表、成员名单、未回复名单和联络员名册"),
    "demo": ("demo", "在本机演示整个征集过程"),
}

WRONG = (WrongConfiguration, WrongUsage, BrokenTemplate)  # exit code 2


class Commands(click.Group):
    """A group whose members are found by name and imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"program.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="intake", message="%(prog)s %(version)s")
@click.option("--config", metavar="FILE", help="配置文件，默认 config.toml。")
@click.pass_context
def cli(ctx: click.Context, config: str | None) -> None:
    """读取各单位寄回的表格，登记选择，逐一答复。"""
    ctx.obj = config


def main() -> None:
    """Run the command line and exit with the code of the contract."""
    gc.set_threshold(500_000, 20, 20)  # start-up makes many objects, all to stay: do not look through them
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else all installed packages are searched for some
    try:
        code = cli(standalone_mode=False)
    except click.UsageError as error:
        _show_usage(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(1)
    except IntakeError as error:
        click.echo(error.sentence, err=True)
        sys.exit(2 if isinstance(error, WRONG) else 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _show_usage(error: click.UsageError) -> None:
    """One sentence; the whole help where a group was called without a command."""
    from program.usage import sentence_of

    if type(error).__name__ == "NoArgsIsHelpError":  # click 8.2 made a class of it
        error.show()
    else:
        click.echo(sentence_of(error), err=True)


if __name__ == "__main__":
    main()
