"""Text of strangers as the register keeps it: no database refuses it, no terminal obeys it."""

from __future__ import annotations

import json

import pytest

from storage.sql import plain, to_json


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("示例\n甲\t乙\r\n", "示例\n甲\t乙\r\n"),
        ("a\x00b", "a\ufffdb"),
        ("\x1b[2J\x1b]0;示例\x07", "\ufffd[2J\ufffd]0;示例\ufffd"),
        ("\x9b2J\x7f\x08\x0c", "\ufffd2J\ufffd\ufffd\ufffd"),
        ("\ud800甲", "\ufffd甲"),
        ("\\b \\u001b", "\\b \\u001b"),
        ("😀", "😀"),
    ],
)
def test_text_is_kept_without_what_is_obeyed(text: str, kept: str) -> None:
    assert plain(text) == kept
    assert json.loads(to_json({"a": [text]})) == {"a": [kept]}
