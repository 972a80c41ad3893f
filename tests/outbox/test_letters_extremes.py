"""Any combination of facts, of every kind: no empty heading, no dangling or doubled punctuation, no machine words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outbox_office import JOIN, NOW, due, flat, letters, parsed, row, texts, unit

from outbox.compose import KINDS

LETTERS = letters()
BARE_LETTERS = letters(thanks="", declined="", next_step="", alliance="")
UNWANTED = (
    ("a machine's word", re.compile(r"undefined|None|null|\{\{|\}\}|\{%|%\}|&amp;|&lt;|True|False|nan")),
    ("doubled punctuation", re.compile(r"[，。；：、！？][，。；：、！？]|——[，。；：]|（[，。；：、]|[，、；：]）")),
    ("empty brackets", re.compile(r"（）|《》|“”|‘’|【】|\(\)")),
    ("half-width punctuation in Chinese", re.compile(r"[\u4e00-\u9fff][,;:!?.()][\u4e00-\u9fff]")),
    ("a heading without content", re.compile(r"(?m)^\s*[一二三四五六七八九十]+、\s*$")),
)
_CHINESE = st.text(st.sampled_from("示例单位附件内容说明测试甲乙丙丁"), min_size=1, max_size=12)
SENTENCE = st.builds(str.__add__, _CHINESE, st.sampled_from(["", "。", "，", "；", "！", "……"]))
ODD = st.sampled_from(["", " ", "\n", "。", None])
TEXT = SENTENCE | ODD
LIST = st.lists(TEXT, max_size=4)
ANSWER = st.sampled_from(["yes", "no", "blank", "unclear"])


OWES = st.fixed_dictionaries(
    {"label": _CHINESE},
    optional={
        "how": st.sampled_from(["text", "yes or no", "option", "paper", "?"]),
        "doubtful": st.booleans(),
        "due": st.sampled_from([None, due(), due(-3), "soon"]),
        "asked": st.booleans(),
    },
)


@st.composite
def units(draw: st.DrawFn) -> dict[str, Any]:
    made = unit(draw(_CHINESE | st.just("")), draw(ANSWER), draw(ANSWER))
    flags = {name: draw(st.booleans()) for name in ("late", "disputed", "sealed_copy")}
    made |= flags | {"receipt": draw(st.sampled_from(["K7M4Q2", ""]))}
    made |= {"missing": draw(st.lists(_CHINESE, max_size=3)), "unclear": draw(st.lists(st.just(JOIN), max_size=2))}
    made |= {"mention": draw(LIST), "changed": draw(LIST), "due": draw(st.sampled_from([None, due(), due(-3), "soon"]))}
    made |= {"owes": draw(st.lists(OWES, max_size=3)), "accepted": draw(st.booleans())}
    for value in made["values"]:
        value["text"] = draw(st.sampled_from([value["text"], "", " \n "]))
    for name in draw(st.lists(st.sampled_from(sorted(made)), max_size=4)):
        made.pop(name, None)
    return made


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "units": st.lists(units(), max_size=4),
        "subject": TEXT,
        "unit": TEXT,
        "files": st.lists(TEXT | st.fixed_dictionaries({}, optional={"name": TEXT, "code": TEXT, "sentence": TEXT})),
        "why": TEXT,
        "service": _CHINESE | st.just(""),
    },
)


def faults(text: str) -> list[str]:
    found = [f"{name}: {hit[0]!r}" for name, pattern in UNWANTED for hit in pattern.finditer(text)]
    return found + [f"dangling colon: {line}" for line in dangling(text)]


def dangling(text: str) -> list[str]:
    """Lines that promise something and are followed by no list; a greeting is followed by 您好."""
    lines = [line.strip("\u3000 ") for line in text.splitlines() if line.strip("\u3000 ")]
    pairs = zip(lines, [*lines[1:], ""], strict=True)
    return [line for line, after in pairs if line.endswith("：") and not re.match(r"1\. |您好！", after)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("desk", [LETTERS, BARE_LETTERS], ids=["cipoa", "campaign without words of its own"])
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(facts=FACTS)
def test_no_facts_make_an_ugly_letter(kind: str, desk: Any, facts: dict[str, Any]) -> None:
    composed = desk.compose(row(kind, facts), now=NOW)
    plain, html = texts(composed)
    assert faults(plain) == [], plain
    assert faults(composed.subject) == []
    assert not re.search(r"[：，、]\s*\[#", composed.subject)
    assert "<p style=" in html
    assert not re.search(r"<(p|td)[^>]*>\s*</\1>", html), html
    assert parsed(composed).defects == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(parts=st.lists(st.tuples(st.sampled_from(KINDS), FACTS), min_size=2, max_size=5))
def test_no_mixture_makes_an_ugly_letter(parts: list[tuple[str, dict[str, Any]]]) -> None:
    rows = [row(kind, facts, id=number) for number, (kind, facts) in enumerate(parts, 1)]
    composed = LETTERS.compose(rows[0], now=NOW, extra=rows[1:])
    plain, _ = texts(composed)
    assert faults(plain) == [], plain
    assert flat(plain).count("您好！") == 1
    assert flat(plain).count("此致敬礼！") == 1


@settings(max_examples=40)
@given(text=st.text(max_size=200), kind=st.sampled_from(KINDS))
def test_whatever_a_stranger_wrote_stays_inside_its_place(text: str, kind: str) -> None:
    facts = {"units": [unit(text, mention=[text])], "subject": text, "files": [text], "why": text, "service": text}
    composed = LETTERS.compose(row(kind, facts), now=NOW)
    mail = parsed(composed)
    assert composed.raw.isascii()
    assert composed.subject.count("[#") == 1 or "[#" in text
    assert composed.subject.endswith(" [#K7M4Q2]")
    assert [name for name in mail if name.lower() in ("bcc", "cc", "reply-to")] == []
    assert mail["X-CIPSA-Intake"] == kind
    assert max(map(len, composed.raw.split(b"\r\n"))) <= 998


def test_html_of_a_stranger_is_text() -> None:
    facts = {"units": [unit("<script>alert(1)</script>", mention=["<b>粗</b>"])]}
    _, html = texts(LETTERS.compose(row("acknowledgement", facts), now=NOW))
    assert "<script" not in html
    assert "&lt;b&gt;粗&lt;/b&gt;" in html
