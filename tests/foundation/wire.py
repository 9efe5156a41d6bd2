"""One end of a websocket, as a browser holds it, without a server between."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator


class Wire(ApplicationCommunicator):
    def __init__(self, application: Any, **scope: Any) -> None:
        super().__init__(application, {"type": "websocket", "path": "/sockets/", "headers": [], **scope})

    async def connect(self) -> None:
        await self.send_input({"type": "websocket.connect"})
        assert (await self.receive_output(timeout=5))["type"] == "websocket.accept"

    async def tell(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def say(self, **frame: object) -> dict[str, Any]:
        """Sends the frame; the next thing that is heard."""
        await self.tell(json.dumps(frame))
        return await self.hear()

    async def hear(self) -> dict[str, Any]:
        message = await self.receive_output(timeout=5)
        assert message["type"] == "websocket.send", message
        heard: dict[str, Any] = json.loads(message["text"])
        return heard

    async def closed(self) -> int:
        """The code with which the other end closes, whatever it says before."""
        while (message := await self.receive_output(timeout=5))["type"] == "websocket.send":
            pass
        assert message["type"] == "websocket.close"
        return int(message["code"])

    async def hang_up(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout=5)
