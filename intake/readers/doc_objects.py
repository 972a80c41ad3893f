"""ActiveX controls in the object pool of a Word 97-2003 file.

A control lies in the storage ObjectPool/_NUMBER: its class is that of the storage, its properties
stand in a stream "contents" ([MS-OFORMS] 2.1.1). Never raises: what cannot be read is no control.
"""

from __future__ import annotations

import io
import struct

_POOL = "ObjectPool"
_MAX_BYTES = 1 << 20


def control_bytes(content: bytes, identity: int) -> tuple[str, bytes] | None:
    """Class and stored properties of the control of this number in a file; None where there is none."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as compound:
            storage = [_POOL, f"_{identity}"]
            if not compound.exists([*storage, "contents"]):
                return None
            with compound.openstream([*storage, "contents"]) as stream:
                return compound.getclsid("/".join(storage)).strip("{}").upper(), stream.read(_MAX_BYTES)
    except (OSError, ValueError, IndexError, KeyError, AttributeError, TypeError, struct.error):
        return None  # a damaged directory: the box then shows as one of unknown state
