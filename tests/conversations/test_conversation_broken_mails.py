"""Filled forms in mails as broken as real ones are: each is recorded, and answered where somebody may read it."""

from __future__ import annotations

import re
from collections.abc import Callable

from conversations.office_in_memory import Office, without_member

from program.demo import forms
from program.demo.units import Unit

Breaking = Callable[[bytes], bytes]


def field(name: str, value: bytes | None) -> Breaking:
    """Another value for a header field, None for none at all; folded as it is given."""

    def broken(raw: bytes) -> bytes:
        pattern = rb"(?im)^" + name.encode() + rb":[^\n]*\n(?:[ \t][^\n]*\n)*"
        line = b"" if value is None else name.encode() + b": " + value + b"\r\n"
        return line + re.sub(pattern, b"", raw)

    return broken


def labelled(charset: str, label: str) -> Breaking:
    """The body in this charset, under that label, as it stands."""

    def broken(raw: bytes) -> bytes:
        head, text = raw.split(b"\r\n\r\n", 1)
        head = re.sub(rb"(?im)^content-[^\n]*\n(?:[ \t][^\n]*\n)*", b"", head + b"\r\n")
        said = f"Content-Type: text/plain; charset={label}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        return head + said.encode() + text.decode().encode(charset)

    return broken


def replaced(old: bytes, new: bytes) -> Breaking:
    return lambda raw: raw.replace(old, new, 1)


SHARED = b"<shared@mailer.example.com>"
BROKEN: dict[str, tuple[Breaking, bool]] = {  # name: (what is wrong, whether its sender is answered)
    "a GBK body called gb2312": (labelled("gb18030", "gb2312"), True),
    "a GBK body called unknown-8bit": (labelled("gb18030", "unknown-8bit"), True),
    "a UTF-8 body called gbk": (labelled("utf-8", "gbk"), True),
    "a UTF-8 body called zlib": (labelled("utf-8", "zlib"), True),
    "a UTF-7 body": (labelled("utf-7", "utf-7"), True),
    "raw GBK in the subject": (field("Subject", "入盟意向书".encode("gbk")), True),
    "a subject cut in a character": (field("Subject", b"=?utf-8?B?5YWl55uf5oSP5Z?="), True),
    "NUL bytes where a field is folded": (field("X-Folded", b"a\r\n\x00 b\r\n \x00c"), True),
    "ten thousand recipients": (field("To", b",\r\n ".join(b"u%d@example.com" % n for n in range(10_000))), True),
    "five thousand references": (field("References", b" ".join(b"<%d@example.com>" % n for n in range(5000))), True),
    "a date in the year 2100": (field("Date", b"Fri, 31 Dec 2100 23:59:59 +0800"), True),
    "a date without a zone": (field("Date", b"18 Nov 2016 09:00"), True),
    "no Message-ID": (field("Message-ID", None), True),
    "a Message-ID with blanks": (field("Message-ID", b"<a b @ c>"), True),
    "a Message-ID that another has": (field("Message-ID", SHARED), True),
    "another with that Message-ID": (field("Message-ID", SHARED), True),
    "two From fields": (replaced(b"\r\nFrom: ", b"\r\nFrom: x\r\nFrom: "), True),
    "answers to our own address": (field("Reply-To", b"cipsa@vip.126.com"), True),
    "answers to nobody": (field("Reply-To", b"undisclosed-recipients:;"), True),
    "no From at all": (field("From", None), False),
    "an empty From": (field("From", b"<>"), False),
    "a mail system": (field("From", b"Mail Delivery <MAILER-DAEMON@mx.example.com>"), False),
    "an address that nobody reads": (field("From", b"no-reply@scanner.example.com"), False),
    "a list's own address": (field("From", b"owner-news@lists.example.com"), False),
    "an address with letters of no mailbox": (field("From", "<示例zhang@unit.example.com>".encode()), False),
    "an answer of a machine": (field("Auto-Submitted", b"auto-replied"), False),
    "a mail of a list": (field("List-Id", b"<news.example.com>"), False),
}
OF_MACHINES = ["an answer of a machine", "a mail of a list"]  # a form in these is for a person


def sent(office: Office, unit: Unit, breaking: Breaking, when: str) -> None:
    text = forms.pasted(office.answers(unit))
    raw = office.compose(unit, when, "入盟意向书")
    head = re.sub(rb"(?im)^content-[^\n]*\n(?:[ \t][^\n]*\n)*", b"", raw.split(b"\r\n\r\n")[0] + b"\r\n")
    plain = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    office.mail(breaking(head + plain + text.replace("\n", "\r\n").encode()), when)


def test_a_form_in_a_broken_mail_is_recorded_and_answered_where_it_may_be(office: Office) -> None:
    units = without_member(len(BROKEN))
    for number, (unit, (breaking, _)) in enumerate(zip(units, BROKEN.values(), strict=True)):
        sent(office, unit, breaking, f"11-18 09:{number:02}")
    office.round()
    assert office.query("SELECT count(*) FROM messages WHERE state = 'received'") == [(0,)]
    answered = {name: office.kinds_to(unit) for name, unit in zip(BROKEN, units, strict=True)}
    assert answered == {name: ["acknowledgement"] if wanted else [] for name, (_, wanted) in BROKEN.items()}
    assert {letter.recipient for letter in office.letters()} <= {unit.email for unit in units}
    read = {name: office.standing(unit) is not None for name, unit in zip(BROKEN, units, strict=True)}
    assert [name for name, found in read.items() if not found] == OF_MACHINES
    assert [row.reason for row in office.held_rows() if "自动发出或群发" in row.sentence] == ["protected"] * 2
    for letter in office.letters():
        assert "\ufffd" not in letter.subject + letter.text
