"""The pages about customers and about writing first, at two widths, light and dark; and a merge by keyboard alone."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from channels_email.models import Mailbox
from customers.domain.claim import claim
from customers.domain.edit import change_customer, verify_identity
from customers.domain.importing.run import advance, begin, upload
from customers.domain.merge import members
from customers.enums import ImportState
from customers.models import Identity
from interactions.channel import ThreadHint
from interactions.domain.forward import forward
from interactions.models import Case
from tests.journeys.test_pages import LOOKS, at_desk, inspect, look

__all__ = ["at_desk", "inspect", "look"]

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LONG = "Rechtsanwaltskanzlei-Donaudampfschifffahrtsgesellschaftskapitänsmützenaufbewahrungsschrankverwaltung"


@pytest.fixture
def busy(orders, carla, dev, sol, carlas_case):
    """Dev is perhaps Carla; both records say something."""
    Mailbox.objects.create(address="hello@nordhem.example", queue=orders)
    change_customer(carla.pk, {"language": "sv", "remarks": "Has a dog"}, agent=sol.pk)
    change_customer(dev.pk, {"language": "de", "remarks": LONG, "time_zone": "Europe/Berlin"}, agent=sol.pk)
    identity = Identity.objects.get(value="dev@mail.example")
    verify_identity(dev.pk, identity.pk, "answered a code", agent=sol.pk)
    claim(carla.pk, identity, source="Confirmed by Ana Lindqvist", verified=True)
    return carlas_case


def test_pages_about_customers(at_desk, house, inspect, sol, ada, carla, dev, busy):
    page = at_desk(sol)
    for name, address in (
        ("customers", reverse("desktop:customers")),
        ("customer", reverse("desktop:customer", args=[carla.pk])),
        ("merge-with", f"{reverse('desktop:merges', args=[carla.pk])}?q=dev"),
        ("merge", f"{reverse('desktop:merges', args=[carla.pk])}?with={dev.pk}"),
    ):
        page.goto(house + address)
        inspect(page, name)
    text = f'Name;E-mail;Phone\nBo Ek;bo@post.example;\n{LONG};nobody;\nBo;bo@post.example;\nCi;"never closed\nZoë;z;\n'
    batch = upload(io.BytesIO(text.encode("cp1252")), f"{LONG}.csv", agent=ada.pk)
    page = at_desk(ada)
    page.goto(house + reverse("desktop:imports"))
    inspect(page, "imports")
    page.goto(house + reverse("desktop:import", args=[batch.pk]))
    inspect(page, "import-columns")
    begin(batch.pk, ImportState.CHECKING)
    advance(batch.pk)
    page.goto(house + reverse("desktop:import", args=[batch.pk]))
    inspect(page, "import-checked")


def test_pages_for_writing(at_desk, house, inspect, ana, busy, writes):
    message = busy.messages.get()
    forward(message, to=[{"name": "", "address": "desk@freight.example"}], comment="Was it your truck?", author=ana)
    hint = ThreadHint(case=busy.pk, proven=True, by="token")
    writes("desk@freight.example", "It was our forklift.", name="Quick Freight", thread=hint)
    page = at_desk(ana)
    for name, address in (
        ("opening", reverse("desktop:opening")),
        ("contact", f"{reverse('desktop:contact')}?case={busy.pk}"),
        ("forward", f"{reverse('desktop:forwards', args=[busy.pk])}?message={message.pk}"),
    ):
        page.goto(house + address)
        inspect(page, name)
    page.get_by_label("To", exact=True).fill("new@freight.example")
    page.get_by_label("What you want from them").fill("Was it your truck?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("First time to new@freight.example")
    inspect(page, "forward-asked")
    page.get_by_role("button", name="Send to this address").click()
    page.wait_for_url(f"**{reverse('desktop:case', args=[busy.pk])}")
    page.goto(house + reverse("desktop:case", args=[busy.pk]))
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_label("Hidden copy").fill("boss@elsewhere.example")
    page.get_by_label("Copy", exact=True).click()
    expect(page.get_by_text("First time to boss@elsewhere.example")).to_be_visible()
    inspect(page, "case-third-party-and-first-time")


@pytest.mark.parametrize("look", LOOKS[:1], indirect=True, ids=["1440"])
def test_a_merge_and_its_undoing_by_keyboard_alone(at_desk, house, sol, carla, dev, busy, look):
    page = at_desk(sol)
    page.goto(house + reverse("desktop:case", args=[busy.pk]))
    page.get_by_role("link", name="Compare").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Same person?")).to_be_visible()
    page.get_by_role("radio", name="German").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="They are one customer").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("dev@mail.example")).to_be_visible()
    assert members(dev.pk) == [carla.pk, dev.pk]
    page.get_by_text("Changes", exact=True).click()
    line = page.locator(".trail-line", has_text="Merged with: Dev Patel")
    line.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Merge undone with: Dev Patel")).to_be_visible()
    assert members(dev.pk) == [dev.pk]


def test_a_letter_begun_and_left_leaves_nothing_and_one_with_words_is_found_again(at_desk, house, inspect, ana, busy):
    there = set(Case.objects.values_list("pk", flat=True))
    page = at_desk(ana)
    page.goto(f"{house}{reverse('desktop:opening')}?to=new@post.example&subject=Your%20table")
    page.get_by_role("button", name="Write", exact=True).click()
    editor = page.locator(".composer-editor .ProseMirror")
    expect(editor).to_be_focused()
    expect(page.locator("nav.rail")).to_be_visible()
    inspect(page, "letter")
    letter = page.url
    page.goto(house + reverse("desktop:cases"))
    assert set(Case.objects.values_list("pk", flat=True)) == there
    page.goto(letter)
    editor.click()
    page.keyboard.type("Dear Bo, your table is here.")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.goto(letter)
    case = Case.objects.exclude(pk__in=there).get()
    page.wait_for_url(f"**{reverse('desktop:case', args=[case.pk])}")
    expect(editor).to_contain_text("your table is here")
    inspect(page, "letter-of-a-case")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Throw away").click()
    page.wait_for_url(f"**{reverse('desktop:cases')}")
    assert set(Case.objects.values_list("pk", flat=True)) == there
