"""Word 97-2003 files that are damaged, locked or made to hurt; and the sample forms with their truth."""

from __future__ import annotations

import random
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
from doc_samples import COMMENT_PLACES, COMMENTS, SPECIAL, Par, Run, Word, cell, compound, p, row, sprm
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import Damaged, Encrypted, TooLarge, Unreadable, Unsupported
from intake.form.finding import find_forms
from intake.readers import read
from intake.readers.doc_officeart import shapes
from intake.readers.doc_sprms import read_paragraph

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "form"))

from form_scoring import truth_of  # noqa: E402
from form_truth import SPEC, differences  # noqa: E402

SAMPLES = ROOT / "tests" / "samples" / "doc"
FORM = Word(
    [
        cell("单位名称"), cell("示例单位有限公司"), row([0, 1000, 3000]),
        cell("联系人"), cell("张示例"), row([0, 1000, 3000]),
        cell("手机"), cell("13800000000"), row([0, 1000, 3000]),
        cell("是否愿意加入首都知识产权运营联盟"), cell("是☑ 否□"), row([0, 1000, 3000]),
    ]
)  # fmt: skip
WHOLE = FORM.bytes()


@pytest.mark.parametrize("sample", truth_of(SAMPLES), ids=lambda sample: str(sample["file"]))
def test_our_samples(sample: dict[str, Any]) -> None:
    assert differences(SAMPLES / sample["file"], sample["forms"]) == []


REFUSED = [
    ("a password", Word([p("x")], flags=0x0300).bytes(), Encrypted),
    ("Word 95", Word([p("x")], magic=0xA5DC, nfib=104).bytes(), Unsupported),
    ("Word 2 under the new magic", Word([p("x")], nfib=0x65).bytes(), Unsupported),
    ("another document", Word([p("x")], magic=0x1234).bytes(), Damaged),
    ("an empty stream", compound({"WordDocument": b""}), Damaged),
    ("no text left", WHOLE[:1536], Damaged),
]


@pytest.mark.parametrize(("content", "error"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_bad_file_is_refused_with_its_reason(content: bytes, error: type[Unreadable]) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content, "a.doc")
    assert type(caught.value) is error


def test_more_text_than_any_form_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.readers.doc_text.MAX_CHARACTERS", 10)
    with pytest.raises(TooLarge):
        read(WHOLE, "a.doc")


def test_more_paragraphs_than_any_form_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.readers.doc_blocks.MAX_SIZE", 1 << 20)
    with pytest.raises(TooLarge):
        read(Word([Par(["\r" * (1 << 17)])], narrow=True).bytes(), "a.doc")


def answers(content: bytes) -> tuple[str, str, list[str]]:
    (document,) = read(content, "a.doc")
    (form,) = find_forms(document, (SPEC,), "a.doc").forms
    return form.value("unit"), form.value("mobile"), [choice.answer for choice in form.choices.values()]


def without(content: bytes, name: str) -> bytes:
    """The file with the name of a stream spoilt."""
    raw = name.encode("utf-16-le")
    assert raw in content
    return content.replace(raw, bytes(len(raw)))


def without_directory(content: bytes) -> bytes:
    return content[:48] + struct.pack("<I", 0x00FFFFFF) + content[52:]


@pytest.mark.parametrize(
    "content",
    [without(WHOLE, "1Table"), without_directory(WHOLE), WHOLE[: 512 + 2048 + 512]],
    ids=["no table stream", "no directory", "cut off"],
)
def test_contact_fields_outlive_damage_but_every_answer_is_in_doubt(content: bytes) -> None:
    assert answers(WHOLE)[2][0] == "yes"
    unit, mobile, choices = answers(content)
    assert (unit, mobile) == ("示例单位有限公司", "13800000000")
    assert set(choices) == {"unclear"}


def test_notes_that_point_at_one_text_again_and_again_are_read_once() -> None:
    count = 5_000
    edges = [0, 100] * count
    pairs = {
        COMMENT_PLACES: struct.pack(f"<{count + 1}I", *range(count + 1)) + bytes(30 * count),
        COMMENTS: struct.pack(f"<{len(edges)}I", *edges),
    }
    (document,) = read(Word([p("是")], comments=[p("x" * 99)], pairs=pairs).bytes())
    assert document.text == "是"


def test_a_thousand_pictures_at_one_place_are_one() -> None:
    picture = Run("\x01" * 5_000, SPECIAL + sprm(0x6A03, 0))
    (document,) = read(Word([p(picture)], data=bytes(200)).bytes())
    assert len(document.blocks) == 1


def outcome(content: bytes) -> str:
    try:
        read(content, "a.doc")
    except Unreadable as error:
        return error.code
    return "read"


REAL = [path.read_bytes() for path in sorted(SAMPLES.glob("*.[dw][op][cs]"))]


@settings(max_examples=150)
@given(
    st.sampled_from([WHOLE, *REAL]), st.integers(0, 2**32), st.sampled_from(["cut", "flip", "block", "zero", "swap"])
)
def test_mutated_files_raise_nothing_but_unreadable(content: bytes, seed: int, change: str) -> None:
    chance = random.Random(seed)
    broken = bytearray(content)
    at = chance.randrange(len(broken) - 512)
    match change:
        case "cut":
            del broken[at:]
        case "flip":
            for _ in range(chance.randrange(1, 80)):
                broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        case "block":
            broken[at : at + 512] = chance.randbytes(512)
        case "zero":
            broken[at : at + 512] = bytes(512)
        case "swap":
            broken[512:1024], broken[at : at + 512] = broken[at : at + 512], broken[512:1024]
    assert outcome(bytes(broken)) in ("read", "damaged", "encrypted", "unsupported", "too-large", "too-deep")


@given(st.binary(max_size=600), st.binary(max_size=100))
def test_parts_of_a_file_may_be_any_bytes(raw: bytes, data: bytes) -> None:
    assert read_paragraph(0, raw, data).style >= 0
    assert all(shape.kind >= 0 for shape in shapes(raw))
    assert (
        outcome(Word([p("是", Run("x", raw[:100]))], data=data, pairs={50: raw, 40: raw, 56: raw, 73: raw}).bytes())
        == "read"
    )
