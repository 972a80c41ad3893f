"""`intake letter`: letters as they would leave, with sample data."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

import click

from program.commands.options import configured

if TYPE_CHECKING:
    from program.settings import Settings


@click.group(name="letter", help="预览信函。")
def command() -> None:
    """Groups the one."""


@command.command(name="preview", help="以样例数据预览一种信函；写入 .eml 或 .html 文件，或显示在屏幕上。")
@click.argument("kind", metavar="KIND")
@click.option("--to", "file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help=".eml 或 .html。")
@configured
def preview(settings: Settings, kind: str, file: Path | None) -> int:
    from outbox.compose import KINDS
    from program import wiring

    if kind not in KINDS:
        raise click.UsageError(f"没有“{kind}”这种信函，可用：{'、'.join(KINDS)}。")
    loaded = wiring.load_campaigns(settings.campaign)
    composer = wiring.letters_of(settings, loaded)
    letter = composer.preview(kind, loaded[0].campaign.id, now=datetime.now(UTC), recipient="sample@example.com")
    mail = message_from_bytes(letter.raw, policy=policy.default)
    part = mail.get_body(("html",) if file and file.suffix == ".html" else ("plain",))
    body = part.get_content() if part else ""
    if file is None:
        click.echo(f"主题：{letter.subject}\n\n{body}")
    else:
        file.write_bytes(body.encode() if file.suffix == ".html" else letter.raw)
        click.echo(f"已写入 {file}")
    return 0
