"""What a mail shows by itself: small named rules over headers, wording and counts of what the readers found.

Promises: looks only at what the sender newly wrote; a mail that quotes our letter is not ours. The names of all rules
that hit are kept. Pure; only what reads a mail needs it, the judgement from its signs is in `table`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from intake.classify import automatic, bounces, courtesies, phrases
from intake.mail import Message
from intake.normal_form import nfkc
from intake.providers import cloud_service
from intake.verdict import Signs

OWN_HEADER = "X-CIPSA-Intake"
REFERENCE = re.compile(r"[\[［]#([2-9A-HJ-NP-Z]{6})[\]］]")
MOST_REFERENCES = 100  # that one mail may name
SHORT = 600  # characters; who asks a question to a secretariat out of nothing asks it briefly
WORDING = 20_000  # characters that the wording rules read
_REPLY = re.compile(r"^(?:(?:回复|答复|回覆|答覆|回函|re|aw|sv)\s*(?:\[\d+\])?[:：])", re.IGNORECASE)
_FORWARD = re.compile(r"^(?:(?:转发|轉寄|轉發|fwd?|wg)\s*[:：])", re.IGNORECASE)


def signs_of(
    message: Message,
    spec_words: Sequence[str],
    *,
    forms: int,
    blank_forms: int,
    form_like: bool,
    strangers: int = 0,
) -> Signs:
    """What a mail shows by itself.

    `spec_words` are the campaign's words; `forms`, `blank_forms` and `strangers` counts of filled and untouched
    forms and of filled ones of no campaign; `form_like` says that a file could hold a form, readable or not.
    """
    has_form = forms > 0 or blank_forms > 0
    own = bool(message.header(OWN_HEADER.lower()))
    receipt, recall = automatic.receipt_hits(message), automatic.recall_hits(message)
    reply = _weighed(automatic.reply_hits(message), weak_counts=not forms)  # a blank form may be our own coming back
    listed = _weighed(automatic.list_hits(message), weak_counts=not (has_form or form_like))
    rule, sentence = phrases.statement(_subject_and_text(message))
    asks = phrases.question(_subject_and_text(message))
    courtesy = courtesies.is_courtesy(message.new_text[:WORDING])
    service = _cloud(message)
    found = _words(message, spec_words, form_like=form_like)
    bounce = bounces.read_bounce(message) is not None
    hits = {
        "own-header": own, "bounce": bounce, f"cloud-link {service}": bool(service), "campaign-words": bool(found),
        rule: bool(rule), f"question-{asks}": bool(asks), "courtesy": courtesy,
    } | _manner(message, courtesy=courtesy)  # fmt: skip
    return Signs(
        own=own,
        bounce=bounce,
        auto_reply=bool(reply),
        mailing_list=bool(listed),
        read_receipt=bool(receipt),
        recall=bool(recall),
        forms=forms,
        blank_forms=blank_forms,
        strangers=strangers,
        form_like=form_like,
        cloud_link=service,
        words=found,
        courtesy=courtesy,
        question=bool(asks),
        sentence=sentence,
        refs=references(message),
        hits=(*receipt, *recall, *reply, *listed, *(name for name, hit in hits.items() if hit)),
    )


def _manner(message: Message, *, courtesy: bool) -> dict[str, bool]:
    """How it is written: as a reply or forward, with a word of its own, briefly."""
    text = message.new_text[:WORDING]
    return {
        "reply-subject": _is_reply(message),
        "forward-subject": _is_forward(message),
        "says-something": bool(courtesies.says(text)) and not courtesy,
        "short": len(text) <= SHORT,
    }


def references(message: Message) -> tuple[str, ...]:
    """Our short references in subject and text, quoted text included, each once."""
    texts = (message.subject, message.new_text, message.quoted_text)
    found = [reference for text in texts for reference in REFERENCE.findall(nfkc(text))]
    return tuple(dict.fromkeys(found))[:MOST_REFERENCES]


def _weighed(hits: tuple[tuple[str, ...], tuple[str, ...]], *, weak_counts: bool) -> tuple[str, ...]:
    strong, weak = hits
    return (*strong, *weak) if strong or weak_counts else ()


def _is_reply(message: Message) -> bool:
    return bool(_REPLY.match(automatic.folded(message.subject)) or REFERENCE.search(message.subject))


def _is_forward(message: Message) -> bool:
    return bool(_FORWARD.match(automatic.folded(message.subject)))


def _new_subject(message: Message) -> str:
    """The subject where the sender wrote it; a reply or forward repeats someone else's."""
    return "" if _is_reply(message) or _is_forward(message) else message.subject


def _subject_and_text(message: Message) -> str:
    return f"{_new_subject(message)}\n{message.new_text[:WORDING]}".strip("\n")


def _words(message: Message, spec_words: Sequence[str], *, form_like: bool) -> tuple[str, ...]:
    """The campaign's words in new subject, new body or file names; with a file, a repeated subject counts too."""
    subject = message.subject if form_like or not _is_reply(message) else ""
    text = "".join(map(_tight, (subject, message.new_text, *(part.name for part in message.parts))))
    return tuple(word for word in spec_words if _tight(word) and _tight(word) in text)


@lru_cache(maxsize=64)  # the campaign's words are asked for with every mail
def _tight(text: str) -> str:
    return "".join(nfkc(text).casefold().split())


def _cloud(message: Message) -> str:
    """A link in what was newly written; in a forward without a word of its own, in what it forwards."""
    found = cloud_service(message.new_html) or cloud_service(message.new_text)
    if found or not _is_forward(message):
        return found
    return cloud_service(message.quoted_html) or cloud_service(message.quoted_text)
