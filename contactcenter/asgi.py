"""Websockets only: pages and webhooks are served by WSGI, which answers several times as many requests."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
get_asgi_application()  # sets Django up, which the consumers' modules need; itself it serves nothing here

from contactcenter.urls import websocket_urlpatterns  # noqa: E402 - after Django is set up


def websockets(origins: list[str]) -> ProtocolTypeRouter:
    """The sockets for pages from exactly these origins, each with the page's session."""
    return ProtocolTypeRouter(
        {"websocket": OriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)), origins)},
    )


application = websockets(settings.SOCKET_ORIGINS)
