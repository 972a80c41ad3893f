"""One client's socket: lines, literals, raw octets, a turn to TLS in the middle, and time."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time

CRLF = b"\r\n"


class Gone(Exception):
    """The client or the server has ended the connection."""


class Connection:
    def __init__(self, sock: socket.socket, number: int, idle_seconds: float, stopping: threading.Event) -> None:
        self.number = number
        self.protocol = ""
        self._stopping = stopping
        self._idle = idle_seconds
        self._adopt(sock)

    def start_tls(self, context: ssl.SSLContext) -> None:
        self._adopt(context.wrap_socket(self._socket, server_side=True))

    def line(self) -> bytes:
        """The next line without its end; Gone at the end of the stream or after `idle_seconds`."""
        return self.whole_line().removesuffix(b"\n").removesuffix(b"\r")

    def whole_line(self) -> bytes:
        """The next line with whatever end it had."""
        try:
            line = self._file.readline(1 << 20)
        except (OSError, ValueError) as lost:
            raise Gone from lost
        if not line.endswith(b"\n"):
            raise Gone
        return line

    def octets(self, number: int) -> bytes:
        try:
            return self._file.read(number)
        except (OSError, ValueError) as lost:
            raise Gone from lost

    def send(self, *pieces: bytes) -> None:
        try:
            self._socket.sendall(b"".join(pieces))
        except (OSError, ValueError) as lost:
            raise Gone from lost

    def say(self, text: str | bytes) -> None:
        self.send(text if isinstance(text, bytes) else text.encode("utf-8"), CRLF)

    def drip(self, content: bytes, seconds: float) -> None:
        """Octet by octet, with a pause after each."""
        for start in range(len(content)):
            self.send(content[start : start + 1])
            self.wait(seconds)

    def wait(self, seconds: float) -> None:
        """Sleep, but no longer than the server lives."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._stopping.is_set():
            time.sleep(min(0.02, max(0.0, end - time.monotonic())))
        if self._stopping.is_set():
            raise Gone

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._socket.close()

    def _adopt(self, sock: socket.socket) -> None:
        sock.settimeout(self._idle)
        if isinstance(sock, socket.socket) and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = sock
        self._file = sock.makefile("rb")
