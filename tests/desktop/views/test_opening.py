"""Writing first."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from channels_email.models import Mailbox
from customers.domain.edit import set_consent
from customers.domain.merge import merge
from customers.enums import Purpose
from customers.models import Customer
from foundation.keys import new_key
from interactions.domain.deliver import deliver
from interactions.domain.draft import save_draft
from interactions.domain.open import discard_opened
from interactions.domain.recipients import Recipients
from interactions.enums import CaseStatus, DraftKind
from interactions.models import Attachment, Case, Delivery, Draft
from tests.channels_email.servers import event_loop_thread, sink
from tests.desktop.conftest import told
from tests.interactions.domain.test_receive import in_threads

__all__ = ["event_loop_thread", "sink"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]
NEW = reverse("desktop:opening")


class Page:
    """The page of a letter that Ana begins: what its composer sends, without a browser."""

    def __init__(self, desk, address: str) -> None:
        self.desk, self.address = desk, address
        self.key, self.letter = address.split("/")[2], address.partition("?")[2]

    def at(self, what: str, *more: str) -> str:
        return f"{reverse(f'desktop:{what}', args=[self.key, *more])}?{self.letter}"

    def composer(self):
        return self.desk.get(self.address).context["composer"]

    def saves(self, html: str, version: int = 0, to: str = "new@post.example"):
        return self.desk.post(self.at("drafts", "reply"), {"html": html, "version": version, "to": to})

    def attaches(self):
        return self.desk.post(self.at("files"), {"kind": "reply", "file": SimpleUploadedFile("plan.txt", b"A table")})

    def sends(self, words: str, view=None, **fields):
        view = view or self.composer()
        form = {
            "kind": "reply", "to": view.to, "cc": "", "reply_draft": view.reply_draft,
            "reply_version": view.reply_version, "reply": words, "submission": view.submission, **fields,
        }  # fmt: skip
        return self.desk.does(self.at("replies"), **form)


@pytest.fixture
def opens(at_anas_desk, orders):
    """`opens("new@post.example")`: Ana's form as she fills it in, sent."""

    def send(to: str, *, subject: str = "Your table", key=None, **fields):
        form = {"key": key or new_key(), "to": to, "subject": subject, "queue": orders.pk, **fields}
        return at_anas_desk.post(NEW, form)

    return send


@pytest.fixture
def begins(opens, at_anas_desk):
    """`begins("new@post.example")`: the page on which Ana writes to this address."""
    return lambda to, **fields: Page(at_anas_desk, opens(to, **fields).headers["Location"])


def test_an_agent_writes_to_a_new_address_and_it_leaves_in_the_queues_name(begins, at_anas_desk, ana, tuesday, sink):
    page = begins("new@post.example")
    view = page.composer()
    assert (view.to, view.first_time) == ("new@post.example", ["new@post.example"])
    sent = page.sends("<p>Your table is here.</p>", first_time="new@post.example")
    case = Case.objects.get()
    assert sent.headers["HX-Redirect"] == reverse("desktop:case", args=[case.pk])
    assert (case.owner, case.status, case.subject) == (ana, CaseStatus.WAITING_CUSTOMER, "Your table")
    assert case.customer.identities.get().value == "new@post.example"
    shown = at_anas_desk.get(sent.headers["HX-Redirect"]).context["composer"]
    assert shown.undo.to == "new@post.example"
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.message.interaction.direction) == ("held", "out")
    undone = at_anas_desk.does(shown.undo.url)
    view = undone.context["composer"]
    assert (view.reply_html, view.to) == ("<p>Your table is here.</p>", "new@post.example")
    form = {"kind": "reply", "to": view.to, "cc": "", "reply": "<p>Your table is here.</p>"}
    form |= {name: getattr(view, name) for name in ("reply_draft", "reply_version", "submission")}
    form["first_time"] = "new@post.example"
    assert told(at_anas_desk.does(reverse("desktop:replies", args=[case.pk]), **form), "changed")
    held = Delivery.objects.get(state="held")
    tuesday.moment = held.due_at
    assert deliver(held.pk).state == "sent"
    (mail,) = sink.mails()
    assert (mail["To"], mail["Subject"]) == ("new@post.example", f"Your table [#{case.number}]")
    assert "hello@nordhem.example" in mail["From"]
    again = at_anas_desk.get(reverse("desktop:case", args=[case.pk])).context["composer"]
    assert again.to == "new@post.example"  # who was written to first is whom the next letter is for


def test_a_letter_begun_and_left_without_a_word_leaves_nothing(begins, at_anas_desk):
    page = begins("new@post.example")
    page.composer()
    assert page.saves("").json() == {"version": 0, "draft": ""}
    assert page.saves("<p> </p>").json() == {"version": 0, "draft": ""}
    refused = page.sends("")
    assert (refused.status_code, refused.context["composer"].error) == (422, "The letter is empty.")
    assert at_anas_desk.does(page.at("discarding")).headers["HX-Redirect"] == reverse("desktop:cases")
    assert (Case.objects.count(), Customer.objects.count(), Draft.objects.count()) == (0, 0, 0)


def test_the_first_words_open_the_case_and_without_them_it_is_gone_again(begins, at_anas_desk, ana):
    page = begins("new@post.example")
    kept = page.saves("<p>Your</p>").json()
    case = Case.objects.get()
    assert (case.owner, case.drafts.get().html, kept["version"]) == (ana, "<p>Your</p>", 1)
    assert at_anas_desk.get(page.address).headers["Location"] == reverse("desktop:case", args=[case.pk])
    assert page.saves("", version=1).json() == {"version": 0, "draft": ""}
    assert not Case.objects.exists()
    assert page.saves("<p>Our</p>").json()["version"] == 1
    sent = page.sends("<p>Our table</p>", at_anas_desk.get(page.address, follow=True).context["composer"],
                      first_time="new@post.example")  # fmt: skip
    assert sent.headers["HX-Redirect"]
    assert page.saves("", version=1).status_code == 409  # what was sent is there, whatever an old page says
    assert Case.objects.get().messages.get().text == "Our table"


def test_a_file_opens_the_case_too_and_both_are_thrown_away_together(begins, at_anas_desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    page = begins("new@post.example")
    assert page.attaches().status_code == 200
    case = Case.objects.get()
    assert [line["address"] for line in case.drafts.get().to] == ["new@post.example"]
    assert page.saves("").status_code == 200
    assert Attachment.objects.count() == 1
    shown = at_anas_desk.get(reverse("desktop:case", args=[case.pk])).context["composer"]
    assert at_anas_desk.does(shown.discard_url).headers["HX-Redirect"] == reverse("desktop:cases")
    assert (Case.objects.count(), Draft.objects.count(), Attachment.objects.count()) == (0, 0, 0)


def test_what_was_said_or_is_a_colleagues_is_not_thrown_away(at_anas_desk, begins, carlas_case, ben):
    assert at_anas_desk.get(reverse("desktop:case", args=[carlas_case.pk])).context["composer"].discard_url == ""
    at_anas_desk.does(reverse("desktop:discarding", args=[carlas_case.pk]))
    page = begins("new@post.example")
    page.saves("<p>Mine</p>")
    case = Case.objects.get(pk=page.key)
    save_draft(case, ben, DraftKind.NOTE, html="<p>His</p>", version=0, recipients=Recipients())
    at_anas_desk.does(page.at("discarding"))
    assert set(Case.objects.all()) == {carlas_case, case}
    assert Draft.objects.count() == 2


def test_a_letter_is_its_writers_alone_and_nothing_in_it_can_be_changed(begins, desk_of, ben, returns):
    page = begins("new@post.example")
    assert desk_of(ben).get(page.address).status_code == 404
    for address in (page.at("drafts", "reply").replace("letter=", "letter=x"), page.at("drafts", "reply")):
        assert desk_of(ben).post(address, {"html": "<p>x</p>", "version": 0}).status_code == 404
    assert page.desk.get(page.address.replace("letter=", "letter=x")).status_code == 404
    assert not Case.objects.exists()


def test_pressing_the_button_twice_opens_one_case(begins):
    key = new_key()
    first, second = (begins("new@post.example", key=key) for _ in range(2))
    first.saves("<p>x</p>")
    assert second.saves("<p>y</p>").status_code == 409
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


def test_under_the_key_of_another_case_nothing_is_opened_or_shown(begins, writes, returns):
    foreign = writes("dev@mail.example", queue=returns.pk).message.case
    page = begins("new@post.example", key=foreign.pk)
    assert page.saves("<p>x</p>").status_code == 404
    assert page.sends("<p>x</p>").status_code == 404
    assert list(Case.objects.all()) == [foreign]
    assert not Draft.objects.exists()


def test_a_customer_is_written_to_at_the_address_that_works(begins, at_anas_desk, carla, dev, sol):
    merge(dev.pk, carla.pk, agent=sol.pk)
    carla.identities.update(bounced_at=carla.created_at)
    set_consent(carla.pk, "email", Purpose.SERVICE, granted=False, source="wrote STOP", agent=sol.pk)
    page = at_anas_desk.get(NEW, {"customer": str(carla.pk)})
    assert page.context["addresses"] == ["dev@mail.example", "carla@post.example"]
    assert "does not allow e-mail" in page.content.decode()
    begins("dev@mail.example", customer=carla.pk).saves("<p>Dear Dev</p>")
    assert Case.objects.get().customer == dev  # and stays his when the merge is undone


@pytest.mark.django_db(transaction=True)
def test_the_first_words_four_times_at_the_same_moment_open_one_case(begins, desk_of, ana):
    page = begins("new@post.example")
    answers, errors = in_threads(4, lambda _: Page(desk_of(ana), page.address).saves("<p>Your table</p>"))
    assert errors == []
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert [line["address"] for line in Draft.objects.get().to] == ["new@post.example"]
    assert Case.objects.get().changes.filter(kind="opened").count() == 1


@pytest.mark.django_db(transaction=True)
def test_words_and_their_going_away_at_the_same_moment_lose_no_word(begins, at_anas_desk, ana):
    """Either the case stands with the words, or they were refused and are still on the page."""
    page = begins("new@post.example")
    page.saves("<p>First</p>")
    case = Case.objects.get()
    save_draft(case, ana, DraftKind.REPLY, html="", version=1, recipients=Recipients())

    def act(number: int) -> bool:
        if number:
            return discard_opened(case.pk, ana)
        save_draft(case, ana, DraftKind.REPLY, html="<p>Second</p>", version=2, recipients=Recipients())
        return True

    _, errors = in_threads(2, act)
    if errors:
        assert not Case.objects.exists()
    else:
        assert Case.objects.get().drafts.get().html == "<p>Second</p>"
