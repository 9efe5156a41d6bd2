"""The administration's pages about mail: seen by administrators alone, safe whatever the mail, in few queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from channels_email.domain.process import process
from channels_email.domain.take_in import Origin, take_in
from channels_email.enums import Door
from channels_email.models import Mailbox, RawEmail, Reprocessing
from desktop.presenters.administration.mail_in import STATE
from desktop.presenters.words import DELIVERY
from foundation import bus
from foundation.heartbeat import beat
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.enums import DeliveryState
from interactions.models import Delivery, DeliveryRecipient
from tests.channels_email.letters import letter

pytestmark = pytest.mark.django_db
LEDGER = reverse("desktop:mail_in")
OUT = reverse("desktop:mail_out")


@pytest.fixture
def comes(mailbox):
    def come(text: str = "Where is it?", *, number: int = 1, content: bytes | None = None) -> RawEmail:
        mail = letter(text, to=mailbox.address, message_id=f"<{number}@post.example>")
        raw = take_in(content if content is not None else mail.as_bytes(), Origin(door=Door.SMTP), announce=False)
        process(raw.pk)
        raw.refresh_from_db()
        return raw

    return come


@pytest.fixture
def answered(ana, carlas_case):
    def answer(state: str = "queued") -> Delivery:
        to = Recipients(to=[{"name": "", "address": "carla@post.example"}])
        message = reply(carlas_case.pk, channel="email", recipients=to, html="<p>Soon.</p>", author=ana, undo_seconds=0)
        Delivery.objects.filter(message=message).update(state=state)
        return Delivery.objects.get(message=message)

    return answer


def test_everybody_else_finds_none_of_these_pages(desk_of, ana, sol, comes, answered):
    raw, delivery = comes(), answered()
    for agent in (ana, sol):
        desk = desk_of(agent)
        for address in (
            LEDGER,
            OUT,
            reverse("desktop:mail", args=[raw.pk]),
            reverse("desktop:mail_source", args=[raw.pk]),
            reverse("desktop:delivery", args=[delivery.pk]),
            reverse("desktop:mailboxes"),
            reverse("desktop:mailbox_new"),
        ):
            assert desk.get(address).status_code == 404, address
        assert desk.does(reverse("desktop:mail_processing_all")).status_code == 404
    assert not Reprocessing.objects.exists()


def test_the_ledger_shows_what_came_and_that_it_adds_up(desk_of, ada, comes):
    comes()
    comes(number=2, content=b"")
    page = desk_of(ada).get(LEDGER)
    view = page.context["ledger"]
    assert (view.received, view.again, view.differences) == (2, 1, [])
    assert [line.state.value for line in view.mails] == ["quarantined", "message"]
    assert "Yes. 2 mails received" in page.content.decode()
    (quarantined,) = [cell.url for cell in view.days[0].cells if "quarantined" in cell.url]
    one = desk_of(ada).get(quarantined).context["ledger"]
    assert [line.state.value for line in one.mails] == ["quarantined"]


def test_a_mail_that_vanished_from_its_case_is_listed_and_linked(desk_of, ada, comes):
    raw = comes()
    RawEmail.objects.update(message=None)
    page = desk_of(ada).get(LEDGER)
    assert reverse("desktop:mail", args=[raw.pk]) in [each.url for each in page.context["ledger"].differences]


def test_the_source_of_a_mail_is_text_and_never_markup(desk_of, ada, comes):
    raw = comes("<script>alert(1)</script>\x1b[31m")
    page = desk_of(ada).get(reverse("desktop:mail", args=[raw.pk])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "\x1b" not in page
    file = desk_of(ada).get(reverse("desktop:mail_source", args=[raw.pk]))
    assert b"".join(file.streaming_content) == bytes(raw.content)
    assert (file["Content-Type"], file["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")


def test_one_mail_is_processed_again_in_place(desk_of, ada, comes, monkeypatch):
    raw = comes()
    RawEmail.objects.update(state="quarantined", reason="could not be understood", message=None)
    answer = desk_of(ada).does(reverse("desktop:mail_processing", args=[raw.pk]))
    assert "Was here already" in answer.content.decode() or "Duplicate" in answer.content.decode()
    raw.refresh_from_db()
    assert raw.state == "duplicate"


def test_all_of_a_part_are_processed_again_as_a_job_that_shows_how_far_it_is(desk_of, ada, comes):
    raw = comes(content=b"")
    desk = desk_of(ada)
    begun = desk.does(reverse("desktop:mail_processing_all"), state="quarantined")
    assert "0 of 1 processed again" in begun.content.decode()
    bus.drain()
    job = Reprocessing.objects.get()
    over = desk.part(reverse("desktop:mail_job", args=[job.pk])).content.decode()
    assert "Processed 1 again, 1 quarantined" in over
    assert "every 1s" not in over
    raw.refresh_from_db()
    assert raw.attempts == 2


def test_what_was_ignored_is_tried_again_only_where_it_is_asked_for(desk_of, ada, comes):
    quarantined, ignored = comes(content=b""), comes(number=2)
    RawEmail.objects.filter(pk=ignored.pk).update(state="ignored", reason="blocked: post.example", message=None)
    desk = desk_of(ada)
    assert desk.get(LEDGER).context["ledger"].again_words == "Try 1 quarantined mail again"
    assert desk.get(LEDGER, {"state": "ignored"}).context["ledger"].again_words == "Try 1 ignored mail again"
    assert desk.get(LEDGER, {"state": "message"}).context["ledger"].again == 0
    desk.does(reverse("desktop:mail_processing_all"))
    bus.drain()
    attempts = dict(RawEmail.objects.values_list("pk", "attempts"))
    assert attempts == {quarantined.pk: 2, ignored.pk: 1}


def test_filters_are_called_as_the_badges_are(desk_of, ada):
    desk = desk_of(ada)
    for page, looks in ((LEDGER, STATE), (OUT, DELIVERY)):
        choices = dict(desk.get(page).context["form"].fields["state"].choices)
        assert choices == {"": "Every state", **{look.value: look.label for look in looks.values()}}


def test_deliveries_are_found_by_day_and_by_recipient(desk_of, ada, answered):
    old, fresh = answered(), answered()
    Delivery.objects.filter(pk=old.pk).update(created_at="2026-01-05T12:00Z")
    DeliveryRecipient.objects.filter(delivery=fresh).update(value="dev@shop.example")
    desk = desk_of(ada)

    def found(**asked) -> list:
        return [line.id for line in desk.get(OUT, asked).context["out"].lines]

    assert found(last="2026-01-31") == [old.pk]
    assert found(first="2026-01-06") == [fresh.pk]
    assert found(to=" Dev@shop.example") == [fresh.pk]
    assert found(to="dev") == []
    assert found(to="carla@post.example", first="2026-01-05", last="2026-01-05", state="queued") == [old.pk]
    assert found(first="9999-12-31", last="0001-01-01") == [fresh.pk, old.pk]


def test_a_delivery_tells_its_story_and_can_be_sent_again(desk_of, ada, answered):
    delivery = answered()
    Delivery.objects.update(state=DeliveryState.FAILED, answer="550 5.1.1 No such user")
    delivery.steps.create(state=DeliveryState.FAILED, answer="550 5.1.1 No such user")
    desk = desk_of(ada)
    assert "550 5.1.1" in desk.get(OUT, {"state": "failed"}).content.decode()
    address = reverse("desktop:delivery", args=[delivery.pk])
    view = desk.get(address).context["delivery"]
    assert [step.look.value for step in view.steps] == ["queued", "failed"]
    assert view.may_resend
    desk.does(reverse("desktop:resending", args=[delivery.pk]))
    assert [step.by for step in desk.part(address).context["delivery"].steps][-1] == "Ada Brandt"


@pytest.mark.parametrize("address", [LEDGER, OUT])
def test_three_rows_cost_as_many_queries_as_one(desk_of, ada, comes, answered, address):
    desk = desk_of(ada)

    def one_more(number):
        comes(number=number)
        answered()

    one_more(1)
    desk.get(address)
    with CaptureQueriesContext(connection) as one:
        desk.get(address)
    one_more(2)
    one_more(3)
    with CaptureQueriesContext(connection) as three:
        desk.get(address)
    assert len(one) == len(three)
    assert len(one) < 35


def test_addresses_that_cannot_be_read_give_the_plain_list(desk_of, ada, comes):
    comes()
    page = desk_of(ada).get(LEDGER, {"first": "x", "last": "9999-99-99", "door": "y", "before": "z", "sender": "\x00"})
    assert page.status_code == 200
    assert len(page.context["ledger"].mails) == 1
    assert desk_of(ada).get(OUT, {"before": "x", "state": "y"}).status_code == 200


def test_a_long_list_goes_on_where_the_page_ended(desk_of, ada, comes, monkeypatch):
    monkeypatch.setattr("channels_email.domain.ledger.list_mails.__defaults__", (None, 2))
    for number in range(3):
        comes(number=number)
    desk = desk_of(ada)
    first = desk.get(LEDGER).context["ledger"]
    rest = desk.part(first.more_url)
    assert len(first.mails) == 2
    assert [line.id for line in rest.context["ledger"].mails] == [RawEmail.objects.order_by("received_at").first().pk]
    assert "office-filter" not in rest.content.decode()


def test_alarms_stand_above_the_desktop_of_those_who_can_act(desk_of, ada, sol, ana, mailbox):
    words = "The mail listener gives no sign of life"
    inbox = reverse("desktop:cases")
    assert words in desk_of(ada).get(inbox).content.decode()
    assert words in desk_of(sol).get(inbox).content.decode()
    assert words not in desk_of(ana).get(inbox).content.decode()
    assert words not in desk_of(ana).part(reverse("desktop:alarms")).content.decode()
    assert reverse("desktop:mailboxes") not in desk_of(sol).get(inbox).content.decode()
    beat("mail listener")
    assert words not in desk_of(ada).part(reverse("desktop:alarms")).content.decode()
    assert Mailbox.objects.count() == 1


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_all_time_gives_a_ledger_without_mails_of_it(desk_of, ada, day):
    answer = desk_of(ada).get(reverse("desktop:mail_in"), {"first": day, "last": day})
    assert answer.status_code == 200
