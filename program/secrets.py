"""The secret of an account: from the configuration, a file, a command or the keyring, read anew each time.

Promises that a secret changed outside is used at the next sign-in, and that none appears in an
error, a log or a repr. It contacts no mail server.
"""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import NoReturn

from intake.errors import WrongConfiguration

COMMAND_SECONDS = 30


def from_file(key: str, path: Path) -> str:
    """The first line of a file; raises WrongConfiguration naming the setting."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        _refuse(key, f"文件 {path} 无法读取（{error.strerror}），请检查文件及其权限")
    except UnicodeDecodeError:
        _refuse(key, f"文件 {path} 不是UTF-8文本，请另存后再试")
    return _filled(key, lines[0].strip() if lines else "", f"文件 {path} 第一行是空的，请写入授权码")


def from_command(key: str, command: tuple[str, ...]) -> str:
    """The first line that a command prints; raises WrongConfiguration, without what the command said."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_SECONDS, check=False
        )
    except OSError as error:
        _refuse(key, f"命令无法运行（{error.strerror}），请检查其路径和权限")
    except subprocess.TimeoutExpired:
        _refuse(key, f"命令在{COMMAND_SECONDS}秒内没有结束，请改用不需人工输入的命令")
    if done.returncode:
        _refuse(key, f"命令以退出码 {done.returncode} 失败，请先在终端中试运行")
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return _filled(key, lines[0].strip() if lines else "", "命令没有输出授权码，请先在终端中试运行")


def from_keyring(key: str, service: str, username: str) -> str:
    """What the desktop's keyring holds for a service and account; raises WrongConfiguration."""
    import keyring
    from keyring.errors import KeyringError

    try:
        secret = keyring.get_password(service, username)
    except KeyringError as error:
        _refuse(key, f"本机的钥匙串不可用（{type(error).__name__}），请改用 password_file 或 password_command")
    return _filled(key, secret or "", f"钥匙串中没有授权码，请先运行 keyring set {service} {username}")


def again(path: Path | None, section: str) -> str:
    """The `password` that the configuration file holds now, or "" where it holds none or is just being written."""
    if path is None:
        return ""
    try:
        found = tomllib.loads(path.read_bytes().decode("utf-8-sig")).get(section, {})
    except (OSError, ValueError):
        return ""
    return str(found.get("password", "")) if isinstance(found, dict) else ""


def _filled(key: str, secret: str, problem: str) -> str:
    if not secret:
        _refuse(key, problem)
    return secret


def _refuse(key: str, problem: str) -> NoReturn:
    raise WrongConfiguration(sentence=f"设置 {key}：{problem}。") from None
