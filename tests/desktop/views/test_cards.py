"""How mails that are no plain letters stand in a case."""

from datetime import timedelta

import pytest
from django.urls import reverse

from customers.domain.edit import set_consent
from customers.domain.reach import mark_complaint
from customers.enums import IdentityKind, Purpose
from desktop.presenters.invitations import when_words
from foundation import clock
from interactions.channel import Contact, InboundMessage, ThreadHint
from interactions.domain.receive import receive_all
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.domain.returned import complained
from interactions.domain.status import set_status
from interactions.enums import CaseStatus

pytestmark = pytest.mark.django_db
EVENT = {
    "title": "Fitting <b>at home</b>", "starts": "2026-05-12T08:00:00+00:00", "ends": "2026-05-12T09:00:00+00:00",
    "place": "Hagagatan 1", "organiser": "Carla <carla@post.example>", "method": "REQUEST", "repeats": False,
    "zone": "",
}  # fmt: skip


def card(desk, message) -> str:
    page = desk.get(reverse("desktop:case", args=[message.case_id])).content.decode()
    return page.partition(f'id="message-{message.pk}"')[2].partition("</article>")[0]


def test_an_encrypted_mail_says_so_in_words(at_anas_desk, writes):
    shown = card(at_anas_desk, writes("carla@post.example", "", protection="encrypted").message)
    assert "This mail is encrypted and cannot be read here." in shown
    assert "has no text" not in shown
    assert "Download" not in shown, "there is no part to download"


def test_a_signed_mail_says_that_nobody_verified_it(at_anas_desk, writes):
    text = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWhere is it?\n-----BEGIN PGP SIGNATURE-----\n\nabc\n"
        "-----END PGP SIGNATURE-----"
    )
    message = writes("carla@post.example", "Where is it?", protection="signed").message
    message.text = text
    message.save()
    shown = card(at_anas_desk, message)
    assert "the signature was not verified" in shown
    assert "Where is it?" in shown
    assert "Show what it quotes" not in shown
    assert "BEGIN PGP" not in shown


def test_an_empty_mail_says_that_it_is_empty_and_a_plain_one_says_nothing(at_anas_desk, writes):
    assert "This mail has no text." in card(at_anas_desk, writes("carla@post.example", "").message)
    plain = card(at_anas_desk, writes("dev@mail.example", "Hello").message)
    assert "entry-remark" not in plain
    assert "invitation" not in plain


def test_a_signature_under_a_text_is_called_one(at_anas_desk, writes):
    message = writes("carla@post.example", "Hello", signature="-- \nCarla, Lund").message
    message.text = "Hello\n\n-- \nCarla, Lund"
    message.save()
    shown = card(at_anas_desk, message)
    assert "Show the signature" in shown
    assert "Show what it quotes" not in shown


def test_an_invitation_shows_what_when_in_the_readers_zone_where_and_who(at_anas_desk, ana, writes):
    ana.time_zone = "Europe/Stockholm"
    ana.save()
    shown = card(at_anas_desk, writes("carla@post.example", "Please come", invitation=EVENT).message)
    assert "Fitting &lt;b&gt;at home&lt;/b&gt;" in shown
    assert "Tue 12 May 2026, 10:00 – 11:00 (Europe/Stockholm)" in shown
    assert "Hagagatan 1" in shown
    assert "Carla &lt;carla@post.example&gt;" in shown
    assert "Please come" in shown


@pytest.mark.parametrize(
    ("starts", "ends", "zone", "words"),
    [
        ("2026-05-12", "", "", "Tue 12 May 2026, all day"),
        ("2026-05-12", "2026-05-14", "", "Tue 12 May 2026 – Thu 14 May 2026, all day"),
        ("2026-05-12T08:00:00+00:00", "", "", "Tue 12 May 2026, 08:00 (UTC)"),
        ("2026-05-12T22:00:00+00:00", "2026-05-13T01:00:00+00:00", "",
         "Tue 12 May 2026, 22:00 – Wed 13 May 2026, 01:00 (UTC)"),
        ("2026-05-12T10:00:00", "2026-05-12T11:00:00", "Lund", "Tue 12 May 2026, 10:00 – 11:00 (time of “Lund”)"),
        ("2026-05-12T10:00:00", "", "", "Tue 12 May 2026, 10:00 (the organiser's time)"),
    ],
)  # fmt: skip
def test_times_in_words(starts, ends, zone, words):
    assert when_words(starts, ends, zone) == words


def test_words_that_only_repeat_the_invitation_stand_once(at_anas_desk, writes):
    text = "Fitting\nStart: 2026-05-12 08:00 UTC\nWhere: Hagagatan 1\n\nBring the key."
    shown = card(at_anas_desk, writes("carla@post.example", text, invitation=EVENT).message)
    assert "Bring the key." in shown
    assert "Start: 2026" not in shown


def test_a_plain_mail_stands_on_the_forward_page_in_the_colours_of_the_page(at_anas_desk, writes):
    message = writes("carla@post.example", html="<ul><li>one</li></ul>").message
    page = at_anas_desk.get(reverse("desktop:forwards", args=[message.case_id]), {"message": message.pk})
    assert '<iframe class="entry-frame entry-frame-follows"' in page.content.decode()


def test_a_complaint_stands_in_the_trail_at_the_address_and_under_consent(at_anas_desk, writes):
    case = writes("carla@post.example").message.case
    page = reverse("desktop:case", args=[case.pk])
    assert "spam" not in at_anas_desk.get(page).content.decode()
    identity = mark_complaint(IdentityKind.EMAIL, "carla@post.example")
    set_consent(
        identity.customer_id, "email", Purpose.MARKETING, granted=False, source="called our mail spam", agent=None
    )
    complained(case.pk, "carla@post.example")
    shown = at_anas_desk.get(page).content.decode()
    assert "carla@post.example called a mail of ours spam" in shown
    assert "Called a mail of ours spam on" in shown
    assert "News and offers not allowed since" in shown
    trail = at_anas_desk.get(reverse("desktop:customer_trail", args=[case.customer_id])).content.decode()
    assert "complained of our mail" in trail


def test_where_each_recipient_has_a_word_of_its_own_the_whole_repeats_none(at_anas_desk, ana, writes):
    case = writes("carla@post.example").message.case
    boxes = [{"name": "", "address": f"{name}@post.example"} for name in ("carla", "carl")]
    message = reply(case.pk, channel="email", recipients=Recipients(to=boxes), html="<p>Hi</p>", author=ana)
    message.delivery.recipients.update(state="sent")
    message.delivery.recipients.filter(address="carl@post.example").update(state="failed", answer="550 no such user")
    type(message.delivery).objects.update(state="failed", answer="Came back: carl@post.example 550 no such user")
    assert card(at_anas_desk, message).count("550 no such user") == 1


def test_the_line_that_the_customer_answered_stands_below_the_first_of_answers_that_came_together(
    at_anas_desk, writes, orders
):
    case = writes("carla@post.example").message.case
    set_status(case.pk, CaseStatus.WAITING_CUSTOMER)
    came = clock.now()
    answers = [
        InboundMessage(
            channel="email", external_id=f"together-{number}", queue=orders.pk, sender_kind="email",
            sender=Contact(address="carla@post.example"), received_at=came + timedelta(microseconds=number),
            text=f"Answer {number}", reply_text=f"Answer {number}",
            thread=ThreadHint(case=case.pk, proven=True, by="reply address"),
        )
        for number in range(6)
    ]  # fmt: skip
    receive_all(answers)
    shown = at_anas_desk.get(reverse("desktop:case", args=[case.pk])).content.decode()
    places = [
        shown.index(words) for words in ("Answer 0", "the customer answered", *(f"Answer {n}" for n in range(1, 6)))
    ]
    assert places == sorted(places)
    assert shown.index("The case was opened") < shown.index("Where is my order?")


def test_a_mail_that_lay_long_before_it_was_let_in_moves_no_line_of_the_trail(at_anas_desk, writes, orders):
    case = writes("carla@post.example").message.case
    old = clock.now() - timedelta(days=3)
    hint = ThreadHint(case=case.pk, proven=True, by="reply address")
    late = InboundMessage(
        channel="email", external_id="late", queue=orders.pk, sender=Contact(address="carla@post.example"),
        sender_kind="email", received_at=old, text="Found", reply_text="Found", thread=hint,
    )  # fmt: skip
    receive_all([late])
    shown = at_anas_desk.get(reverse("desktop:case", args=[case.pk])).content.decode()
    assert shown.index("Found") < shown.index("The case was opened")
