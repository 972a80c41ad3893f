"""What `intake check` tries, one function a subject: of this machine and its files here, then of the servers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from intake.errors import IntakeError, Permanent
from program import campaign_folders, parts, server_checks
from program.finding import Finding
from program.words import moment
from storage.private import make_folder

if TYPE_CHECKING:
    from program.settings import Settings

LOW_DISK, NO_DISK = 1 << 30, 200 << 20  # bytes
DUE_WITHIN = timedelta(days=60)  # how far ahead due dates are reckoned


def all_findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Every check in order; one that fails does not keep the next from being tried."""
    checks: tuple[tuple[str, Callable[[Settings, datetime], Iterator[Finding]]], ...] = (
        ("配置", _configuration), ("数据文件夹", _folders), ("磁盘", _disk), ("登记库", _register),
        ("信函模板", _templates), ("工作日历", _calendar), ("提醒", _reminders), ("文字识别", _ocr),
        ("收信", server_checks.try_imap), ("发信", server_checks.try_smtp), ("告警", server_checks.try_alerts),
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
        wrong = clock_watch.fault(now, mails.newest_written(tx), mails.newest_marked(tx), server_clock.read(tx))
    yield Finding("登记库", "good", f"可读写，建于 {moment(register.made_at)}")
    if wrong:
        yield Finding("时钟", "bad", f"{wrong}，请校准本机时钟。")


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
