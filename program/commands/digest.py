"""`intake digest preview`: what would be sent to the secretariat now; nothing is written and nothing sent."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from program.commands.options import CAMPAIGN, configured

if TYPE_CHECKING:
    from outbox.compose import Composed
    from program.settings import Settings


@click.group(name="digest", help="预览日报、简报和待办单。")
def command() -> None:
    """Groups the one."""


@command.command(name="preview", help="预览此刻的日报，不登记也不发出；写入 .eml 或 .html 文件，或显示在屏幕上。")
@click.option("--leaders", "paper", flag_value="leaders", help="给领导的简报。")
@click.option("--worklist", "paper", flag_value="worklist", help="待办单。")
@click.option("--closing", is_flag=True, help="截止报告；可与 --leaders 同用。")
@click.option("--to", "file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help=".eml 或 .html。")
@CAMPAIGN
@configured
def preview(
    settings: Settings, paper: Literal["leaders", "worklist"] | None, closing: bool, file: Path | None, campaign: str
) -> int:
    from program import campaign_folders, parts
    from program.duties import one_campaign
    from scheduler.clock import SystemClock

    if file and file.suffix not in (".eml", ".html"):
        raise click.UsageError(f"{file} 须以 .eml 或 .html 结尾。")
    loaded = campaign_folders.load_campaigns(settings.campaign)
    chosen = one_campaign(settings, campaign).campaign.id
    letters = campaign_folders.letters_of(settings, loaded)
    with parts.open_register(settings, datetime.now(UTC)) as register:
        briefings = parts.briefings_of(settings, loaded, register, letters, SystemClock())
        letter = briefings.preview(paper or "digest", chosen, closing=closing)
    if file is None:
        click.echo(f"主题：{letter.subject}\n\n{_part(_parsed(letter), 'plain')}")
    else:
        file.write_bytes(page(letter).encode() if file.suffix == ".html" else letter.raw)
        click.echo(f"已写入 {file}")
    return 0


def page(letter: Composed) -> str:
    """The HTML part with its pictures inside, as a browser can show it."""
    message = _parsed(letter)
    pictures = {
        str(part["Content-ID"]).strip("<>"): part.get_payload(decode=True)
        for part in message.walk()
        if part["Content-ID"]
    }

    def inside(match: re.Match[str]) -> str:
        content = pictures.get(match[1], b"")
        return f'src="data:image/png;base64,{b64encode(content if isinstance(content, bytes) else b"").decode()}"'

    return re.sub(r'src="cid:([^"]+)"', inside, _part(message, "html"))


def _parsed(letter: Composed) -> EmailMessage:
    return message_from_bytes(letter.raw, EmailMessage, policy=policy.default)


def _part(message: EmailMessage, kind: Literal["plain", "html"]) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
