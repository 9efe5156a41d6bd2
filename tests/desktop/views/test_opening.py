"""Writing first."""

import pytest
from django.urls import reverse

from channels_email.models import Mailbox
from customers.domain.edit import set_consent
from customers.domain.merge import merge
from customers.enums import Purpose
from customers.models import Customer
from foundation.keys import new_key
from interactions.domain.deliver import deliver
from interactions.enums import CaseStatus
from interactions.models import Case, Delivery, Draft
from tests.channels_email.servers import event_loop_thread, sink
from tests.desktop.conftest import told
from tests.interactions.domain.test_receive import in_threads

__all__ = ["event_loop_thread", "sink"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]
NEW = reverse("desktop:opening")


@pytest.fixture
def opens(at_anas_desk, orders):
    """`opens("new@post.example")`: Ana's form as she fills it in, sent."""

    def send(to: str, *, subject: str = "Your table", key=None, **fields):
        form = {"key": key or new_key(), "to": to, "subject": subject, "queue": orders.pk, **fields}
        return at_anas_desk.post(NEW, form)

    return send


def test_an_agent_writes_to_a_new_address_and_it_leaves_in_the_queues_name(opens, at_anas_desk, ana, tuesday, sink):
    case = Case.objects.get(pk=opens("new@post.example").headers["Location"].split("/")[-2])
    assert (case.owner, case.status, case.subject) == (ana, CaseStatus.OPEN, "Your table")
    assert case.customer.identities.get().value == "new@post.example"
    view = at_anas_desk.get(reverse("desktop:case", args=[case.pk])).context["composer"]
    assert (view.to, view.first_time) == ("new@post.example", ["new@post.example"])
    form = {
        "kind": "reply", "to": view.to, "cc": "", "reply_draft": view.reply_draft, "reply_version": view.reply_version,
        "reply": "<p>Your table is here.</p>", "first_time": "new@post.example", "submission": view.submission,
    }  # fmt: skip
    sent = at_anas_desk.does(reverse("desktop:replies", args=[case.pk]), **form)
    assert sent.context["composer"].undo.to == "new@post.example"
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.message.interaction.direction) == ("held", "out")
    undone = at_anas_desk.does(sent.context["composer"].undo.url)
    assert undone.context["composer"].reply_html == "<p>Your table is here.</p>"
    assert undone.context["composer"].to == "new@post.example"
    view = undone.context["composer"]
    form |= {name: getattr(view, name) for name in ("reply_draft", "reply_version", "submission")}
    assert told(at_anas_desk.does(reverse("desktop:replies", args=[case.pk]), **form), "changed")
    held = Delivery.objects.get(state="held")
    tuesday.moment = held.due_at
    assert deliver(held.pk).state == "sent"
    (mail,) = sink.mails()
    assert (mail["To"], mail["Subject"]) == ("new@post.example", f"Your table [#{case.number}]")
    assert "hello@nordhem.example" in mail["From"]
    again = at_anas_desk.get(reverse("desktop:case", args=[case.pk])).context["composer"]
    assert again.to == "new@post.example"  # who was written to first is whom the next letter is for


def test_pressing_the_button_twice_opens_one_case(opens):
    key = new_key()
    assert (
        opens("new@post.example", key=key).headers["Location"] == opens("new@post.example", key=key).headers["Location"]
    )
    assert (Case.objects.count(), Customer.objects.count(), Draft.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"to": "nobody"}, "not an e-mail address"),
        ({"to": "hello@nordhem.example"}, "our own"),
        ({"to": ""}, "Write the address"),
        ({"to": "new@post.example", "subject": ""}, "needs a subject"),
    ],
)
def test_what_cannot_be_is_said_and_opens_nothing(opens, fields, words):
    response = opens(**fields)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert (Case.objects.count(), Customer.objects.count()) == (0, 0)


def test_one_writes_only_from_queues_that_one_may_see_and_that_have_a_sender(opens, at_anas_desk, returns, orders):
    Mailbox.objects.create(address="returns@nordhem.example", queue=returns)
    page = at_anas_desk.get(NEW).content.decode()
    assert "hello@nordhem.example" in page
    assert "returns@nordhem.example" not in page
    assert opens("new@post.example", queue=returns.pk).status_code == 422
    assert Case.objects.count() == 0
    Mailbox.objects.all().delete()
    assert "has a mailbox" in at_anas_desk.get(NEW).content.decode()
    assert opens("new@post.example").status_code == 422


def test_under_a_colleagues_key_nothing_is_opened_or_shown(opens, carlas_case):
    assert opens("new@post.example", key=carlas_case.pk).status_code == 404
    assert Case.objects.count() == 1
    assert not Draft.objects.exists()


def test_a_customer_is_written_to_at_the_address_that_works(opens, at_anas_desk, carla, dev, sol):
    merge(dev.pk, carla.pk, agent=sol.pk)
    carla.identities.update(bounced_at=carla.created_at)
    set_consent(carla.pk, "email", Purpose.SERVICE, granted=False, source="wrote STOP", agent=sol.pk)
    page = at_anas_desk.get(NEW, {"customer": str(carla.pk)})
    assert page.context["addresses"] == ["dev@mail.example", "carla@post.example"]
    assert "does not allow e-mail" in page.content.decode()
    opens("dev@mail.example", customer=carla.pk)
    assert Case.objects.get().customer == dev  # and stays his when the merge is undone


@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_the_same_moment_opens_one_case_and_answers_both_alike(desk_of, ana, orders):
    form = {"key": new_key(), "to": "new@post.example", "subject": "Your table", "queue": orders.pk}
    answers, errors = in_threads(4, lambda _: desk_of(ana).post(NEW, form))
    assert errors == []
    assert {answer.headers["Location"] for answer in answers} == {reverse("desktop:case", args=[form["key"]])}
    assert [line["address"] for line in Draft.objects.get().to] == ["new@post.example"]
