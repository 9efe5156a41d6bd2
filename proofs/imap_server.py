"""A small IMAP server (the part of RFC 9051 that reading a mailbox needs) that can be told to misbehave.

One mailbox, INBOX, in memory. It numbers anew when told to, and cuts the connection in the middle of a mail.
"""

from __future__ import annotations

import base64
import re
import socketserver
import threading
import time
from dataclasses import dataclass, field
from typing import Self

IDLE_LOOK = 0.05  # seconds


@dataclass
class Kept:
    uid: int
    content: bytes
    seen: bool = False


@dataclass
class Inbox:
    """`cuts`: how many of the next mails are cut in the middle; `token`: what XOAUTH2 must say, '' for passwords."""

    user: str
    password: str
    token: str = ""
    idles: bool = True
    cuts: int = 0
    uidvalidity: int = 1
    mails: list[Kept] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_uid: int = 1

    def add(self, content: bytes) -> int:
        """A mail is in the mailbox from now on; its UID."""
        with self.lock:
            self.mails.append(Kept(self.next_uid, content))
            self.next_uid += 1
            return self.next_uid - 1

    def renumber(self) -> None:
        """As after a restore from a backup: every UID means something else."""
        with self.lock:
            self.uidvalidity += 1
            for number, mail in enumerate(self.mails, 1):
                mail.uid = number
            self.next_uid = len(self.mails) + 1

    def unseen(self) -> int:
        with self.lock:
            return sum(not mail.seen for mail in self.mails)


class ImapServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, inbox: Inbox, port: int = 0) -> None:
        self.inbox = inbox
        super().__init__(("127.0.0.1", port), _Session)
        self.port = int(self.server_address[1])
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that die are this server's daily bread."""


class _Session(socketserver.StreamRequestHandler):
    server: ImapServer

    def handle(self) -> None:
        self.uidvalidity = 0  # of the folder as it was opened; a folder numbered anew must be opened anew
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode("latin-1").strip().partition(" ")
            command, _, arguments = rest.partition(" ")
            answer = getattr(self, f"do_{command.upper()}", None)
            if answer is None:
                self._say(f"{tag} BAD unknown")
            elif answer(tag, arguments) == "end":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode("latin-1") + b"\r\n")

    def _ok(self, tag: str, words: str = "done") -> None:
        self._say(f"{tag} OK {words}")

    def do_CAPABILITY(self, tag: str, _: str) -> None:  # noqa: N802 - a command of the protocol, as all below
        idle = " IDLE" if self.server.inbox.idles else ""
        self._say(f"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2{idle}")
        self._ok(tag)

    def do_LOGIN(self, tag: str, arguments: str) -> None:  # noqa: N802
        inbox = self.server.inbox
        user, password = (part.strip('"') for part in arguments.split(" ", 1))
        if inbox.token or (user, password) != (inbox.user, inbox.password):
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] Wrong user or password")
        else:
            self._ok(tag)

    def do_AUTHENTICATE(self, tag: str, _: str) -> None:  # noqa: N802
        inbox = self.server.inbox
        self._say("+ ")
        said = base64.b64decode(self.rfile.readline()).decode()
        if said == f"user={inbox.user}\x01auth=Bearer {inbox.token}\x01\x01":
            self._ok(tag)
        else:
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] Invalid token")

    def do_LIST(self, tag: str, _: str) -> None:  # noqa: N802
        self._say('* LIST (\\HasNoChildren) "/" INBOX')
        self._ok(tag)

    def do_NOOP(self, tag: str, _: str) -> None:  # noqa: N802
        self._ok(tag)

    def do_LOGOUT(self, tag: str, _: str) -> str:  # noqa: N802
        self._say("* BYE")
        self._ok(tag)
        return "end"

    def do_SELECT(self, tag: str, _: str) -> None:  # noqa: N802
        inbox = self.server.inbox
        self.uidvalidity = inbox.uidvalidity
        self._say(f"* {len(inbox.mails)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {inbox.uidvalidity}] valid")
        self._ok(tag, "[READ-WRITE] opened")

    def do_STATUS(self, tag: str, _: str) -> None:  # noqa: N802
        inbox = self.server.inbox
        with inbox.lock:
            unseen = sum(not mail.seen for mail in inbox.mails)
            self._say(
                f"* STATUS INBOX (MESSAGES {len(inbox.mails)} UNSEEN {unseen} "
                f"UIDVALIDITY {inbox.uidvalidity} UIDNEXT {inbox.next_uid})"
            )
        self._ok(tag)

    def do_IDLE(self, tag: str, _: str) -> str | None:  # noqa: N802
        self._say("+ idling")
        inbox, told = self.server.inbox, len(self.server.inbox.mails)
        self.connection.settimeout(IDLE_LOOK)
        try:
            while True:
                if len(inbox.mails) != told:
                    told = len(inbox.mails)
                    self._say(f"* {told} EXISTS")
                try:
                    word = self.connection.recv(100)
                except TimeoutError:
                    continue
                if not word:
                    return "end"
                break
        finally:
            self.connection.settimeout(None)
        self._ok(tag)
        return None

    def do_UID(self, tag: str, arguments: str) -> str | None:  # noqa: N802
        verb, _, rest = arguments.partition(" ")
        if self.uidvalidity != self.server.inbox.uidvalidity:
            self._say("* BYE the folder was numbered anew")
            return "end"
        return {"SEARCH": self._search, "FETCH": self._fetch, "STORE": self._store}[verb.upper()](tag, rest)

    def _search(self, tag: str, criteria: str) -> None:
        inbox = self.server.inbox
        criteria = criteria.strip("()").removeprefix("CHARSET US-ASCII ").strip("()")
        with inbox.lock:
            found = inbox.mails
            if criteria.startswith("UNSEEN"):
                found = [mail for mail in found if not mail.seen]
            elif wanted := re.match(r"UID (\d+):\*", criteria):
                last = max((mail.uid for mail in found), default=0)
                found = [mail for mail in found if mail.uid >= int(wanted[1]) or mail.uid == last]
            elif wanted := re.match(r'HEADER MESSAGE-ID "(.*)"', criteria):
                found = [mail for mail in found if wanted[1].encode() in mail.content]
            uids = " ".join(str(mail.uid) for mail in found)
        self._say(f"* SEARCH {uids}".rstrip())
        self._ok(tag)

    def _fetch(self, tag: str, rest: str) -> str | None:
        number, _, what = rest.partition(" ")
        inbox = self.server.inbox
        with inbox.lock:
            mail = next((each for each in inbox.mails if each.uid == int(number)), None)
        if mail is not None and "SIZE" in what:
            self._say(f"* 1 FETCH (UID {mail.uid} RFC822.SIZE {len(mail.content)})")
        elif mail is not None:
            self.wfile.write(f"* 1 FETCH (UID {mail.uid} BODY[] {{{len(mail.content)}}}\r\n".encode())
            with inbox.lock:
                cut = inbox.cuts > 0
                inbox.cuts -= cut
            if cut:
                self.wfile.write(mail.content[: len(mail.content) // 2])
                self.wfile.flush()
                time.sleep(0.01)
                return "end"
            self.wfile.write(mail.content + b")\r\n")
        self._ok(tag)
        return None

    def _store(self, tag: str, rest: str) -> None:
        numbers, _, _ = rest.partition(" ")
        uids = {int(number) for number in numbers.split(",")}
        inbox = self.server.inbox
        with inbox.lock:
            for mail in inbox.mails:
                mail.seen = mail.seen or mail.uid in uids
        self._ok(tag)
