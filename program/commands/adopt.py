"""`intake adopt`: letters about mails that came before the register was made, shown and then released or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from program.commands.options import BY, configured, person
from program.words import LETTERS, moment, table

if TYPE_CHECKING:
    from program.settings import Settings
    from storage.adoption import BacklogLetter


@click.command(name="adopt", help="查看启用前来信的答复，与“已发送”核对后放行或丢弃。")
@click.option("--release", is_flag=True, help="全部放行；“已发送”中已有答复的除外。")
@click.option("--drop", is_flag=True, help="全部丢弃，不再发送。")
@click.option("--only", metavar="编号", multiple=True, help="只处理这些编号，可重复。")
@click.option("--even-answered", is_flag=True, help="连同已有人答复过的一起放行。")
@BY
@configured
def command(
    settings: Settings, release: bool, drop: bool, only: tuple[str, ...], even_answered: bool, by: str | None
) -> int:
    from program import parts
    from scheduler import desk_acts
    from storage import adoption

    if release and drop:
        raise click.UsageError("--release 与 --drop 只能用一个。")
    now = datetime.now(UTC)
    with parts.open_register(settings, now) as register:
        with register.reading() as tx:
            waiting = _chosen(adoption.waiting(tx), only)
        if not waiting:
            click.echo("没有待放行的答复。")
            return 0
        answered = set() if drop else _answered_by_hand(settings, waiting)
        if not (release or drop):
            click.echo("\n".join(_shown(waiting, answered)))
            return 0
        chosen = [one for one in waiting if drop or even_answered or one.id not in answered]
        act = desk_acts.release_backlog if release else desk_acts.drop_backlog
        with register.writing() as tx:
            count = act(tx, chosen, person(by), now)
    click.echo(f"已{'放行' if release else '丢弃'} {count} 封。")
    return 0


def _chosen(waiting: Sequence[BacklogLetter], only: Sequence[str]) -> list[BacklogLetter]:
    wanted = {reference.upper().lstrip("#") for reference in only}
    if unknown := wanted - {one.reference for one in waiting}:
        raise click.UsageError(f"没有这样的编号：{'、'.join(sorted(unknown))}。")
    return [one for one in waiting if not wanted or one.reference in wanted]


def _answered_by_hand(settings: Settings, waiting: Sequence[BacklogLetter]) -> set[int]:
    """Letters whose addressee was written to from the mailbox after the mail came."""
    from intake import mailbox
    from program import parts

    settings.need("mailbox")
    since = min((one.received_at for one in waiting if one.received_at), default=datetime.now(UTC))
    with mailbox.connect(parts.account_of(settings)) as session:
        written = session.written_to(since.date())
    return {
        one.id
        for one in waiting
        if one.received_at and any(when >= one.received_at for when in written.get(one.recipient.lower(), ()))
    }


def _shown(waiting: Sequence[BacklogLetter], answered: set[int]) -> list[str]:
    rows = [("编号", "信函", "收信人", "单位", "来信时间", "已发送中")]
    rows += [
        (one.reference, LETTERS.get(one.kind, one.kind), one.recipient, one.unit_name or "", moment(one.received_at),
         "已有答复" if one.id in answered else "")
        for one in waiting
    ]  # fmt: skip
    return [
        *table(rows),
        f"共 {len(waiting)} 封，其中 {len(answered)} 封似已由人答复。",
        "放行：intake adopt --release；丢弃：intake adopt --drop",
    ]
