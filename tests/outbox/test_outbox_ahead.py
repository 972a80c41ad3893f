"""Letters composed ahead in other processes: the same letters, each to its own address, each once."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from outbox_office import NOW, campaign, letters, row, unit
from test_outbox_deliver import Office

from outbox import ahead, samples
from outbox.ahead import AT_ONCE, MANY, Ahead, Order, Writers, write
from outbox.compose import Letters
from outbox.limits import Limits
from storage.letter_row import LetterRow

COUNT = MANY + 20


@pytest.fixture(scope="module")
def writers() -> Iterator[Writers]:
    with ahead.writers(letters(), 2) as made:
        yield made


def batch(count: int = COUNT) -> list[LetterRow]:
    return [
        row("acknowledgement", {"units": [unit(f"示例{number}有限公司")]}, id=number, recipient=f"u{number}@example.cn")
        for number in range(count)
    ]


def test_what_is_composed_ahead_is_what_the_sender_would_have_written(writers: Writers) -> None:
    many = batch()
    coming = Ahead(writers, many, NOW)
    taken = [coming.take(letter) for letter in many]
    assert taken == [letters().compose(letter, now=NOW) for letter in many]


def test_letters_that_are_not_taken_are_passed_over(writers: Writers) -> None:
    many = batch()
    coming = Ahead(writers, many, NOW)
    wanted = many[AT_ONCE + 1 :: 7]
    assert [coming.take(letter) for letter in wanted] == [letters().compose(letter, now=NOW) for letter in wanted]
    assert coming.take(many[0]) is None


def test_a_few_letters_start_no_process() -> None:
    with ahead.writers(letters(), 2) as made:
        coming = Ahead(made, batch(MANY - 1), NOW)
        assert all(coming.take(letter) is None for letter in batch(MANY - 1))
        assert not made._idle
        assert not made._busy


def test_a_rehearsed_process_writes_the_same_letters_and_is_the_only_one() -> None:
    with ahead.writers(letters(), 2) as made:
        made.begin(Order((), NOW))()
        rehearsed = list(made._idle)
        many = batch()
        coming = Ahead(made, many, NOW)
        assert [coming.take(letter) for letter in many] == [letters().compose(letter, now=NOW) for letter in many]
        assert rehearsed == made._idle


def test_only_where_many_letters_are_to_be_expected_something_is_rehearsed() -> None:
    class Asked:
        orders: ClassVar[list[Order]] = []

        def begin(self, order: Order) -> None:
            self.orders.append(order)

    asked = Asked()
    ahead.rehearse(asked, MANY - 1, NOW)  # type: ignore[arg-type]
    assert asked.orders == []
    ahead.rehearse(asked, MANY, NOW)  # type: ignore[arg-type]
    assert asked.orders == [Order((), NOW)]


def test_a_rehearsal_has_the_blank_form_made(tmp_path: Path) -> None:
    campaigns, common, _ = letters()._made_from
    rehearsing = Letters(campaigns, common=common, sender="cipsa@example.com", forms=tmp_path)
    assert write(rehearsing, Order((), NOW)) == ()
    assert [kept.suffix for kept in tmp_path.iterdir()] == [".docx"]


def test_a_batch_with_circulars_comes_in_its_order_from_all_processes(writers: Writers) -> None:
    many = batch()
    many[3] = row("circular", samples.facts("circular", campaign().form, NOW), id=3, recipient="u3@example.cn")
    coming = Ahead(writers, many, NOW)
    taken = [coming.take(letter) for letter in many]
    assert taken == [letters().compose(letter, now=NOW) for letter in many]


def test_a_broken_template_is_left_to_the_sender_who_will_say_so() -> None:
    one = batch(1)[0]
    unknown = replace(one, campaign="another-campaign")
    assert write(letters(), Order((unknown, one), NOW)) == (None, letters().compose(one, now=NOW))


def test_a_process_that_fails_leaves_its_letters_and_only_these_to_the_sender(writers: Writers) -> None:
    many = batch()
    many[AT_ONCE] = replace(many[AT_ONCE], recipient=None)  # type: ignore[arg-type]
    coming = Ahead(writers, many, NOW)
    taken = [coming.take(letter) is not None for letter in many]
    assert taken == [not AT_ONCE <= number < 2 * AT_ONCE for number in range(COUNT)]


def test_circulars_large_with_their_files_are_handed_over_one_by_one() -> None:
    mixed = [replace(letter, kind="circular" if letter.id in (3, 4) else letter.kind) for letter in batch(AT_ONCE + 5)]
    assert [len(group) for group in ahead._grouped(mixed)] == [3, 1, 1, AT_ONCE]


def test_letters_travel_to_another_process() -> None:
    there = pickle.loads(pickle.dumps(letters()))
    one = batch(1)[0]
    assert there.compose(one, now=NOW) == letters().compose(one, now=NOW)


@pytest.mark.parametrize("gap", [0, 1])
def test_a_round_with_writers_sends_each_letter_once_to_its_own_address(writers: Writers, gap: int) -> None:
    office = Office()
    for number in range(COUNT):
        facts = {"units": [unit(f"示例{number}有限公司")]}
        office.letter("acknowledgement", f"u{number}@example.cn", facts)
    twice = office.letter("received", "u3@example.cn", {"files": [], "subject": "询问"})
    report = office.deliver(Limits(0, 0, 0, 0, gap, 0, 0), writers=writers)
    taken = dict(office.server.taken)
    assert len(office.server.taken) == len(taken) == COUNT
    assert report.counts == {"sent": COUNT, "merged": 1}
    assert office.state(twice) == "withdrawn"
    for number in range(COUNT):
        assert f"u{number}@example.cn".encode() in taken[f"u{number}@example.cn"]
    office.register.close()
