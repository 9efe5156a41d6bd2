"""The websocket of a signed-in agent's browser: it subscribes to streams and hears signals, never content.

The browser says {"type": "subscribe" | "unsubscribe", "streams": [...]} and hears
{"type": "subscribed", "sequences": {stream: n}, "refused": [...]}, {"type": "signal", "stream": s, "sequence": n} and
every 20 seconds {"type": "heartbeat", "sequences": {...}}; a sequence other than the last seen means: fetch anew.
Who may connect at all (session, exact origin) is settled before, in contactcenter.asgi.
"""

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from time import monotonic
from typing import Any

import structlog
from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user_model

from foundation import streams
from foundation.frames import MOST_STREAMS, BadFrame, Subscribe, parse

NOT_SIGNED_IN, TOO_MUCH = 4401, 4429
log = structlog.get_logger(__name__)


class SignalSocket(AsyncWebsocketConsumer):
    """Membership is asked on subscribing and again before everything that is sent about a stream."""

    seconds_between_heartbeats = 20.0
    frames_per_second = 20.0

    async def connect(self) -> None:
        self.streams: set[str] = set()
        self._deaf: set[str] = set()  # subscribed while the channel layer was away; told by heartbeats meanwhile
        self._allowance, self._counted = self.frames_per_second, monotonic()
        self._heart: asyncio.Task[None] | None = None
        await self.accept()  # so that the browser learns the reason
        if not await self._is_signed_in():
            await self.close(NOT_SIGNED_IN)
            return
        with suppress(Exception):  # the database may be away for a moment; the next heartbeat says it
            await self.there()
        self._heart = asyncio.create_task(self._beat())

    async def there(self) -> None:
        """For those who want to know: a signed-in browser is there, on connecting and with each heartbeat."""

    async def disconnect(self, code: int) -> None:  # noqa: ARG002 - Channels' signature
        if self._heart is not None:
            self._heart.cancel()
        for stream in self.streams:
            with suppress(Exception):  # the layer may be away; it forgets this channel by itself
                await self.channel_layer.group_discard(streams.group_of(stream), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002
        if self._heart is None:
            return
        if not self._within_rate():
            self._heart.cancel()
            self._heart = None  # what has come already is not heard any more, so that it is not closed twice
            await self.close(TOO_MUCH)
            return
        try:
            frame = parse(text_data if text_data is not None else "")
        except BadFrame as error:
            await self._say(type="error", reason=str(error))
            return
        if isinstance(frame, Subscribe):
            await self._subscribe(frame.streams)
        else:
            for stream in frame.streams:
                await self._leave(stream)

    async def stream_signal(self, message: dict[str, Any]) -> None:
        """From the channel layer: something changed in a stream that was subscribed to."""
        stream = message["stream"]
        if stream not in self.streams:
            return
        if stream in await self._permitted([stream]):
            await self._say(type="signal", stream=stream, sequence=message["sequence"])
        else:
            await self._revoke(stream)

    async def _subscribe(self, names: tuple[str, ...]) -> None:
        room = MOST_STREAMS - len(self.streams)
        permitted = await self._permitted(names)
        taken = [name for name in names if name in permitted and name not in self.streams][: max(0, room)]
        for stream in taken:
            self.streams.add(stream)
            await self._listen(stream)
        # Read after listening, so that no signal can fall between the two.
        sequences = await database_sync_to_async(streams.latest)(name for name in names if name in self.streams)
        await self._say(
            type="subscribed", sequences=sequences, refused=[name for name in names if name not in self.streams]
        )

    async def _listen(self, stream: str) -> None:
        try:
            await self.channel_layer.group_add(streams.group_of(stream), self.channel_name)
        except Exception as error:  # noqa: BLE001 - whatever the layer raises, heartbeats go on
            self._deaf.add(stream)
            log.warning("stream not joined", error=type(error).__name__)
        else:
            self._deaf.discard(stream)

    async def _leave(self, stream: str) -> None:
        if stream in self.streams:
            self.streams.discard(stream)
            self._deaf.discard(stream)
            with suppress(Exception):  # signals that still come are dropped
                await self.channel_layer.group_discard(streams.group_of(stream), self.channel_name)

    async def _revoke(self, stream: str) -> None:
        await self._leave(stream)
        await self._say(type="revoked", stream=stream)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.seconds_between_heartbeats)
            try:
                await self._heartbeat()
            except Exception as error:  # noqa: BLE001 - the database may be away for a moment; the socket stays
                log.warning("heartbeat missed", error=type(error).__name__)

    async def _heartbeat(self) -> None:
        if not await self._is_signed_in():
            await self.close(NOT_SIGNED_IN)
            return
        permitted = await self._permitted(sorted(self.streams))
        for stream in self.streams - permitted:
            await self._revoke(stream)
        for stream in sorted(self._deaf):
            await self._listen(stream)
        await self._say(type="heartbeat", sequences=await database_sync_to_async(streams.latest)(permitted))
        await self.there()

    async def _is_signed_in(self) -> bool:
        """Whether the session still exists and fits the agent as the database knows it now."""
        session = self.scope.get("session")
        if session is None or not session.session_key or not await session.aexists(session.session_key):
            return False
        user = await get_user(self.scope)
        return user.is_authenticated and user.is_active

    @database_sync_to_async
    def _permitted(self, names: Iterable[str]) -> set[str]:
        """Those of the streams that the agent may hear of now, asked of a fresh copy without remembered rights."""
        key = getattr(self.scope.get("user"), "pk", None)
        agent = get_user_model().objects.filter(pk=key, is_active=True).first() if key else None
        return {name for name in names if agent is not None and streams.may_listen(agent, name)}

    async def _say(self, **frame: Any) -> None:
        await self.send(text_data=json.dumps(frame))

    def _within_rate(self) -> bool:
        now = monotonic()
        self._allowance = min(self.frames_per_second, self._allowance + (now - self._counted) * self.frames_per_second)
        self._counted = now
        self._allowance -= 1
        return self._allowance >= 0
