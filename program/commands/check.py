"""`intake check`: is everything in order, and if not, what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from program.commands.options import configured
from program.words import width

if TYPE_CHECKING:
    from program.settings import Settings

MARKS = {"good": "✓", "warning": "！", "bad": "✗"}


@click.command(name="check", help="逐项检查配置、邮箱、模板、磁盘、日历和时钟；每一项不通过时说明怎么办。")
@configured
def command(settings: Settings) -> int:
    from program.checks import all_findings

    bad = warnings = 0
    for finding in all_findings(settings, datetime.now(UTC)):
        mark = MARKS[finding.state]
        subject = finding.subject + " " * (12 - width(finding.subject))
        click.echo(f"{mark}{' ' * (2 - width(mark))} {subject}{finding.sentence}")
        bad += finding.state == "bad"
        warnings += finding.state == "warning"
    noted = f"，{warnings} 项请留意" if warnings else ""
    click.echo(f"有 {bad} 项不通过{noted}。" if bad else f"全部通过{noted}。")
    return 1 if bad else 0
