"""The pieces of a mail's body: versions of the same text as one, and what is new apart from what is quoted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intake.message import quoting, quoting_html

MAX_TEXT = 1 << 19  # characters of one body; a form is a page


@dataclass(slots=True)
class Body:
    """A piece of the body: its plain and its HTML version, either may be missing."""

    plain: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class SplitBody:
    """All pieces of a body on their two sides."""

    new_text: str = ""
    quoted_text: str = ""
    new_html: str = ""
    quoted_html: str = ""


def joined(texts: Iterable[str]) -> str:
    """The texts that say anything, one below the other."""
    return "\n".join(filter(None, texts))


def one_of(bodies: Sequence[Body]) -> list[Body]:
    """The versions of a multipart/alternative as one piece."""
    plain = joined([body.plain for body in bodies])
    html = joined([body.html for body in bodies])
    return [Body(plain, html)] if plain or html else []


def completed(bodies: Sequence[Body], wrapped: Sequence[Body]) -> list[Body]:
    """The pieces of a body; of a version that the mail itself lacks, the one that its winmail.dat holds."""
    if not wrapped:
        return list(bodies)
    plain = [body.plain for body in bodies if body.plain.strip()]
    html = [body.html for body in bodies if body.html.strip()]
    return [
        Body(
            joined(plain or [body.plain for body in wrapped]),
            joined(html or [body.html for body in wrapped]),
        )
    ]


def split(bodies: Sequence[Body]) -> SplitBody:
    """What is new and what is quoted in a body, piece by piece."""
    pieces = [_split_one(body) for body in bodies]
    return SplitBody(
        new_text=joined([piece.new_text for piece in pieces]),
        quoted_text=joined([piece.quoted_text for piece in pieces]),
        new_html=joined([piece.new_html for piece in pieces]),
        quoted_html=joined([piece.quoted_html for piece in pieces]),
    )


def _split_one(body: Body) -> SplitBody:
    """The plain version gives the text where it says anything, the HTML version the HTML."""
    html = quoting_html.split_html(body.html) if body.html.strip() else quoting_html.SplitHtml()
    new, quoted = quoting.split_text(body.plain[:MAX_TEXT])
    if len(new + quoted) * 4 < len(html.new_text + html.quoted_text):  # a stub such as 请用支持HTML的客户端查看
        new, quoted = html.new_text, html.quoted_text
    return SplitBody(new, quoted, html.new_html, html.quoted_html)
