"""`intake print`: lists for a meeting and for the telephone, ready for A4."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from program.commands.options import configured, moment

if TYPE_CHECKING:
    from intake.collation import Order
    from program.campaign_folders import LoadedCampaign
    from program.printing.columns import Which
    from program.printing.name_list import NameList, Wanted
    from program.settings import Settings

FORMATS = (".docx", ".xlsx")
ORDERS: dict[str, Order] = {"拼音": "拼音", "笔画": "笔画", "pinyin": "拼音", "strokes": "笔画"}


@click.command(name="print", help="""生成可直接打印的名单（A4）。

\b
LIST 为以下之一：
  signin      签到表：拟加入及已加入的单位
  members     成员单位名单；尚无成员单位时为拟加入的单位
  unanswered  未回复单位名单，含电话和负责人
  liaisons    联络员名册
FILE 以 .docx 或 .xlsx 结尾，不写则以名单的标题命名（.docx）。""")  # fmt: skip
@click.argument("which", metavar="LIST", type=click.Choice(["signin", "members", "unanswered", "liaisons"]))
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--order", type=click.Choice(list(ORDERS)), default="拼音", help="按单位名称的拼音（默认）或笔画排序。")
@click.option("--title", metavar="TEXT", default="", help="标题；不写则用 campaign.toml 中 [print] 的标题。")
@click.option("--note", metavar="TEXT", default="", help="标题下的一行字，例如会议的时间和地点。")
@click.option("--choice", metavar="ID", default="", help="members：只列此项选“是”的单位，例如 --choice member。")
@click.option("--without", metavar="栏目", multiple=True, help="不要这一栏，例如 --without 电话；可写多次。")
@click.option("--spare", metavar="N", type=click.IntRange(0, 200), default=0, help="末尾另加 N 个空行。")
@click.option("--campaign", metavar="ID", default="", help="活动的 id，默认为第一个。")
@click.option("--now", metavar="ISO", help="以此刻为当前时间（须带时区）。")
@configured
def command(
    settings: Settings, which: Which, file: Path | None, order: str, title: str, note: str, choice: str,
    without: tuple[str, ...], spare: int, campaign: str, now: str | None,
) -> int:  # fmt: skip
    from program import campaign_folders
    from program.printing.name_list import Wanted

    if file is not None and file.suffix.lower() not in FORMATS:
        raise click.UsageError(f"{file}：请写以 {' 或 '.join(FORMATS)} 结尾的文件名。")
    if choice and which != "members":
        raise click.UsageError("--choice 只能与 members 同用。")
    loaded = campaign_folders.chosen(settings, campaign)
    wanted = Wanted(which, ORDERS[order], title.strip(), note.strip(), choice, frozenset(without), spare)
    at = moment(now) or datetime.now(UTC)
    made, undecided = _made(settings, loaded, wanted, at)
    path = file or Path(f"{_plain(made.title)}.docx")
    _write(path, made, at)
    click.echo(f"已写入 {path}：{len(made.rows) - spare} 家。")
    if undecided and which != "unanswered":
        click.echo(f"另有 {undecided} 家的选择尚待核实，未列入；见 intake held list。")
    return 0


def _made(settings: Settings, loaded: LoadedCampaign, wanted: Wanted, at: datetime) -> tuple[NameList, int]:
    from program import campaign_folders, parts
    from program.printing import name_list
    from storage import name_lists

    named = campaign_folders.titles_of(loaded)
    with parts.open_register(settings, at) as register, register.reading() as tx:
        made = name_list.make(tx, loaded.campaign, wanted, named, at)
        return made, name_lists.undecided(tx, loaded.campaign)


def _write(path: Path, made: NameList, at: datetime) -> None:
    from storage import office_file

    if path.suffix.lower() == ".docx":
        from program.printing.word import document

        office_file.replace(path, document(made, at))
    else:
        from program.printing.excel import book

        office_file.replace(path, book(made, at))


def _plain(title: str) -> str:
    """The title without what a file name may not hold."""
    return "".join("_" if mark in '\\/:*?"<>|' or not mark.isprintable() else mark for mark in title)[:60]
