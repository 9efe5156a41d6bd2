"""How far a sender is to be believed, said beside their name; and turning one away from there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.enums import Permission
from channels_email.domain.block import blocking
from channels_email.models import BlockedSender
from customers.domain.identify import identify
from customers.enums import IdentityKind
from customers.models import Identity
from interactions.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_sols_desk(desk_of, sol):
    """Sol may turn senders away."""
    role = sol.roles.get()
    role.permissions = [*role.permissions, Permission.BLOCK_SENDERS]
    role.save()
    return desk_of(sol)


def page(desk, case) -> str:
    return desk.get(reverse("desktop:case", args=[case.pk])).content.decode()


@pytest.mark.parametrize(
    ("verified", "doubt", "words"),
    [
        ("post.example", "", "verified as post.example"),
        ("", "unverified", "could not be verified"),
        ("", "failed", "It may be forged."),
        ("nordhem.example", "colleague", "in the name of a colleague"),
    ],
)
def test_the_check_of_the_sender_stands_beside_the_name_in_words(at_anas_desk, carlas_case, verified, doubt, words):
    Message.objects.update(sender_verified=verified, sender_doubt=doubt)

    shown = page(at_anas_desk, carlas_case)

    assert words in shown
    if doubt:
        assert "verified as" not in shown


def test_where_nothing_was_checked_nothing_is_claimed(at_anas_desk, carlas_case):
    shown = page(at_anas_desk, carlas_case)

    assert "verified as" not in shown
    assert "could not be verified" not in shown


def test_a_sender_is_blocked_and_let_in_again_from_the_message(at_sols_desk, carlas_case):
    message = carlas_case.messages.get()
    address = reverse("desktop:blocking", args=[message.pk])
    assert "Block carla@post.example" in page(at_sols_desk, carlas_case)

    assert at_sols_desk.does(address, what="address").status_code == 204
    row = BlockedSender.objects.get()
    assert (row.value, row.case, row.blocked_by.username) == ("carla@post.example", carlas_case, "sol")
    assert "Let carla@post.example in again" in page(at_sols_desk, carlas_case)

    assert at_sols_desk.delete(address).status_code == 204
    assert blocking("carla@post.example") is None
    assert "Block everybody at @post.example" in page(at_sols_desk, carlas_case)


def test_a_domain_is_blocked_at_once_where_only_the_sender_is_known_and_else_after_it_was_said(
    at_sols_desk, carlas_case
):
    address = reverse("desktop:blocking", args=[carlas_case.messages.get().pk])
    other = identify(IdentityKind.EMAIL, "dev@shop.post.example")

    asked = at_sols_desk.does(address, what="domain")

    assert not BlockedSender.objects.exists()
    shown = at_sols_desk.get(asked["HX-Redirect"]).content.decode()
    assert "2 known customers have an address at @post.example." in shown
    assert f"Case #{carlas_case.number}" in shown

    Identity.objects.filter(customer=other.customer).delete()
    at_sols_desk.does(address, what="domain")
    assert BlockedSender.objects.get().value == "@post.example"


def test_a_domain_of_ours_is_not_blocked_from_a_message_in_its_name(at_sols_desk, carlas_case, mailbox):
    Message.objects.update(sender_address=f"somebody@{mailbox.address.rpartition('@')[2]}")

    told = at_sols_desk.does(reverse("desktop:blocking", args=[carlas_case.messages.get().pk]), what="domain")

    assert "is ours" in told.headers["HX-Trigger"]
    assert not BlockedSender.objects.exists()


def test_who_has_no_right_to_is_offered_nothing_and_gets_nowhere(at_anas_desk, carlas_case):
    address = reverse("desktop:blocking", args=[carlas_case.messages.get().pk])

    assert "Block carla@post.example" not in page(at_anas_desk, carlas_case)
    assert at_anas_desk.does(address, what="address").status_code == 404
    assert at_anas_desk.delete(address).status_code == 204
    assert not BlockedSender.objects.exists()


def test_the_right_to_block_reaches_no_further_than_ones_own_cases(desk_of, cleo, carlas_case):
    role = cleo.roles.get()
    role.permissions = [*role.permissions, Permission.BLOCK_SENDERS]
    role.save()

    told = desk_of(cleo).does(reverse("desktop:blocking", args=[carlas_case.messages.get().pk]), what="address")

    assert told.status_code == 404
    assert not BlockedSender.objects.exists()


def test_three_senders_cost_as_many_queries_as_one(at_sols_desk, carlas_case, writes):
    address = reverse("desktop:timeline", args=[carlas_case.pk])
    at_sols_desk.part(address)
    with CaptureQueriesContext(connection) as one:
        at_sols_desk.part(address)
    for number in range(2):
        writes(f"x{number}@post.example", thread=None, subject="Other")
    Message.objects.update(case=carlas_case, interaction=carlas_case.interactions.first())
    with CaptureQueriesContext(connection) as three:
        at_sols_desk.part(address)

    assert len(three) == len(one)
