import json

import pytest
from django.urls import reverse

from foundation import bus
from routing.models import Offer
from tests.desktop.conftest import told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]
OFFERS = reverse("desktop:offers")


@pytest.fixture
def offered(ana, at_work, writes):
    at_work(ana)
    case = writes("carla@post.example", name="Carla Nyström").message.case
    bus.drain(raising=False)
    return Offer.objects.get(case=case)


def test_an_offer_says_who_wants_what_and_why_it_is_ones_turn(offered, at_anas_desk):
    (card,) = at_anas_desk.part(OFFERS).context["offers"].cards
    assert (card.name, card.subject, card.queue) == ("Carla Nyström", "My order", "Orders")
    assert card.why == "you are the only one free"
    assert card.until == offered.expires_at


def test_accepted_the_case_is_mine_and_opens(offered, at_anas_desk, ana):
    (card,) = at_anas_desk.part(OFFERS).context["offers"].cards
    response = at_anas_desk.does(card.accept_url)
    offered.case.refresh_from_db()
    assert offered.case.owner == ana
    assert f"agent.{ana.pk}" in told(response, "changed")
    assert at_anas_desk.part(OFFERS).context["offers"].cards == []
    assert response.headers["HX-Redirect"] == reverse("desktop:case", args=[offered.case_id])


def test_accepted_on_a_case_page_it_opens_in_place(offered, at_anas_desk):
    address = reverse("desktop:acceptance", args=[offered.pk])
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/cases/"}
    response = at_anas_desk.post(address, headers=headers)
    assert "#workspace" in response.headers["HX-Location"]
    assert f"agent.{offered.agent_id}" in json.loads(response.headers["HX-Trigger"])["changed"]


def test_declined_it_is_gone_from_my_screen(offered, at_anas_desk):
    (card,) = at_anas_desk.part(OFFERS).context["offers"].cards
    assert at_anas_desk.does(card.decline_url).context["offers"].cards == []
    offered.refresh_from_db()
    assert offered.outcome == "declined"


def test_an_offer_that_is_over_says_so_and_takes_nothing(offered, at_anas_desk, ben):
    (card,) = at_anas_desk.part(OFFERS).context["offers"].cards
    at_anas_desk.does(card.decline_url)
    response = at_anas_desk.does(card.accept_url)
    assert "somebody else" in told(response, "toast")
    offered.case.refresh_from_db()
    assert offered.case.owner is None


def test_nobody_sees_or_answers_the_offers_of_others(offered, desk_of, ben):
    desk = desk_of(ben)
    assert desk.part(OFFERS).context["offers"].cards == []
    assert desk.does(reverse("desktop:acceptance", args=[offered.pk])).status_code == 404
    assert desk.does(reverse("desktop:refusal", args=[offered.pk])).status_code == 404
    offered.refresh_from_db()
    assert offered.is_open
