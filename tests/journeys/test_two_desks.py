"""Two agents at two real browsers share what comes in, by the keys and buttons that they have."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from interactions.domain.handle import open_load
from interactions.models import WaitingRecord
from routing.enums import OfferOutcome
from routing.models import Offer
from tests.journeys.test_live_desk import at_desk, live, meanwhile

__all__ = ["at_desk"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SECONDS = 1000
EVEN, UNEVEN = 12, 7  # mails


@pytest.fixture
def desks(at_desk, house, at_work, ana, ben) -> dict[str, Page]:
    """Both have signed in, each in a browser of their own, and are available."""
    pages = {}
    for agent in (ana, ben):
        page = pages[agent.username] = at_desk(agent)
        page.goto(house + reverse("desktop:cases"))
        page.get_by_role("button", name="Change status").click()
        page.get_by_role("button", name="Available", exact=True).click()
        expect(page.locator(".rail-state")).to_have_text("Available")
        live(page)
    return pages


def offered_to(page: Page) -> str:
    """The subject of the offer that appears on this screen without reloading."""
    offer = page.locator(".offer-what [title]")
    expect(offer).to_be_visible(timeout=10 * SECONDS)
    return offer.inner_text()


def accept(page: Page, subject: str) -> None:
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name=subject, exact=True)).to_be_visible(timeout=10 * SECONDS)
    expect(page.locator(".offer")).to_have_count(0)


def resolve(page: Page) -> None:
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible(timeout=10 * SECONDS)


def worked_off() -> None:
    """What the two did is followed up, as the workers of a running product do."""
    meanwhile(lambda: None)


def accepted(agent) -> int:
    return Offer.objects.filter(agent=agent, outcome=OfferOutcome.ACCEPTED).count()


def test_at_the_same_pace_they_share_evenly_and_nothing_is_offered_to_both(desks, writes, ana, ben):
    for first in range(0, EVEN, 2):

        def two_come(first: int = first) -> None:
            for number in (first, first + 1):
                writes(f"guest{number}@post.example", subject=f"Mail {number}")

        meanwhile(two_come)
        seen = {name: offered_to(page) for name, page in desks.items()}
        assert set(seen.values()) == {f"Mail {first}", f"Mail {first + 1}"}
        for name, page in desks.items():
            accept(page, seen[name])
            resolve(page)
        worked_off()

    assert accepted(ana) + accepted(ben) == Offer.objects.count() == EVEN
    assert abs(accepted(ana) - accepted(ben)) <= 1


def test_with_one_at_half_pace_nobody_is_idle_while_mail_waits(desks, writes, ana, ben):
    def all_come() -> None:
        for number in range(UNEVEN):
            writes(f"guest{number}@post.example", subject=f"Mail {number}")

    meanwhile(all_come)
    turn = 0
    while Offer.objects.open().exists():
        turn += 1
        for agent in (ana, ben) if turn % 2 else (ana,):
            page = desks[agent.username]
            if Offer.objects.open().filter(agent=agent).exists():
                accept(page, offered_to(page))
                if turn > 1:
                    resolve(page)
        worked_off()
        loads = open_load([ana.pk, ben.pk], "email")
        if WaitingRecord.objects.filter(ended_at=None).exclude(offers__outcome=OfferOutcome.OPEN).exists():
            for agent in (ana, ben):
                busy = loads[agent.pk] == 3 or Offer.objects.open().filter(agent=agent).exists()
                assert busy, f"{agent} is idle while mail waits"

    assert not WaitingRecord.objects.filter(ended_at=None).exists()
    assert accepted(ana) + accepted(ben) == Offer.objects.count() == UNEVEN
    assert accepted(ana) > accepted(ben) >= 1
