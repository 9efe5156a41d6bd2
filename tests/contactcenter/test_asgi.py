"""Who may open a socket at all, before any consumer is asked."""

import asyncio

import pytest
from asgiref.testing import ApplicationCommunicator

from contactcenter.asgi import websockets

OURS = "https://service.nordhem.example"


def knock(path: str, origin: str | None) -> dict[str, object]:
    """What the socket process first answers to a handshake."""

    async def scene() -> dict[str, object]:
        headers = [(b"origin", origin.encode())] if origin else []
        scope = {"type": "websocket", "path": path, "headers": headers, "query_string": b"", "subprotocols": []}
        visitor = ApplicationCommunicator(websockets([OURS]), scope)
        await visitor.send_input({"type": "websocket.connect"})
        answer = await visitor.receive_output()
        visitor.stop()
        return answer

    return asyncio.run(scene())


@pytest.mark.parametrize(
    "origin",
    [None, "https://evil.example", "http://service.nordhem.example", f"{OURS}:8443", f"{OURS}.evil.example", "null"],
)
def test_pages_from_elsewhere_open_no_socket(origin):
    assert knock("/sockets/desktop/", origin)["type"] == "websocket.close"


@pytest.mark.parametrize(
    "origin", ["https://[", "https://[::1", f"{OURS}:port", f"{OURS}:99999", "https://", "\x00", ":"]
)
def test_an_origin_that_cannot_be_read_is_refused_without_a_traceback(origin, caplog):
    assert knock("/sockets/desktop/", origin)["type"] == "websocket.close"
    assert caplog.records == []


def test_a_path_without_a_consumer_is_refused_without_a_traceback(caplog):
    assert knock("/nowhere/", OURS) == {"type": "websocket.close", "code": 4404}
    assert caplog.records == []


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/", 404), ("/admin/", 404)])
def test_the_socket_process_serves_no_pages(path, status):
    async def scene() -> int:
        asked = ApplicationCommunicator(websockets([OURS]), {"type": "http", "method": "GET", "path": path})
        await asked.send_input({"type": "http.request"})
        return (await asked.receive_output())["status"]

    assert asyncio.run(scene()) == status
