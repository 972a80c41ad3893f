"""`intake letter waiting`, `approve`, `refuse`: letters that wait for a person's word before they leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from program.commands.options import BY, configured, user
from program.words import LETTERS, moment, table

if TYPE_CHECKING:
    from program.settings import Settings
    from storage.approvals import Shown

ALL = click.option("--all", "every", is_flag=True, help="列出的全部信函。")
REFERENCES = click.argument("references", metavar="编号...", nargs=-1)


@click.command(name="waiting", help="列出待批准的信函；加 --to 则逐封写成 .eml 文件，与将要发出的一字不差。")
@click.option(
    "--to", "folder", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path), help="存放的文件夹。"
)
@configured
def waiting(settings: Settings, folder: Path | None) -> int:
    from program import desk
    from storage import approvals

    with desk.reading(settings) as tx:
        shown, behind = approvals.shown(tx), sum(approvals.behind(tx).values())
    if not shown and not behind:
        click.echo("没有待批准的信函。")
        return 0
    lines = [("编号", "信函", "单位或收信人", "写成", "主题")]
    lines += [
        (one.reference, LETTERS.get(one.letter.kind, one.letter.kind), one.unit_name or one.letter.recipient,
         moment(one.since), one.letter.subject or "")
        for one in shown
    ]  # fmt: skip
    rest = f"，另有 {behind} 封在后等候" if behind else ""
    how = "批准：intake letter approve 编号；不发：intake letter refuse 编号"
    click.echo("\n".join([*table(lines), f"共 {len(shown)} 封{rest}。{how}"]))
    if folder:
        _save(folder, shown)
    return 0


@click.command(name="approve", help="同意发送，例如：intake letter approve A7K2PQ，或 --all。")
@REFERENCES
@ALL
@BY
@configured
def approve(settings: Settings, references: tuple[str, ...], every: bool, by: str | None) -> int:
    from intake.instructing.words import APPROVE

    return _decide(settings, references, APPROVE, by, every=every)


@click.command(name="refuse", help="不发，信函即行撤回，例如：intake letter refuse A7K2PQ --reason 已电话告知。")
@REFERENCES
@ALL
@click.option("--reason", metavar="TEXT", default="", help="理由，记入日报。")
@BY
@configured
def refuse(settings: Settings, references: tuple[str, ...], every: bool, reason: str, by: str | None) -> int:
    from intake.instructing.words import BACK, REFUSE

    return _decide(settings, references, f"{BACK}：{reason}" if reason else REFUSE, by, every=every)


def _decide(settings: Settings, references: Sequence[str], words: str, by: str | None, *, every: bool) -> int:
    from program import campaign_folders, parts
    from program.duties import desk_of
    from scheduler import deciding
    from storage import approvals

    if bool(references) == every:
        raise click.UsageError("请写出编号（见 intake letter waiting），或写 --all。")
    now = datetime.now(UTC)
    office = desk_of(settings, campaign_folders.load_campaigns(settings.campaign))
    with parts.open_register(settings, now) as register, register.writing() as tx:
        known = {one.reference for one in approvals.shown(tx)}
        wanted = sorted(known) if every else [reference.strip().upper() for reference in references]
        if unknown := [reference for reference in wanted if reference not in known]:
            raise click.UsageError(f"没有编号为“{'、'.join(unknown)}”的待批准信函，请用 intake letter waiting 查看。")
        for reference in wanted:
            deciding.decide(tx, office, reference, words, by=by or user(), through="shell", now=now)
    click.echo(f"{len(wanted)} 封已记为“{words}”。")
    return 0


def _save(folder: Path, shown: Sequence[Shown]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for one in shown:
        (folder / f"{one.reference}.eml").write_bytes(one.letter.raw or b"")
    click.echo(f"已写入 {folder}")
