"""What `intake check` tries of the servers: the mailbox, the server that sends, and the other ways of an alert.

None changes a mailbox or sends a letter; the command of an alert is run, and says that it is a trial.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake import server_time
from intake.errors import SignInRefused
from program import parts
from program.finding import Finding
from program.words import moment

if TYPE_CHECKING:
    from intake.mailbox import Session
    from program.settings import Settings

CLOCK_OFF = timedelta(minutes=5)
NETEASE = "网易邮箱请在网页版“设置—POP3/SMTP/IMAP”中开启IMAP/SMTP服务，新建授权码填入配置，并选择“收取全部邮件”。"
RECEIVE_ALL = "请在网页邮箱的“设置—POP3/SMTP/IMAP”中选择“收取全部邮件”，否则30天以前的来信收不到。"


def try_imap(settings: Settings, now: datetime) -> Iterator[Finding]:
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


def try_smtp(settings: Settings, now: datetime) -> Iterator[Finding]:
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


def try_alerts(settings: Settings, now: datetime) -> Iterator[Finding]:
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
