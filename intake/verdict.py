"""What a mail shows by itself, and what kind of mail that makes it."""

from __future__ import annotations

from dataclasses import dataclass

from intake.kinds import Kind


@dataclass(frozen=True, slots=True)
class Signs:
    """What a mail shows by itself, before anything is known of its sender; the classifier's whole input.

    `words` are the campaign's words found in new subject, new body or file names; `refs` our short
    references found in subject or text; `sentence` the sentence of a statement, quoted.
    """

    own: bool = False
    bounce: bool = False
    auto_reply: bool = False
    mailing_list: bool = False
    read_receipt: bool = False
    recall: bool = False
    forms: int = 0
    blank_forms: int = 0  # untouched copies of the blank form
    strangers: int = 0  # filled forms of a notice that is no campaign
    form_like: bool = False  # an attachment that could hold a form, readable or not
    cloud_link: str = ""  # the service's name in Chinese
    words: tuple[str, ...] = ()
    courtesy: bool = False
    question: bool = False
    sentence: str = ""
    refs: tuple[str, ...] = ()
    hits: tuple[str, ...] = ()  # names of the header and wording rules that matched


@dataclass(frozen=True, slots=True)
class Ties:
    """What the register knows of a mail's sender; nothing is known when a file is read alone."""

    own: bool = False  # our header or Message-ID
    staff: bool = False
    known_sender: bool = False  # roster, an earlier form, or a reply to our letter


NO_TIES = Ties()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind, with the names of the rows of the table that decided it."""

    kind: Kind
    rules: tuple[str, ...] = ()
