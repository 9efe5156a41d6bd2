"""What a browser may say, and how streams are named."""

import pytest

from foundation import frames, streams


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '"subscribe"',
        "{",
        "[" * 5000,
        '{"type": "subscribe"}',
        '{"type": "__init__", "streams": ["bell.north"]}',
        '{"type": ["subscribe"], "streams": ["bell.north"]}',
        '{"type": "subscribe", "streams": []}',
        '{"type": "subscribe", "streams": "bell.north"}',
        '{"type": "subscribe", "streams": [1]}',
        '{"type": "subscribe", "streams": ["../north"]}',
        '{"type": "subscribe", "streams": ["bell.north\\n"]}',
        '{"type": "subscribe", "streams": ["bell.north"], "handler": "x"}',
        '{"type": "stream.signal", "streams": ["bell.north"]}',
        " " * (frames.LONGEST_FRAME + 1),
    ],
)
def test_a_frame_of_no_known_type_and_shape_is_refused(text: str):
    with pytest.raises(frames.BadFrame):
        frames.parse(text)


def test_a_frame_names_each_stream_once():
    frame = frames.parse('{"type": "unsubscribe", "streams": ["bell.north", "case.0190-a", "bell.north"]}')
    assert frame == frames.Unsubscribe(("bell.north", "case.0190-a"))


@pytest.mark.parametrize("name", ["", "bell", "bell.", ".north", "Bell.north", "bell.no rth", "bell.north\n", "bell.é"])
def test_a_malformed_name_is_refused(name: str):
    with pytest.raises(ValueError, match="not the name of a stream"):
        streams.signal(name)
