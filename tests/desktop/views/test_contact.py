"""Calls and visits logged by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse

from foundation.keys import new_key
from interactions.domain.timeline import customer_timeline
from interactions.domain.wait import wait
from interactions.enums import CaseStatus
from interactions.models import Case, Interaction, Message, Segment, WaitingRecord
from tests.people import A_TUESDAY

pytestmark = pytest.mark.django_db
LOG = reverse("desktop:contact")


@pytest.fixture
def logs(at_anas_desk, tuesday):
    """`logs(case=…)`: Ana's form as she fills it in."""

    def send(address: str = LOG, **fields):
        form = {
            "key": new_key(), "channel": "voice", "direction": "in", "started_at": "2026-03-10T08:30", "minutes": 12,
            "text": "She wants the legs on Friday.", "disposition": "promised", "status": "", **fields,
        }  # fmt: skip
        return at_anas_desk.post(address, form)

    return send


@pytest.fixture
def into_carlas_case(carlas_case) -> str:
    return f"{LOG}?case={carlas_case.pk}"


def test_a_call_stands_in_the_case_and_in_the_history_like_any_other(
    logs, at_anas_desk, into_carlas_case, carlas_case, ana
):
    before = carlas_case.unanswered_since
    assert logs(into_carlas_case).headers["Location"] == reverse("desktop:case", args=[carlas_case.pk])
    message = Message.objects.get(kind="log")
    contact = message.interaction
    assert (contact.channel, contact.direction, contact.disposition) == ("voice", "in", "promised")
    assert (contact.started_at, contact.ended_at - contact.started_at) == (
        A_TUESDAY - timedelta(minutes=30), timedelta(minutes=12),
    )  # fmt: skip
    segment = Segment.objects.get(interaction=contact)
    assert (segment.agent, segment.outcome, segment.ended_at) == (ana, "ended", contact.ended_at)
    assert message in customer_timeline(ana, carlas_case.customer_id).messages
    carlas_case.refresh_from_db()
    assert carlas_case.unanswered_since == before  # her mail still waits for an answer
    page = at_anas_desk.get(reverse("desktop:case", args=[carlas_case.pk]))
    assert "they came to us, 12 min, something promised" in page.content.decode()
    assert page.context["composer"].to == "carla@post.example"  # one answers her mail, not the call


def test_after_a_call_the_composer_still_writes_to_who_wrote_last(logs, into_carlas_case, at_anas_desk, carlas_case):
    logs(into_carlas_case, started_at="2026-03-10T09:00", minutes=0)
    newest = Message.objects.filter(case=carlas_case).order_by("occurred_at", "id").last()
    assert newest.kind == "log"
    page = at_anas_desk.get(reverse("desktop:case", args=[carlas_case.pk]))
    assert page.context["composer"].to == "carla@post.example"


def test_a_call_that_answered_the_customer_ends_what_waits(logs, into_carlas_case, carlas_case):
    wait(carlas_case.interactions.get(), carlas_case)
    logs(into_carlas_case, direction="out", answered="on", status="resolved", disposition="solved")
    carlas_case.refresh_from_db()
    assert (carlas_case.status, carlas_case.unanswered_since) == (CaseStatus.RESOLVED, None)
    assert not WaitingRecord.objects.filter(ended_at=None).exists()
    assert not Interaction.objects.filter(answered_at=None).exists()


def test_a_visit_of_somebody_unknown_opens_a_case(logs, orders, ana):
    logs(channel="visit", who="+46 70 123 45 67", queue=orders.pk, subject="Wants a lamp")
    case = Case.objects.get()
    assert (case.owner, case.subject, case.interactions.get().channel) == (ana, "Wants a lamp", "visit")
    assert case.customer.identities.get().value == "+46701234567"
    logs(who="070-123 45 67", queue=orders.pk, subject="Again")
    assert Case.objects.filter(customer=case.customer).count() == 2  # read as a Swedish number, as the queue is


def test_pressing_the_button_twice_logs_once(logs, orders, into_carlas_case):
    key = new_key()
    for _ in range(2):
        logs(into_carlas_case, key=key)
    assert Message.objects.filter(kind="log").count() == 1
    key = new_key()
    for _ in range(2):
        logs(key=key, who="new@post.example", queue=orders.pk, subject="Lamp")
    assert (Case.objects.count(), Message.objects.filter(kind="log").count()) == (2, 2)


def test_no_outcome_is_chosen_beforehand(at_anas_desk, into_carlas_case):
    page = at_anas_desk.get(into_carlas_case).content.decode()
    assert '<option value="" selected>Choose what it came to</option>' in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": " "}, "Write what was said"),
        ({"disposition": ""}, "Choose what it came to."),
        ({"started_at": "2026-03-11T09:00"}, "has not happened yet"),
        ({"started_at": "soon"}, "not a date"),
        ({"minutes": 5000}, "less than or equal"),
        ({"channel": "email"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_logged(logs, into_carlas_case, fields, words):
    refused = logs(into_carlas_case, **fields)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert (Message.objects.count(), Interaction.objects.count()) == (1, 1)


def test_a_person_without_an_address_or_a_foreign_queue_is_refused(logs, orders, returns):
    assert logs(who="somebody", queue=orders.pk, subject="x").status_code == 422
    assert logs(who="a@b.example", queue=returns.pk, subject="x").status_code == 422
    assert Case.objects.count() == 0


def test_an_outsider_logs_nothing_into_the_case(desk_of, cleo, into_carlas_case):
    assert desk_of(cleo).get(into_carlas_case).status_code == 404
    assert desk_of(cleo).post(into_carlas_case, {"text": "x"}).status_code == 404
    assert Message.objects.count() == 1
