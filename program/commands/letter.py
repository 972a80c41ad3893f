"""`intake letter`: letters as they would leave, with sample data or those of a unit, and as they left."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intake.errors import WrongUsage
from program.commands import approval
from program.commands.options import CAMPAIGN, configured
from program.words import moment

if TYPE_CHECKING:
    from program.settings import Settings


@click.group(name="letter", help="信函：预览，查看已写成的，待批准的列出、批准、不发。")
def command() -> None:
    """Groups the five."""


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


@command.command(name="show", help="查看一封已写成的信函，编号见其主题末尾；写入 .eml 文件，或显示在屏幕上。")
@click.argument("reference", metavar="REFERENCE")
@click.option("--to", "file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="写入 .eml 文件。")
@configured
def show(settings: Settings, reference: str, file: Path | None) -> int:
    from program import desk, parts
    from program.words import LETTERS, STATES
    from storage import finding_letters

    with desk.reading(settings) as tx:
        letter = finding_letters.by_reference(tx, reference.strip("[]【】# ").upper())
    if letter is None:
        raise WrongUsage(reference, sentence=f"没有编号为“{reference}”的信函。")
    raw = parts.open_letter_files(settings).of(letter)
    if raw is None:
        raise WrongUsage(reference, sentence=f"信函 {letter.reference} 尚未写成，可用 intake letter preview 预览。")
    if file is not None:
        file.write_bytes(raw)
        click.echo(f"已写入 {file}")
        return 0
    at = f"　{moment(letter.settled_at)}" if letter.settled_at else ""
    click.echo(f"{LETTERS.get(letter.kind, letter.kind)}：{STATES.get(letter.state, letter.state)}{at}")
    part = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    click.echo(f"收件人：{letter.recipient}\n主题：{letter.subject}\n\n{part.get_content() if part else ''}")
    return 0
