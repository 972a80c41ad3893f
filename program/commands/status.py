"""`intake status`: how it stands, in one look."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from intake import standing
from intake.answers import ANSWERS
from program.commands.options import configured
from program.words import EDGES, KINDS, LETTERS, STATES, listing, moment

if TYPE_CHECKING:
    from intake.campaign import Campaign
    from program.settings import Settings
    from storage.figures import Figures


@click.command(name="status", help="显示进度：收到、登记、待办、发信。")
@click.option("--json", "as_json", is_flag=True, help="输出JSON。")
@configured
def command(settings: Settings, as_json: bool) -> int:
    from program import campaign_folders, parts
    from storage import figures

    campaigns = [loaded.campaign for loaded in campaign_folders.load_campaigns(settings.campaign)]
    now = datetime.now(UTC)
    with parts.open_register(settings, now) as register, register.reading() as tx:
        found = [(campaign, figures.status(tx, now, campaign.id)) for campaign in campaigns]
    if as_json:
        click.echo(json.dumps({campaign.id: figure.as_dict() for campaign, figure in found}, ensure_ascii=False))
        return 0
    columns = shutil.get_terminal_size().columns
    click.echo("\n\n".join(words(campaign, figure, columns) for campaign, figure in found))
    return 0


def words(campaign: Campaign, figures: Figures, columns: int = 80) -> str:
    """One campaign as lines of Chinese; `columns` is how wide the terminal is."""
    lines = [f"{campaign.title}（{campaign.notice}）", f"  截止：{moment(campaign.deadline)}"]
    if figures.roster_units:
        lines.append(f"  名册：{figures.roster_units} 家，已回复 {figures.roster_answered} 家")
    accepted = f"，逾期后准予计入 {figures.accepted} 家" if figures.accepted else ""
    lines.append(f"  登记：{figures.submissions.get('standing', 0)} 家，其中逾期 {figures.late} 家{accepted}")
    if figures.standings:
        lines.append(listing("  现状：", _counts(figures.standings, standing.WORDS), "，", columns))
    for choice in campaign.form.choices:
        answers = _counts(figures.choices.get(choice.id, {}), ANSWERS) or ["尚无"]
        lines.append(listing(f"  {choice.short}：", answers, "，", columns))
    lines.append(listing("  来信：", _counts(figures.kinds, KINDS) or ["无"], "，", columns))
    if waiting := figures.messages.get("received"):
        lines.append(f"  尚未处理的来信：{waiting} 封")
    lines.append(f"  待人工：{sum(figures.held.values())} 件（intake held list）")
    lines.append(f"  待补正：{_owed(figures.followups)}")
    lines.append(listing("  发信：", _letters(figures) or ["无"], "；", columns))
    if figures.backlog:
        lines.append(f"  启用前来信的答复：{figures.backlog} 封待放行（intake adopt）")
    lines += [f"  暂停：{gate.reason}" for gate in figures.gates]
    lines += [f"  中断：自{moment(one.since)}起{EDGES[one.edge]}失败，{one.reason}" for one in figures.outages]
    if figures.dead_addresses:
        addresses = [*figures.dead_addresses[:-1], f"{figures.dead_addresses[-1]}（更正名册后恢复发信）"]
        lines.append(listing("  退信地址：", addresses, "、", columns))
    if figures.folders:
        lines.append(f"  最近一次收全：{_fetched(figures)}")
    if figures.without_row:
        lines.append(f"  服务器上有 {figures.without_row} 封邮件未能取回")
    return "\n".join(lines)


def _fetched(figures: Figures) -> str:
    from storage.sightings import fetched_at

    at = fetched_at(figures.folders)
    return moment(at) if at else "尚有文件夹未收取完整"


def _owed(counts: dict[str, int]) -> str:
    overdue = counts.get("overdue", 0)
    return f"{counts.get('open', 0) + overdue} 项" + (f"，其中已逾期 {overdue} 项" if overdue else "")


def _letters(figures: Figures) -> list[str]:
    told = {kind: "，".join(_counts(states, STATES)) for kind, states in figures.letters.items()}
    return [f"{LETTERS.get(kind, kind)}（{states}）" for kind, states in told.items()]


def _counts(counts: dict[str, int], names: dict[str, str]) -> list[str]:
    ordered = sorted(counts, key=lambda key: list(names).index(key) if key in names else len(names))
    return [f"{names.get(key, key)} {counts[key]}" for key in ordered]
