"""A real Chromium for journeys: pages that fail a test on any console error, pictures, axe, and a running house."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from django.conf import settings as django_settings
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from contactcenter.asgi import websockets
from contactcenter.local.chromium import find
from contactcenter.local.ports import LOOPBACK

AXE = Path(django_settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = Path(django_settings.HOME) / "screens"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The proofs, which mostly wait, come first, so that the rest goes on beside them. Scenes in a browser come last:
    from the first one on, Playwright's event loop runs in this thread. Of these the pages, many and short, are the
    very end, so that no worker is alone with a long one.
    """
    items.sort(
        key=lambda item: (
            "chromium" in getattr(item, "fixturenames", ()),
            "proofs" not in item.path.parts,
            "look" in getattr(item, "fixturenames", ()),
        )
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("JOURNEYS") or find()
    if not path:
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail("CI requires the journeys and there is no Chromium")
        pytest.skip("there is no Chromium on this machine (make test installs one where it can)")
    # Playwright keeps an event loop in this thread; Django would take every query beside it for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser of its own (a person at a desk). What its console complains of fails the test."""
    contexts = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # Somebody was faster: an answer as meant, which Chromium itself writes down like a failure.
        if message.type == "error" and "status of 409 (Conflict)" not in message.text:
            complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def open_it(*, width: int = 1440, height: int = 900, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == [], "the browser's console complained"


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def picture() -> Callable[[Page, str], Path]:
    """Writes what the page shows to screens/<name>.png under the home folder."""

    def take(page: Page, name: str) -> Path:
        SCREENS.mkdir(parents=True, exist_ok=True)
        path = SCREENS / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """What axe finds wrong on the page, one line each. The scripts come by the browser's own door, so CSP holds.

    `colours`: only what depends on them, of a page that was looked at in others before.
    """

    def look(page: Page, *, colours: bool = False) -> list[str]:
        page.evaluate(AXE.read_text())
        rules = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}} if colours else {}
        found = page.evaluate("async (rules) => (await axe.run(rules)).violations", rules)
        return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]

    return look


@pytest.fixture
def house(live_server, settings, monkeypatch) -> Iterator[str]:
    """The address of the running product: pages by WSGI, websockets by uvicorn on a port of their own."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)  # no thread keeps one after its work
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = probe.getsockname()[1]
    web = live_server.url.rsplit(":", 1)[1]
    origins = [f"http://{name}:{web}" for name in ("localhost", LOOPBACK)]
    settings.SOCKETS_PORT, settings.SOCKET_ORIGINS = port, origins
    settings.PUBLIC_URL, settings.CSRF_TRUSTED_ORIGINS = origins[0], origins
    directives = dict(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
    directives["connect-src"] = [*directives["connect-src"], f"ws://localhost:{port}", f"ws://{LOOPBACK}:{port}"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}
    server = uvicorn.Server(
        uvicorn.Config(websockets(origins), host=LOOPBACK, port=port, lifespan="off", log_level="warning")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        thread.join(0.05)
    assert server.started
    yield live_server.url
    server.should_exit = True
    thread.join(10)
