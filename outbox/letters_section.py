"""The [letters] section of a campaign.toml: who signs, whom to ask, and the few words of the campaign's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from intake.campaign import Campaign
from intake.errors import WrongConfiguration
from outbox.circular_section import CircularSection

REQUIRED = ("office", "sender_name", "notice_title")
OPTIONAL = ("alliance", "form_noun", "registered", "thanks", "declined", "next_step")


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    telephone: str


@dataclass(frozen=True, slots=True)
class LettersSection:
    """Words that a campaign lends to the common letters; an empty one leaves its sentence out.

    `form_noun` is what the letters call the form, `registered` what is said of a recorded one,
    `thanks` follows a yes, `declined` a no, `next_step` says what comes after.
    """

    office: str
    sender_name: str
    notice_title: str
    contacts: tuple[Contact, ...]
    alliance: str = ""
    form_noun: str = "表格"
    registered: str = "填报内容已登记"
    thanks: str = ""
    declined: str = "感谢贵单位的认真答复。"
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class CampaignLetters:
    """A campaign as the outbox sees it. `folder` holds the campaign's own letters/ and documents/.

    `circular` says what goes out with its notice.
    """

    campaign: Campaign
    section: LettersSection
    folder: Path
    circular: CircularSection = field(default_factory=CircularSection)


def parse_letters(data: Mapping[str, Any]) -> LettersSection:
    """Build a LettersSection from a parsed [letters] section; raises WrongConfiguration naming the key."""
    known = {*REQUIRED, *OPTIONAL, "contacts"}
    if unknown := sorted(set(data) - known):
        raise WrongConfiguration(sentence=f"campaign.toml：[letters] 中有不认识的键{'、'.join(unknown)}，请更正。")
    words = {key: _text(data, key) for key in (*REQUIRED, *OPTIONAL) if key in data or key in REQUIRED}
    return LettersSection(contacts=tuple(map(_contact, _listed(data))), **words)


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or (key in REQUIRED and not value.strip()):
        raise WrongConfiguration(sentence=f"campaign.toml：[letters] 缺少 {key}，或其不是文字。")
    return value.strip()


def _listed(data: Mapping[str, Any]) -> list[Any]:
    contacts = data.get("contacts")
    if not isinstance(contacts, list) or not contacts:
        raise WrongConfiguration(
            sentence="campaign.toml：[letters] 缺少 contacts，请至少写一位联系人及电话，"
            '例如 contacts = [{ name = "示例", telephone = "010-00000000" }]。'
        )
    return contacts


def _contact(data: Any) -> Contact:
    fields = ("name", "telephone")
    if not isinstance(data, dict) or not all(isinstance(data.get(key), str) and data[key].strip() for key in fields):
        raise WrongConfiguration(sentence="campaign.toml：[letters] contacts 的每一项须有 name 和 telephone 两个文字。")
    return Contact(data["name"].strip(), data["telephone"].strip())
