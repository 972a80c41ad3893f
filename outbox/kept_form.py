"""The blank form, made once and kept as a file: making it loads a library larger than the rest of a letter.

The file is named by the hash of all it is made from, the campaign's definition and the making itself,
so that a changed form is another file. What is damaged, or cannot be read or written, is only made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from intake.campaign import FormSpec
from outbox import blank_form
from storage.private import make_folder

_DAMAGED = (OSError, BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)  # what zipfile raises


@lru_cache(maxsize=16)
def blank(spec: FormSpec, folder: Path | None) -> bytes:
    """The blank form of `spec` (see `blank_form.make`), kept in `folder` if there is one."""
    if folder is None:
        return blank_form.make(spec)
    path = folder / _name(spec)
    with contextlib.suppress(*_DAMAGED):
        content = path.read_bytes()
        with ZipFile(BytesIO(content)) as packed:
            if packed.testzip() is None:
                return content
    content = blank_form.make(spec)
    with contextlib.suppress(OSError):
        _keep(path, content)
    return content


def _name(spec: FormSpec) -> str:
    made_from = repr(spec).encode() + Path(blank_form.__file__).read_bytes()
    return f"{hashlib.sha256(made_from).hexdigest()[:32]}.docx"


def _keep(path: Path, content: bytes) -> None:
    """Whole or not at all; two processes at once keep the one or the other."""
    make_folder(path.parent)
    handle, unfinished = tempfile.mkstemp(dir=path.parent)  # 0600
    try:
        with open(handle, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except OSError:
        Path(unfinished).unlink(missing_ok=True)
        raise
