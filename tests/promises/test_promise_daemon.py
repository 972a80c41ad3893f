"""`intake run` as a process of its own: it ends within ten seconds of SIGTERM wherever it stands, and alone."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conversations import hostile_reading
from netease import NETEASE, FakeNetease
from promises.nursery import ROOT, Nursery, Running
from promises.post_office import A, B, C, D, PostOffice

from program import bundled

TEN_SECONDS = 10.0


@pytest.fixture
def server() -> Iterator[FakeNetease]:
    with FakeNetease(NETEASE()) as made:
        yield made


@pytest.fixture
def post(tmp_path: Path, blank_register: Path, server: FakeNetease, nursery: Nursery) -> PostOffice:
    """An office of today: the daemon has the machine's own clock."""
    office = PostOffice(tmp_path, blank_register, server, nursery)
    office.environment |= {"CAMPAIGN": str(_campaign_of_today(tmp_path)), "MAILBOX__POLL_SECONDS": "0.2"}
    return office


def _campaign_of_today(folder: Path) -> Path:
    copy = folder / "campaign"
    shutil.copytree(bundled.campaigns()[bundled.DEFAULT_CAMPAIGN], copy)
    text = (copy / "campaign.toml").read_text("utf-8")
    now = datetime.now(UTC)
    for key, days in (("deadline", 10), ("letters_until", 60)):
        moment = (now + timedelta(days=days)).isoformat(timespec="seconds")
        text, found = re.subn(rf"(?m)^{key} = \S+", f"{key} = {moment}", text)
        assert found == 1
    (copy / "campaign.toml").write_text(text, "utf-8")
    return copy


def _until(happened: Callable[[], Any], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@contextmanager
def _running(post: PostOffice, stop: str = "") -> Iterator[Running]:
    running = post.nursery.start("run", folder=post.folder, environment=post.environment, stop=stop)
    try:
        yield running
    except BaseException:
        running.end()
        raise


def _ends(running: Running) -> None:
    """It ends by itself within ten seconds, well."""
    began = time.monotonic()
    running.kill(signal.SIGTERM)
    ended = running.wait()
    assert time.monotonic() - began < TEN_SECONDS
    assert "Traceback" not in ended.err
    assert ended.code == 0, ended.err


def _finish(post: PostOffice) -> None:
    """Another start does what is left."""
    with _running(post) as running:
        _until(lambda: len(post.server.sent) >= sum(post.expected.values()))
        _until(lambda: post.query("SELECT count(*) FROM letters WHERE state != 'sent'") == [(0,)])
        _ends(running)
    post.audit()
    assert post.twice() == []


def test_the_daemon_answers_by_itself_and_ends_when_told(post: PostOffice) -> None:
    """A process as a service manager starts it, with an interpreter of its own."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("INTAKE_")}
    environment |= {f"INTAKE_{key}": value for key, value in post.environment.items()} | {"PYTHONPATH": str(ROOT)}
    post.form(A)
    command = [sys.executable, "-m", "program.cli", "run"]
    with subprocess.Popen(command, cwd=post.folder, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            _until(lambda: post.server.sent)
            began = time.monotonic()
            process.terminate()
            _, said = process.communicate(timeout=20)
        except BaseException:
            process.kill()
            raise
    assert time.monotonic() - began < TEN_SECONDS
    assert process.returncode == 0
    assert "Traceback" not in said
    post.audit()


def test_told_to_end_while_a_mail_comes_slowly(post: PostOffice) -> None:
    post.form(A)
    post.form(B)
    post.mails[1].trouble = "slow"
    with _running(post, "little patience") as running:
        _until(lambda: "FETCH" in post.server.names())
        time.sleep(0.3)
        _ends(running)
    post.mails[1].trouble = ""
    _finish(post)


def test_told_to_end_between_two_letters(post: PostOffice) -> None:
    post.environment["LIMITS__GAP_SECONDS"] = "30"
    for unit in (A, B, C):
        post.form(unit)
    with _running(post) as running:
        _until(lambda: post.server.sent)
        _ends(running)
    assert len(post.server.sent) == 1
    post.environment["LIMITS__GAP_SECONDS"] = "0"
    _finish(post)


def test_told_to_end_while_a_document_is_read(post: PostOffice) -> None:
    post.form(A)
    post.write(D, "入盟意向书", "", text="见附件。", headers=[(hostile_reading.MARK, "hang")])
    post.form(B)
    with _running(post, "harm in children+little patience") as running:
        _until(lambda: post.query("SELECT count(*) FROM messages") == [(3,)])
        time.sleep(0.5)
        _ends(running)
    post.expected[D.email, "no-form"] += 1
    _finish(post)


def test_told_to_end_by_a_signal_that_another_thread_gets(post: PostOffice) -> None:
    post.form(A)
    with _running(post, "signals go elsewhere") as running:
        _until(lambda: post.server.sent)
        _ends(running)


def test_a_full_disk_is_one_line_in_the_log_and_tried_again(post: PostOffice) -> None:
    post.form(A)
    with _running(post, "no room for mails") as running:
        _until(lambda: len(running.said().splitlines()) >= 2)
        running.kill(signal.SIGTERM)
        ended = running.wait()
    assert ended.code == 0
    assert "Traceback" not in ended.err
    lines = ended.err.splitlines()
    assert len(lines) >= 2
    assert all("DiskFull" in line and "磁盘空间不足" in line for line in lines)
    assert post.server.sent == []
    _finish(post)


def test_told_to_end_while_the_server_is_silent(post: PostOffice) -> None:
    post.form(A)
    post.server.moods.slow_seconds = 60
    post.mails[0].trouble = "slow"
    post.environment["MAILBOX__TIMEOUT_SECONDS"] = "60"
    with _running(post) as running:
        _until(lambda: "FETCH" in post.server.names())
        time.sleep(0.5)
        _ends(running)
    post.server.hang_up()
    post.mails[0].trouble = ""
    _finish(post)


def test_a_second_run_is_refused_while_every_other_command_may_write(post: PostOffice, tmp_path: Path) -> None:
    post.form(A)
    post.write(C, "咨询", "received", text="请问加入联盟是否需要缴纳会费？")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("INTAKE_")}
    environment |= {f"INTAKE_{key}": value for key, value in post.environment.items()} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "program.cli", "run"]
    with subprocess.Popen(command, cwd=post.folder, env=environment, stderr=subprocess.DEVNULL) as daemon:
        try:
            _until(lambda: len(post.server.sent) == 2)
            for again in (("run",), ("run", "--once")):
                refused = post.command(*again)
                assert (refused.code, refused.out) == (1, "")
                assert refused.err == "另一个 intake run 正在使用同一登记库，请先停止它。\n"
            ((reference,),) = post.query("SELECT reference FROM held")
            roster = tmp_path / "roster.xlsx"
            for words in (
                ("held", "decide", reference, "已电话答复"), ("status",), ("held", "list"), ("adopt",),
                ("roster", "new", str(roster)), ("roster", "load", str(roster)), ("export", str(tmp_path / "a.xlsx")),
            ):  # fmt: skip
                done = post.command(*words)
                assert done.code == 0, (words, done.err)
            assert post.query("SELECT state, decision FROM held") == [("decided", "已电话答复")]
            assert daemon.poll() is None
        finally:
            daemon.terminate()
    assert daemon.returncode == 0
    post.audit()
