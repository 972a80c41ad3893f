"""No telephone number and no address stands in the log, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program.log import mask, masked, render

HIDDEN = [
    "010-00000000",
    "(010)00000000",
    "（010）00000000",
    "010 0000 0000",
    "0000-0000000",
    "00000000",
    "13800000000",
    "电话13800000000",
    "手机:138-0000-0000",
    "+86 13800000000",
    "+86-10-00000000",
    "8613800000000,",
    "010-00000000-801",
]
SHOWN = [
    "2016-12-02 17:00:00",
    "2016-12-02T17:00:00+08:00",
    "127.0.0.1:14300",
    "550 5.1.1 User unknown",
    "uid 123456",
    "3f00000000000000000000000000000000000000000000000000000000000a",
    "queued as smtp11,EMCowAB3FAKE000003",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_a_telephone_number_keeps_only_its_ends(text: str) -> None:
    said = mask(f"联系 {text} 谢谢")
    assert "****" in said, said
    digits = "".join(mark for mark in said if mark.isdigit())
    assert len(digits) <= 5, said


@pytest.mark.parametrize("text", SHOWN)
def test_what_is_no_telephone_number_stays(text: str) -> None:
    assert mask(text) == text


@given(st.text(), st.integers(0, 99_999_999), st.text())
def test_no_eight_digits_in_a_row_remain(before: str, number: int, after: str) -> None:
    said = mask(f"{before} {number:08d} {after}")
    assert f" {number:08d} " not in said


def test_an_address_keeps_its_first_letter_and_its_domain() -> None:
    assert mask("to liu@example.cn.") == "to l***@example.cn."


def test_the_mail_stands_first_and_its_id_is_whole() -> None:
    event = masked(None, "", {"mail": "123456789012", "event": "mail handled", "sender": "liu@example.cn"})
    line = render(None, "", event | {"timestamp": "2016-12-02T17:00:00", "level": "info"})
    assert line == "2016-12-02T17:00:00 info mail=123456789012 mail handled sender=l***@example.cn"
