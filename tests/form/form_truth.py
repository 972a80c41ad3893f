"""Comparing what was read with what a careful secretary would record, as leniently as the samples' README says."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from form_builders import SPEC

from intake.model import Form
from intake.reading import read_file


def truth_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines() if line.strip()]


def differences(path: Path, expected: list[dict[str, Any]]) -> list[str]:
    """What was read otherwise than expected, one sentence each."""
    forms = read_file(path.name, path.read_bytes(), (SPEC,)).forms
    if len(forms) != len(expected):
        return [f"{len(forms)} forms instead of {len(expected)}"]
    return [found for form, wanted in zip(forms, expected, strict=True) for found in _differ(form, wanted)]


def _differ(form: Form, wanted: Mapping[str, Any]) -> Iterator[str]:
    for key, value in wanted["values"].items():
        if lenient(key, form.value(key)) != lenient(key, value):
            yield f"{key}: {form.value(key)!r} instead of {value!r}"
    for key, answer in wanted["choices"].items():
        if form.choices[key].answer != answer:
            yield f"{key}: {form.choices[key].answer} instead of {answer} ({form.choices[key].evidence})"


def lenient(key: str, value: str) -> object:
    """NFKC, no spaces; telephones as a set of digits without +86 and leading zeros; addresses without case."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", value))
    if key == "email":
        return text.casefold()
    if key not in ("office_phone", "mobile"):
        return text
    parts = (re.sub(r"\D", "", re.sub(r"^\+?86-?(?=\d)", "", part)).lstrip("0") for part in re.split(r"[/、,;]", text))
    return frozenset(part for part in parts if part)
