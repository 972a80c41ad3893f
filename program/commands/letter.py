"""`intake letter`: letters as they would leave, with sample data or those of a unit."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

import click

from program.commands import approval
from program.commands.followup import CAMPAIGN
from program.commands.options import configured

if TYPE_CHECKING:
    from program.settings import Settings


@click.group(name="letter", help="信函：预览，待批准的列出、批准、不发。")
def command() -> None:
    """Groups the four."""


for each in (approval.waiting, approval.approve, approval.refuse):
    command.add_command(each)


@command.command(name="preview", help="预览一种信函，用样例或一家单位的数据；写入 .eml 或 .html 文件，或显示在屏幕上。")
@click.argument("kind", metavar="KIND")
@click.option("--to", "file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help=".eml 或 .html。")
@click.option("--unit", "unit", metavar="NAME", help="用这家单位的实际数据。")
@CAMPAIGN
@configured
def preview(settings: Settings, kind: str, file: Path | None, unit: str | None, campaign: str) -> int:
    from outbox.compose import KINDS
    from program import campaign_folders, desk, parts
    from program.duties import one_campaign
    from program.previews import facts_for

    if kind not in KINDS:
        raise click.UsageError(f"没有“{kind}”这种信函，可用：{'、'.join(KINDS)}。")
    loaded = campaign_folders.load_campaigns(settings.campaign)
    composer = campaign_folders.letters_of(settings, loaded)
    if file and file.suffix not in (".eml", ".html"):
        raise click.UsageError(f"{file} 须以 .eml 或 .html 结尾。")
    duties, now = one_campaign(settings, campaign), datetime.now(UTC)
    facts, recipient = None, "sample@example.com"
    if unit:
        with desk.reading(settings) as tx:
            unit_id = desk.unit_called(tx, unit)
            facts, recipient = facts_for(tx, duties, parts.calendar_of(settings), kind, unit_id, now)
    letter = composer.preview(kind, duties.campaign.id, now=now, recipient=recipient, facts=facts)
    mail = message_from_bytes(letter.raw, policy=policy.default)
    part = mail.get_body(("html",) if file and file.suffix == ".html" else ("plain",))
    body = part.get_content() if part else ""
    if file is None:
        click.echo(f"主题：{letter.subject}\n\n{body}")
    else:
        file.write_bytes(body.encode() if file.suffix == ".html" else letter.raw)
        click.echo(f"已写入 {file}")
    return 0
