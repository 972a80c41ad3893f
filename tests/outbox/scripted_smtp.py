"""A socket that says the lines of a script, whatever it hears, and breaks off where told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from outbox import smtp

RAW = b"From: a@example.com\r\nTo: b@example.cn\r\n\r\nline\r\n.\r\n..two\r\nend"
BANNER = "220 163.com Anti-spam GT for Coremail System\r\n"
HELLO = [
    BANNER,
    ("EHLO", "250-mail\r\n250-AUTH LOGIN PLAIN\r\n250 8BITMIME\r\n"),
]
HANGS_UP = False
MAIL, RCPT, DATA = ("MAIL", "250 ok\r\n"), ("RCPT", "250 ok\r\n"), ("DATA", "354 go\r\n")


def server(port: int, **more: Any) -> smtp.Server:
    base: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": "none", "timeout_seconds": 5,
                            "final_seconds": 1}  # fmt: skip
    return smtp.Server(**(base | more))


@contextmanager
def scripted(*script: Any) -> Iterator[tuple[list[bytes], int]]:
    """A server that waits for each command's first word (or `.` for the final dot), then says its line.

    A line of None breaks off, HANGS_UP closes in good order; bytes go out as they are. Commands are kept in
    the list given.
    """
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as stream:
            for step in script:
                word, line = step if isinstance(step, tuple) else ("", step)
                if word and not hear(stream, word, heard):
                    return
                if line is HANGS_UP:
                    return
                if line is None:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                    return
                connection.sendall(line if isinstance(line, bytes) else line.encode())
            while stream.readline()[:4] not in (b"QUIT", b""):
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield heard, listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(5)


def hear(stream: Any, word: str, heard: list[bytes]) -> bool:
    for line in iter(stream.readline, b""):
        heard.append(line)
        if (line == b".\r\n") if word == "." else line.upper().startswith(word.encode()):
            return True
    return False


def send_to(port: int, **more: Any) -> tuple[Any, bool]:
    session = smtp.open_session(server(port, **more))
    outcome = session.send("a@example.com", "b@example.cn", RAW)
    alive = session.alive
    session.close()
    return outcome, alive
