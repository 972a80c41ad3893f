"""The rules and phrases that a mail needs, loaded beside the network when mails are about to come.

A run with nothing new does without them; a run with mails would else load them before the first is decided, while
nothing else of the recording goes on.
"""

from __future__ import annotations

import sys
import threading
from importlib import import_module

RULES = ("intake.deciding", "rapidfuzz.process", "rapidfuzz.distance")


def begin() -> None:
    """Returns at once; a fault is met again, and told, by whoever needs the module."""
    if RULES[0] not in sys.modules:
        threading.Thread(target=_load, name="rules", daemon=True).start()


def _load() -> None:
    for name in RULES:
        import_module(name)
