"""Raw mails are durable before anything else, whatever stops the program."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from intake.errors import DiskFull, Permanent
from storage.rawmails import RawMails

MAILS = [b"From: a@example.com\r\n\r\none", b"From: b@example.com\r\n\r\ntwo" * 5000, b"three"]


class Stopped(BaseException):
    """The power went."""


def stored(folder: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in folder.glob("??/*.eml")}


def test_mails_are_found_by_their_hash(tmp_path: Path) -> None:
    box = RawMails(tmp_path / "raw")
    hashes = box.put_all(MAILS)
    assert hashes == [hashlib.sha256(raw).hexdigest() for raw in MAILS]
    assert [box.get(name) for name in hashes] == MAILS
    assert box.put_all([MAILS[1], MAILS[1]]) == [hashes[1]] * 2
    assert len(stored(box.folder)) == 3


def test_files_and_folders_are_their_owners_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        box = RawMails(tmp_path / "new" / "data" / "raw")
        box.put_all(MAILS)
    finally:
        os.umask(old)
    paths = list(tmp_path.rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()} == {0o700}


@pytest.mark.parametrize("step", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_stop_at_any_step_leaves_only_whole_mails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: int
) -> None:
    box, calls, real = RawMails(tmp_path / "raw"), iter(range(1000)), getattr(os, step)

    def stopping(*args: Any, **more: Any) -> Any:
        if next(calls) >= after:
            if step == "write":
                real(args[0], bytes(args[1])[:7])
            raise Stopped
        return real(*args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, step, stopping)
        with pytest.raises(Stopped):
            box.put_all(MAILS)
    assert all(hashlib.sha256(raw).hexdigest() == name for name, raw in stored(box.folder).items())
    again = RawMails(box.folder)
    again.clear_unfinished()
    assert [again.get(name) for name in again.put_all(MAILS)] == MAILS
    assert not list(box.folder.glob("**/*.part"))


def test_every_file_is_flushed_before_its_name_and_every_name_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[tuple[str, str]] = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(handle: int) -> None:
        events.append(("fsync", os.readlink(f"/proc/self/fd/{handle}")))
        real_fsync(handle)

    def replace(old: Path, new: Path) -> None:
        events.append(("replace", str(new)))
        real_replace(old, new)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    box = RawMails(tmp_path / "raw")
    box.put_all(MAILS)
    for path in box.folder.glob("??/*.eml"):
        named = events.index(("replace", str(path)))
        assert ("fsync", str(path.with_suffix(".part"))) in events[:named]
        assert ("fsync", str(path.parent)) in events[named:]
    assert ("fsync", str(box.folder)) in events
    assert ("fsync", str(tmp_path)) in events


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named_and_leaves_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    box = RawMails(tmp_path / "raw")

    def full(*args: Any) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(DiskFull):
            box.put_all(MAILS)
    assert [path for path in box.folder.rglob("*") if path.is_file() and path.suffix == ".part"] == []
    assert [box.get(name) for name in box.put_all(MAILS)] == MAILS


def test_a_file_that_was_cut_is_written_again(tmp_path: Path) -> None:
    box = RawMails(tmp_path / "raw")
    name = box.put_all(MAILS)[1]
    path = next(box.folder.glob(f"??/{name}.eml"))
    path.write_bytes(MAILS[1][:100])
    with pytest.raises(Permanent):
        box.get(name)
    box.put_all(MAILS)
    assert box.get(name) == MAILS[1]


def test_a_mail_that_was_removed_says_so(tmp_path: Path) -> None:
    box = RawMails(tmp_path / "raw")
    name = box.put_all(MAILS)[0]
    box.remove(name)
    box.remove(name)
    with pytest.raises(Permanent) as raised:
        box.get(name)
    assert "备份" in raised.value.sentence


def test_a_folder_that_cannot_be_used_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Permanent) as refused:
        RawMails(tmp_path / "file" / "raw").put_all(MAILS)
    assert str(tmp_path / "file" / "raw") in refused.value.sentence
    assert "data" in refused.value.sentence
