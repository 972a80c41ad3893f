"""`intake enter`: a form that came by WeChat, fax, on paper or by telephone is recorded as if it had come by mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intake.office_words import REASONS
from program.commands.options import BY, CAMPAIGN, configured, user
from program.words import table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.campaign import Campaign
    from intake.contents import Reading
    from program.settings import Settings
    from storage.entering import Entered, Entry

HELP = """登记以其他方式收到的表格。

  intake enter 表格.docx --channel 微信 --at "11月28日 15:20"

  intake enter --unit 单位名称 联系人姓名=张三 手机号码=13800000000 加入联盟=是
"""
TOLD = ("missing", "unclear", "suspicious", "swapped")  # problems of a form that the person at the desk can mend
SIZE_CAP = 50 << 20  # bytes of one file


@click.command(name="enter", help=HELP)
@click.argument("words", metavar="[FILE...|项目=内容...]", nargs=-1, required=True)
@click.option("--unit", "name", metavar="单位", help="电话登记：单位名称，其后逐项写 项目=内容。")
@click.option("--channel", metavar="渠道", help="微信、传真、纸质或电话；--unit 默认为电话。")
@click.option("--at", "when", metavar="TIME", help="实际收到的时间，默认为现在，例如 “11月28日 15:20”。")
@click.option("--receipt-to", metavar="ADDRESS", default="", help="登记回执发往此邮箱；不写则不发。")
@BY
@CAMPAIGN
@configured
def command(
    settings: Settings, words: tuple[str, ...], name: str | None, channel: str | None, when: str | None,
    receipt_to: str, by: str | None, campaign: str,
) -> int:  # fmt: skip
    from program import by_hand, campaign_folders, desk, parts
    from program.duties import one_campaign
    from scheduler.clock import SystemClock
    from storage.entering import Entry

    chosen, now = one_campaign(settings, campaign).campaign, datetime.now(UTC)
    files, accept = _call(chosen, name, words) if name else (_files(words), by_hand.holds_a_form)
    begin, end = desk.true_time(when, now)
    entry = Entry(
        _channel(channel, bool(name)), begin, end, by or user(), "shell", desk.address(receipt_to)
    )  # fmt: skip
    raw = by_hand.as_mail(settings.sender, entry.channel, files, now)
    loaded = campaign_folders.load_campaigns(settings.campaign)
    with (
        parts.open_register(settings, now) as register,
        by_hand.handling_of(settings, loaded, register, SystemClock()) as handling,
    ):
        mail_id, reading = handling.enter(raw, entry, accept)
        campaigns = {each.campaign.id: each.campaign for each in loaded}
        with register.reading() as tx:
            lines = [*_told(tx, campaigns, mail_id, reading, entry)]
    click.echo("\n".join(lines))
    return 0


def _call(
    campaign: Campaign, name: str, words: Sequence[str]
) -> tuple[list[tuple[str, bytes]], Callable[[Reading], None]]:
    """A telephone call, as the sheet that is kept of it."""
    from program import by_hand

    unit = {campaign.form.unit_field: name}
    said = by_hand.typed(words, campaign.form)
    said = by_hand.Typed(dict(said.values) | unit, said.answers)
    return [(by_hand.CALL, by_hand.call_sheet(campaign.form, said))], by_hand.says(campaign, said)


def _files(words: Sequence[str]) -> list[tuple[str, bytes]]:
    from intake.errors import WrongUsage

    found = []
    for word in words:
        path = Path(word)
        if not path.is_file():
            hint = "；电话登记请加 --unit 单位名称" if "=" in word else ""
            raise WrongUsage(word, sentence=f"找不到文件“{word}”{hint}。")
        if path.stat().st_size > SIZE_CAP:
            raise WrongUsage(word, sentence=f"文件“{word}”过大，请压缩图片后再试。")
        try:
            found.append((path.name, path.read_bytes()))
        except OSError as error:
            raise WrongUsage(word, sentence=f"文件“{word}”无法读取（{error.strerror}）。") from None
    return found


def _channel(said: str | None, by_telephone: bool) -> str:
    from intake.instructing.requests import CHANNELS, channel_in

    channel = channel_in(said) if said else "电话" if by_telephone else ""
    if not channel:
        raise click.UsageError(f"请用 --channel 写明渠道：{'、'.join(CHANNELS)}。")
    return channel


def _told(
    tx: Connection, campaigns: dict[str, Campaign], mail_id: int, reading: Reading, entry: Entry
) -> Iterator[str]:
    from scheduler import staff_words
    from scheduler.deciding import options_of
    from scheduler.entered import brought, waits
    from storage import held

    rows, again = brought(tx, mail_id, reading, campaigns)
    for row in [] if again else rows:
        yield from _unit(tx, campaigns[row.campaign], row, f"{entry.channel}，{staff_words.came(entry)}收到")
    if again:
        yield "与此前登记的内容完全相同，未重复登记。"
    for item in held.of_mail(tx, mail_id):
        yield f"待办 {item.reference}（{REASONS.get(item.reason, item.reason)}）：{item.sentence}"
        words = held.words_of(tx, item, options_of(campaigns, item))
        yield f"  处理：intake held decide {item.reference} {'|'.join(words)}"
    if again and waits(tx, mail_id, rows):
        yield "此前的一份尚待人工确认，请先办理待办。"
    elif rows and (entry.receipt_to or not again):
        yield _receipt(entry.receipt_to, silent=waits(tx, mail_id, rows))


def _receipt(to: str, *, silent: bool) -> str:
    if not to:
        return "未向该单位发信。"
    return f"待办处理之后，登记回执将发往 {to}。" if silent else f"登记回执将发往 {to}。"


def _unit(tx: Connection, campaign: Campaign, row: Entered, came: str) -> Iterator[str]:
    from scheduler import staff_words
    from storage import submissions

    state = staff_words.STATES[row.state] + staff_words.LATE.get(row.lateness, "")
    stands = submissions.earlier(tx, row.campaign, row.unit_id) if row.state == "standing" else None
    number = f"，登记号{stands.receipt}" if stands else ""
    yield f"{row.unit_name}：{state}{number}（{came}）"
    if stands:
        yield from (f"  {line}" for line in table(staff_words.answers(stands, campaign)))
    yield from (f"  请注意：{one['sentence']}" for one in row.problems if one["code"] in TOLD)
