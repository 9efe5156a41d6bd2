"""An event loop in a thread of its own, for the servers of scenes that talk to them with ordinary, waiting clients."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")
TURNS = 8  # of the loop: accepted, connected, its conversation begun; and on the way out closed, lost, let go


class Loop:
    """Everything that concerns a server happens in this loop's thread, its closing too.

    asyncio's servers count their guests without a lock. One that is closed from another thread while its last guest
    leaves is told twice that nobody is left, and trips over that.
    """

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.servers: list[asyncio.Server] = []
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=10)

    def listen(self, converse: Callable[[], asyncio.Protocol]) -> asyncio.Server:
        """A server on a free port of this machine; `close` closes it, `end` does so earlier."""

        async def listen() -> asyncio.Server:
            return await asyncio.get_running_loop().create_server(converse, "127.0.0.1", 0)

        self.servers.append(self.run(listen()))
        return self.servers[-1]

    def end(self, *servers: asyncio.Server) -> None:
        """Closes the servers and every conversation on this loop, whatever point each has reached."""
        self.run(_end(servers))

    def close(self) -> None:
        self.end(*self.servers)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


def port_of(server: asyncio.Server) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port


async def _end(servers: tuple[asyncio.Server, ...]) -> None:
    loop = asyncio.get_running_loop()
    for server in servers:
        for listening in server.sockets:
            loop.remove_reader(listening.fileno())  # nobody new comes in
    await _turn()  # and who was at the door is in
    for server in servers:
        server.close()
    conversations = asyncio.all_tasks() - {asyncio.current_task()}
    for conversation in conversations:
        conversation.cancel()  # aiosmtpd then closes its connection
    await asyncio.gather(*conversations, return_exceptions=True)
    await _turn()


async def _turn() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)
