"""What the Word and Excel files for people have in common: safe text, the same bytes each time, replaced whole."""

from __future__ import annotations

import io
import os
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from intake.errors import DiskFull, Permanent
from storage.durable import FULL
from storage.sql import plain

MARK = "cipsa-intake"  # the custom property by which a file of ours is known when it comes back by mail
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 has no place for them
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # of a zip


def safe_text(value: str, most: int | None = None) -> str:
    """The text without what no XML can hold."""
    return _CONTROL.sub("\ufffd", plain(value, most))


def second(moment: datetime) -> datetime:
    """The moment as document properties have it: UTC without a zone, to the second."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def same_bytes(written: bytes, made_at: datetime) -> bytes:
    """The same package without the time of writing, which libraries and zip put in."""
    stamp = f"{second(made_at):%Y-%m-%dT%H:%M:%SZ}".encode()
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.create_system, entry.compress_type, entry.external_attr = 3, zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(entry, content)
    return result.getvalue()


def replace(path: Path, content: bytes) -> None:
    """Write the file, mode 0600; an older one is replaced whole.

    Raises DiskFull, or Permanent with a sentence if the file cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.part")
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        if error.errno in FULL:
            raise DiskFull(str(error)) from error
        sentence = f"文件“{path}”无法写入，请检查文件夹及其权限，或先关闭已打开的同名文件。"
        raise Permanent(str(error), sentence=sentence) from error
