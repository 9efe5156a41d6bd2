"""Ana at her desk: she answers by the pages of the product, and presses Send again when the page did not come back."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import requests
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils.crypto import get_random_string

from agents.models import Agent
from interactions.domain.deliver import resend
from interactions.enums import DeliveryState, Direction
from interactions.models import Case, Delivery, Message
from proofs.house import House
from proofs.sink import Sink

AGAIN = 0.3  # seconds


class Desk:
    """Answers `number` cases, one after the other in each of `hands` threads. `address_of` says to whom."""

    def __init__(
        self, house: House, ana: Agent, number: int, address_of: Callable[[int, Case], str], hands: int
    ) -> None:
        self.house = house
        self.ana = ana
        self.number = number
        self.address_of = address_of
        self.done = 0
        self.tries = 0
        self.refused: Counter[int] = Counter()  # by status; 503 while the database is away
        self.cookies = signed_in(ana)
        self.lock = threading.Lock()
        self.cases = self._cases()
        self.threads = [threading.Thread(target=self._work, daemon=True) for _ in range(hands)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def over(self) -> bool:
        return not any(thread.is_alive() for thread in self.threads)

    def _cases(self) -> Iterator[tuple[int, Case]]:
        """Cases as they appear, oldest first, each once."""
        seen: set[UUID] = set()
        while len(seen) < self.number:
            found = self.house.patiently(
                lambda: list(Case.objects.exclude(pk__in=seen).order_by("number").select_related("customer")[:20])
            )
            for case in found[: self.number - len(seen)]:
                seen.add(case.pk)
                yield len(seen), case
            if not found:
                time.sleep(AGAIN)

    def _work(self) -> None:
        session = requests.Session()
        session.cookies.update(self.cookies)
        session.headers.update({"X-CSRFToken": self.cookies[settings.CSRF_COOKIE_NAME], "HX-Request": "true"})
        while True:
            with self.lock:
                turn = next(self.cases, None)
            if turn is None:
                return
            self._answer(session, *turn)
            with self.lock:
                self.done += 1

    def _answer(self, session: requests.Session, turn: int, case: Case) -> None:
        """The same form, sent until somebody says that it was taken."""
        seen = self.house.patiently(
            lambda: Message.objects.filter(case=case, direction=Direction.INBOUND).latest("occurred_at", "id").pk
        )
        to = self.house.patiently(lambda: self.address_of(turn, case))
        fields = {
            "reply": f"<p>Answer {turn}: it comes on Thursday.</p>",
            "to": to,
            "cc": "",
            "first_time": to,  # she was told that nobody wrote there before
            "seen": str(seen),
            "submission": str(uuid4()),
        }
        address = self.house.url + reverse("desktop:replies", args=[case.pk])
        while True:
            self.tries += 1
            try:
                response = session.post(address, fields, timeout=20)
            except requests.RequestException:
                time.sleep(AGAIN)
                continue
            if response.status_code == 200:
                return
            self.refused[response.status_code] += 1
            time.sleep(AGAIN)


def send_again(sink: Sink, ana: Agent) -> int:
    """A person looks which of the unknown ones are not there, and sends these again; how many."""
    there = {key.partition(".")[0] for key in sink.copies}
    unknown = Delivery.objects.filter(state=DeliveryState.UNKNOWN).values_list("pk", flat=True)
    missing = [key for key in unknown if key.hex not in there]
    for key in missing:
        resend(key, ana)
    return len(missing)


def signed_in(ana: Agent) -> dict[str, str]:
    """The cookies of a browser in which she is."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(ana.pk), settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = ana.get_session_auth_hash()
    session.save()
    return {
        settings.SESSION_COOKIE_NAME: str(session.session_key),
        settings.CSRF_COOKIE_NAME: get_random_string(32),
    }
