"""Small pictures of answers that could not be read for certain: kept beside the raw mails, shown in the digest.

They can always be made again from the raw mail, so that a full disk costs no more than the picture. Never kept for
an answer that is certain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from intake.answers import Form

MOST = 40  # pictures of one mail


class CutOuts:
    """PNG files in one folder, named by mail, choice and unit. `unit_fields`: each campaign's field of the name."""

    def __init__(self, folder: Path, unit_fields: Mapping[str, str] | None = None) -> None:
        self._folder, self._unit_fields = folder, unit_fields or {}

    def keep(self, raw_hash: str, forms: tuple[Form, ...]) -> None:
        """Keep the pictures of the answers that are unclear; where they cannot be written, go without."""
        for path, png in list(self._unclear(raw_hash, forms))[:MOST]:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.write_bytes(png)
            except OSError:
                return

    def of(self, raw_hash: str, unit: str, key: str) -> bytes:
        """The picture of an answer, empty where there is none; a unit that was given another name since is found
        where the mail has one picture of that choice."""
        if not raw_hash or not key:
            return b""
        exact = self._path(raw_hash, unit, key)
        found = [exact] if exact.exists() else list(self._folder.glob(f"{raw_hash}-{_short(key)}-*.png"))
        try:
            return found[0].read_bytes() if len(found) == 1 else b""
        except OSError:
            return b""

    def _unclear(self, raw_hash: str, forms: tuple[Form, ...]) -> Iterator[tuple[Path, bytes]]:
        for form in forms:
            unit = form.value(self._unit_fields.get(form.campaign, ""))
            for key, choice in form.choices.items():
                if choice.cutout and choice.answer == "unclear":
                    yield self._path(raw_hash, unit, key), choice.cutout

    def _path(self, raw_hash: str, unit: str, key: str) -> Path:
        return self._folder / f"{raw_hash}-{_short(key)}-{_short(unit)}.png"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
