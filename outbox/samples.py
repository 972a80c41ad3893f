"""Sample facts for every kind of letter, from a form's definition: for previews and for trying templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from intake.campaign import ChoiceSpec, FieldSpec, FormSpec
from intake.followups import RULES, due
from intake.workdays import Calendar
from storage.letter_row import LetterRow

RECEIPT = "482913"
_VALUES = {
    "unit": "示例科技有限公司",
    "person": "示例联系人",
    "telephone": "010-00000000",
    "mobile": "13800000000",
    "email": "sample@example.com",
    "text": "示例内容",
}


def letter(kind: str, spec: FormSpec, *, now: datetime, recipient: str) -> LetterRow:
    """A letter row with sample facts; it stands in no register."""
    return LetterRow(
        id=0,
        key=f"sample:{kind}",
        campaign=spec.campaign,
        kind=kind,
        state="waiting",
        recipient=recipient,
        unit_id=None,
        about_id=None,
        facts=facts(kind, spec, now),
        attach_form=kind in ("no-form", "unreadable", "cloud-link", "reminder"),
        reference="SAMPLE",
        message_id=f"<sample.{kind}@{recipient.rpartition('@')[2] or 'example.com'}>",
        priority=0,
        held_back="",
        created_at=now,
        next_at=now,
        tries=0,
        subject=None,
        raw=None,
        claimed_at=None,
        settled_at=None,
        reply=None,
        queue_id=None,
    )


def facts(kind: str, spec: FormSpec, now: datetime) -> Mapping[str, Any]:
    """JSON-safe facts of the kind; {} for a kind that has no letter of its own."""
    subject = f"{spec.title}（示例）"
    if kind in ("acknowledgement", "correction", "late", "repeat"):
        return {"subject": subject, "units": [_unit(kind, spec, now)]}
    others: dict[str, Mapping[str, Any]] = {
        "received": {"subject": subject, "files": ["示例附件.docx"]},
        "no-form": {"subject": subject, "files": ["示例附件.docx"], "why": "附件是未填写的空白表格。"},
        "unreadable": {
            "subject": subject,
            "files": [
                {"name": "示例附件.docx", "code": "encrypted", "sentence": "附件设有密码，请取消密码后重新发送。"}
            ],
        },
        "cloud-link": {"subject": subject, "service": "QQ邮箱超大附件"},
        "reminder": {"units": [{"unit": _VALUES["unit"]}], "salutation": "示例联系人"},
        "circular": {
            "units": [{"unit": _VALUES["unit"], "contact": _VALUES["person"], "telephone": _VALUES["telephone"]}]
        },
        "question": {"units": [{"unit": _VALUES["unit"], "receipt": RECEIPT, "owes": _owes(spec, now)}]},
    }
    return others.get(kind, {})


def _owes(spec: FormSpec, now: datetime) -> list[Mapping[str, Any]]:
    """A field that is missing, a choice that is unclear, and a paper, one of them past its date."""
    ahead, past = _due(now), _due(now - timedelta(days=7))
    fields = [{"label": field.label, "how": "text", "due": past, "asked": True} for field in spec.fields[-1:]]
    choices = [
        {"label": choice.label, "how": "yes or no" if choice.yes_no else "option", "doubtful": True, "due": ahead}
        for choice in spec.choices[:1]
    ]
    return [*fields, *choices, {"label": "示例材料", "how": "paper", "due": ahead, "asked": False}]


def _due(asked_at: datetime) -> str:
    return due(asked_at, RULES["missing"].count, Calendar()).isoformat()


def _unit(kind: str, spec: FormSpec, now: datetime) -> Mapping[str, Any]:
    asks = kind == "acknowledgement" and len(spec.choices) > 0
    return {
        "unit": _VALUES["unit"],
        "receipt": RECEIPT,
        "late": kind == "late",
        "disputed": False,
        "values": [_value(field) for field in spec.fields],
        "choices": [_choice(choice, asks and choice is spec.choices[0]) for choice in spec.choices],
        "missing": [],
        "unclear": [spec.choices[0].label] if asks else [],
        "mention": [],
        "changed": [spec.fields[-1].label] if kind == "correction" and spec.fields else [],
        "due": _due(now) if asks else None,
        "declined": False,
        "sealed_copy": False,
    }


def _value(field: FieldSpec) -> Mapping[str, str]:
    return {"id": field.id, "label": field.label, "text": _VALUES[field.kind], "place": ""}


def _choice(choice: ChoiceSpec, unclear: bool) -> Mapping[str, Any]:
    text, answer = (choice.options[0], "yes" if choice.yes_no else choice.options[0]) if choice.options else ("", "")
    return {
        "id": choice.id,
        "label": choice.label,
        "short": choice.short,
        "answer": "unclear" if unclear else answer,
        "text": "待确认" if unclear else text,
        "evidence": "",
        "already_member": False,
    }
