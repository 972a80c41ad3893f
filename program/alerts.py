"""By which ways somebody is told that fetching or sending has failed, built from the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from program.secretariat import secretariat_of

if TYPE_CHECKING:
    from outbox import smtp
    from program.campaign_folders import LoadedCampaign
    from program.settings import Settings
    from scheduler.alert_words import Notice
    from scheduler.alerting import Alerting, Tell
    from scheduler.clock import Clock
    from storage.register import Register

SMTP, COMMAND = "smtp", "command"


def alerting_of(settings: Settings, loaded: Sequence[LoadedCampaign], register: Register, clock: Clock) -> Alerting:
    from scheduler.alerting import Alerting
    from scheduler.clock import SystemClock

    return Alerting(
        register, secretariat_of(settings), clock, loaded[0].campaign.id,
        to=recipients(settings) if settings.outbox.mode == "send" else (),
        ways=ways(settings, clock),
        after=timedelta(minutes=settings.alerts.after_minutes),
        watches_clock=isinstance(clock, SystemClock),
    )  # fmt: skip


def recipients(settings: Settings) -> tuple[str, ...]:
    return settings.alerts.to or settings.digest.to


def ways(settings: Settings, clock: Clock) -> Mapping[str, Tell]:
    """Those besides the account itself; raises WrongConfiguration."""
    settings.need_alerts()
    found: dict[str, Tell] = {}
    if settings.alert_smtp.host and recipients(settings):
        found[SMTP] = lambda said: _by_mail(settings, clock, said)
    if settings.alerts.command:
        found[COMMAND] = lambda said: by_command(settings, said)
    return found


def second_server(settings: Settings) -> smtp.Server:
    from outbox import smtp

    second = settings.alert_smtp
    return smtp.Server(
        host=second.host, port=second.port, security=second.security, username=second.username,
        secret=lambda: second.read_secret("alert_smtp"), timeout_seconds=second.timeout_seconds,
    )  # fmt: skip


def by_command(settings: Settings, said: Notice) -> None:
    from outbox import alarm

    alarm.by_command(settings.alerts.command, said.text, settings.alerts.command_seconds)


def _by_mail(settings: Settings, clock: Clock, said: Notice) -> None:
    from outbox import alarm

    sender = settings.alert_smtp.sender or settings.alert_smtp.username
    server, to = second_server(settings), recipients(settings)
    alarm.by_mail(server, sender, to, said.subject, said.lines, clock.now())
