"""How long it takes from the last byte of a stranger's mail until its offer is on the screen of a signed-in agent.

The whole product runs as in production, in a house of its own: the mail goes in by SMTP, the agent's browser is played
by a websocket that hears that something changed and an HTTP client that then fetches the offers, as the page does.
"""

from __future__ import annotations

import json
import re
import smtplib
import statistics
import time
from typing import Any

import requests
from django.conf import settings
from django.urls import reverse
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from agents.enums import PresenceStatus
from agents.models import Capacity, Presence
from foundation import clock
from interactions.enums import ChannelName
from proofs.customers import mail
from proofs.desk import signed_in
from proofs.house import NEEDED, House, load
from proofs.visit import in_a_house
from proofs.world import SHOP, make_world

MAILS = 30
LIMIT = 2.0  # seconds; the aim of the product
TOO_LONG = 30.0


def run() -> dict[str, Any]:
    (found,) = in_a_house(["benchmarks.mail_to_offer"], 1.0, settings.HOME / "house")
    return found


def prove(house: House, scale: float) -> dict[str, Any]:
    ana, _ = make_world()
    Presence.objects.update_or_create(
        agent=ana, defaults={"status": PresenceStatus.AVAILABLE, "started_at": clock.now()}
    )
    Capacity.objects.update_or_create(agent=ana, channel=ChannelName.EMAIL, defaults={"limit": 100})
    house.start(needed=(*NEEDED, "sockets"))
    cookies = signed_in(ana)
    with _socket(house, cookies) as socket, requests.Session() as browser:
        browser.cookies.update(cookies)
        socket.send(json.dumps({"type": "subscribe", "streams": [f"agent.{ana.pk}"]}))
        _offered_after(house, socket, browser, 0)  # everything has been used once
        took = sorted(_offered_after(house, socket, browser, number) for number in range(1, round(MAILS * scale) + 1))
    return {
        "p50_s": round(statistics.median(took), 3),
        "p95_s": round(statistics.quantiles(took, n=20)[-1], 3),
        "longest_s": round(took[-1], 3),
        "limit_s": LIMIT,
        "holds": took[-1] <= LIMIT,
        "mails": len(took),
        "load": load(),
    }


def _socket(house: House, cookies: dict[str, str]) -> ClientConnection:
    address = f"ws://127.0.0.1:{house.ports.sockets}/sockets/desktop/"
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    deadline = time.monotonic() + TOO_LONG
    while True:
        house.tick()
        try:
            return connect(address, additional_headers=headers, origin=house.url, open_timeout=TOO_LONG)  # type: ignore[arg-type]
        except (OSError, InvalidStatus, ConnectionClosed):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _offered_after(house: House, socket: ClientConnection, browser: requests.Session, number: int) -> float:
    """Seconds from the server's 250 until the offer is there; it is accepted then, so that the next one can come."""
    _send(house, number)
    began = time.monotonic()
    offers = house.url + reverse("desktop:offers")
    while time.monotonic() - began < TOO_LONG:
        page = browser.get(offers, headers={"HX-Request": "true"}, timeout=TOO_LONG).text
        if f"Order {number}<" in page:
            took = time.monotonic() - began
            (accept,) = re.findall(r'"(/offers/[0-9a-f-]+/acceptance/)"', page)
            token = {"X-CSRFToken": browser.cookies[settings.CSRF_COOKIE_NAME], "HX-Request": "true"}
            browser.post(house.url + accept, headers=token, timeout=TOO_LONG).raise_for_status()
            return took
        house.tick()
        try:
            socket.recv(timeout=TOO_LONG)
        except TimeoutError:
            break
    raise AssertionError(f"the mail {number} was not offered within {TOO_LONG:.0f} s")


def _send(house: House, number: int) -> None:
    deadline = time.monotonic() + TOO_LONG
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", house.ports.smtp, timeout=TOO_LONG) as client:
                client.sendmail("customer@post.example", [f"support@{SHOP}"], mail(number, f"support@{SHOP}"))
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
