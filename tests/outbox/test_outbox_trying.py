"""Who tries the templates, in a process of its own, loads what rendering needs and no database."""

from __future__ import annotations

import subprocess
import sys


def test_trying_and_composing_load_no_database() -> None:
    code = "import sys, outbox.trying, outbox.ahead, outbox.rendering; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
