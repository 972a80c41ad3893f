"""`intake resume`: letters to units go again after `intake pause`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from program.commands.options import BY, configured, user
from program.commands.pause import turn

if TYPE_CHECKING:
    from program.settings import Settings


@click.command(name="resume", help="恢复向各单位发信。")
@BY
@configured
def command(settings: Settings, by: str | None) -> int:
    return turn(settings, by or user(), "resume")
