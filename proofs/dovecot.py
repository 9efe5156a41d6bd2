"""A real Dovecot of our own: a throw-away configuration, a free port, any user with one password, gone at the end."""

from __future__ import annotations

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

USER, PASSWORD = "support@nordhem.example", "not-a-secret"

CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
auth_failure_delay = 0
default_login_user = {server_user}
default_internal_user = {server_user}
default_internal_group = {server_group}
first_valid_uid = 1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{home}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
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
service imap {{
  vsz_limit = 512M
}}
"""


class Dovecot:
    def __init__(self, home: Path, program: str) -> None:
        self.home = home
        self.program = program
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        server = pwd.getpwnam("dovenull" if os.geteuid() == 0 else getpass.getuser())
        (home / "mail").mkdir()
        os.chown(home / "mail", owner.pw_uid, owner.pw_gid)
        (home / "dovecot.conf").write_text(
            CONFIGURATION.format(
                home=home,
                server_user=server.pw_name,
                server_group=_group_name(server.pw_gid),
                password=PASSWORD,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                port=self.port,
            )
        )

    def start(self) -> None:
        self.process = subprocess.Popen([self.program, "-F", "-c", str(self.home / "dovecot.conf")])
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                self.client().logout()
            except (OSError, imaplib.IMAP4.error):
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self.home / "log").read_text()[-2000:])

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)

    def client(self, user: str = USER) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        try:
            client.login(user, PASSWORD)
        except imaplib.IMAP4.error:
            client.shutdown()
            raise
        return client

    def deliver(self, content: bytes, folder: str = "INBOX") -> None:
        client = self.client()
        client.append(folder, None, None, content)
        client.logout()

    def deliver_all(self, contents: Sequence[bytes], user: str) -> None:
        client = self.client(user)
        for content in contents:
            client.append("INBOX", None, None, content)
        client.logout()

    def flags(self) -> list[str]:
        """The flags of each mail in the inbox, in order."""
        client = self.client()
        client.select("INBOX", readonly=True)
        _, answer = client.fetch("1:*", "(FLAGS)") if client.search(None, "ALL")[1][0] else ("OK", [])
        client.logout()
        return [line.decode() for line in answer if line]

    def renumber(self) -> None:
        """The inbox gets a new UIDVALIDITY and new UIDs, as after a restore from a backup."""
        client = self.client()
        client.select("INBOX")
        numbers = client.search(None, "ALL")[1][0].split()
        kept = [client.fetch(number.decode(), "(BODY.PEEK[])")[1][0][1] for number in numbers]
        client.logout()
        for path in (self.home / "mail" / USER).glob("dovecot*"):
            path.unlink()
        for path in (self.home / "mail" / USER / "cur").iterdir():
            path.unlink()
        time.sleep(1.1)  # Dovecot takes UIDVALIDITY from the second in which it makes the mailbox
        for content in kept:
            self.deliver(content)


def _group_name(number: int) -> str:
    return grp.getgrgid(number).gr_name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def temporary_dovecot() -> Iterator[Dovecot | None]:
    """A running one; None where Dovecot is not installed."""
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if program is None:
        yield None
        return
    home = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))  # its socket paths must stay short
    home.chmod(0o755)
    server = Dovecot(home, program)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
