"""The FETCH reply parser and the sets it answers, on samples and on anything at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mailbox import fetching
from intake.mailbox.fetching import Fetched
from intake.mailbox.polling import UNKNOWN_DATE, Envelope

DAY = datetime(2016, 11, 17, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ([(b"1 (UID 7 BODY[] {5}", b"hello"), b")"], {7: Fetched(7, body=b"hello")}),
        ([(b"1 (BODY[] {5}", b"hello"), b" UID 7)"], {7: Fetched(7, body=b"hello")}),
        ([(b"1 (BODY[] {0}", b""), b" UID 7)"], {7: Fetched(7, body=b"")}),
        ([b'1 (BODY[] "a \\"b" UID 7)'], {7: Fetched(7, body=b'a "b')}),
        ([b"1 (UID 7 BODY[] NIL)"], {7: Fetched(7)}),
        ([b"1 (UID 7)"], {7: Fetched(7)}),
        ([b"1 (FLAGS (\\Seen))"], {}),
        ([b"1 (UID 7 FLAGS (\\Seen NIL) BODY[] NIL)"], {7: Fetched(7)}),
        (
            [b"2 (FLAGS ())", (b"1 (UID 7 BODY[] {2}", b"ab"), b" FLAGS (\\Seen))", b"1 (FLAGS ())"],
            {7: Fetched(7, body=b"ab")},
        ),
        ([(b"1 (UID 7 BODY[] {2}", b"ab"), b")", b"1 (UID 7 FLAGS (\\Seen))"], {7: Fetched(7, body=b"ab")}),
        (
            [b'1 (INTERNALDATE "17-Nov-2016 09:05:00 +0800" RFC822.SIZE 99 UID 7)'],
            {7: Fetched(7, DAY, 99)},
        ),
        (
            [(b"1 (BODY[HEADER.FIELDS (SUBJECT X-A)] {3}", b"a:b"), (b" BODY[1]<0> {1}", b"z"), b" UID 7)"],
            {7: Fetched(7, body=b"a:b")},
        ),
        ([None], {}),
        (
            [(b"2 (UID 9 BODY[] {1}", b"b"), b")", (b"1 (UID 7 BODY[] {1}", b"a"), b")"],
            {9: Fetched(9, body=b"b"), 7: Fetched(7, body=b"a")},
        ),
        ([(b"1 (UID 7 BODY[] {1}", b"a")], {7: Fetched(7, body=b"a")}),
    ],
)
def test_replies(data, found):
    assert fetching.parse_fetch(data) == found


REPLY = st.tuples(
    st.integers(1, 2**32 - 1),
    st.binary(max_size=200),
    st.booleans(),
    st.sampled_from(["", "stray", "own flags"]),
    st.sampled_from([b"", b" FLAGS (\\Seen $Label)", b' X "a ) \\" ("', b" MODSEQ (123)", b" X-GM ((a) (b NIL))"]),
)


@given(st.lists(REPLY, unique_by=lambda reply: reply[0]), st.randoms())
def test_each_literal_goes_to_its_own_uid(replies, order):
    """Whatever the order, the place of UID, other items, and flags pushed between the replies."""
    data: list = []
    shuffled = list(replies)
    order.shuffle(shuffled)
    for number, (uid, body, uid_first, stray, extra) in enumerate(shuffled, 1):
        if stray == "stray":
            data.append(b"%d (FLAGS (\\Answered))" % number)
        name = (
            b"%d (UID %d%b BODY[] {%d}" % (number, uid, extra, len(body))
            if uid_first
            else b"%d (BODY[] {%d}" % (number, len(body))
        )
        data += [(name, body), b")" if uid_first else b"%b UID %d)" % (extra, uid)]
        if stray == "own flags":
            data.append(b"%d (UID %d FLAGS (\\Seen))" % (number, uid))
    assert {uid: reply.body for uid, reply in fetching.parse_fetch(data).items()} == {
        uid: body for uid, body, *_ in replies
    }


ANYTHING = st.one_of(st.none(), st.binary(), st.tuples(st.binary(), st.binary()))
NEAR = st.lists(
    st.sampled_from(
        [
            b"1 (",
            b"UID ",
            b"7",
            b"(",
            b")",
            b"BODY[",
            b"]",
            b'"',
            b"\\",
            b"{3}",
            b" ",
            b"NIL",
            b"RFC822.SIZE ",
            b"9" * 30,
        ]
    )
).map(b"".join)


@given(st.lists(ANYTHING | NEAR | st.tuples(NEAR, st.binary())))
def test_no_reply_raises(data):
    for uid, reply in fetching.parse_fetch(data).items():
        assert reply.uid == uid


@given(st.binary() | st.binary().map(lambda tail: b'Content-Type: multipart/mixed; boundary="' + tail))
def test_no_mail_breaks_the_look_for_its_end(raw):
    assert fetching.fault_of(raw, len(raw)) in ("", "missing")
    assert fetching.fault_of(raw, len(raw) + 1) in ("", "short", "missing")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("17-Nov-2016 09:05:00 +0800", DAY),
        (" 7-Nov-2016 09:05:00 +0800", datetime(2016, 11, 7, 1, 5, tzinfo=UTC)),
        ("16-Nov-2016 20:05:00 -0500", DAY),
        ("17-nov-2016 01:05:00 +0000", DAY),
        ("17-Nov-2016 06:35:00 +0530", DAY),
        ("31-Feb-2016 09:05:00 +0800", None),
        ("17-Nov-2016 25:05:00 +0800", None),
        ("17-Nix-2016 09:05:00 +0800", None),
        ("01-Jan-0001 00:05:00 +0800", None),
        ("17-Nov-2016 09:05:00 +9999", None),
        ("2016-11-17 09:05:00", None),
        ("", None),
    ],
)
def test_internaldate(text, moment):
    assert fetching.parse_internaldate(text) == moment


@pytest.mark.parametrize(
    ("body", "size", "fault"),
    [
        (b"a\r\n", 3, ""),
        (b"", 0, ""),
        (None, 0, "missing"),
        (None, 9, "missing"),
        (b"", 9, "missing"),
        (b"a\r\n", 4, "short"),
        (b"a\r\nlonger", 4, ""),
    ],
)
def test_faults(body, size, fault):
    assert fetching.fault_of(body, size) == fault


def test_a_multipart_that_shows_its_end_is_whole_where_the_size_was_an_estimate():
    whole = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n'
    assert fetching.fault_of(whole, len(whole) + 50) == ""
    assert fetching.fault_of(whole[:-9], len(whole)) == "short"


def test_an_envelope_without_date_or_size():
    assert fetching.envelope_of(Fetched(7)) == Envelope(7, UNKNOWN_DATE, 0)


@given(st.sets(st.integers(1, 2**32 - 1)) | st.sets(st.integers(1, 5000)))
def test_sets_ascend_hold_every_uid_once_and_stay_short(uids):
    chunks = list(fetching.sets(uids))
    assert [uid for chunk in chunks for uid in chunk] == sorted(uids)
    for chunk in chunks:
        text = fetching.set_text(chunk)
        assert len(text) <= fetching.SET_OCTETS + 20
        assert _named(text) == list(chunk)


def _named(text: str) -> list[int]:
    named: list[int] = []
    for piece in text.split(","):
        first, _, last = piece.partition(":")
        named += range(int(first), int(last or first) + 1)
    return named


@given(st.lists(st.integers(0, 100), max_size=40), st.integers(1, 300), st.integers(1, 10), st.integers(1, 12))
def test_batches_are_bounded_and_hold_every_mail_once(sizes, octets, mails, first):
    envelopes = [Envelope(uid, DAY, size) for uid, size in enumerate(sizes, 1)]
    found = list(fetching.batches(envelopes, octets=octets, mails=mails, cap=80, first=first))
    assert [each for batch in found for each in batch] == envelopes
    for number, batch in enumerate(found):
        asked = [each.size for each in batch if each.size <= 80]
        assert len(batch) <= min(mails, first << number)
        assert sum(asked) <= octets or len(asked) == 1


@pytest.mark.parametrize(
    ("data", "uids"),
    [
        ([b"3 1 2"], (1, 2, 3)),
        ([b"1 2", b"3"], (1, 2, 3)),
        ([b""], ()),
        ([None], ()),
        ([b"1 x 2", b"9" * 5000], (1, 2)),
    ],
)
def test_search_replies(data, uids):
    assert fetching.parse_uids(data) == uids
