"""Fixtures of the real servers. Where a machine has none, the run says which tests were left out, and with what
command they would run; in CI (CI=true) a missing server fails them instead."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from live_servers import Dovecot, SmtpSink, dovecot_program, run_dovecot, run_smtp_sink, smtp_sink_program

HAVE = {"dovecot": dovecot_program, "smtp_sink": smtp_sink_program}
REMEDY = {
    "dovecot": "Dovecot is not installed. Type: sudo apt-get install --no-install-recommends dovecot-imapd",
    "smtp_sink": "smtp-sink is not unpacked. Type: setup/smtp-sink.sh",
}
LEFT_OUT = pytest.StashKey[dict[str, list[str]]]()


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A real Dovecot with one empty mailbox."""
    _insist("dovecot")
    with run_dovecot() as server:
        yield server


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A real SMTP server that keeps every mail as a file."""
    _insist("smtp_sink")
    with run_smtp_sink() as server:
        yield server


def _insist(server: str) -> None:
    if HAVE[server]() is None:
        pytest.fail(REMEDY[server])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("CI") == "true":
        return
    absent = {server for server, program in HAVE.items() if program() is None}
    left_out = {item: needed for item in items if (needed := absent.intersection(getattr(item, "fixturenames", ())))}
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=list(left_out))
        config.stash[LEFT_OUT] = {
            server: [item.nodeid for item, needed in left_out.items() if server in needed] for server in absent
        }


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for server, tests in config.stash.get(LEFT_OUT, {}).items():
        terminalreporter.section(f"{len(tests)} tests left out")
        terminalreporter.line(REMEDY[server])
        for test in tests:
            terminalreporter.line(f"  {test}")
