"""Websockets only: pages and webhooks are served by WSGI, which answers several times as many requests."""

import os
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
get_asgi_application()  # sets Django up, which the consumers' modules need; itself it serves nothing here

from contactcenter.urls import websocket_urlpatterns  # noqa: E402 - after Django is set up

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def no_such_socket(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Refuses the handshake (403); without it a wrong path would be an error of ours, with a traceback."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


async def no_pages_here(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Says over plain HTTP that the process is alive, and nothing else."""
    alive = scope["path"] == "/healthz"
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200 if alive else 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"alive\n" if alive else b""})


class ExactOrigin(OriginValidator):
    """Refuses (403) also an origin that cannot be read at all, on which the parent stumbles."""

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if all(_is_address(value) for name, value in scope.get("headers", []) if name == b"origin"):
            await super().__call__(scope, receive, send)
        else:
            await no_such_socket(scope, receive, send)


def _is_address(origin: bytes) -> bool:
    try:
        parts = urlsplit(origin.decode("latin1"))
        return parts.hostname is not None and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def websockets(origins: list[str]) -> ProtocolTypeRouter:
    """The sockets for pages from exactly these origins, each with the page's session."""
    routes = URLRouter([*websocket_urlpatterns, re_path("", no_such_socket)])
    return ProtocolTypeRouter({"http": no_pages_here, "websocket": ExactOrigin(AuthMiddlewareStack(routes), origins)})


application = websockets(settings.SOCKET_ORIGINS)
