"""Real servers for tests and measurements: Dovecot and smtp-sink, each in a throw-away folder on a high loopback port.

Works as root (the servers then run as `nobody`) and as an ordinary user. Promises that both are
gone, with their folders, when the `with` ends, and that nothing of the machine's own set-up is
read or changed.
"""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNPACKED = ROOT / ".cache" / "postfix"  # where setup/smtp-sink.sh puts it
SBIN = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
START_SECONDS = 20
USERNAME, PASSWORD = "office@example.cn", "authorisation-code"

DOVECOT_23 = """
protocols = imap
base_dir = {base}/run
state_dir = {base}/state
instance_name = live
listen = 127.0.0.1
log_path = {base}/dovecot.log
auth_mechanisms = plain login
disable_plaintext_auth = no
ssl = no
mail_location = maildir:{base}/mail/%u
first_valid_uid = 1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_max_userip_connections = 100
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {base}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={base}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
  }}
  mailbox Drafts {{
    special_use = \\Drafts
  }}
  mailbox Junk {{
    special_use = \\Junk
  }}
}}
"""

DOVECOT_24 = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols = imap
base_dir = {base}/run
state_dir = {base}/state
instance_name = live
listen = 127.0.0.1
log_path = {base}/dovecot.log
auth_mechanisms = plain login
auth_allow_cleartext = yes
ssl = no
mail_driver = maildir
mail_path = {base}/mail/%{{user}}
first_valid_uid = 1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_max_userip_connections = 100
passdb passwd-file {{
  passwd_file_path = {base}/users
  default_password_scheme = PLAIN
}}
userdb static {{
  fields {{
    uid = {user}
    gid = {group}
    home = {base}/mail/%{{user}}
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
  }}
  mailbox Drafts {{
    special_use = \\Drafts
  }}
  mailbox Junk {{
    special_use = \\Junk
  }}
}}
"""


@dataclass(slots=True)
class Dovecot:
    """A running Dovecot with one mailbox, reached without TLS on 127.0.0.1."""

    base: Path
    port: int
    owner: tuple[int, int]
    host: str = "127.0.0.1"
    username: str = USERNAME
    password: str = PASSWORD
    delivered: int = 0

    @property
    def maildir(self) -> Path:
        return self.base / "mail" / self.username

    def client(self) -> imaplib.IMAP4:
        """A signed-in connection of another program, as a person's own client would have."""
        client = imaplib.IMAP4(self.host, self.port, timeout=START_SECONDS)
        client.login(self.username, self.password)
        return client

    def append(self, raw: bytes, when: datetime, folder: str = "INBOX", flags: str = "") -> None:
        """Deliver one mail with that INTERNALDATE, over the protocol; the folder is made where it is missing."""
        client = self.client()
        if folder != "INBOX":
            client.create(f'"{folder}"')
        status, reply = client.append(f'"{folder}"', flags, imaplib.Time2Internaldate(when), raw)
        client.logout()
        if status != "OK":
            raise AssertionError(reply)

    def drop(self, raw: bytes, when: datetime) -> None:
        """Deliver one mail to INBOX as a file: quick, for many. Dovecot takes the file's time for INTERNALDATE."""
        self.delivered += 1
        new = self.maildir / "new"
        for folder in (new, self.maildir / "cur", self.maildir / "tmp"):
            if not folder.is_dir():
                folder.mkdir(parents=True)
                for made in (self.maildir, folder):
                    os.chown(made, *self.owner)
        path = new / f"{int(when.timestamp())}.M{self.delivered:06d}P1.live,S={len(raw)}"
        path.write_bytes(raw)
        os.chown(path, *self.owner)
        os.utime(path, (when.timestamp(), when.timestamp()))

    def contents(self) -> dict[str, list[tuple[str, str]]]:
        """UID and flags of each mail by folder, seen by another client: what a reader must leave as it was."""
        client = self.client()
        found = {}
        for line in client.list()[1]:
            if not isinstance(line, bytes) or re.search(rb"(?i)\\(noselect|nonexistent)", line):
                continue
            name = re.sub(rb'^.* "/" ', b"", line).strip(b'"').decode()
            client.select(f'"{name}"', readonly=True)
            rows = [row for row in client.uid("fetch", "1:*", "(FLAGS)")[1] if isinstance(row, bytes)]
            marks = (re.search(rb"UID (\d+) FLAGS \(([^)]*)\)", row) for row in rows)
            found[name] = [(mark[1].decode(), _lasting(mark[2].decode())) for mark in marks if mark]
        client.logout()
        return found


def _lasting(flags: str) -> str:
    return " ".join(flag for flag in flags.split() if flag != "\\Recent")  # \Recent goes with whoever looks first


@dataclass(frozen=True, slots=True)
class Received:
    """A mail as smtp-sink got it."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SmtpSink:
    """A running smtp-sink; it accepts everything and keeps it as files."""

    folder: Path
    port: int
    host: str = "127.0.0.1"

    def received(self) -> list[Received]:
        """All mails so far, in order of arrival."""
        files = sorted(self.folder.iterdir(), key=lambda path: (path.stat().st_mtime_ns, path.name))
        return [_parsed(path.read_bytes()) for path in files]

    def clear(self) -> None:
        """Forget what came. Its files are set aside: where many were removed, ext4 makes new ones slowly."""
        owner = self.folder.stat()
        self.folder.rename(self.folder.with_name(f"forgotten-{time.monotonic_ns()}"))
        self.folder.mkdir()
        os.chown(self.folder, owner.st_uid, owner.st_gid)


def _parsed(dump: bytes) -> Received:
    """smtp-sink(1) -d: X-Mail-Args, X-Rcpt-Args and a Received field stand before the mail."""
    head, _, raw = dump.partition(b"Received: ")
    raw = re.sub(rb"\A.*?\n(?![ \t])", b"", raw, count=1, flags=re.DOTALL)
    senders = re.findall(rb"(?m)^X-Mail-Args: <([^>]*)>", head)
    recipients = re.findall(rb"(?m)^X-Rcpt-Args: <([^>]*)>", head)
    return Received(senders[0].decode(), tuple(found.decode() for found in recipients), raw)


def dovecot_program() -> str | None:
    """Where Dovecot is, if it is whole; None where it is not installed."""
    whole = any(Path(folder, "imap").exists() for folder in ("/usr/lib/dovecot", "/usr/libexec/dovecot"))
    return shutil.which("dovecot", path=SBIN) if whole else None


def smtp_sink_program() -> str | None:
    """Where smtp-sink is: unpacked by `make test`, or the machine's own; None where there is none."""
    unpacked = UNPACKED / "usr" / "sbin" / "smtp-sink"
    return str(unpacked) if unpacked.exists() else shutil.which("smtp-sink", path=SBIN)


@contextmanager
def run_dovecot(top: str = "/tmp") -> Iterator[Dovecot]:
    """Start Dovecot with an empty mailbox in a folder below `top`; it is gone at the end."""
    program, (user, group) = dovecot_program(), _ordinary_user()
    assert program is not None
    with _throw_away_folder(top, user, group) as base:
        server = Dovecot(base, _free_port(), (user.pw_uid, group.gr_gid))
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        pattern = DOVECOT_23 if version.startswith("2.3") else DOVECOT_24
        names = {"user": user.pw_name, "group": group.gr_name}
        (base / "dovecot.conf").write_text(pattern.format(base=base, port=server.port, **names))
        (base / "users").write_text(f"{server.username}:{server.password}::::::\n")
        (base / "mail").mkdir()
        for path in base.iterdir():
            os.chown(path, user.pw_uid, group.gr_gid)
        command = [program, "-F", "-c", str(base / "dovecot.conf")]
        with _running(command, _as(user, group), server.port, lambda: _read(base / "dovecot.log")):
            yield server


@contextmanager
def run_smtp_sink(top: str = "/tmp") -> Iterator[SmtpSink]:
    """Start smtp-sink in a folder below `top`; it is gone at the end."""
    program, (user, group) = smtp_sink_program(), _ordinary_user()
    assert program is not None
    with _throw_away_folder(top, user, group) as base:
        folder = base / "received"
        folder.mkdir()
        os.chown(folder, user.pw_uid, group.gr_gid)
        server = SmtpSink(folder, _free_port())
        # As root it opens the port first and then becomes the ordinary user, who need not be able to reach the program.
        privileges = ["-u", user.pw_name] if os.geteuid() == 0 else []
        command = [program, *privileges, "-c", "-d", f"{folder}/%s.", f"{server.host}:{server.port}", "200"]
        with _running(command, {"env": os.environ | {"LD_LIBRARY_PATH": _libraries()}}, server.port, str):
            yield server


def _libraries() -> str:
    folders = {str(path.parent) for path in UNPACKED.rglob("*.so*")}
    return os.pathsep.join(sorted(folders))


def _ordinary_user() -> tuple[pwd.struct_passwd, grp.struct_group]:
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    return user, grp.getgrgid(user.pw_gid)


def _as(user: pwd.struct_passwd, group: grp.struct_group) -> dict[str, object]:
    return {"user": user.pw_uid, "group": group.gr_gid, "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def _throw_away_folder(top: str, user: pwd.struct_passwd, group: grp.struct_group) -> Iterator[Path]:
    """A folder of that user; `top` is short, since the path of a socket may have 107 characters only (unix(7))."""
    with tempfile.TemporaryDirectory(prefix="live-", dir=top, ignore_cleanup_errors=True) as name:
        os.chown(name, user.pw_uid, group.gr_gid)
        yield Path(name)


@contextmanager
def _running(
    command: list[str], options: dict[str, object], port: int, said: Callable[[], str]
) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, **options
        )  # type: ignore[call-overload]
        try:
            if not _answers(port, process):
                output.seek(0)
                raise AssertionError(f"{command[0]} did not start: {output.read().decode()} {said()}")
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                connection.settimeout(START_SECONDS)
                if connection.recv(1):
                    return True
        except OSError:
            time.sleep(0.05)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _read(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.exists() else ""
