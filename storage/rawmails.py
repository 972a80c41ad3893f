"""Raw mails: one .eml file each, named by the SHA-256 of its bytes.

Promises: when `put_all` returns, every file and its name are on disk; a file under its final name
is whole, whatever stopped the program. Files are 0600, folders 0700. Never changes a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from intake.errors import DiskFull, Permanent
from storage import durable

UNUSABLE = "来信原件无法存入 {}（{}），已停止收信且未答复任何来信；请检查 data 设置、文件夹权限和磁盘。"


class RawMails:
    """The folder of raw mails; subfolders are named by the first two digits of the hash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put_all(self, raws: Sequence[bytes]) -> list[str]:
        """Store the mails and give their hashes, in order. Durable when it returns; raises DiskFull, or Permanent."""
        hashes = [hashlib.sha256(raw).hexdigest() for raw in raws]
        try:
            files = dict(zip(map(self.path_of, hashes), raws, strict=True))
            durable.write_all(self.folder, {path: raw for path, raw in files.items() if not _is_whole(path, len(raw))})
        except OSError as error:
            if error.errno in durable.FULL:
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
        return durable.clear_unfinished(self.folder)

    def path_of(self, raw_hash: str) -> Path:
        return self.folder / f"{raw_hash[:2]}/{raw_hash}.eml"


def _is_whole(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False
