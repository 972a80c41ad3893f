"""Names in the order of a Chinese list: by 拼音 and by 笔画."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import collation
from intake.collation import ORDERS, Order, key

TABLE = Path(collation.__file__).with_name("strokes.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("拼音", ["360安全公司", "ABC科技", "北京示例", "长春示例", "重庆示例", "上海示例", "中国示例", "重工示例"]),
        ("拼音", ["鹿示例", "路示例", "驴示例", "律示例", "绿示例", "卵示例", "略示例"]),  # lu, lü, luan, lüe
        ("拼音", ["妈妈", "麻油", "马场", "骂名"]),  # the tone
        ("拼音", ["一示例", "伊示例", "衣示例"]),  # one syllable and tone: the strokes
        ("笔画", ["一示例", "乙示例", "二示例", "十示例", "丁示例", "上海示例", "中国示例", "龙示例", "北京示例"]),
        ("笔画", ["二示例", "卜示例", "八示例", "刀示例"]),  # two strokes: 横, 竖, 撇, 折
        ("笔画", ["9号公司", "ABC公司", "一公司"]),
        ("笔画", ["北京一公司", "北京二公司", "北京三公司"]),
    ],
)
def test_the_order_of_samples(order: Order, names: list[str]) -> None:
    assert sorted(sorted(names), key=lambda name: key(name, order)) == names


@pytest.mark.parametrize("order", ORDERS)
def test_brackets_spaces_and_width_do_not_count(order: Order) -> None:
    for name in ("北京(示例)公司", "北京（示例） 公司", "北京·示例公司"):
        assert key(name, order) == key("北京示例公司", order)
    assert key("ＡＢＣ公司", order) == key("abc公司", order)


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(ORDERS))
def test_any_two_names_can_be_compared(one: str, other: str, order: Order) -> None:
    assert (key(one, order) < key(other, order)) in (True, False)


@given(st.text(alphabet=st.characters(min_codepoint=0x3400, max_codepoint=0x323AF), max_size=6))
def test_rare_characters_have_their_place(name: str) -> None:
    assert all(len(key(name, order)) <= len(name) * 20 for order in ORDERS)


def test_the_table_of_strokes_has_each_character_once_and_rises() -> None:
    rows = [line.split(" ") for line in TABLE if not line.startswith("#")]
    counts, signs = [int(count) for count, _ in rows], "".join(row for _, row in rows)
    assert counts == sorted(set(counts))
    assert len(signs) == len(set(signs)) > 20_000
    of = {sign: int(count) for count, row in rows for sign in row}
    assert [of[sign] for sign in "一人口中北京科技路藏"] == [1, 2, 3, 4, 5, 8, 9, 7, 13, 17]
