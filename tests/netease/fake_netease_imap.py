"""One IMAP conversation of the fake server, as published of NetEase, wrong where the mood says so."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from netease.fetching_side import items_of, reply_parts
from netease.mailstore import StoredFolder, StoredMail
from netease.searching import BadSearch, NumberSet, descends, search
from netease.utf7 import encoded
from netease.wire import Connection, Gone

if TYPE_CHECKING:
    from netease.server import FakeNetease

FLAGS = "\\Answered \\Seen \\Deleted \\Draft \\Flagged"
UNSAFE = "Unsafe Login. Please contact kefu@188.com for help"
_WORD = re.compile(r'\s*(?:"((?:\\.|[^"\\])*)"|\x00(\d+)\x00|([()])|([^\s()"\x00]+))')
_EXTENSIONS = frozenset({"MOVE", "IDLE", "UNSELECT", "NAMESPACE", "ENABLE", "SORT", "THREAD"})


class ImapConversation:
    def __init__(self, server: FakeNetease, connection: Connection) -> None:
        self.server = server
        self.moods = server.moods
        self.store = server.store
        self.connection = connection
        self.signed_in = False
        self.identified = False
        self.folder: StoredFolder | None = None
        self.readonly = True
        self.mails: list[StoredMail] = []
        self.literals: list[bytes] = []
        self.dropped = 0

    def run(self) -> None:
        if self.moods.greeting_bye:
            self.connection.say(f"* BYE {self.moods.greeting_bye}")
            return
        self.connection.say(f"* OK {self.moods.greeting}")
        while self._one_command():
            pass

    # ---- receiving --------------------------------------------------------------------------

    def _one_command(self) -> bool:
        text = self._command_text()
        tag, _, rest = text.partition(" ")
        name, _, arguments = rest.partition(" ")
        name = name.upper()
        uid = name == "UID"
        if uid:
            name, _, arguments = arguments.partition(" ")
            name = name.upper()
        shown = name if name in ("LOGIN", "AUTHENTICATE") else rest
        self.server.note("imap", self.connection.number, name, shown)
        self._drop_if_told(name)
        return self._answer(tag, name, arguments, uid)

    def _command_text(self) -> str:
        """The command's line, each literal replaced by a mark that `_words` resolves."""
        self.literals = []
        text = ""
        while True:
            line = self.connection.line().decode("utf-8", "surrogateescape")
            match = re.search(r"\{(\d+)(\+?)\}$", line)
            if match is None:
                return text + line
            if not match[2]:
                self.connection.say("+ go ahead")
            self.literals.append(self.connection.octets(int(match[1])))
            text += line[: match.start()] + f"\x00{len(self.literals) - 1}\x00"

    def _words(self, text: str) -> list[str]:
        words = []
        for string, literal, bracket, atom in _WORD.findall(text):
            if literal:
                words.append(self.literals[int(literal)].decode("utf-8", "surrogateescape"))
            else:
                words.append(bracket or atom or re.sub(r"\\(.)", r"\1", string))
        return words

    def _drop_if_told(self, name: str) -> None:
        if not self.moods.drop_at or name != self.moods.drop_at:
            return
        self.dropped += 1
        if self.dropped > self.moods.drop_after:
            if self.moods.drop_with == "BYE":
                self.connection.say("* BYE Coremail System IMap Server Shutdown")
            raise Gone

    def _answer(self, tag: str, name: str, arguments: str, uid: bool) -> bool:
        known = not (name in _EXTENSIONS and name not in self._capabilities())
        handler = getattr(self, f"do_{name.lower()}", None) if known else None
        if handler is None or (name == "ID" and not self.moods.id_known):
            return self._unknown(tag)
        if name in ("FETCH", "SEARCH", "STORE", "COPY", "EXPUNGE", "CLOSE", "CHECK") and self.folder is None:
            self._tagged(tag, "BAD Command not allowed in this state")
            return True
        return handler(tag, arguments, uid) is not False

    def _unknown(self, tag: str) -> bool:
        if self.moods.unknown_command == "hang up":
            return False
        self._tagged(tag, "BAD Parse command error")
        return True

    def _tagged(self, tag: str, text: str) -> None:
        self.connection.say(f"{tag} {text}")

    def _capabilities(self) -> list[str]:
        later = self.moods.capabilities_after_login if self.signed_in else ""
        return (later or self.moods.capabilities).split()

    # ---- any state --------------------------------------------------------------------------

    def do_capability(self, tag: str, arguments: str, uid: bool) -> None:
        words = self._capabilities() + (["LOGINDISABLED"] if self.moods.login_disabled else [])
        self.connection.say(f"* CAPABILITY {' '.join(words)}")
        self._tagged(tag, "OK CAPABILITY completed")

    def do_noop(self, tag: str, arguments: str, uid: bool) -> None:
        self._tagged(tag, "OK NOOP completed")

    def do_logout(self, tag: str, arguments: str, uid: bool) -> bool:
        self.connection.say("* BYE IMAP4rev1 Server logging out")
        self._tagged(tag, "OK LOGOUT completed")
        return False

    def do_id(self, tag: str, arguments: str, uid: bool) -> None:
        if self.moods.id_refused:
            self._tagged(tag, f"NO {self.moods.id_refused}")
            return
        if not re.fullmatch(r'\(("[^"]*" ("[^"]*"|NIL) ?)+\)', arguments.strip()):
            self._tagged(tag, "BAD Parse command error")
            return
        self.identified = True
        self.connection.say('* ID ("name" "Coremail Imap" "vendor" "Mailtech" "TransID" "fake-1")')
        self._tagged(tag, "OK ID completed")

    def do_starttls(self, tag: str, arguments: str, uid: bool) -> None:
        self._tagged(tag, "OK Begin TLS negotiation now")
        self.connection.start_tls(self.server.context())

    def do_login(self, tag: str, arguments: str, uid: bool) -> None:
        words = self._words(arguments)
        self._sign_in(tag, "LOGIN", *words[:2])

    def do_authenticate(self, tag: str, arguments: str, uid: bool) -> None:
        mechanism, _, initial = arguments.partition(" ")
        if f"AUTH={mechanism.upper()}" not in self._capabilities() or mechanism.upper() != "PLAIN":
            self._tagged(tag, "NO AUTHENTICATE mechanism not supported")
            return
        if not initial:
            self.connection.say("+ ")
            initial = self.connection.line().decode("ascii")
        _, username, password = base64.b64decode(initial).decode("utf-8").split("\0")
        self._sign_in(tag, "AUTHENTICATE", username, password)

    def _sign_in(self, tag: str, name: str, username: str, password: str) -> None:
        if self.moods.login_refused:
            self.connection.send(tag.encode(), b" NO ", self.moods.login_refused.encode("gb18030"), b"\r\n")
        elif (username, password) != (self.server.username, self.server.password) or self.moods.login_disabled:
            self._tagged(tag, "NO LOGIN Login error or password error")
        else:
            self.signed_in = True
            if self.moods.reshuffle:
                self.store.reshuffle()
            self._tagged(tag, f"OK {name} completed")

    # ---- signed in --------------------------------------------------------------------------

    def do_list(self, tag: str, arguments: str, uid: bool, name: str = "LIST") -> None:
        pattern = [*self._words(arguments), "", ""][1]
        for folder in list(self.store.folders.values()) if self.signed_in else []:
            wire = encoded(folder.name)
            if pattern in ("*", "%", wire):
                shown = wire.replace("\\", "\\\\").replace('"', '\\"')
                self.connection.say(f'* {name} ({folder.use}) "/" "{shown}"')
        self._tagged(tag, f"OK {name} completed")

    def do_xlist(self, tag: str, arguments: str, uid: bool) -> None:
        self.do_list(tag, arguments, uid, "XLIST")

    def do_lsub(self, tag: str, arguments: str, uid: bool) -> None:
        self.do_list(tag, arguments, uid, "LSUB")

    def do_namespace(self, tag: str, arguments: str, uid: bool) -> None:
        self.connection.say('* NAMESPACE (("" "/")) NIL NIL')
        self._tagged(tag, "OK NAMESPACE completed")

    def do_select(self, tag: str, arguments: str, uid: bool) -> bool | None:
        return self._open(tag, arguments, "SELECT", readonly=False)

    def do_examine(self, tag: str, arguments: str, uid: bool) -> bool | None:
        return self._open(tag, arguments, "EXAMINE", readonly=True)

    def _open(self, tag: str, arguments: str, command: str, *, readonly: bool) -> bool | None:
        self.folder = None
        if self.moods.id_required and not self.identified:
            if self.moods.unsafe_bye:
                self.connection.say("* BYE Unsafe Login")
                return False
            self._tagged(tag, f"NO {command} {UNSAFE}")
            return None
        folder = self._named((self._words(arguments) or [""])[0])
        if folder is None or not self.signed_in or folder.use.lower() == "\\noselect":
            self._tagged(tag, f"NO {command} The folder is not exist")
            return None
        self.folder, self.readonly = folder, readonly
        self._describe_folder()
        self._tagged(tag, f"OK [{'READ-ONLY' if readonly else 'READ-WRITE'}] {command} completed")
        return None

    def _describe_folder(self) -> None:
        assert self.folder is not None
        self.mails = self.store.seen_by_clients(self.folder.name)
        unseen = sum(1 for mail in self.mails if "\\Seen" not in mail.flags)
        kept = " \\*" if self.moods.keywords == "kept" else ""
        for line in (
            f"{len(self.mails)} EXISTS",
            f"{unseen} RECENT",  # on NetEase RECENT follows unseen
            f"OK [UIDVALIDITY {self.folder.uidvalidity}] UIDs valid",
            f"FLAGS ({FLAGS})",
            f"OK [PERMANENTFLAGS ({FLAGS}{kept})] Limited",
        ):
            self.connection.say(f"* {line}")
        if self.moods.uidnext:
            self.connection.say(f"* OK [UIDNEXT {self.folder.next_uid}] Predicted next UID")

    def _named(self, wire: str) -> StoredFolder | None:
        return next((each for each in self.store.folders.values() if encoded(each.name) == wire), None)

    def do_status(self, tag: str, arguments: str, uid: bool) -> None:
        folder = self._named((self._words(arguments) or [""])[0])
        if folder is None:
            self._tagged(tag, "NO STATUS The folder is not exist")
            return
        count = len(self.store.seen_by_clients(folder.name))
        self.connection.say(f'* STATUS "{encoded(folder.name)}" (MESSAGES {count} UIDVALIDITY {folder.uidvalidity})')
        self._tagged(tag, "OK STATUS completed")

    def do_append(self, tag: str, arguments: str, uid: bool) -> None:
        folder = self._named((self._words(arguments) or [""])[0])
        raw = self.literals[-1] if self.literals else b""
        if len(raw) > self.moods.append_limit:
            self._tagged(tag, "NO APPEND Mail is too large")
        elif folder is None:
            self._tagged(tag, "NO [TRYCREATE] APPEND The folder is not exist")
        else:
            self.store.deliver(raw, folder.name, flags=re.findall(r"\\\w+", arguments))
            self._tagged(tag, "OK APPEND completed")

    # ---- with an open folder ----------------------------------------------------------------

    def do_search(self, tag: str, arguments: str, uid: bool) -> None:
        self._refresh()
        try:
            numbers = search(self._words(arguments), self.mails, self.moods)
        except BadSearch as refused:
            self._tagged(tag, str(refused))
            return
        found = [self.mails[number - 1].uid if uid else number for number in numbers]
        self.connection.say(f"* SEARCH{''.join(f' {each}' for each in found)}")
        self._tagged(tag, "OK SEARCH completed")

    def _refresh(self) -> None:
        """New mail shows on the next command; a mail that is gone keeps its number until then."""
        assert self.folder is not None
        self.mails = self.store.seen_by_clients(self.folder.name)

    def _chosen(self, uid_set: str, uid: bool) -> list[tuple[int, StoredMail]]:
        top = (self.mails[-1].uid if uid else len(self.mails)) if self.mails else 0
        numbers = NumberSet(uid_set, top)
        wanted = [each for each in enumerate(self.mails, 1) if (each[1].uid if uid else each[0]) in numbers]
        if self.moods.scrambled_replies:
            wanted = wanted[1::2] + wanted[::2]
        return wanted

    def do_fetch(self, tag: str, arguments: str, uid: bool) -> None:
        self._refresh()
        uid_set, _, wanted = arguments.partition(" ")
        if not re.fullmatch(r"[\d:*,]+", uid_set) or (self.moods.bare_items == "bad" and not wanted.startswith("(")):
            self._tagged(tag, "BAD Parse command error")
            return
        if self.moods.descending_sets == "bad" and descends(uid_set):
            self._tagged(tag, "BAD UID parameters!")
            return
        items = items_of(wanted)
        refusal = ""
        for number, mail in self._chosen(uid_set, uid):
            refusal = self._reply(number, mail, items, uid) or refusal
        self._tagged(tag, refusal or "OK FETCH completed")

    def _reply(self, number: int, mail: StoredMail, items: list[str], uid: bool) -> str:
        """One FETCH reply; what is returned instead ends the command."""
        whole = any(item in ("BODY[]", "BODY.PEEK[]", "RFC822") for item in items)
        if whole and mail.trouble in ("no", "bad"):
            return "NO FETCH System busy!" if mail.trouble == "no" else "BAD FETCH failed"
        if mail.trouble == "silent":
            return ""
        if whole and mail.trouble == "bye":
            self.connection.say("* BYE Coremail System IMap Server Shutdown")
            raise Gone
        if self.moods.stray_flags:
            self.connection.say(f"* {number} FETCH (FLAGS (\\Seen))")
        if any(item in ("BODY[]", "RFC822") for item in items) and not self.readonly:
            mail.flags.add("\\Seen")
        head, literal, tail = reply_parts(number, mail, items, uid_first=not self.moods.uid_last, uid=uid)
        if literal is None:
            self.connection.send(head, tail)
        else:
            self.connection.send(head)
            self._send_literal(mail, literal, whole)
            self.connection.send(tail)
        return ""

    def _send_literal(self, mail: StoredMail, literal: bytes, whole: bool) -> None:
        trouble = mail.trouble if whole else ""
        half = len(literal) // 2
        if trouble == "drip":
            self.connection.drip(literal, self.moods.drip_seconds)
        elif trouble in ("slow", "eof"):
            self.connection.send(literal[:half])
            if trouble == "eof":
                raise Gone
            self.connection.wait(self.moods.slow_seconds)
            self.connection.send(literal[half:])
        else:
            self.connection.send(literal)

    # ---- what a person's client does, and the daemon never ----------------------------------

    def do_store(self, tag: str, arguments: str, uid: bool) -> None:
        self._refresh()
        uid_set, _, rest = arguments.partition(" ")
        flags = set(re.findall(r"[\\$\w]+", rest.partition("(")[2]))
        keywords = {flag for flag in flags if not flag.startswith("\\")}
        if self.readonly or (keywords and self.moods.keywords == "refused"):
            self._tagged(tag, "NO STORE Limited flags")
            return
        kept = flags if self.moods.keywords == "kept" else flags - keywords
        for number, mail in self._chosen(uid_set, uid):
            mail.flags = mail.flags - kept if rest.startswith("-") else mail.flags | kept
            self.connection.say(f"* {number} FETCH (FLAGS ({' '.join(sorted(mail.flags))}))")
        self._tagged(tag, "OK STORE completed")

    def do_expunge(self, tag: str, arguments: str, uid: bool) -> None:
        assert self.folder is not None
        if not self.readonly:
            for mail in [each for each in self.folder.mails if "\\Deleted" in each.flags]:
                self.store.remove(mail, self.folder.name)
        self._tagged(tag, "OK EXPUNGE completed")

    def do_close(self, tag: str, arguments: str, uid: bool) -> None:
        self.do_expunge(tag, arguments, uid)
        self.folder = None

    def do_check(self, tag: str, arguments: str, uid: bool) -> None:
        self._tagged(tag, "OK CHECK completed")

    def do_copy(self, tag: str, arguments: str, uid: bool) -> None:
        self._refresh()
        words = self._words(arguments)
        target = self._named(words[1])
        if target is None:
            self._tagged(tag, "NO [TRYCREATE] COPY The folder is not exist")
            return
        for _, mail in self._chosen(words[0], uid):
            self.store.deliver(mail.raw, target.name, mail.internal_date, flags=mail.flags)
        self._tagged(tag, "OK COPY completed")
