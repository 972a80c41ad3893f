"""Raw mails: one .eml file each, named by the SHA-256 of its bytes.

Promises: when `put_all` returns, every file and its name are on disk; a file under its final name
is whole, whatever stopped the program. Files are 0600, folders 0700. Never changes a file.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from intake.errors import DiskFull, Permanent
from storage.private import make_folder

FSYNC_THREADS = 8  # a journal joins what is flushed at the same time: 0.8 ms a file alone, 0.5 ms together
UNFINISHED = ".part"
UNUSABLE = "来信原件无法存入 {}（{}），已停止收信且未答复任何来信；请检查 data 设置、文件夹权限和磁盘。"


class RawMails:
    """The folder of raw mails; subfolders are named by the first two digits of the hash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put_all(self, raws: Sequence[bytes]) -> list[str]:
        """Store the mails and give their hashes, in order. Durable when it returns; raises DiskFull, or Permanent."""
        hashes = [hashlib.sha256(raw).hexdigest() for raw in raws]
        new: dict[str, bytes] = {}
        try:
            new = {name: raw for name, raw in zip(hashes, raws, strict=True) if not self._whole(name, len(raw))}
            self._write(new)
        except OSError as error:
            self._forget(new)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(str(error)) from error
            raise Permanent(str(error), sentence=UNUSABLE.format(self.folder, error.strerror)) from error
        return hashes

    def get(self, raw_hash: str) -> bytes:
        """The bytes of a mail; raises Permanent where the file is gone or is not what was stored."""
        try:
            raw = self.path_of(raw_hash).read_bytes()
        except FileNotFoundError as error:
            raise Permanent(raw_hash, sentence="原始邮件文件已不在数据文件夹中，请从备份恢复。") from error
        if hashlib.sha256(raw).hexdigest() != raw_hash:
            raise Permanent(raw_hash, sentence="原始邮件文件已损坏，请从备份恢复。")
        return raw

    def remove(self, raw_hash: str) -> None:
        """Delete the content of a mail that has nothing to do with us; gone already is well."""
        self.path_of(raw_hash).unlink(missing_ok=True)

    def clear_unfinished(self) -> int:
        """Remove what a stopped program left half written; call only while no other fetches. Gives how many."""
        left = list(self.folder.glob(f"??/*{UNFINISHED}"))
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _write(self, new: dict[str, bytes]) -> None:
        if not new:
            return
        folders = self._make_folders({self.path_of(name).parent for name in new})
        with ThreadPoolExecutor(min(FSYNC_THREADS, len(new))) as pool:
            list(pool.map(self._write_one, new.items()))
            list(pool.map(_sync_folder, folders))

    def _write_one(self, item: tuple[str, bytes]) -> None:
        name, raw = item
        unfinished = self._unfinished(name)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        try:
            _write_whole(handle, raw)
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(unfinished, self.path_of(name))

    def _make_folders(self, wanted: set[Path]) -> list[Path]:
        """Make the folders that are missing; gives all whose names or files must be flushed."""
        made = [folder for folder in sorted(wanted) if not folder.is_dir()]
        if made and not self.folder.is_dir():
            make_folder(self.folder)
            _sync_folder(self.folder.parent)
        for folder in made:
            folder.mkdir(mode=0o700, exist_ok=True)
        return sorted(wanted) + ([self.folder] if made else [])

    def _whole(self, name: str, size: int) -> bool:
        try:
            return self.path_of(name).stat().st_size == size
        except FileNotFoundError:
            return False

    def _forget(self, new: dict[str, bytes]) -> None:
        for name in new:
            self._unfinished(name).unlink(missing_ok=True)

    def path_of(self, raw_hash: str) -> Path:
        return self.folder / raw_hash[:2] / f"{raw_hash}.eml"

    def _unfinished(self, raw_hash: str) -> Path:
        return self.path_of(raw_hash).with_suffix(UNFINISHED)


def _write_whole(handle: int, raw: bytes) -> None:
    rest = memoryview(raw)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _sync_folder(folder: Path) -> None:
    """Flush the folder's names; Windows cannot open a folder, and keeps names in its own journal."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
