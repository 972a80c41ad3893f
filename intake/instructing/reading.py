"""A mail to its instruction. Pure; runs in a child process; never raises over what a mail says."""

from __future__ import annotations

import re

from intake.instructing import codes, words
from intake.instructing.authenticity import is_forged
from intake.instructing.model import NOTHING, Instruction
from intake.instructing.requests import requests
from intake.mail import Message

_PREFIXES = re.compile(r"^(?:\s*(?:回复|答复|回覆|答覆|转发|轉寄|轉發|re|aw|fwd?)\s*(?:\[\d+\])?\s*:)+", re.IGNORECASE)
_BRIEF = 24  # characters, signature included
_NODS = frozenset({"同意", "可以", "好", "好的", "照办", "按此办理", "请按此办理", "请办理", "请处理", "ok"})
_COURTESY = frozenset({"收到", "已收到"})


def read(message: Message) -> Instruction:
    """What the subject and the text above any quote say; the quote is looked at for codes alone."""
    subject, text = codes.folded(message.subject), codes.folded(message.new_text)
    own_subject = _PREFIXES.sub("", subject)
    written = codes.codes(own_subject) + codes.codes(text)
    known = {(code.reference, code.token) for code in written}
    quoted = tuple(
        code for code in codes.codes(codes.folded(message.quoted_text)) if (code.reference, code.token) not in known
    )
    asked = requests(subject, text)
    bare = codes.bare(f"{own_subject}\n{text}")
    if not (written or quoted or asked or bare):
        return NOTHING
    return Instruction(
        codes=tuple(dict.fromkeys(written)),
        bare=bare,
        quoted=quoted,
        lone=codes.lone(f"{own_subject}\n{text}"),
        requests=asked,
        nods=_nods(text),
        forged=is_forged(message),
    )


def _nods(text: str) -> bool:
    """Whether little more is written than that something shall be done: nothing at all, a word, 同意."""
    said = {piece.casefold() for piece in words.pieces(text)}
    return len("".join(text.split())) <= _BRIEF and (not said or bool(said & (_NODS | words.VOCABULARY) - _COURTESY))
