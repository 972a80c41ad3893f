"""ActiveX controls in the object pool of a Word 97-2003 file.

A control lies in the storage ObjectPool/_NUMBER: its class is that of the storage, its properties
stand in a stream "contents" ([MS-OFORMS] 2.1.1). Never raises: what cannot be read is no control.
"""

from __future__ import annotations

import io
import struct
from typing import Any

_POOL = "ObjectPool"
_MAX_BYTES = 1 << 20


_FAULTS = (OSError, ValueError, IndexError, KeyError, AttributeError, TypeError, struct.error)


class ControlPool:
    """The controls of a file; its directory is read when the first one is asked for."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._compound: Any = None

    def control(self, identity: int) -> tuple[str, bytes] | None:
        """Class and stored properties of the control of this number; None where there is none."""
        import olefile

        storage = [_POOL, f"_{identity}"]
        try:
            if self._compound is None:
                self._compound = olefile.OleFileIO(io.BytesIO(self._content))
            if not self._compound.exists([*storage, "contents"]):
                return None
            with self._compound.openstream([*storage, "contents"]) as stream:
                return self._compound.getclsid("/".join(storage)).strip("{}").upper(), stream.read(_MAX_BYTES)
        except _FAULTS:
            return None  # a damaged directory: the box then shows as one of unknown state
