"""When names are one unit's, and when a person must say."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from storage.names import Names, _short_form, _slip, core, name_key, near, resembles

UNIT = "北京示例知识产权代理有限公司"
NAMES = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)
HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20)
SPACES = st.sampled_from(["", " ", "\u3000", "\t", "\u200b", "\xa0", "\n"])


@pytest.mark.parametrize(
    "written",
    [
        "北京示例知识产权代理有限公司",
        " 北京示例知识产权代理 有限公司\u3000",
        "北京示例知识产权代理有限公司（盖章）",
        "北京示例知识产权代理有限公司 (公章)",
        "“北京示例知识产权代理有限公司”。",
        "北京示例知識產權代理有限公司",
        "北\u200b京示例知识产权代理有限公司",
    ],
)
def test_one_unit_written_in_many_ways_has_one_key(written: str) -> None:
    assert name_key(written) == name_key(UNIT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("示例（北京）科技有限公司", "示例(北京)科技有限公司"),
        ("示例【北京】科技有限公司", "示例〔北京〕科技有限公司"),
        ("ＡＢＣ科技有限公司", "abc科技有限公司"),
        ("示例·研究院", "示例•研究院"),
        ("示例-研究院", "示例—研究院"),
    ],
)
def test_brackets_widths_dots_and_dashes_do_not_tell_units_apart(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    "other", ["示例（北京）科技有限公司", "示例（上海）科技有限公司", "示例科技有限公司", "示例一科技", "示例二科技"]
)
def test_what_tells_units_apart_stays_in_the_key(other: str) -> None:
    assert name_key(other) != name_key(UNIT)
    assert name_key("示例（北京）科技有限公司") != name_key("示例（上海）科技有限公司")


@given(NAMES)
def test_a_key_is_its_own_key(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key
    assert len(key) <= 200


@given(st.lists(HAN, min_size=1, max_size=6), SPACES, SPACES)
def test_spaces_never_matter(parts: list[str], before: str, between: str) -> None:
    assert name_key(before + between.join(parts)) == name_key("".join(parts))


@given(NAMES)
def test_compatibility_forms_never_matter(name: str) -> None:
    assert name_key(unicodedata.normalize("NFKC", name)) == name_key(name)


@given(HAN, HAN)
def test_different_simplified_names_have_different_keys(one: str, other: str) -> None:
    if name_key(one) == name_key(other):
        assert len(one) == len(other)  # only single characters are read as one: 國 and 国


@pytest.mark.parametrize(
    "other",
    [
        "示例知识产权代理有限公司",
        "北京市示例知识产权代理有限公司",
        "北京示例知识产权代理有限责任公司",
        "北京示例知识产权代理公司",
        "北京示例知识产权代理",
        "北京示例知识产杈代理有限公司",
        "北京示例知识产权代里有限公司",
        "北京示例知识权产代理有限公司",
        "示例（北京）知识产权代理有限公司",
    ],
)
def test_near_names_are_proposed(other: str) -> None:
    keys = [name_key("北京无关研究院"), name_key(other)]
    assert near(name_key(UNIT), keys) == [keys[1]]
    assert near(keys[1], [name_key(UNIT)]) == [name_key(UNIT)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京示例知识产权代理有限公司", "北京示列知识产权代理有限公司"),  # another proper name
        ("北京华信专利代理有限公司", "北京华欣专利代理有限公司"),
        ("北京示例甲科技有限公司", "北京示例乙科技有限公司"),
        ("示例单位1", "示例单位11"),
        ("示例第一研究所", "示例第二研究所"),
        ("示例大学", "示例大学第三医院"),
        ("北京示例知识产权代理有限公司", "北京示例知识产权代理有限公司海淀分公司"),
        ("北京示例科技有限公司", "北京示例专利有限公司"),
        ("示例东城律师事务所", "示例西城律师事务所"),
        ("", "公司"),
    ],
)
def test_other_units_are_not_near(one: str, other: str) -> None:
    assert near(name_key(one), [name_key(other)]) == []


def test_a_name_resembles_more_where_the_address_speaks_for_the_unit() -> None:
    assert resembles(name_key(UNIT), name_key("北京示列知识产权代理有限公司"))
    assert not resembles(name_key(UNIT), name_key("北京无关研究院"))


@given(HAN, st.lists(HAN, max_size=5))
def test_near_never_names_the_same_key_and_only_what_it_was_given(name: str, others: list[str]) -> None:
    found = near(name_key(name), list(map(name_key, others)))
    assert set(found) <= set(map(name_key, others)) - {name_key(name)}


FEW = st.text("甲乙知识产权", min_size=1, max_size=9)
PARTS = st.tuples(
    *map(st.sampled_from, (["", "北京"], ["", "甲乙", "大学", "甲乙丙丁"], ["知识产权", "代理"], ["", "公司"]))
)


def _slipped(name: str, at: int, char: str, kind: str) -> str:
    slips = {
        "none": name,
        "put in": name[:at] + char + name[at:],
        "left out": name[:at] + name[at + 1 :],
        "other": name[:at] + char + name[at + 1 :],
        "swapped": name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
    }
    return slips[kind]


KINDS = st.sampled_from(["none", "put in", "left out", "other", "swapped"])
WRITTEN = st.builds(
    _slipped, st.one_of(FEW, PARTS.map("".join)), st.integers(0, 12), st.sampled_from("甲知识一"), KINDS
)


def _is_near(one: str, other: str) -> bool:
    """As the words define it, of two keys."""
    mine, theirs = core(one), core(other)
    short, long = sorted((mine, theirs), key=len)
    if one == other or not mine:
        return False
    if mine == theirs or (long.startswith(short) and _short_form(mine, theirs)):
        return True
    return OSA.distance(mine, theirs) == 1 and _slip(mine, theirs)


@given(st.lists(WRITTEN, min_size=2, max_size=20, unique=True), st.integers(0, 20))
def test_looking_up_finds_what_comparing_with_every_name_finds(names: list[str], at: int) -> None:
    known = Names(names[:at])
    for name in names[at:]:
        known.add(name)
    for name in names:
        assert known.near(name) == [other for other in names if _is_near(name, other)]


@given(WRITTEN, st.lists(WRITTEN, max_size=20))
def test_a_name_given_twice_is_told_once(name: str, others: list[str]) -> None:
    assert near(name, others + others) == near(name, others)
