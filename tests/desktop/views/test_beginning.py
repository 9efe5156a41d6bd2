"""Whoever opens a page of one form types at once."""

import re

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]


def begins_in(page) -> list[str]:
    fields = re.findall(r"<(?:input|textarea)\b[^>]*\bautofocus\b[^>]*>", page.content.decode())
    return [found[1] for field in fields if (found := re.search(r'\bname="([^"]*)"', field))]


def test_a_new_message_begins_with_whom_it_is_for_and_one_to_a_known_customer_with_its_subject(at_anas_desk):
    assert begins_in(at_anas_desk.get(reverse("desktop:opening"))) == ["to"]
    assert begins_in(at_anas_desk.get(reverse("desktop:opening"), {"to": "carla@post.example"})) == ["subject"]


def test_a_logged_contact_begins_with_who_it_was_and_in_a_case_with_what_was_said(at_anas_desk, carlas_case):
    assert begins_in(at_anas_desk.get(reverse("desktop:contact"))) == ["who"]
    assert begins_in(at_anas_desk.get(reverse("desktop:contact"), {"case": carlas_case.pk})) == ["text"]


def test_a_forward_begins_with_whom_one_asks(at_anas_desk, carlas_case):
    page = f"{reverse('desktop:forwards', args=[carlas_case.pk])}?message={carlas_case.messages.get().pk}"
    assert begins_in(at_anas_desk.get(page)) == ["to"]
