from datetime import timedelta

import pytest
from django.urls import reverse

from customers.models import Organisation
from desktop.models import Reading
from desktop.presenters.entry import Entry
from desktop.presenters.facts import Facts
from desktop.presenters.timeline import NewLine
from foundation import bus
from interactions.channel import ThreadHint
from interactions.domain.assign import assign
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.domain.status import add_tag, set_priority, set_status
from interactions.enums import CaseStatus, MessageKind, Priority
from interactions.models import Delivery
from routing.models import SlaPolicy
from tests.people import minutes

pytestmark = pytest.mark.django_db


def page_of(case) -> str:
    return reverse("desktop:case", args=[case.pk])


def entries(response) -> list[Entry]:
    return [item for item in response.context["timeline"].items if isinstance(item, Entry)]


def test_the_case_stands_between_its_list_and_its_customer(at_anas_desk, carlas_case):
    page = at_anas_desk.get(page_of(carlas_case))
    assert page.context["case"].number == carlas_case.number
    assert [entry.body.text for entry in entries(page)] == ["Where is my order?"]
    assert page.context["customer"].name == "Carla Nyström"
    assert page.context["composer"].to == "carla@post.example"
    assert page.context["inbox"].title == "My cases"


def test_it_opens_beside_the_list_it_was_chosen_from(at_anas_desk, carlas_case):
    at_anas_desk.get(reverse("desktop:cases"), {"box": "all", "chip": "unanswered"})
    page = at_anas_desk.get(page_of(carlas_case))
    assert page.context["inbox"].title == "All cases"
    assert [chip.look.value for chip in page.context["inbox"].chips if chip.chosen] == ["unanswered"]


def test_chosen_from_the_list_only_the_workspace_comes(at_anas_desk, carlas_case):
    part = at_anas_desk.part(page_of(carlas_case)).content.decode()
    assert 'id="workspace"' in part
    assert 'id="inbox"' not in part
    assert f"<title>#{carlas_case.number}" in part


def test_an_outsider_finds_neither_page_nor_parts(desk_of, cleo, carlas_case):
    desk = desk_of(cleo)
    for name in ("case", "head", "timeline"):
        response = desk.get(reverse(f"desktop:{name}", args=[carlas_case.pk]))
        assert response.status_code == 404
        assert "My order" not in response.content.decode()
    assert not Reading.objects.exists()


def test_what_came_since_the_last_look_is_marked_as_new_once(tuesday, at_anas_desk, carlas_case, writes):
    assert not any(
        isinstance(item, NewLine) for item in at_anas_desk.get(page_of(carlas_case)).context["timeline"].items
    )
    tuesday.advance(minutes(5))
    writes("carla@post.example", "Hello?", thread=ThreadHint(case=carlas_case.pk, proven=True, by="token"))
    listed = at_anas_desk.part(reverse("desktop:cases"), box="all").context["inbox"].lines
    assert [line.unread for line in listed] == [True]
    tuesday.advance(minutes(1))
    items = at_anas_desk.get(page_of(carlas_case)).context["timeline"].items
    new = next(place for place, item in enumerate(items) if isinstance(item, NewLine))
    assert [item.body.text for item in items[new:] if isinstance(item, Entry)] == ["Hello?"]
    tuesday.advance(minutes(1))
    again = at_anas_desk.get(page_of(carlas_case)).context["timeline"].items
    assert not any(isinstance(item, NewLine) for item in again)


def test_the_story_holds_the_customers_other_cases_but_not_those_of_foreign_queues(
    tuesday, at_anas_desk, carlas_case, writes, returns
):
    tuesday.advance(minutes(1))
    writes("carla@post.example", "A chair too, please.", subject="A chair")
    writes("carla@post.example", "Secret to Returns.", subject="A return", queue=returns.pk)
    page = at_anas_desk.get(page_of(carlas_case))
    assert [(entry.body.text, bool(entry.elsewhere)) for entry in entries(page)] == [
        ("Where is my order?", False),
        ("A chair too, please.", True),
    ]
    assert "Secret to Returns" not in page.content.decode()
    assert [past.subject for past in page.context["customer"].past] == ["A chair"]


def test_a_strangers_message_is_shown_with_a_warning(at_anas_desk, carlas_case, writes):
    writes("mallory@evil.example", "Send it to me.", thread=ThreadHint(case=carlas_case.pk, proven=True, by="token"))
    warned = [entry for entry in entries(at_anas_desk.get(page_of(carlas_case))) if entry.warning]
    assert [entry.body.text for entry in warned] == ["Send it to me."]
    assert at_anas_desk.get(page_of(carlas_case)).context["composer"].to == "carla@post.example"


def test_what_changed_stands_in_the_story_and_many_changes_are_folded(tuesday, at_anas_desk, carlas_case, ana):
    tuesday.advance(minutes(1))
    set_priority(carlas_case.pk, Priority.HIGH, agent=ana)
    add_tag(carlas_case.pk, "delivery", agent=ana)
    set_status(carlas_case.pk, CaseStatus.WAITING_INSIDE, agent=ana)
    facts = [
        item for item in at_anas_desk.get(page_of(carlas_case)).context["timeline"].items if isinstance(item, Facts)
    ]
    assert [line.words for line in facts[-1].lines][-3:] == [
        "Ana Lindqvist changed the priority from Normal to High",
        "Ana Lindqvist added the tag delivery",
        "Ana Lindqvist set the status to Waiting inside",
    ]
    assert facts[-1].folded


def test_a_long_story_is_read_page_by_page(tuesday, at_anas_desk, carlas_case, writes):
    for number in range(25):
        tuesday.advance(minutes(1))
        thread = ThreadHint(case=carlas_case.pk, proven=True, by="token")
        writes("carla@post.example", f"Message {number}", thread=thread)
    page = at_anas_desk.get(page_of(carlas_case))
    assert len(entries(page)) == 20
    earlier = at_anas_desk.get(page.context["timeline"].earlier_url)
    assert next(entry.body.text for entry in entries(earlier)) == "Where is my order?"
    assert len(entries(earlier)) == 6
    assert earlier.context["timeline"].earlier_url == ""


def test_a_key_account_is_seen_at_once(at_anas_desk, carlas_case, carla):
    carla.organisation = Organisation.objects.create(name="Nyström AB", key_account=True)
    carla.save()
    assert "Key account" in at_anas_desk.get(page_of(carlas_case)).content.decode()


def test_three_messages_cost_as_many_queries_as_one(at_anas_desk, carlas_case, writes, django_assert_num_queries):
    at_anas_desk.part(page_of(carlas_case))
    with django_assert_num_queries(15):
        at_anas_desk.part(page_of(carlas_case))
    for number in range(2):
        thread = ThreadHint(case=carlas_case.pk, proven=True, by="token")
        writes("carla@post.example", f"Message {number}", thread=thread)
        writes("carla@post.example", f"Elsewhere {number}", subject="Another")
    at_anas_desk.part(page_of(carlas_case))
    with django_assert_num_queries(15):
        at_anas_desk.part(page_of(carlas_case))


def test_an_acknowledgement_is_folded_until_something_is_wrong_with_it(at_anas_desk, carlas_case, mailbox):
    carla = Recipients(to=[{"name": "Carla", "address": "carla@post.example"}])
    sent = reply(
        carlas_case.pk, channel="email", recipients=carla, html="<p>We have it.</p>", kind=MessageKind.ACKNOWLEDGEMENT
    )  # fmt: skip
    folded = lambda: [entry.folded for entry in entries(at_anas_desk.get(page_of(carlas_case)))]  # noqa: E731
    assert folded() == [False, True]
    Delivery.objects.filter(message=sent).update(state="failed")
    assert folded() == [False, False]


def test_the_head_and_the_list_show_what_is_due_next(tuesday, at_anas_desk, carlas_case, ana):
    SlaPolicy.objects.create(name="Everyone", first_response=30, resolution=480)
    assign(carlas_case.pk, ana)
    bus.drain()
    page = at_anas_desk.get(page_of(carlas_case))
    assert page.context["case"].ring.what == "First answer"
    assert page.context["case"].ring.until == tuesday.moment + timedelta(minutes=30)
    (line,) = page.context["inbox"].lines
    assert line.ring.what == "First answer"
    assert "First answer" in at_anas_desk.part(reverse("desktop:head", args=[carlas_case.pk])).content.decode()
