"""How a child's process comes to be, as the parent sees it: spawned here, or forked by a nursery.

Either way it runs isolated from the user's own modules (python -I), gets none of the INTAKE_ environment, has its own
process group and no open file but its line, a pair of pipes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO, Protocol, cast

CHILD = "from intake.isolation.child import serve; serve(int(sys.argv[1]))"


class Process(Protocol):
    """A started process. `requests` and `replies` are the parent's ends of its line; it is waited for once."""

    requests: BinaryIO
    replies: BinaryIO
    pid: int

    def alive(self) -> bool: ...

    def abandoned(self) -> bool:
        """Whether it was ended by the end of another process of ours."""
        ...

    def kill(self) -> None: ...

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for its end; False if it goes on after `seconds`."""
        ...

    def exit_code(self) -> int | None:
        """Its exit code, or minus the signal that ended it; None if it goes on or nobody knows. After `wait`."""
        ...


class Spawned:
    """A child in an interpreter of its own, which imports all it needs: where nothing can be forked."""

    def __init__(self) -> None:
        self._process = run_isolated(CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.requests = cast(BinaryIO, self._process.stdin)
        self.replies = cast(BinaryIO, self._process.stdout)
        self.pid = self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def abandoned(self) -> bool:
        return False

    def kill(self) -> None:
        self._process.kill()

    def wait(self, seconds: float | None = None) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def exit_code(self) -> int | None:
        return self._process.returncode


def run_isolated(code: str, stdin: int, stdout: int) -> subprocess.Popen[bytes]:
    """Start an interpreter that finds this program's modules; `sys.argv[1]` is this process."""
    path = [os.path.abspath(entry) for entry in sys.path if isinstance(entry, str)]
    own_group: dict[str, Any] = {} if sys.platform == "win32" else {"process_group": 0}  # Ctrl-C is for us alone
    return subprocess.Popen(
        [sys.executable, "-I", "-c", f"import sys; sys.path[:] = sys.argv[2:]; {code}", str(os.getpid()), *path],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        env=_without_settings(os.environ),
        **own_group,
    )


def _without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith("INTAKE_")}
