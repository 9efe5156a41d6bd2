"""Named streams, "<kind>.<key>", that carry signals only: what changed is fetched through the doors that guard it."""

import asyncio
import re
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any, TypeVar

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models.expressions import Combinable

from foundation import stream_position

NAME = re.compile(r"[a-z_]{1,30}\.[A-Za-z0-9-]{1,60}")
SECONDS_TO_SEND = 1.0
SECONDS_OF_REST = 5.0  # after a failure, so that an unreachable Valkey does not slow every transaction

Membership = Callable[[Any, str], bool]
Function = TypeVar("Function", bound=Membership)
_memberships: dict[str, Membership] = {}
_rest_until = 0.0
log = structlog.get_logger(__name__)


def membership(kind: str) -> Callable[[Function], Function]:
    """Register who may listen to streams of this kind: `may_listen(agent, key) -> bool`, by the app that owns it."""

    def register(function: Function) -> Function:
        if kind in _memberships and _memberships[kind] is not function:
            raise ValueError(f"the streams {kind}.* already have an owner")
        _memberships[kind] = function
        return function

    return register


def may_listen(agent: Any, stream: str) -> bool:
    """Whether the agent may hear of this stream now. False for names and kinds that nobody owns."""
    if not NAME.fullmatch(stream):
        return False
    kind, key = stream.split(".", 1)
    check = _memberships.get(kind)
    try:
        return check is not None and check(agent, key)
    except (ValueError, ValidationError):  # a key that cannot be one of that kind
        return False


def signal(*streams: str) -> None:
    """After commit, tell the streams' listeners that something changed. Never raises when Valkey is away.

    Raises ValueError for a malformed name.
    """
    for stream in streams:
        if not NAME.fullmatch(stream):
            raise ValueError(f"{stream!r} is not the name of a stream")
    if streams:
        transaction.on_commit(lambda: _send(streams))


def latest(streams: Iterable[str], *named: Combinable) -> dict[str, int]:
    """The last sequence of each stream; 0 where there was none yet.

    `named` are expressions that give the name of a stream where that is not known before it is read; without a
    sequence yet they are left out.
    """
    return stream_position.positions(streams, *named)


def group_of(stream: str) -> str:
    return f"stream.{stream}"


def _send(streams: Iterable[str]) -> None:
    global _rest_until  # noqa: PLW0603 - one breaker per process
    try:
        sequences = stream_position.advance(streams)
    except DatabaseError as error:  # the change itself is committed; the listeners' own checks find it
        log.warning("streams not advanced", error=type(error).__name__)
        return
    if monotonic() < _rest_until:
        return
    try:
        async_to_sync(_send_all)(sequences)
    except Exception as error:  # noqa: BLE001 - whatever the layer raises, the change is committed and stays so
        _rest_until = monotonic() + SECONDS_OF_REST
        log.warning("signals not sent", error=type(error).__name__)


async def _send_all(sequences: dict[str, int]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    async with asyncio.timeout(SECONDS_TO_SEND):
        for stream, sequence in sequences.items():
            await layer.group_send(group_of(stream), {"type": "stream.signal", "stream": stream, "sequence": sequence})
