"""Ana at her desk: she answers by the pages of the product, and presses Send again when the page did not come back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from uuid import UUID

import requests
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils.crypto import get_random_string

from agents.models import Agent
from interactions.enums import Direction
from interactions.models import Case, Draft, Message
from proofs.house import House

AGAIN = 0.3  # seconds
SENT_ALREADY = "already sent"


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
        self.cookies = _signed_in(ana)
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
        to, html = self.address_of(turn, case), f"<p>Answer {turn}: it comes on Thursday.</p>"
        kept = False
        while True:
            self.tries += 1
            try:
                if not kept:
                    self._save_draft(session, case, html, to)
                    kept = True
                draft = self.house.patiently(lambda: Draft.objects.filter(case=case, agent=self.ana).first())
                if draft is None:
                    return  # it was sent, and only the answer to that was lost
                if self._send(session, case, draft, html, to):
                    return
            except requests.RequestException:
                pass
            time.sleep(AGAIN)

    def _save_draft(self, session: requests.Session, case: Case, html: str, to: str) -> None:
        address = self.house.url + reverse("desktop:drafts", args=[case.pk, "reply"])
        response = session.post(address, {"html": html, "version": 0, "to": to, "cc": ""}, timeout=20)
        if response.status_code not in {200, 409}:  # 409: kept already, the answer to that was lost
            raise requests.RequestException(str(response.status_code))

    def _send(self, session: requests.Session, case: Case, draft: Draft, html: str, to: str) -> bool:
        seen = self.house.patiently(
            lambda: Message.objects.filter(case=case, direction=Direction.INBOUND).latest("occurred_at", "id").pk
        )
        fields = {
            "reply": html,
            "to": to,
            "cc": "",
            "seen": str(seen),
            "reply_draft": str(draft.pk),
            "reply_version": draft.version,
        }
        address = self.house.url + reverse("desktop:replies", args=[case.pk])
        response = session.post(address, fields, timeout=20)
        return response.status_code == 200 or (response.status_code == 409 and SENT_ALREADY in response.text)


def _signed_in(ana: Agent) -> dict[str, str]:
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(ana.pk), settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = ana.get_session_auth_hash()
    session.save()
    return {
        settings.SESSION_COOKIE_NAME: str(session.session_key),
        settings.CSRF_COOKIE_NAME: get_random_string(32),
    }
