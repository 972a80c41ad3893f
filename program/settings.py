"""The settings as the program uses them: a TOML file, overridden by the environment.

Promises that what it returns is complete and consistent, that a mistake is one Chinese sentence
naming file (or variable), key and remedy, and that no secret shows in a repr or an error. It
contacts nothing and writes nothing. pydantic is slow to import: only commands that need settings
import this module.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, PrivateAttr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from intake.errors import WrongConfiguration
from outbox.wire import envelope_address
from program import bundled
from program.complaints import sentence_of
from program.sections import (
    Alerts,
    Digest,
    LetterRules,
    Limits,
    Log,
    Mailbox,
    Outbox,
    ReadingLimits,
    Smtp,
    Storage,
    WorkdayChanges,
)
from program.sources import Source, Tree, anchored, as_list, joined, read_environment, read_file

DEFAULT_FILE = Path("config.toml")
EXAMPLE_HOST = {"mailbox": "imap.vip.126.com", "smtp": "smtp.vip.126.com"}


class Settings(BaseSettings):
    """All settings. Paths are absolute; `campaign` are folders with a campaign.toml, the first for new circulars."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    data: Path = Path("data")
    campaign: Annotated[tuple[Path, ...], BeforeValidator(as_list)] = ()
    mailbox: Mailbox = Mailbox()
    smtp: Smtp = Smtp()
    storage: Storage = Storage()
    outbox: Outbox = Outbox()
    letters: LetterRules = LetterRules()
    limits: Limits = Limits()
    digest: Digest = Digest()
    alerts: Alerts = Alerts()
    alert_smtp: Smtp = Smtp()
    reading: ReadingLimits = ReadingLimits()
    log: Log = Log()
    calendar: WorkdayChanges = WorkdayChanges()
    _file: Path = PrivateAttr(default=DEFAULT_FILE)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` read: it knows the folders that relative paths start from."""
        return (init_settings,)

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
                sentence=f"{self._file} 中的 alert_smtp.from：未填写，请写明第二个发信账号的邮箱地址。"
            )
        if second.username and not second.secret_kinds():
            raise WrongConfiguration(sentence=f"{self._file} 中的 alert_smtp.password：未填写，请设置授权码。")

    def need(self, *sections: Literal["mailbox", "smtp"]) -> None:
        """Raise WrongConfiguration unless everything is filled in that a command needs of these sections.

        Secrets are read once, so that one that cannot be is named before anything is contacted.
        """
        for section in sections:
            for key, problem in _missing(self, section):
                raise WrongConfiguration(sentence=f"{self._file} 中的 {section}.{key}：{problem}。")
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
    settings = _validated(values, stated, changed)
    settings._file = file
    logins = (("mailbox", settings.mailbox), ("smtp", settings.smtp), ("alert_smtp", settings.alert_smtp))
    for name, login in logins:
        if stated.holds((name, "password")) and not changed.holds((name, "password")):
            login._file = file
    _check_campaigns(settings, stated, changed)
    return settings


def key_tree(model: type[BaseModel]) -> dict[str, Any]:
    """Every key as it is written in the file; a section is a dictionary, a setting None."""
    tree: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        section = isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)
        tree[info.alias or name] = key_tree(cast("type[BaseModel]", info.annotation)) if section else None
    return tree


def _validated(values: Tree, stated: Source, changed: Source) -> Settings:
    try:
        return Settings(**values)
    except ValidationError as error:
        sentence = sentence_of(cast("dict[str, Any]", error.errors(include_url=False)[0]), stated, changed)
    raise WrongConfiguration(sentence=sentence)


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
    elif section == "smtp" and envelope_address(settings.sender) != settings.sender:
        found.append(("from", "不是可用的发件邮箱地址，请只写地址本身（不带姓名和尖括号），例如 cipsa@vip.126.com"))
    return found
