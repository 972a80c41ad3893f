"""Comparing what was read with what a careful secretary would record, as leniently as the samples' README says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from form_builders import SPEC
from form_scoring import lenient

from intake.answers import Form
from intake.reading import read_file


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
