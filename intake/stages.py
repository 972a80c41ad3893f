"""The stages of a campaign and what each asks of a unit: the [[stages]] of campaign.toml. Pure.

A stage exists only after a person has opened it. The first one is open from the beginning.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from intake.errors import WrongConfiguration

LONGEST = 40  # characters of a stage's name and of a material's id, as the register holds them


@dataclass(frozen=True, slots=True)
class Material:
    """A paper that a unit hands in; `words` in a file's name or first lines say that it may be this one."""

    id: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: the materials it asks for, and the reasons of follow-ups (intake/followups.py) it opens."""

    name: str
    reasons: tuple[str, ...] = ()
    materials: tuple[Material, ...] = ()


def parse_stages(data: Any, reasons: Iterable[str]) -> tuple[Stage, ...]:
    """Build the stages from a parsed [[stages]]; raises WrongConfiguration naming what is wrong.

    `reasons` are those that have a rule.
    """
    if not isinstance(data, list):
        raise _wrong("stages 须写作 [[stages]]，每个阶段一段")
    stages = tuple(_stage(each, frozenset(reasons)) for each in data)
    _refuse_doubled([stage.name for stage in stages], "阶段名称")
    _refuse_doubled([paper.id for stage in stages for paper in stage.materials], "材料的 id ")
    return stages


def materials(stages: Sequence[Stage], opened: Iterable[str]) -> tuple[Material, ...]:
    """What the opened stages ask for."""
    names = frozenset(opened)
    return tuple(paper for stage in stages if stage.name in names for paper in stage.materials)


def reasons(stages: Sequence[Stage], opened: Iterable[str]) -> frozenset[str]:
    """The reasons of follow-ups that may exist now."""
    names = frozenset(opened)
    return frozenset(reason for stage in stages if stage.name in names for reason in stage.reasons)


def named_in(text: str, papers: Iterable[Material]) -> tuple[Material, ...]:
    """The materials whose words stand in the text: a proposal for a person, never an answer."""
    tight = _tight(text)
    return tuple(paper for paper in papers if any(_tight(word) in tight for word in (paper.label, *paper.words)))


def meant(word: str, papers: Iterable[Material]) -> tuple[Material, ...]:
    """The materials a person means by an id, a label, or one of its words."""
    wanted = _tight(word)
    every = tuple(papers)
    exact = tuple(paper for paper in every if wanted in (_tight(paper.id), _tight(paper.label)))
    return exact or tuple(
        paper for paper in every if wanted in map(_tight, paper.words) or (wanted and wanted in _tight(paper.label))
    )


def _stage(data: Any, known: frozenset[str]) -> Stage:
    if not isinstance(data, Mapping) or not isinstance(data.get("name"), str) or not data["name"].strip():
        raise _wrong("[[stages]] 的每个阶段须有 name")
    name = data["name"].strip()
    if len(name) > LONGEST:
        raise _wrong(f"阶段名称“{name}”过长，至多{LONGEST}字")
    if unknown := sorted(set(data) - {"name", "reasons", "materials"}):
        raise _wrong(f"阶段“{name}”中有不认识的键{'、'.join(unknown)}")
    chosen = _texts(data, "reasons", name)
    if wrong := sorted(set(chosen) - known):
        raise _wrong(f"阶段“{name}”的 reasons 中有不认识的事由{'、'.join(wrong)}")
    papers = data.get("materials", [])
    if not isinstance(papers, list):
        raise _wrong(f"阶段“{name}”的 materials 须写作 [[stages.materials]]")
    return Stage(name, chosen, tuple(_material(each, name) for each in papers))


def _material(data: Any, stage: str) -> Material:
    if not isinstance(data, Mapping) or not all(
        isinstance(data.get(key), str) and data[key] for key in ("id", "label")
    ):
        raise _wrong(f"阶段“{stage}”的每项材料须有 id 和 label")
    if len(data["id"]) > LONGEST:
        raise _wrong(f"材料的 id “{data['id']}”过长，至多{LONGEST}字")
    return Material(data["id"], data["label"], _texts(data, "words", stage))


def _texts(data: Mapping[str, Any], key: str, stage: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise _wrong(f"阶段“{stage}”的 {key} 须是一列文字")
    return tuple(value)


def _refuse_doubled(names: Sequence[str], what: str) -> None:
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise _wrong(f"{what}重复：{'、'.join(doubled)}")


def _tight(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _wrong(sentence: str) -> WrongConfiguration:
    return WrongConfiguration(sentence=f"campaign.toml：{sentence}，请更正。")
