import pytest
from django.urls import reverse

from interactions.channel import ThreadHint
from interactions.domain.forward import forward
from interactions.domain.note import add_note
from interactions.enums import DraftKind
from interactions.models import Delivery, Draft, Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]


@pytest.fixture
def page(at_anas_desk, carlas_case):
    """Ana's page for forwarding Carla's message: what she reads, and what she sends."""

    class Page:
        message = carlas_case.messages.get()
        address = f"{reverse('desktop:forwards', args=[carlas_case.pk])}?message={message.pk}"

        def opens(self):
            return at_anas_desk.get(self.address)

        def sends(self, headers=None, **fields):
            draft = self.opens().context["form"].initial["draft"]
            form = {"draft": draft, "to": "desk@freight.example", "comment": "Was it your truck?", **fields}
            return at_anas_desk.post(self.address, form, headers=headers)

    return Page()


def test_a_message_is_forwarded_after_a_warning_and_can_be_taken_back(page, at_anas_desk, carlas_case):
    warned = page.sends()
    assert warned.status_code == 409
    assert "First time to desk@freight.example" in warned.content.decode()
    assert "Was it your truck?" in warned.content.decode()
    assert not Delivery.objects.exists()
    sent = page.sends(first_time="desk@freight.example")
    assert sent.headers["Location"] == reverse("desktop:case", args=[carlas_case.pk])
    shown = at_anas_desk.get(sent.headers["Location"])
    assert "To a third party" in shown.content.decode()
    undo = shown.context["composer"].undo
    assert undo.to == "desk@freight.example"
    at_anas_desk.does(undo.url)
    assert Delivery.objects.get().state == "withdrawn"
    assert page.opens().context["form"].initial["comment"] == "Was it your truck?"


def test_what_is_wrong_is_said_and_nothing_leaves(page):
    for fields, words in (
        ({"to": "nobody"}, "not an e-mail address"),
        ({"comment": ""}, "Say what you want"),
        ({"to": "carla@post.example"}, "own address"),
    ):
        refused = page.sends(**fields)
        assert refused.status_code == 422
        assert words in refused.content.decode()
    assert not Delivery.objects.exists()
    assert Message.objects.count() == 1


def test_htmx_is_answered_with_the_form_in_its_place_and_in_the_end_with_where_to_go(page, at_anas_desk, carlas_case):
    part = {"HX-Request": "true"}
    warned = page.sends(headers=part)
    said = warned.content.decode()
    assert warned.status_code == 200  # an answer as asked for: no browser writes it down as a failure
    assert "First time to desk@freight.example" in said
    assert "Nothing was sent yet" in said
    assert "<html" not in said
    refused = page.sends(headers=part, to="nobody")
    assert (refused.status_code, "not an e-mail address" in refused.content.decode()) == (200, True)
    assert "Was it your truck?" in refused.content.decode()
    assert not Delivery.objects.exists()
    sent = page.sends(headers=part, first_time="desk@freight.example")
    assert sent.headers["HX-Redirect"] == reverse("desktop:case", args=[carlas_case.pk])
    assert Delivery.objects.count() == 1


def test_a_third_partys_answer_is_marked_and_is_not_whom_the_composer_writes_to(
    page, at_anas_desk, carlas_case, writes, ana
):
    forward(page.message, to=[{"name": "", "address": "desk@freight.example"}], comment="Was it you?", author=ana)
    writes("desk@freight.example", "Yes", thread=ThreadHint(case=carlas_case.pk, proven=True, by="token"))
    shown = at_anas_desk.get(reverse("desktop:case", args=[carlas_case.pk]))
    body = shown.content.decode()
    assert "The customer does not see it" in body
    assert "Answer them" in body
    assert shown.context["composer"].to == "carla@post.example"
    listed = at_anas_desk.get(reverse("desktop:cases"), {"box": "queues"}).content.decode()
    assert "desk@freight.example: Yes" in listed  # the list does not put it in the customer's mouth


def test_the_field_says_whether_one_asks_or_answers(page, at_anas_desk, carlas_case, writes, ana):
    assert page.opens().context["form"]["comment"].label == "What you want from them"
    forward(page.message, to=[{"name": "", "address": "desk@freight.example"}], comment="Was it you?", author=ana)
    proven = ThreadHint(case=carlas_case.pk, proven=True, by="token")
    theirs = writes("desk@freight.example", "Yes", thread=proven).message
    answering = at_anas_desk.get(f"{reverse('desktop:forwards', args=[carlas_case.pk])}?message={theirs.pk}")
    assert answering.context["form"]["comment"].label == "Your answer"
    assert "What you want from them" not in answering.content.decode()


def test_notes_and_other_cases_messages_are_not_forwarded(page, at_anas_desk, carlas_case, writes, ana):
    note = add_note(carlas_case.pk, author=ana, html="<p>Between us</p>")
    other = writes("dev@mail.example").message
    base = reverse("desktop:forwards", args=[carlas_case.pk])
    for key in (note.pk, other.pk, "x", ""):
        assert at_anas_desk.get(base, {"message": str(key)}).status_code == 404
    assert not Draft.objects.filter(kind=DraftKind.FORWARD).exists()


def test_an_outsider_forwards_nothing(desk_of, cleo, page):
    assert desk_of(cleo).get(page.address).status_code == 404
    assert desk_of(cleo).post(page.address, {"to": "x@y.example", "comment": "x"}).status_code == 404
    assert not Delivery.objects.exists()
