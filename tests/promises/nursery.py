"""A process with everything imported that forks one child a command: `intake`, ready at once, really killed.

Run as a script it takes orders, one JSON object a line, and answers with the child's number and then
its exit code (negative: the signal that ended it). The parent stays single-threaded, so forking is
safe. `Nursery` is the other side, for tests.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
USERNAME = "cipsa@vip.126.com"


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Running:
    """A command at work."""

    def __init__(self, nursery: Nursery, pid: int, out: Path, err: Path) -> None:
        self._nursery, self.pid, self._out, self._err = nursery, pid, out, err
        self._over = False

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal; a command that has ended by itself meanwhile hears none."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def said(self) -> str:
        """Standard error so far."""
        return self._err.read_text("utf-8", "replace")

    def end(self) -> None:
        """Whatever became of it, it is over now."""
        if not self._over:
            self.kill()
            self.wait()

    def wait(self) -> Ended:
        self._over = True
        code = int(self._nursery.answer()["code"])
        return Ended(code, self._out.read_text("utf-8", "replace"), self._err.read_text("utf-8", "replace"))


@functools.cache
def shared() -> Nursery:
    """The one of this run of tests; it ends with it."""
    made = Nursery()
    atexit.register(made.close)
    return made


class Nursery:
    """`run` a command to its end, or `start` one; one command at a time."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="nursery-")
        path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
        environment = {key: value for key, value in os.environ.items() if not key.startswith("INTAKE_")}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment | {"PYTHONPATH": path},
        )  # fmt: skip
        self.answer()

    def start(
        self, *arguments: str, folder: Path, environment: Mapping[str, str], stop: str = "", nth: int = 1
    ) -> Running:
        """`environment` are INTAKE_ variables without that prefix; `stop` a point of `stops`, at its nth passing."""
        out, err = (Path(self._folder.name) / name for name in ("out", "err"))
        order = {
            "arguments": arguments, "folder": str(folder), "environment": dict(environment), "stop": stop, "nth": nth,
            "out": str(out), "err": str(err),
        }  # fmt: skip
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Running(self, int(self.answer()["pid"]), out, err)

    def run(self, *arguments: str, folder: Path, environment: Mapping[str, str], stop: str = "", nth: int = 1) -> Ended:
        return self.start(*arguments, folder=folder, environment=environment, stop=stop, nth=nth).wait()

    def answer(self) -> dict[str, int]:
        assert self._process.stdout
        answer: dict[str, int] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()
        self._folder.cleanup()


# ---- the process itself ---------------------------------------------------------------------------


def serve() -> None:
    import_everything()
    warm_templates()
    gc.freeze()
    _say(code=0)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _child(order)
        _say(pid=child)
        _, status = os.waitpid(child, 0)
        _say(code=os.waitstatus_to_exitcode(status))


def import_everything() -> None:
    import importlib

    modules = (
        "alembic.command click imap_tools jinja2 openpyxl structlog sqlalchemy.dialects.sqlite.pysqlite "
        "apscheduler.schedulers.background program.cli program.settings program.wiring program.log scheduler.jobs "
        "scheduler.handling scheduler.receiving outbox.compose outbox.deliver outbox.blank_form storage.register "
        "storage.adoption storage.ledger storage.figures storage.rosters storage.held intake.isolation intake.mailbox "
        "promises.stops conversations.hostile_reading"
    )
    for name in modules.split():
        importlib.import_module(name)


def warm_templates() -> None:
    """Compile the bundled letters once for all children; any other folder is compiled by who uses it."""
    from datetime import UTC, datetime

    from outbox.compose import KINDS, Letters
    from program import bundled, campaign_folders, wiring
    from program.settings import Settings

    made: dict[str, Letters] = {}
    letters_of = wiring.letters_of

    def known(settings: Settings, loaded: Sequence[campaign_folders.LoadedCampaign]) -> Letters:
        if [each.folder for each in loaded] != [bundled.campaigns()[bundled.DEFAULT_CAMPAIGN]]:
            return letters_of(settings, loaded)
        return made.setdefault(settings.sender, letters_of(settings, loaded))

    composer = letters_of(Settings(mailbox={"username": USERNAME}), campaign_folders.load_campaigns())  # type: ignore[arg-type]
    for kind in KINDS:
        composer.preview(kind, bundled.DEFAULT_CAMPAIGN, now=datetime(2016, 11, 18, tzinfo=UTC), recipient=USERNAME)
    made[USERNAME] = composer
    wiring.letters_of = known


def _say(**answer: int) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _child(order: dict[str, object]) -> None:
    """The command, in a process group of its own; never comes back."""
    code = 70
    try:
        os.setpgid(0, 0)
        for number, name in ((0, os.devnull), (1, str(order["out"])), (2, str(order["err"]))):
            handle = os.open(name, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(handle, number)
            os.close(handle)
        os.chdir(str(order["folder"]))
        os.environ.update({f"INTAKE_{key}": value for key, value in order["environment"].items()})  # type: ignore[attr-defined]
        sys.argv = ["intake", *order["arguments"]]  # type: ignore[misc]
        code = _command(str(order["stop"]), int(order["nth"]))  # type: ignore[call-overload]
    except BaseException:  # noqa: BLE001 a forked process must not run on in its parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _command(stop: str, nth: int) -> int:
    from promises import stops

    from program import cli

    if stop:
        stops.install(stop, nth)
    try:
        cli.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


if __name__ == "__main__":
    serve()
