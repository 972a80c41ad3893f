"""`intake find`: a unit's whole story: what came from it, what was read, which letters went out, what was changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from program.commands.options import CAMPAIGN, configured
from program.words import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from intake.campaign import Campaign
    from storage.unit_story import Story

MOST_UNITS, MOST_NAMES = 5, 50  # told in full; named


@click.command(name="find", help="查找单位，例如：intake find 示例科技；登记号、邮箱地址也可。")
@click.argument("words", metavar="WORDS...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="输出JSON。")
@CAMPAIGN
@configured
def command(settings: Any, words: tuple[str, ...], as_json: bool, campaign: str) -> int:
    from program import desk
    from program.duties import one_campaign
    from storage import finding_units, unit_story, units

    chosen, said = one_campaign(settings, campaign).campaign, " ".join(words)
    with desk.reading(settings) as tx:
        found = finding_units.find(tx, said)
        stories = [unit_story.tell(tx, chosen.id, unit_id) for unit_id in found.ids[:MOST_UNITS]]
        others = [unit for unit_id in found.ids[MOST_UNITS:] if (unit := units.get(tx, unit_id))]
    more = [unit.name for unit in others]
    if as_json:
        told = {"units": [_plain(story) for story in stories], "more": more, "near": list(found.near)}
        click.echo(json.dumps(told, ensure_ascii=False))
        return 0
    click.echo("\n".join(_lines(said, chosen, stories, more, found.near)))
    return 0


def _lines(
    said: str, campaign: Campaign, stories: Sequence[Story], more: Sequence[str], near: Sequence[str]
) -> Iterator[str]:
    from scheduler import staff_words

    if not stories:
        yield f"没有找到“{said}”：名册和来件中都没有。"
        yield f"名称相近的有：{'、'.join(near[:MOST_NAMES])}。" if near else "也没有名称相近的单位，请核对名称后再查。"
    for place, story in enumerate(stories):
        yield from [""] if place else []
        yield from _story(staff_words.story(story, campaign))
    if more:
        yield ""
        yield f"另有{len(more)}家名称相符：{'、'.join(more[:MOST_NAMES])}。请按全称再查。"


def _story(told: Mapping[str, Any]) -> Iterator[str]:
    yield told["unit"]
    late = f"（{told['late']}）" if told["late"] else ""
    rows = [["登记号", f"{told['receipt']}{late}"]] if told["receipt"] else []
    rows += told["lines"]
    yield from _indented(table(rows) if rows else ["尚无登记的表格。"])
    for name, key, none in (("来件", "came", "没有"), ("去信", "went", "没有"), ("人工处理", "said", "")):
        if told[key] or none:
            yield f"  {name}：{'' if told[key] else none}"
            yield from _indented(table(told[key]), 4)


def _indented(lines: Sequence[str], by: int = 2) -> Iterator[str]:
    return (" " * by + line for line in lines)


def _plain(story: Story) -> dict[str, Any]:
    """The story as plain data, times as ISO text in UTC."""
    stands = story.stands
    return {
        "unit": story.unit.name,
        "receipt": story.receipt if stands else "",
        "lateness": stands.lateness if stands else "",
        "values": {key: value.text for key, value in stands.values.items()} if stands else {},
        "choices": {key: choice.answer for key, choice in stands.choices.items()} if stands else {},
        "decided": sorted(stands.decided) if stands else [],
        "came": [
            {"at": one.received_at.isoformat(), "sender": one.sender, "subject": one.subject,
             "files": list(one.files), "channel": one.channel, "state": one.state}
            for one in story.came
        ],
        "went": [
            {"at": one.at.isoformat(), "kind": one.kind, "recipient": one.recipient, "state": one.state,
             "reference": one.reference, "subject": one.subject}
            for one in story.went
        ],
        "said": [
            {"at": one.at.isoformat(), "by": one.by, "through": one.through, "what": one.what, "word": one.word}
            for one in story.said
        ],
    }  # fmt: skip
