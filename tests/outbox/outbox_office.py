"""What the outbox's tests share: the bundled campaign's letters, made-up facts, rows, and reading a mail back."""

from __future__ import annotations

import email
import email.policy
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from intake.campaign import Campaign
from intake.campaign_file import parse_campaign
from outbox import samples
from outbox.compose import Composed, Letters
from outbox.letters_section import CampaignLetters, parse_letters
from storage.letter_row import LetterRow

TEMPLATES = Path(__file__).parents[2] / "templates"
NOW = datetime(2016, 11, 25, 2, 30, tzinfo=UTC)  # 10:30 in Beijing
JOIN = "是否愿意加入首都知识产权运营联盟"
WORDS = {"yes": "是", "no": "否", "blank": "未填写", "unclear": "待确认"}


def campaign_data() -> dict[str, Any]:
    return tomllib.loads((TEMPLATES / "cipoa-2016" / "campaign.toml").read_text("utf-8"))


def campaign() -> Campaign:
    return parse_campaign(campaign_data())


def letters(folder: Path | None = None, **section: Any) -> Letters:
    data = campaign_data()
    entry = CampaignLetters(
        parse_campaign(data), parse_letters(data["letters"] | section), folder or TEMPLATES / "none"
    )
    return Letters([entry], common=TEMPLATES / "common", sender="cipsa@example.com")


def unit(name: str = "示例科技有限公司", join: str = "yes", member: str = "yes", **more: Any) -> dict[str, Any]:
    spec = campaign().form
    texts = (name, "张示例", "010-00000000转801", "市场部经理", "13800000000", "liaison@example.com")
    answers = (join, member)
    facts: dict[str, Any] = {
        "unit": name,
        "receipt": "K7M4Q2",
        "late": False,
        "disputed": False,
        "values": [
            {"id": field.id, "label": field.label, "text": text, "place": "第1行"}
            for field, text in zip(spec.fields, texts, strict=True)
        ],
        "choices": [
            {"id": choice.id, "label": choice.label, "short": choice.short, "answer": answer, "text": WORDS[answer],
             "evidence": "☑", "already_member": False}
            for choice, answer in zip(spec.choices, answers, strict=True)
        ],
        "missing": [], "unclear": [], "mention": [], "changed": [], "due": None,
        "declined": join == "no", "sealed_copy": False,
    }  # fmt: skip
    return facts | more


def due(days: int = 5) -> str:
    return (NOW + timedelta(days=days)).isoformat()


def row(kind: str, facts: Mapping[str, Any], **more: Any) -> LetterRow:
    spec = campaign().form
    made = samples.letter(kind, spec, now=NOW, recipient="unit@example.cn")
    return replace(made, **({"facts": facts, "reference": "K7M4Q2", "attach_form": False} | more))


def parsed(composed: Composed) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(composed.raw, policy=email.policy.default))


def texts(composed: Composed) -> tuple[str, str]:
    """The plain text, and the HTML part as text without tags."""
    mail = parsed(composed)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


def flat(text: str) -> str:
    """Without tags and blanks, to look for sentences."""
    text = re.sub(r"<(style|head).*?</\1>", "", text, flags=re.DOTALL)
    return re.sub(r"[\s\u3000]+", "", re.sub(r"<[^>]+>", "", text))


def say(kind: str, facts: Mapping[str, Any], now: datetime = NOW) -> str:
    """The letter's plain text without blanks."""
    return flat(texts(letters().compose(row(kind, facts), now=now))[0])
