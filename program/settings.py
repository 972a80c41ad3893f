"""The settings as the program uses them: a TOML file, overridden by the environment.

Promises that what it returns is complete and consistent, that a mistake is one Chinese sentence
naming file (or variable), key and remedy, and that no secret shows in a repr or an error. It
contacts nothing and writes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast

from intake.errors import WrongConfiguration
from program import bundled
from program.sections import (
    Alerts,
    Digest,
    LetterRules,
    Limits,
    Log,
    Login,
    Mailbox,
    Outbox,
    ReadingLimits,
    Smtp,
    Storage,
    WorkdayChanges,
)
from program.setting_values import Mistake, Section, filled, key_tree, place, places, setting, subsection
from program.sources import Source, anchored, joined, read_environment, read_file

DEFAULT_FILE = Path("config.toml")
EXAMPLE_HOST = {"mailbox": "imap.vip.126.com", "smtp": "smtp.vip.126.com"}


@dataclass(frozen=True, kw_only=True)
class Settings(Section):
    """All settings. Paths are absolute; `campaign` are folders with a campaign.toml, the first for new circulars."""

    data: Path = setting(place, Path("data"))
    campaign: tuple[Path, ...] = setting(places, ())
    mailbox: Mailbox = subsection(Mailbox)
    smtp: Smtp = subsection(Smtp)
    storage: Storage = subsection(Storage)
    outbox: Outbox = subsection(Outbox)
    letters: LetterRules = subsection(LetterRules)
    limits: Limits = subsection(Limits)
    digest: Digest = subsection(Digest)
    alerts: Alerts = subsection(Alerts)
    alert_smtp: Smtp = subsection(Smtp)
    reading: ReadingLimits = subsection(ReadingLimits)
    log: Log = subsection(Log)
    calendar: WorkdayChanges = subsection(WorkdayChanges)
    file: Path = field(default=DEFAULT_FILE, repr=False)

    @property
    def sender(self) -> str:
        """The address that letters come from: smtp.from, else the account that sends or is read."""
        return self.smtp.sender or self.smtp.username or self.mailbox.username

    def smtp_secret(self) -> str:
        """The secret for sending, read anew: its own, or the mailbox's where both are the same account."""
        own = self.smtp.read_secret("smtp")
        same = self.smtp.username.lower() == self.mailbox.username.lower()
        return self.mailbox.secret() if not own and same else own

    def need_alerts(self) -> None:
        """Raise WrongConfiguration where a second account is named, and not all of it that sending needs."""
        second = self.alert_smtp
        if not second.host:
            return
        if "@" not in (second.sender or second.username):
            raise WrongConfiguration(
                sentence=f"{self.file} 中的 alert_smtp.from：未填写，请写明第二个发信账号的邮箱地址。"
            )
        if second.username and not second.secret_kinds():
            raise WrongConfiguration(sentence=f"{self.file} 中的 alert_smtp.password：未填写，请设置授权码。")

    def need(self, *sections: Literal["mailbox", "smtp"]) -> None:
        """Raise WrongConfiguration unless everything is filled in that a command needs of these sections.

        Secrets are read once, so that one that cannot be is named before anything is contacted.
        """
        for section in sections:
            for key, problem in _missing(self, section):
                raise WrongConfiguration(sentence=f"{self.file} 中的 {section}.{key}：{problem}。")
        if "mailbox" in sections:
            self.mailbox.secret()
        if "smtp" in sections and self.smtp.username:
            self.smtp_secret()


def load_settings(
    path: Path | None = None, environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Settings:
    """Settings of a file and the environment; without a path, of config.toml if there is one.

    `environment` and `folder` (where its relative paths start) default to the process's own.
    Raises WrongConfiguration.
    """
    folder = folder or Path.cwd()
    file = path or folder / DEFAULT_FILE
    known = key_tree(Settings)
    stated = Source(str(file), {}) if path is None and not file.exists() else read_file(file, known)
    changed = read_environment(os.environ if environment is None else environment, known, folder)
    defaults = anchored({"data": "data", "storage": {"url": Storage().url}}, file.resolve().parent)
    values = joined(joined(defaults, stated.values), changed.values)
    values["campaign"] = values.get("campaign") or [str(bundled.campaigns()[bundled.DEFAULT_CAMPAIGN])]
    try:
        settings = filled(Settings, values)
    except Mistake as mistake:
        source = changed if changed.holds(mistake.key) else stated
        sentence = f"{source.where(mistake.key)}：{mistake.problem}。"
        raise WrongConfiguration(sentence=sentence) from None
    settings = _knowing(settings, file, stated, changed)
    _check_campaigns(settings, stated, changed)
    return settings


def _knowing(settings: Settings, file: Path, stated: Source, changed: Source) -> Settings:
    """The settings that know their file, and the logins whose secret stands in it."""
    logins: dict[str, Login] = {
        name: replace(login, file=file)
        for name in ("mailbox", "smtp", "alert_smtp")
        if stated.holds((name, "password")) and not changed.holds((name, "password"))
        for login in (getattr(settings, name),)
    }
    return replace(settings, file=file, **cast(Any, logins))


def _check_campaigns(settings: Settings, stated: Source, changed: Source) -> None:
    source = changed if changed.holds(("campaign",)) else stated
    for path in settings.campaign:
        if not (path / "campaign.toml").is_file():
            names = "、".join(bundled.campaigns())
            raise WrongConfiguration(
                sentence=f"{source.where(('campaign',))}：文件夹 {path} 中没有 campaign.toml，"
                f"请改正路径，或使用内置的 {names}。"
            )


def _missing(settings: Settings, section: Literal["mailbox", "smtp"]) -> list[tuple[str, str]]:
    login = settings.mailbox if section == "mailbox" else settings.smtp
    signs_in = section == "mailbox" or bool(login.username)
    shared = section == "smtp" and login.username.lower() == settings.mailbox.username.lower()
    has_secret = bool(login.secret_kinds() or (shared and settings.mailbox.secret_kinds()))
    found = []
    if not login.host:
        found.append(
            ("host", f"未填写，请写明{'收' if section == 'mailbox' else '发'}信服务器，例如 {EXAMPLE_HOST[section]}")
        )
    if section == "mailbox" and not login.username:
        found.append(("username", "未填写，请写明邮箱账号，例如 cipsa@vip.126.com"))
    if signs_in and not has_secret:
        found.append(("password", "未填写，请设置授权码（或 password_file、password_command、password_keyring）"))
    if section == "smtp" and "@" not in settings.sender:
        found.append(("from", "未填写，请写明发件邮箱地址，例如 cipsa@vip.126.com"))
    return found
