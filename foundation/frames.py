"""What a browser may say over a websocket: an explicit list of frame types, each with its checked fields."""

import json
from dataclasses import dataclass
from typing import Any

from foundation.streams import NAME

LONGEST_FRAME = 8192  # characters
MOST_STREAMS = 200


class BadFrame(ValueError):
    """The frame is not one of those that may be sent; says why, in words for the sender."""


@dataclass(frozen=True)
class Subscribe:
    streams: tuple[str, ...]


@dataclass(frozen=True)
class Unsubscribe:
    streams: tuple[str, ...]


Frame = Subscribe | Unsubscribe
TYPES: dict[str, type[Subscribe | Unsubscribe]] = {"subscribe": Subscribe, "unsubscribe": Unsubscribe}


def parse(text: str) -> Frame:
    """The frame in `text`, as {"type": "subscribe", "streams": [...]}. Raises BadFrame."""
    if len(text) > LONGEST_FRAME:
        raise BadFrame("the frame is too long")
    try:
        said: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrame("the frame is not JSON") from None
    if not isinstance(said, dict) or said.keys() != {"type", "streams"} or not isinstance(said["type"], str):
        raise BadFrame("a frame has a type and streams, and nothing else")
    frame = TYPES.get(said["type"])
    if frame is None:
        raise BadFrame("there is no such type of frame")
    names = said["streams"]
    if not isinstance(names, list) or not 0 < len(names) <= MOST_STREAMS:
        raise BadFrame(f"streams is a list of 1 to {MOST_STREAMS} names")
    if not all(isinstance(name, str) and NAME.fullmatch(name) for name in names):
        raise BadFrame("a stream is named like case.0190-…")
    return frame(tuple(dict.fromkeys(names)))
