"""The quick reading of a zip's directory says what zipfile says, or nothing."""

from __future__ import annotations

import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from intake.readers.zip_directory import Member, ordinary_members

NAMES = st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1, max_size=30)
FILES = st.dictionaries(NAMES, st.binary(max_size=200), max_size=6)


def packed(files: dict[str, bytes], comment: bytes = b"") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.comment = comment
    return target.getvalue()


def by_zipfile(content: bytes) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [tuple(getattr(one, name) for name in Member._fields) for one in archive.infolist()]


@given(FILES, st.binary(max_size=40))
def test_an_ordinary_zip_has_the_members_that_zipfile_finds(files: dict[str, bytes], comment: bytes) -> None:
    content = packed(files, comment)
    found = ordinary_members(content)
    assert found is None or found == by_zipfile(content)
    if b"PK" not in comment:
        assert found is not None


def test_what_is_not_ordinary_is_left_to_zipfile() -> None:
    content = packed({"word/document.xml": b"<w/>"})
    assert ordinary_members(b"MZ" + content) is None  # something stands before it
    assert ordinary_members(content + b"\n") is None  # and behind it
    assert ordinary_members(packed({"意向书.docx": b"x"})) is None
    assert ordinary_members(content.replace(b"PK\x01\x02", b"PK\x01\x03")) is None
    assert ordinary_members(b"") is None


@given(FILES, st.integers(0, 400), st.binary(max_size=8))
def test_a_damaged_zip_raises_nothing(files: dict[str, bytes], at: int, patch: bytes) -> None:
    content = packed(files)
    ordinary_members(content[:at])
    ordinary_members(content[: max(0, len(content) - at)] + patch + content[max(0, len(content) - at) + len(patch) :])
