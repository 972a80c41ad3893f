"""What `intake check` tries, one function a subject; each gives a finding, none changes a mailbox.

A finding is good, a warning, or bad; a bad one says in one sentence what to do.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from intake import server_time
from intake.errors import IntakeError, Permanent, SignInRefused
from program import campaign_folders, parts
from program.words import moment
from storage.private import make_folder

if TYPE_CHECKING:
    from intake.mailbox import Session
    from program.settings import Settings

LOW_DISK, NO_DISK = 1 << 30, 200 << 20  # bytes
CLOCK_OFF = timedelta(minutes=5)
DUE_WITHIN = timedelta(days=60)  # how far ahead due dates are reckoned
NETEASE = "网易邮箱请在网页版“设置—POP3/SMTP/IMAP”中开启IMAP/SMTP服务，新建授权码填入配置，并选择“收取全部邮件”。"
RECEIVE_ALL = "请在网页邮箱的“设置—POP3/SMTP/IMAP”中选择“收取全部邮件”，否则30天以前的来信收不到。"


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    state: Literal["good", "warning", "bad"]
    sentence: str


def all_findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Every check in order; one that fails does not keep the next from being tried."""
    checks: tuple[tuple[str, Callable[[Settings, datetime], Iterator[Finding]]], ...] = (
        ("配置", _configuration), ("数据文件夹", _folders), ("磁盘", _disk), ("登记库", _register),
        ("信函模板", _templates), ("工作日历", _calendar), ("提醒", _reminders), ("文字识别", _ocr),
        ("收信", _imap), ("发信", _smtp), ("告警", _alerts),
    )  # fmt: skip
    for subject, check in checks:
        try:
            yield from check(settings, now)
        except IntakeError as error:
            detail = f"（{error.detail}）" if error.detail and error.detail not in error.sentence else ""
            yield Finding(subject, "bad", f"{error.sentence}{detail}")


def _configuration(settings: Settings, now: datetime) -> Iterator[Finding]:
    settings.need("mailbox", *(("smtp",) if settings.outbox.mode == "send" else ()))
    for loaded in campaign_folders.load_campaigns(settings.campaign):
        campaign = loaded.campaign
        campaign_folders.titles_of(loaded)  # raises if they are wrong
        yield Finding("配置", "good", f"{campaign.title}，截止 {moment(campaign.deadline)}")
        if now > campaign.letters_until:
            until = moment(campaign.letters_until)
            yield Finding("配置", "warning", f"{campaign.id} 的发信期已于 {until} 结束，不再自动回信。")
    if settings.letters.approve != "none":
        to = "、".join(settings.letters.approver or settings.digest.to or (settings.mailbox.username,))
        yield Finding("配置", "good", f"发给单位的信函须经批准（{settings.letters.approve}），批准人：{to}")
    if not settings.digest.to:
        yield Finding("配置", "warning", "digest.to 未填写：没有人收到日报，也没有人能以邮件处理待办。")


def _folders(settings: Settings, now: datetime) -> Iterator[Finding]:
    try:
        make_folder(settings.data)
    except OSError as error:
        raise Permanent(
            str(error), sentence=f"文件夹 {settings.data} 无法建立（{error.strerror}），请改正 data 设置。"
        ) from error
    if not os.access(settings.data, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("数据文件夹", "bad", f"{settings.data} 不可写，请改正其权限或 data 设置。")
    elif os.name == "posix" and settings.data.stat().st_mode & 0o077:
        yield Finding("数据文件夹", "warning", f"{settings.data} 可被其他用户读取，请运行 chmod 700 {settings.data}。")
    else:
        yield Finding("数据文件夹", "good", f"{settings.data} 可写，仅本账户可读")


def _disk(settings: Settings, now: datetime) -> Iterator[Finding]:
    free = shutil.disk_usage(_existing(settings.data)).free
    size = f"剩余 {free / (1 << 30):.1f} GB"
    if free < NO_DISK:
        yield Finding("磁盘", "bad", f"{size}，不足以收信，请清理磁盘。")
    else:
        yield Finding("磁盘", "warning" if free < LOW_DISK else "good", size)


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


def _register(settings: Settings, now: datetime) -> Iterator[Finding]:
    from scheduler import clock_watch
    from storage import mails, server_clock

    with parts.open_register(settings, now) as register, register.reading() as tx:
        newest, heard = mails.newest_time(tx), server_clock.read(tx)
    yield Finding("登记库", "good", f"可读写，建于 {moment(register.made_at)}")
    if heard and heard.here - heard.there > CLOCK_OFF and now >= heard.here:
        yield Finding("时钟", "bad", f"{clock_watch.ahead(heard)}，请校准本机时钟。")
    elif heard is None and newest and newest - now > CLOCK_OFF:
        yield Finding("时钟", "bad", f"本机时钟比登记库中的最新时间（{moment(newest)}）慢，请校准本机时钟。")


def _templates(settings: Settings, now: datetime) -> Iterator[Finding]:
    from outbox import trying

    composer = campaign_folders.letters_of(settings, campaign_folders.load_campaigns(settings.campaign))
    faults = trying.faults(composer, now)
    yield from (Finding("信函模板", "bad", fault) for fault in faults)
    if not faults:
        yield Finding("信函模板", "good", "全部可用")


def _calendar(settings: Settings, now: datetime) -> Iterator[Finding]:
    calendar = parts.calendar_of(settings)
    deadlines = [loaded.campaign.deadline for loaded in campaign_folders.load_campaigns(settings.campaign)]
    years = range(now.year, max(*deadlines, now + DUE_WITHIN).year + 1)
    unknown = [str(year) for year in years if not calendar.covers(year)]
    if unknown:
        yield Finding(
            "工作日历", "warning",
            f"没有{'、'.join(unknown)}年的放假安排，将按周一至周五计算；公布后请升级程序，或在 [calendar] 中填写。",
        )  # fmt: skip
    else:
        yield Finding("工作日历", "good", "放假调休安排齐全")


def _reminders(settings: Settings, now: datetime) -> Iterator[Finding]:
    """The next round of each campaign, by the deadline that stands now."""
    from intake.rounds import next_round, rounds
    from storage import extensions

    calendar = parts.calendar_of(settings)
    for loaded in campaign_folders.load_campaigns(settings.campaign):
        campaign, rules = loaded.campaign, campaign_folders.rounds_of(loaded)
        with parts.open_register(settings, now) as register, register.reading() as tx:
            deadline = extensions.deadlines(tx, campaign.id, campaign.deadline, ()).general
        coming = next_round(rounds(rules, deadline, calendar), now)
        if coming is None:
            yield Finding("提醒", "good", f"{campaign.id}：没有待进行的提醒")
        else:
            known = calendar.covers(coming.at.year)
            guessed = "" if known else f"，{coming.at.year}年尚无放假安排，日期按周一至周五推算"
            sentence = f"{campaign.id}：下一轮 {moment(coming.at)}（截止前{coming.days_before}天）{guessed}"
            yield Finding("提醒", "good" if known else "warning", sentence)


def _ocr(settings: Settings, now: datetime) -> Iterator[Finding]:
    from intake.readers import ocr

    if ocr.installed():
        yield Finding("文字识别", "good", "已安装，图片和扫描件可自动读取")
    else:
        yield Finding(
            "文字识别", "warning", "未安装，图片和扫描件将留待人工阅读；安装：pip install 'cipsa-intake[ocr]'"
        )


def _imap(settings: Settings, now: datetime) -> Iterator[Finding]:
    from intake import mailbox

    settings.need("mailbox")
    netease = _is_netease(settings.mailbox.host)
    try:
        with mailbox.connect(parts.account_of(settings)) as session:
            names = [folder.name for folder in session.folders()]
            yield Finding("收信", "good", f"登录成功，读取 {len(names)} 个文件夹：{'、'.join(names)}")
            yield from _sent(session, settings)
            yield from _dates(session, names, now, netease)
    except SignInRefused as error:
        yield Finding("收信", "bad", f"{error.sentence}{NETEASE if netease else ''}（{error.detail}）")
        return
    _open_gate(settings, now, "imap sign-in")


def _sent(session: Session, settings: Settings) -> Iterator[Finding]:
    """Where people's own letters are looked for."""
    folder = session.sent_folder() if settings.mailbox.sent else None
    if folder:
        yield Finding("收信", "good", f"查看同事去信的文件夹：{folder}")
    elif settings.mailbox.sent:
        yield Finding("收信", "warning", "没有找到“已发送”文件夹，无从得知同事已给哪些单位去信。")


def _dates(session: Session, names: list[str], now: datetime, netease: bool) -> Iterator[Finding]:
    """The clock against the newest mail, and whether old mail is hidden (NetEase shows 30 days unless told)."""
    if "INBOX" not in names:
        return
    session.examine("INBOX")
    uids = session.uids()
    dates = [each.internal_date for each in session.envelopes([*uids[:1], *uids[-1:]])]
    if dates and max(dates) - now > CLOCK_OFF:
        yield Finding("时钟", "bad", f"本机时钟比邮箱中最新的邮件（{moment(max(dates))}）慢，请校准本机时钟。")
    hidden = bool(dates) and timedelta(days=28) <= now - min(dates) <= timedelta(days=31)
    if netease and (hidden or not dates):
        yield Finding("收信", "warning", f"看不到30天以前的邮件。{RECEIVE_ALL}")


def _smtp(settings: Settings, now: datetime) -> Iterator[Finding]:
    from outbox import smtp

    if settings.outbox.mode == "hold":
        yield Finding("发信", "warning", "outbox.mode 为 hold，信函一律不发出。")
        return
    settings.need("smtp")
    try:
        session = smtp.open_session(parts.server_of(settings))
        session.close()
    except SignInRefused as error:
        hint = NETEASE if _is_netease(settings.smtp.host) else ""
        yield Finding("发信", "bad", f"{error.sentence}{hint}（{error.detail}）")
        return
    yield Finding("发信", "good", f"{settings.smtp.host} 可用，发件地址 {settings.sender}")
    yield from _server_time(session.greeting, now)
    _open_gate(settings, now, "smtp sign-in")


def _server_time(greeting: str, now: datetime) -> Iterator[Finding]:
    """The clock against that of a server that says what time it is."""
    said = server_time.told_in(greeting)
    if said and abs(said - now) > CLOCK_OFF:
        side = "慢" if said > now else "快"
        yield Finding("时钟", "bad", f"本机时钟（{moment(now)}）比发信服务器（{moment(said)}）{side}，请校准本机时钟。")


def _alerts(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Each way but the account itself, which is tried as such: the second account signs in, the command runs."""
    from outbox import smtp
    from program import alerts
    from scheduler.alert_words import TRIAL

    settings.need_alerts()
    to = "、".join(alerts.recipients(settings))
    if not to:
        yield Finding("告警", "warning", "alerts.to 和 digest.to 均未填写，收信、发信中断时不会有邮件告知。")
    if settings.alert_smtp.host and to:
        smtp.open_session(alerts.second_server(settings)).close()
        yield Finding("告警", "good", f"第二个发信账号 {settings.alert_smtp.host} 可用，发往 {to}")
    if settings.alerts.command:
        alerts.by_command(settings, TRIAL)
        yield Finding("告警", "good", f"命令 {settings.alerts.command[0]} 已运行，请确认收到试报")
    if not (settings.alert_smtp.host or settings.alerts.command):
        yield Finding(
            "告警", "warning",
            "只能由本账户告警，发信中断时无法告知；请设置第二个发信账号（[alert_smtp]）或 alerts.command。",
        )  # fmt: skip


def _is_netease(host: str) -> bool:
    from intake.providers import provider_of

    return provider_of(host).needs_id


def _open_gate(settings: Settings, now: datetime, name: str) -> None:
    """A sign-in that works again need not wait for its six hours."""
    from storage import gates

    with parts.open_register(settings, now) as register, register.writing() as tx:
        gates.open_gate(tx, name)
