"""Archives of every kind: their files under the names people typed, faults by path, limits before unpacking."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping

import archive_builders as packed
import mail_builders as build
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from intake.message import unpacking
from intake.message.containers import open_archive
from intake.message.unpacking import Budget, member_name
from intake.readers.sniff import sniff

FILES = {"材料/甲公司.docx": b"hello" * 100, "乙公司意向书.docx": b"world" * 1000}
EXPECTED = [("甲公司.docx", FILES["材料/甲公司.docx"]), ("乙公司意向书.docx", FILES["乙公司意向书.docx"])]


def opened(content: bytes, kind: str = "", budget: Budget | None = None) -> tuple[list[tuple[str, bytes]], list[str]]:
    budget = budget or Budget()
    found = list(open_archive(kind or sniff(content), content, "包", budget))
    return found, budget.faults


def flagged(archive: bytes, flag: int) -> bytes:
    """The zip with the flag of UTF-8 (8) or without it (0) in every header, whatever its names are."""
    data = bytearray(archive)
    for signature, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] = data[place + offset] & 0xF7 | flag
            place = data.find(signature, place + 4)
    return bytes(data)


def zip64(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
                member.write(content)
    return target.getvalue()


def unicode_path_zip(files: Mapping[str, bytes]) -> bytes:
    """As Info-ZIP writes it: question marks for the name, the real one in the extra field."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number, (name, content) in enumerate(files.items()):
            member = zipfile.ZipInfo(f"????{number}")
            body = b"\x01" + struct.pack("<I", zlib.crc32(member.filename.encode())) + name.encode()
            member.extra = struct.pack("<HH", 0x7075, len(body)) + body
            archive.writestr(member, content)
    return target.getvalue()


WAYS = {
    "zip, UTF-8": build.zip_of(FILES),
    "zip, GBK": build.gbk_zip(FILES),
    "zip, GBK under the flag of UTF-8": flagged(build.gbk_zip(FILES), 8),
    "zip, UTF-8 without its flag": flagged(build.zip_of(FILES), 0),
    "zip, Unicode path": unicode_path_zip(FILES),
    "zip64": zip64(FILES),
    "zip with something before it": b"x" * 100 + build.zip_of(FILES),
    "rar 4": packed.rar4(FILES),
    "rar 4, solid": packed.rar4(FILES, flags=0x10, archive_flags=0x08),
    "rar 2, GBK": packed.rar4(FILES, oem="gbk"),
    "rar 5": packed.rar5(FILES),
    "rar 5, solid": packed.rar5(FILES, archive_flags=4),
    "7z": packed.seven_zip(FILES),
    "tar, GNU": packed.tar(FILES),
    "tar, GBK": packed.tar(FILES, charset="gbk"),
    "tar, pax": packed.tar(FILES, kind=tarfile.PAX_FORMAT),
    "tar, POSIX": packed.tar(FILES, kind=tarfile.USTAR_FORMAT),
    "tar.gz": packed.tar(FILES, mode="w:gz"),
    "tar.bz2": packed.tar(FILES, mode="w:bz2"),
    "tar.xz": packed.tar(FILES, mode="w:xz"),
}


@pytest.mark.parametrize("way", WAYS)
def test_members_come_in_order_under_their_names(way: str) -> None:
    kind = "zip" if way.startswith("zip with") else ""
    assert opened(WAYS[way], kind) == (EXPECTED, [])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (gzip.compress(b"hello", mtime=0), ("包", b"hello")),
        (gzip.compress(b"he", mtime=0) + gzip.compress(b"llo", mtime=0) + bytes(30), ("包", b"hello")),
        (b"\x1f\x8b\x08\x08\0\0\0\0\0\3" + "甲.txt".encode("gbk") + b"\0" + gzip.compress(b"hello", mtime=0)[10:],
         ("甲.txt", b"hello")),
        (bz2.compress(b"hello"), ("包", b"hello")),
        (lzma.compress(b"hello"), ("包", b"hello")),
    ],
)  # fmt: skip
def test_a_packed_stream_is_one_file(content: bytes, expected: tuple[str, bytes]) -> None:
    assert opened(content) == ([expected], [])


@pytest.mark.parametrize(("path", "name"), [("甲公司.docx.gz", "甲公司.docx"), ("甲.TXZ", "甲"), ("a.gz/乙.xz", "乙")])
def test_a_stream_without_a_name_has_that_of_its_archive(path: str, name: str) -> None:
    assert list(open_archive("gz", gzip.compress(b"x"), path, Budget())) == [(name, b"x")]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("../../evil.docx", "evil.docx"),
        ("C:\\temp\\evil.docx", "evil.docx"),
        ("C:evil.docx", "evil.docx"),
        ("\\\\server\\share\\evil.docx", "evil.docx"),
        ("/etc/passwd", "passwd"),
        ("/dev/null", "null"),
        ("CON", "CON"),
        ("..", ""),
        ("a/..", ""),
        ("__MACOSX/._甲.docx", ""),
        ("甲/Thumbs.db", ""),
        ("~$甲公司.docx", ""),
        ("甲\u202excod.exe", "甲xcod.exe"),
        ("甲\ud800.docx", "甲\ufffd.docx"),
        ("甲公司.docx".encode("gbk"), "甲公司.docx"),
        ("甲公司.docx".encode(), "甲公司.docx"),
    ],
)
def test_member_names(path: str | bytes, name: str) -> None:
    assert member_name(path) == name


@pytest.mark.parametrize("pack", [packed.rar4, packed.rar5, packed.seven_zip, packed.tar, build.zip_of])
def test_paths_that_lead_out_are_only_names(pack: object) -> None:
    files = {"../../a.docx": b"1", "甲/a.docx": b"2"}
    if pack is packed.seven_zip:
        files = {"x/a.docx": b"1", "甲/a.docx": b"2"}
    assert opened(pack(files)) == ([("a.docx", b"1"), ("a.docx", b"2")], [])  # type: ignore[operator]


def partly_locked() -> bytes:
    data = bytearray(build.zip_of({"a.docx": b"1", "b.docx": b"2"}))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def damaged_zip() -> bytes:
    return build.zip_of({"a.docx": b"x" * 400, "b.docx": b"2"}).replace(b"xxxx", b"xxxy", 1)


def overlapping() -> bytes:
    """Two members of one stream: the directory's second line leads to the first member."""
    archive = build.zip_of({"a.docx": b"1" * 400, "b.docx": b"2" * 400})
    place = archive.rfind(b"PK\x01\x02") + 42
    return archive[:place] + bytes(4) + archive[place + 4 :]


A, B = ("a.docx", b"1"), ("b.docx", b"2")
THREE = {"a.docx": b"aaaaaaaa" * 50, "b.docx": b"bbbbbbbb" * 50, "c.docx": b"cccccccc" * 50}


@pytest.mark.parametrize(
    ("content", "names", "faults"),
    [
        (build.encrypted(build.zip_of(FILES)), [], ["encrypted: 包"]),
        (partly_locked(), ["a.docx"], ["encrypted: 包/b.docx"]),
        (packed.rar4(FILES, flags=0x04), [], ["encrypted: 包"]),
        (packed.rar4(FILES, archive_flags=0x80), [], ["encrypted: 包"]),
        (packed.rar5(FILES, extra=packed.ENCRYPTION), [], ["encrypted: 包"]),
        (packed.seven_zip(FILES, password="口令"), [], ["encrypted: 包"]),
        (packed.seven_zip(FILES, password="口令", header_encryption=True), [], ["encrypted: 包"]),
        (damaged_zip(), ["b.docx"], ["damaged: 包/a.docx"]),
        (overlapping(), [], ["damaged: 包/a.docx", "damaged: 包/b.docx"]),
        (packed.rar4(THREE).replace(b"aaaa", b"aaab", 1), ["b.docx", "c.docx"], ["damaged: 包/a.docx"]),
        (packed.rar4(THREE).replace(b"bbbb", b"bbba", 1), ["a.docx", "c.docx"], ["damaged: 包/b.docx"]),
        (packed.rar5(THREE).replace(b"bbbb", b"bbba", 1), ["a.docx", "c.docx"], ["damaged: 包/b.docx"]),
        (packed.rar5(THREE)[:-600], ["a.docx"], ["damaged: 包/b.docx"]),
        (packed.rar4(FILES, archive_flags=0x01), [], ["damaged: 包"]),
        (packed.rar5(FILES, archive_flags=1), [], ["damaged: 包"]),
        (packed.rar4(FILES, flags=0x02), [], ["damaged: 包"]),
        (packed.rar5(FILES, size=1 << 20), [], ["damaged: 包/甲公司.docx", "damaged: 包/乙公司意向书.docx"]),
        (packed.rar5({"a.docx": b"1"}, size=1 << 50), [], ["too-large: 包/a.docx"]),
        (packed.rar5({"a.docx": b"1"}, compression=3 << 7 | 15 << 10), [], ["too-large: 包/a.docx"]),
        (packed.rar5({"a.docx": b"1"}, extra=packed.HARD_LINK), [], []),
        (packed.seven_zip(THREE)[:-40], [], ["damaged: 包"]),
        (packed.tar(THREE)[:1400], ["a.docx"], []),
        (packed.tar(THREE)[:1600], ["a.docx"], ["damaged: 包"]),
        (gzip.compress(b"hello", mtime=0)[:-9], [], ["damaged: 包"]),
        (bz2.compress(b"hello")[:-9], [], ["damaged: 包"]),
        (lzma.compress(b"hello")[:-9], [], ["damaged: 包"]),
        (packed.tar(FILES, mode="w:gz")[:-40], [], ["damaged: 包"]),
    ],
)  # fmt: skip
def test_what_stays_closed_is_a_fault(content: bytes, names: list[str], faults: list[str]) -> None:
    found, said = opened(content)
    assert ([name for name, _ in found], said) == (names, faults)


def zip_bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.docx", b"1")
        archive.writestr("零.bin", bytes(30 << 20))
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "names", "fault"),
    [
        (zip_bomb(), ["a.docx"], "too-large: 包/零.bin"),
        (packed.seven_zip({"a.docx": b"1", "零.bin": bytes(30 << 20)}), ["a.docx"], "too-large: 包/零.bin"),
        (gzip.compress(bytes(30 << 20), mtime=0), [], "too-large: 包"),
        (bz2.compress(bytes(30 << 20)), [], "too-large: 包"),
        (lzma.compress(bytes(30 << 20)), [], "too-large: 包"),
        (packed.tar({"零.bin": bytes(30 << 20)}, mode="w:gz"), [], "too-large: 包"),
    ],
)
def test_bombs(content: bytes, names: list[str], fault: str) -> None:
    found, said = opened(content)
    assert ([name for name, _ in found], said) == (names, [fault])


@pytest.mark.parametrize("pack", [packed.rar4, packed.rar5, packed.seven_zip, packed.tar, build.zip_of])
def test_a_mail_has_one_budget(pack: object) -> None:
    budget = Budget(files=3, size=100)
    content = pack({f"{number}.docx": b"x" * 10 for number in range(6)})  # type: ignore[operator]
    assert len(opened(content, "", budget)[0]) == 3
    assert budget.faults == ["too-large: 包"]
    budget = Budget(files=9, size=25)
    assert len(opened(content, "", budget)[0]) == 2
    assert budget.faults[0] == "too-large: 包/2.docx"


def test_a_long_directory() -> None:
    files = {f"__MACOSX/._{number}": b"1" for number in range(40)}
    for pack in (build.zip_of, packed.rar4, packed.rar5, packed.seven_zip, packed.tar):
        assert opened(pack(files), "", Budget(entries=30)) == ([], ["too-large: 包"])


def test_archives_within_archives_draw_on_one_budget() -> None:
    """Each level is charged, so that thousands of empty archives in archives come to an end."""
    content = build.zip_of({})
    for _ in range(unpacking.MAX_LEVELS - 1):
        content = build.zip_of({f"{number}.zip": content for number in range(20)})
    from intake.message import parse

    message = parse(build.mail(build.file_part(b"a.zip", content)))
    assert message.parts == ()
    assert message.faults
    assert all(fault.startswith("too-large") for fault in message.faults)


BASES = [content for way, content in WAYS.items() if not way.startswith("zip with")]


@given(some.data())
@settings(max_examples=400)
def test_any_damage_gives_files_or_faults(data: some.DataObject) -> None:
    content = data.draw(some.sampled_from(BASES))
    places = data.draw(some.lists(some.integers(0, len(content) - 1), max_size=6))
    end = data.draw(some.one_of(some.just(len(content)), some.integers(8, len(content))))
    kind = sniff(content)
    found, faults = opened(packed.flipped(content, places)[:end], kind)
    assert all(fault.partition(": ")[0] in CODES for fault in faults)
    assert len(found) <= unpacking.MAX_FILES


@given(some.sampled_from(["zip", "rar", "7z", "gz", "bz2", "xz", "tar"]), some.binary(max_size=2000))
def test_any_bytes_are_damaged_archives(kind: str, content: bytes) -> None:
    found, faults = opened(MAGIC.get(kind, b"") + content, kind)
    assert found or faults or kind == "tar"


MAGIC = {"zip": b"PK\x03\x04", "rar": packed.RAR5, "7z": b"7z\xbc\xaf\x27\x1c\x00\x04", "gz": b"\x1f\x8b\x08"}
CODES = {"encrypted", "damaged", "unsupported", "too-large", "too-deep", "memory"}
