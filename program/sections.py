"""The sections of the configuration: every key with its type and its default.

The keys stand in config.example.toml with a sentence each; a test keeps the two alike. No secret
shows in a repr or an error.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from program import secrets
from program.setting_values import (
    Section,
    above_zero,
    address,
    addresses,
    command,
    days,
    domains,
    not_negative,
    one_of,
    setting,
    switch,
    text,
    whole,
    words,
)

Security: TypeAlias = Literal["tls", "starttls", "none"]
Sending: TypeAlias = Literal["send", "hold"]
Level: TypeAlias = Literal["debug", "info", "warning", "error"]
Format: TypeAlias = Literal["text", "json"]

SECURITY, SENDING, LEVEL, FORMAT = one_of(Security), one_of(Sending), one_of(Level), one_of(Format)
PORT, COUNT, CAP, MEGABYTES = whole(1, 65535), whole(1), whole(0), whole(64)


@dataclass(frozen=True, kw_only=True)
class Login(Section):
    """A server, an account and where its secret comes from; at most one of the four kinds."""

    host: str = setting(text, "")
    security: Security = setting(SECURITY, "tls")
    username: str = setting(text, "")
    password: str = setting(text, "", shown=False)
    password_file: str = setting(text, "")
    password_command: tuple[str, ...] = setting(command, (), shown=False)
    password_keyring: str = setting(text, "")
    timeout_seconds: float = setting(above_zero, 60.0)
    file: Path | None = field(default=None, repr=False)  # where `password` stands, to read it again

    def problems(self) -> Iterator[tuple[str, str]]:
        if self.security == "none" and self.host and not is_loopback(self.host):
            yield "security", "不加密（none）只允许用于本机，请改为 tls 或 starttls"
        if len(kinds := self.secret_kinds()) > 1:
            yield kinds[0], f"{'、'.join(kinds)} 只能设置一项，请删除其余"

    def secret_kinds(self) -> tuple[str, ...]:
        """The keys by which a secret is given."""
        kinds = ("password", "password_file", "password_command", "password_keyring")
        return tuple(key for key in kinds if getattr(self, key))

    def read_secret(self, section: str) -> str:
        """The secret as it is now, "" where none is configured; raises WrongConfiguration."""
        if self.password_file:
            return secrets.from_file(f"{section}.password_file", Path(self.password_file))
        if self.password_command:
            return secrets.from_command(f"{section}.password_command", self.password_command)
        if self.password_keyring:
            return secrets.from_keyring(f"{section}.password_keyring", self.password_keyring, self.username)
        return secrets.again(self.file, section) or self.password


@dataclass(frozen=True, kw_only=True)
class Mailbox(Login):
    """[mailbox]: the account that is read over IMAP."""

    port: int = setting(PORT, 993)
    folders: tuple[str, ...] = setting(words, ())
    sent: bool = setting(switch, True)
    poll_seconds: float = setting(above_zero, 60.0)
    size_cap_mb: int = setting(COUNT, 50)

    def secret(self) -> str:
        """The mailbox's secret, read anew; raises WrongConfiguration."""
        return self.read_secret("mailbox")


@dataclass(frozen=True, kw_only=True)
class Smtp(Login):
    """[smtp]: the account that sends; `sender` stands as `from` in the file."""

    port: int = setting(PORT, 465)
    sender: str = setting(text, "", key="from")


@dataclass(frozen=True, kw_only=True)
class Storage(Section):
    """[storage]: the register, and how long unrelated mail and the bytes of letters are kept in it."""

    url: str = setting(text, "sqlite:///data/register.sqlite")
    keep_unrelated_days: int = setting(COUNT, 30)
    letter_bytes_days: int = setting(COUNT, 30)


@dataclass(frozen=True, kw_only=True)
class Outbox(Section):
    """[outbox]: whether letters go out, and to whom they never go of themselves."""

    mode: Sending = setting(SENDING, "send")
    backlog: Sending = setting(SENDING, "hold")
    protected: tuple[str, ...] = setting(domains, ("gov.cn",))


def _rule_of_approval(value: object) -> str:
    from outbox.approval import parse

    parse(rule := text(value))
    return rule


@dataclass(frozen=True, kw_only=True)
class LetterRules(Section):
    """[letters]: which letters to units a person approves before they leave, and who is asked."""

    approve: str = setting(_rule_of_approval, "none")
    approver: tuple[str, ...] = setting(addresses, ())


@dataclass(frozen=True, kw_only=True)
class Limits(Section):
    """[limits]: how many letters go out in what time; 0 means no limit."""

    per_connection: int = setting(CAP, 10)
    per_quarter_hour: int = setting(CAP, 20)
    per_hour: int = setting(CAP, 60)
    per_day: int = setting(CAP, 100)
    gap_seconds: float = setting(not_negative, 15.0)
    per_address_per_hour: int = setting(CAP, 2)
    per_address_per_day: int = setting(CAP, 5)


@dataclass(frozen=True, kw_only=True)
class Digest(Section):
    """[digest]: the secretariat's list, who decides what it leaves undecided, and who else hears how it stands."""

    to: tuple[str, ...] = setting(addresses, ())
    deputy: str = setting(address, "")
    leaders: tuple[str, ...] = setting(addresses, ())
    send: bool = setting(switch, True)


@dataclass(frozen=True, kw_only=True)
class Alerts(Section):
    """[alerts]: who is told when fetching or sending has failed, besides by the account itself."""

    after_minutes: float = setting(above_zero, 15.0)
    to: tuple[str, ...] = setting(addresses, ())
    command: tuple[str, ...] = setting(command, (), shown=False)
    command_seconds: float = setting(above_zero, 30.0)


@dataclass(frozen=True, kw_only=True)
class ReadingLimits(Section):
    """[reading]: the children that read documents, and what one mail may cost."""

    workers: int = setting(COUNT, 2)
    seconds: float = setting(above_zero, 20.0)
    picture_seconds: float = setting(above_zero, 60.0)
    memory_mb: int = setting(MEGABYTES, 1024)


@dataclass(frozen=True, kw_only=True)
class Log(Section):
    """[log]: what is written to standard error."""

    level: Level = setting(LEVEL, "info")
    format: Format = setting(FORMAT, "text")


@dataclass(frozen=True, kw_only=True)
class WorkdayChanges(Section):
    """[calendar]: days off and working days that the built-in calendar does not know yet."""

    rest: tuple[date, ...] = setting(days, ())
    work: tuple[date, ...] = setting(days, ())


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or address alone; nothing is looked up."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
