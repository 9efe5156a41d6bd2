"""The customers' mail servers at the other end: they keep what they take, and some of them behave badly.

What a server does depends on the recipient: drop@ takes the mail and hangs up without a word; later@ says 451 twice;
hang@ once says nothing to RCPT; mute@ takes the mail and never answers; never@ refuses for good.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from email import message_from_bytes
from typing import Any, Self

from aiosmtpd.smtp import SMTP

HABITS = ("drop", "later", "hang", "mute", "never")
FOR_EVER = 3600.0


class Sink:
    def __init__(self, port: int) -> None:
        self.port = port
        self.copies: Counter[str] = Counter()  # by Message-ID
        self.asked: Counter[str] = Counter()  # by recipient
        self.server: asyncio.Server | None = None
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(
            lambda: SMTP(self, hostname="sink.example", loop=loop), "127.0.0.1", self.port
        )

    async def _close(self) -> None:
        """The port is free for the next proof, and nobody is left hanging."""
        if self.server is not None:
            self.server.close()
        conversations = asyncio.all_tasks() - {asyncio.current_task()}
        for conversation in conversations:
            conversation.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)

    async def handle_RCPT(self, *said: Any) -> str:  # noqa: N802 - called by name
        _, _, envelope, address, _ = said
        self.asked[address] += 1
        habit = _habit(address)
        if habit == "never":
            return "550 5.1.1 No such user"
        if habit == "later" and self.asked[address] <= 2:
            return "451 4.2.0 Greylisted, try again"
        if habit == "hang" and self.asked[address] == 1:
            await asyncio.sleep(FOR_EVER)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802 - its signature
        self.copies[message_from_bytes(envelope.content)["Message-ID"].strip("<>")] += 1
        habit = _habit(envelope.rcpt_tos[0])
        if habit == "drop" and server.transport is not None:
            server.transport.abort()
        if habit == "mute":
            await asyncio.sleep(FOR_EVER)
        return "250 kept"


def _habit(address: str) -> str:
    name = address.partition(".")[0]
    return name if name in HABITS else ""
