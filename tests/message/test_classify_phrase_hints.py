"""A sentence is searched by a rule only where it holds one of the rule's hints: no wording may be without one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.classify import phrases

RULES = {name: (hint, pattern) for name, hint, pattern in phrases._STATEMENTS}
RULES["asks"] = (phrases._MAY_ASK, phrases._ASKS)


@pytest.mark.parametrize(("hint", "pattern"), RULES.values(), ids=RULES)
@settings(max_examples=300)
@given(data=st.data())
def test_whatever_a_rule_hits_holds_its_hint(
    hint: re.Pattern[str], pattern: re.Pattern[str], data: st.DataObject
) -> None:
    assert hint.search(data.draw(st.from_regex(pattern)))
