"""Mail in by LMTP (RFC 2033): from a mail server of the installation's own, which delivers here as into a mailbox.

Unlike SMTP, each recipient gets an answer after DATA. One row in the ledger stands for all of them, so all get the
same one. It listens on a port of this machine or on a socket file; whoever reaches it is trusted as a mail server is.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress

from channels_email.adapter.listener import Conversation, Listener, conversations
from channels_email.enums import Door


class LmtpListener(Listener):
    door = Door.LMTP


class LmtpConversation(Conversation):
    """LHLO instead of HELO and EHLO, and an answer for each recipient."""

    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802 - called by name
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, arg: str) -> None:  # noqa: ARG002, N802 - called by name
        await self.push("500 5.5.1 This is LMTP; say LHLO")

    async def smtp_EHLO(self, arg: str) -> None:  # noqa: ARG002, N802 - called by name
        await self.push("500 5.5.1 This is LMTP; say LHLO")

    async def answer_for_data(self, status: str) -> None:
        for _ in range(len(self.envelope.rcpt_tos) if self.envelope else 1):
            await self.push(status)


async def listen_lmtp(where: str) -> tuple[asyncio.Server, Listener]:
    """`where` is "host:port" or the path of a socket file, which is made anew. Raises OSError, ValueError."""
    loop = asyncio.get_running_loop()
    listener = LmtpListener()
    converse = conversations(LmtpConversation, listener)
    if where.startswith("/"):
        with suppress(FileNotFoundError):
            os.unlink(where)  # noqa: PTH108 - once, at the start
        server = await loop.create_unix_server(converse, where)
        os.chmod(where, 0o660)  # noqa: PTH101 - the mail server's group writes to it
        return server, listener
    host, _, port = where.rpartition(":")
    return await loop.create_server(converse, host.strip("[]") or "127.0.0.1", int(port)), listener
