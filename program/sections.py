"""The sections of the configuration: every key with its type and its default.

The keys stand in config.example.toml with a sentence each; a test keeps the two alike. No secret
shows in a repr or an error. pydantic is slow to import: only `program.settings` imports this.
"""

from __future__ import annotations

import ipaddress
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    field_validator,
    model_validator,
)

from program import secrets
from program.sources import as_command, as_list, no_switch

Security: TypeAlias = Literal["tls", "starttls", "none"]
Words: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(as_list)]
Command: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(as_command)]
Days: TypeAlias = Annotated[tuple[date, ...], BeforeValidator(as_list)]
Port: TypeAlias = Annotated[int, BeforeValidator(no_switch), Field(ge=1, le=65535)]
Cap: TypeAlias = Annotated[int, BeforeValidator(no_switch), Field(ge=0)]
Count: TypeAlias = Annotated[int, BeforeValidator(no_switch), Field(ge=1)]
Seconds: TypeAlias = Annotated[float, BeforeValidator(no_switch), Field(gt=0, allow_inf_nan=False)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)


class Login(Section):
    """A server, an account and where its secret comes from; at most one of the four kinds."""

    host: str = ""
    security: Security = "tls"
    username: str = ""
    password: SecretStr = SecretStr("")
    password_file: str = ""
    password_command: Command = Field(default=(), repr=False)
    password_keyring: str = ""
    timeout_seconds: Seconds = 60
    _file: Path | None = PrivateAttr(default=None)  # where `password` stands, to read it again

    @model_validator(mode="after")
    def _consistent(self) -> Login:
        if self.security == "none" and self.host and not is_loopback(self.host):
            raise ValueError("security|不加密（none）只允许用于本机，请改为 tls 或 starttls")
        if len(self.secret_kinds()) > 1:
            kinds = "、".join(self.secret_kinds())
            raise ValueError(f"{self.secret_kinds()[0]}|{kinds} 只能设置一项，请删除其余")
        return self

    def secret_kinds(self) -> tuple[str, ...]:
        """The keys by which a secret is given."""
        kinds = {
            "password": self.password.get_secret_value(),
            "password_file": self.password_file,
            "password_command": self.password_command,
            "password_keyring": self.password_keyring,
        }
        return tuple(key for key, value in kinds.items() if value)

    def read_secret(self, section: str) -> str:
        """The secret as it is now, "" where none is configured; raises WrongConfiguration."""
        if self.password_file:
            return secrets.from_file(f"{section}.password_file", Path(self.password_file))
        if self.password_command:
            return secrets.from_command(f"{section}.password_command", self.password_command)
        if self.password_keyring:
            return secrets.from_keyring(f"{section}.password_keyring", self.password_keyring, self.username)
        return secrets.again(self._file, section) or self.password.get_secret_value()


class Mailbox(Login):
    """[mailbox]: the account that is read over IMAP."""

    port: Port = 993
    folders: Words = ()
    sent: bool = True
    poll_seconds: Seconds = 60
    size_cap_mb: Count = 50

    def secret(self) -> str:
        """The mailbox's secret, read anew; raises WrongConfiguration."""
        return self.read_secret("mailbox")


class Smtp(Login):
    """[smtp]: the account that sends; `sender` stands as `from` in the file."""

    port: Port = 465
    sender: str = Field(default="", alias="from")


class Storage(Section):
    """[storage]: the register, and how long unrelated mail and the bytes of letters are kept in it."""

    url: str = "sqlite:///data/register.sqlite"
    keep_unrelated_days: Count = 30
    letter_bytes_days: Count = 30


class Outbox(Section):
    """[outbox]: whether letters go out, and to whom they never go of themselves."""

    mode: Literal["send", "hold"] = "send"
    backlog: Literal["hold", "send"] = "hold"
    protected: Words = ("gov.cn",)

    @field_validator("protected")
    @classmethod
    def _lower(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(value.strip().lower().removeprefix("@") for value in values)


class LetterRules(Section):
    """[letters]: which letters to units a person approves before they leave, and who is asked."""

    approve: str = "none"
    approver: Words = ()

    @field_validator("approve")
    @classmethod
    def _known(cls, value: str) -> str:
        from outbox.approval import parse

        parse(value)
        return value

    @field_validator("approver")
    @classmethod
    def _addresses(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return _addresses(values)


class Limits(Section):
    """[limits]: how many letters go out in what time; 0 means no limit."""

    per_connection: Cap = 10
    per_quarter_hour: Cap = 20
    per_hour: Cap = 60
    per_day: Cap = 100
    gap_seconds: Annotated[float, Field(ge=0)] = 15
    per_address_per_hour: Cap = 2
    per_address_per_day: Cap = 5


class Digest(Section):
    """[digest]: the secretariat's list, who decides what it leaves undecided, and who else hears how it stands."""

    to: Words = ()
    deputy: str = ""
    leaders: Words = ()
    send: bool = True

    @field_validator("to", "leaders")
    @classmethod
    def _list(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return _addresses(values)

    @field_validator("deputy")
    @classmethod
    def _address(cls, value: str) -> str:
        if value.strip():
            _check_address(value)
        return value.strip().lower()


class Alerts(Section):
    """[alerts]: who is told when fetching or sending has failed, besides by the account itself."""

    after_minutes: Annotated[float, Field(gt=0)] = 15
    to: Words = ()
    command: Command = Field(default=(), repr=False)
    command_seconds: Seconds = 30

    @field_validator("to")
    @classmethod
    def _addresses(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return _addresses(values)


class ReadingLimits(Section):
    """[reading]: the children that read documents, and what one mail may cost."""

    workers: Count = 2
    seconds: Seconds = 20
    picture_seconds: Seconds = 60
    memory_mb: Annotated[int, Field(ge=64)] = 1024


class Log(Section):
    """[log]: what is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class WorkdayChanges(Section):
    """[calendar]: days off and working days that the built-in calendar does not know yet."""

    rest: Days = ()
    work: Days = ()


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or address alone; nothing is looked up."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def _addresses(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        _check_address(value)
    return tuple(value.strip().lower() for value in values)


def _check_address(value: str) -> None:
    local, _, domain = value.strip().rpartition("@")
    if not local or not domain or any(mark in value for mark in ",; <>，；"):
        raise ValueError(f'“{value}”不是一个邮箱地址；多个地址请写成列表，例如 ["a@example.cn", "b@example.cn"]')
