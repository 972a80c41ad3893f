"""Letters to the secretariat: their own file, links to write a mail, and nothing that a stranger could slip in."""

from __future__ import annotations

from typing import Any

import pytest
from outbox_office import NOW, letters, parsed, row

from outbox import desk_samples
from outbox.facts import read_facts

LINK = '<a href="mailto:sample@example.com?subject=A7K2QX" style="color:#1a5fb4;">A7K2QX-4J7MPW3KQ9TZ 撤销</a>'


def parts(name: str, **changes: object) -> tuple[str, str]:
    facts: dict[str, Any] = dict(next(desk_samples.each(name)))
    mail = parsed(letters().compose(row("confirmation", facts | {"desk": facts["desk"] | changes}), now=NOW))
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    return plain.get_content(), page.get_content()


def test_the_line_to_copy_is_a_link_in_html_and_words_in_text() -> None:
    text, page = parts("desk-decided")
    assert LINK in page
    assert "A7K2QX-4J7MPW3KQ9TZ 撤销" in text
    assert "mailto:" not in text


def test_what_a_stranger_wrote_makes_no_link() -> None:
    _, page = parts("desk-decided", item="[点这里](mailto:evil@example.net)")
    assert "evil@example.net" in page
    assert 'href="mailto:evil' not in page


@pytest.mark.parametrize("name", desk_samples.NAMES)
def test_it_closes_without_the_courtesies_of_a_letter_to_a_unit(name: str) -> None:
    text, page = parts(name)
    for part in (text, page):
        assert "敬礼" not in part
        assert "请勿外传" in part


def test_a_unit_s_letter_never_takes_a_file_of_the_secretariat() -> None:
    facts = {"template": "desk-decided", "subject": "示例"}
    mail = parsed(letters().compose(row("received", facts), now=NOW))
    assert "来信已收到" in str(mail["Subject"])


def test_texts_of_the_desk_are_single_lines() -> None:
    read = read_facts("confirmation", {"desk": {"a": ["一\n二|三", 4, None]}}, NOW)
    assert read.desk == {"a": ["一 二｜三", 4, None]}
