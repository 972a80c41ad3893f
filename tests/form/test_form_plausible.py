"""What is taken for ordinary without asking the libraries is what they would take."""

from __future__ import annotations

import email_validator
import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.form.plausible import plausible_email, plausible_telephone

WORDS = st.from_regex(r"[A-Za-z0-9_+-]{1,9}", fullmatch=True)
LABELS = st.from_regex(r"[A-Za-z0-9-]{1,9}", fullmatch=True)
ADDRESSES = st.builds(
    lambda words, labels, end: f"{'.'.join(words)}@{'.'.join(labels)}.{end}",
    st.lists(WORDS, min_size=1, max_size=4),
    st.lists(LABELS, min_size=1, max_size=3),
    st.sampled_from(["com", "cn", "net", "org", "gov.cn", "co", "local", "test"]),
)


@settings(deadline=None)
@given(ADDRESSES)
def test_an_address_is_plausible_where_the_library_says_so(address: str) -> None:
    try:
        email_validator.validate_email(address, check_deliverability=False, test_environment=True)
        valid = True
    except email_validator.EmailNotValidError:
        valid = False
    assert plausible_email(address) is valid


@settings(deadline=None)
@given(st.from_regex(r"0[1-9]\d{8,11}", fullmatch=True).filter(str.isascii))
def test_a_landline_is_plausible_where_the_library_says_so(digits: str) -> None:
    assert plausible_telephone(digits) is phonenumbers.is_possible_number(phonenumbers.parse("+86" + digits[1:]))
