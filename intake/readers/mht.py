"""A web page in one file (.mht, .mhtml), as Word and browsers save it: a MIME multipart/related (RFC 2557).

The page is its first HTML part; pictures and styles beside it are not looked at, nothing is fetched.
"""

from __future__ import annotations

from intake.document import Document
from intake.errors import Damaged
from intake.readers.html import read_html


def read_mht(content: bytes) -> Document:
    """The page of a .mht. Raises Damaged where there is none, and what read_html raises."""
    from intake.message import charsets
    from intake.message.mime import parse_entity

    root, _ = parse_entity(content)
    page = next((leaf for leaf in root.leaves() if leaf.media_type == "text/html"), None)
    if page is None:
        raise Damaged("no page in the file")
    return read_html(charsets.decode_html(page.content(), page.charset))
