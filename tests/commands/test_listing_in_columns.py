"""A long list on a terminal: no line wider than it, nothing lost, and what follows stands below the first item."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from program.words import listing, width


def test_a_list_is_cut_between_items() -> None:
    assert listing("来信：", ["表格 12", "咨询 3", "退信 1"], "，", 80) == "来信：表格 12，咨询 3，退信 1"
    assert listing("来信：", ["表格 12", "咨询 3", "退信 1"], "，", 24) == "来信：表格 12，咨询 3，\n      退信 1"
    assert listing("来信：", ["无"], "，", 80) == "来信：无"


@given(st.lists(st.text(alphabet="是a1（", min_size=1), min_size=1), st.integers(min_value=1, max_value=120))
def test_nothing_is_lost_and_only_an_item_alone_is_too_wide(items: list[str], columns: int) -> None:
    lines = listing("  发信：", items, "；", columns).split("\n")
    assert "".join(line[5:] if at == 0 else line[8:] for at, line in enumerate(lines)) == "；".join(items)
    assert all(width(line) <= columns or line.count("；") <= 1 for line in lines)
