"""`intake resume`: letters to units go again after `intake pause`."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from program.commands.followup import BY
from program.commands.options import configured
from program.commands.pause import turn

if TYPE_CHECKING:
    from program.settings import Settings


@click.command(name="resume", help="恢复向各单位发信。")
@BY
@configured
def command(settings: Settings, by: str | None) -> int:
    return turn(settings, by or getpass.getuser(), "resume")
