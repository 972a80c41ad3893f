"""Facts at the edges, for trying templates: nothing at all, very long, very many, and signs that mean something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from intake.campaign import FormSpec
from outbox import samples

LONG = "示例单位名称" * 15  # 90 characters: the longest registered names have fewer
SIGNS = '<b>甲&乙</b> "丙" {{ 丁 }} {% 戊 %} | # 1. “己”——（庚）'


def facts_at_the_edges(kind: str, spec: FormSpec, now: datetime) -> Iterator[Mapping[str, Any]]:
    """Facts of one letter, each set legal for its kind, none of them likely."""
    plain = dict(samples.facts(kind, spec, now))
    yield {}
    yield _with_texts(plain, LONG)
    yield _with_texts(plain, SIGNS)
    if plain.get("units"):
        unit = plain["units"][0]
        yield plain | {"units": [unit | _worst(spec, now)]}
        yield plain | {"units": [unit | {"unit": f"{LONG}{number}"} for number in range(30)]}
        yield plain | {"units": [unit | _worst(spec, now) | {"unit": f"示例{number}"} for number in range(3)]}
    if plain.get("files"):
        yield plain | {"files": [f"{SIGNS}{number}.docx" for number in range(40)]}


def _worst(spec: FormSpec, now: datetime) -> dict[str, Any]:
    """A unit of whose form nothing is right, and whose time is over."""
    past = (now - timedelta(days=1)).isoformat()
    return {
        "late": True,
        "disputed": True,
        "values": [{"id": field.id, "label": field.label, "text": ""} for field in spec.fields],
        "missing": [field.label for field in spec.fields],
        "unclear": [choice.label for choice in spec.choices],
        "mention": [SIGNS, LONG],
        "changed": [field.label for field in spec.fields],
        "due": past,
        "deadline": past,
        "sealed_copy": True,
        "owes": [{"label": LONG, "how": how, "due": past, "asked": True} for how in ("text", "option", "paper", "")],
    }


def _with_texts(value: Any, text: str) -> Any:
    """The same facts with every text that somebody else wrote replaced."""
    if isinstance(value, Mapping):
        kept = ("id", "answer", "due", "deadline", "how", "code", "receipt")
        return {key: each if key in kept else _with_texts(each, text) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_texts(each, text) for each in value]
    return text if isinstance(value, str) else value
