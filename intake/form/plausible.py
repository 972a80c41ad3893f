"""Whether a telephone number or an address can be one.

Promises: what no ordinary form holds is asked of the libraries that know the plans and the grammar; all else is
answered without loading them.
"""

from __future__ import annotations

import re
from types import ModuleType

_NO_DIGIT = re.compile(r"\D")
_LOCAL = re.compile(r"\d{7,8}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d\d)\d{7,8}")  # with its area code
_ORDINARY_ADDRESS = re.compile(  # dot-atoms of letters and digits (RFC 5322, 3.2.3), nothing internationalised
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+(?:com|cn|net|org)"
)
_ORDINARY_LENGTH = 64  # characters; no part of such an address is too long
_SERVICE = re.compile(r"(?:400|800)\d{7}|95\d{3,6}")
_BETWEEN_NUMBERS = re.compile(r"[/、,，;；\n]|\s{2,}|(?<=\d{7})\s+(?=1\d{10})")
_EXTENSION = re.compile(r"转|ext|分机|#|x", re.I)
_EXTENDED = re.compile(r"(.*\d{7,8})-(\d{1,6})")
_COUNTRY_OF_MOBILE = re.compile(r"^(?:00)?86(?=1[3-9]\d{9}$)")
_COUNTRY_OF_LANDLINE = re.compile(r"^(?:00)?86(?=[1-9]\d{8,})")


def numbers(text: str) -> tuple[str, ...]:
    """The telephone numbers of a value, one string of digits each, without +86 and extension.

    A short number after a stroke (010-88439433/63933367) is a number of its own.
    """
    found = []
    for part in _BETWEEN_NUMBERS.split(text):
        main = _EXTENSION.split(part)[0].strip()
        extended = _EXTENDED.fullmatch(main)
        digits = _NO_DIGIT.sub("", extended.group(1) if extended else main)
        digits = _COUNTRY_OF_MOBILE.sub("", digits)
        digits = _COUNTRY_OF_LANDLINE.sub("0", digits)
        if digits:
            found.append(digits)
    return tuple(found)


def is_mobile(digits: str) -> bool:
    return bool(_MOBILE.fullmatch(digits))


def plausible_telephone(digits: str) -> bool:
    """Whether digits can be a number in China: a mobile, a local number, or one phonenumbers deems possible."""
    if is_mobile(digits) or _LOCAL.fullmatch(digits) or _SERVICE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return True
    import phonenumbers  # for what no ordinary form holds: it takes long to load, and long to answer

    if digits.startswith("0") and not digits.startswith("00"):
        return len(digits) >= 10 and _possible(phonenumbers, "+86" + digits[1:])
    return 10 <= len(digits) <= 15 and _possible(phonenumbers, "+" + digits.removeprefix("00"))


def _possible(phonenumbers: ModuleType, number: str) -> bool:
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(number)))
    except phonenumbers.NumberParseException:
        return False


def is_ordinary_address(address: str) -> bool:
    return len(address) <= _ORDINARY_LENGTH and _ORDINARY_ADDRESS.fullmatch(address) is not None


def plausible_email(address: str) -> bool:
    """Whether an address is one by RFC 5321 and 5322 (email-validator, without a look-up; sample domains allowed)."""
    if is_ordinary_address(address):
        return True
    import email_validator  # as above

    try:
        email_validator.validate_email(address, check_deliverability=False, test_environment=True)
    except email_validator.EmailNotValidError:
        return False
    return True
