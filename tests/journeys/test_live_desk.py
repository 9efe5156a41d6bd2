"""The desktop while things happen: nothing is reloaded, nothing written is lost, nothing depends on the websocket."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from channels_email.models import Mailbox
from foundation import bus
from interactions.channel import ThreadHint
from interactions.domain.assign import assign
from interactions.models import Delivery, Draft
from tests.people import make_agent

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SECONDS = 1000
NO_SOCKETS = "window.WebSocket = function () { throw new Error('cut') }"


def meanwhile(act: Callable[[], object]) -> None:
    """Something happens elsewhere and is worked off: in a thread of its own, as Playwright keeps an event loop here."""

    def happen() -> None:
        try:
            act()
            bus.drain(raising=False)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(happen).result()


@pytest.fixture
def at_desk(house, open_page, orders):
    """`at_desk(ana)`: a page of her browser, signed in."""
    Mailbox.objects.create(address="hello@nordhem.example", queue=orders)

    def sit(agent, *, before: str = "") -> Page:
        client = Client()
        client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
        page = open_page()
        if before:
            page.add_init_script(before)
        page.context.add_cookies(
            [{"name": name, "value": cookie.value, "url": house} for name, cookie in client.cookies.items()]
        )
        return page

    return sit


@pytest.fixture
def open_case(at_desk, house, ana, carlas_case):
    def open_it(**how) -> Page:
        page = at_desk(ana, **how)
        page.goto(house + reverse("desktop:case", args=[carlas_case.pk]))
        expect(editor(page)).to_be_visible()
        return page

    return open_it


@pytest.fixture
def carla_answers(carlas_case, writes):
    def answer(text: str) -> None:
        thread = ThreadHint(case=carlas_case.pk, proven=True, by="token")
        meanwhile(lambda: writes("carla@post.example", text, thread=thread))

    return answer


def editor(page: Page):
    return page.locator(".composer-editor .ProseMirror")


def live(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-live", "live")


def test_a_mail_stands_in_the_list_without_reloading(at_desk, house, ana, writes):
    page = at_desk(ana)
    page.goto(house + reverse("desktop:cases") + "?box=queues")
    live(page)
    meanwhile(lambda: writes("carla@post.example", subject="Out of the blue"))
    expect(page.locator(".case-line", has_text="Out of the blue")).to_be_visible(timeout=2 * SECONDS)
    expect(page.locator("#rail [aria-current=page] .count")).to_contain_text("1")


def test_where_websockets_are_cut_the_page_says_so_and_asks_by_itself(at_desk, house, ana, writes):
    page = at_desk(ana, before=NO_SOCKETS)
    page.goto(house + reverse("desktop:cases") + "?box=queues")
    expect(page.get_by_text("Live updates are cut off")).to_be_visible(timeout=10 * SECONDS)
    writes("carla@post.example", subject="By the slow way")
    expect(page.locator(".case-line", has_text="By the slow way")).to_be_visible(timeout=15 * SECONDS)


def test_who_is_writing_is_told_when_the_customer_writes_and_keeps_every_word(open_case, carla_answers):
    page = open_case()
    live(page)
    editor(page).click()
    page.keyboard.type("I looked it up: ")
    carla_answers("Never mind, it is here.")
    expect(page.get_by_text("wrote while you were typing")).to_be_visible(timeout=2 * SECONDS)
    expect(page.locator("#timeline")).to_contain_text("Never mind, it is here.")
    page.keyboard.type("Thursday.")
    expect(editor(page)).to_have_text("I looked it up: Thursday.")
    page.get_by_role("button", name="I have read it").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".undo-bar")).to_be_visible()
    assert Delivery.objects.get().message.text == "I looked it up: Thursday."


def test_undo_brings_the_words_back(open_case):
    page = open_case()
    page.keyboard.press("r")
    page.keyboard.type("Sent too early")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Undo").click()
    expect(editor(page)).to_have_text("Sent too early")
    expect(page.locator(".undo-bar")).to_have_count(0)
    assert Delivery.objects.get().state == "withdrawn"


def test_a_draft_waits_after_a_reload_and_on_another_case(open_case, carlas_case, writes, ana):
    assign(writes("dev@mail.example", subject="Another").message.case.pk, ana)
    page = open_case()
    editor(page).click()
    page.keyboard.type("Half a sent")
    page.locator(".case-line", has_text="Another").click()
    expect(page.get_by_role("heading", name="Another")).to_be_visible()
    expect(editor(page)).to_have_text("")
    page.go_back()
    expect(page.get_by_role("heading", name="My order")).to_be_visible()
    expect(editor(page)).to_have_text("Half a sent")
    assert Draft.objects.get(case=carlas_case).html == "<p>Half a sent</p>"


def test_the_list_is_walked_and_a_case_opened_by_keys(at_desk, house, ana, writes):
    for subject in ("First", "Second"):
        writes("carla@post.example", subject=subject)
    page = at_desk(ana)
    page.goto(house + reverse("desktop:cases") + "?box=queues")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="First")).to_be_visible()
    expect(page).to_have_title("#" + page.locator(".case-number").inner_text()[1:] + " First · contactcenter")
    page.keyboard.press("n")
    page.keyboard.type("j is a letter here")
    expect(editor(page)).to_have_text("j is a letter here")
    expect(page.get_by_text("Draft saved")).to_be_visible()


def test_a_fact_is_corrected_where_it_stands_and_taken_back(open_case, carla):
    page = open_case()
    page.get_by_role("button", name="Language: not known").click()
    page.locator("#field-language select").select_option("sv")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Language: Swedish")).to_be_visible()
    page.locator("#section-trail summary").click()
    page.locator(".trail .button-link").first.click()
    expect(page.get_by_role("button", name="Language: not known")).to_be_visible()
    carla.refresh_from_db()
    assert carla.language == ""


def test_a_chip_is_in_the_address_survives_a_reload_and_the_way_back_undoes_it(at_desk, house, ana, ben, writes):
    writes("carla@post.example", subject="Nobody's")
    assign(writes("dev@mail.example", subject="Ben's").message.case.pk, ben)
    page = at_desk(ana)
    page.goto(house + reverse("desktop:cases") + "?box=queues")
    page.locator(".chip", has_text="No owner").click()
    expect(page.locator(".case-line")).to_have_count(1)
    expect(page).to_have_url(re.compile("chip=unowned"))
    page.reload()
    expect(page.locator(".case-line")).to_have_count(1)
    page.go_back()
    expect(page.locator(".case-line")).to_have_count(2)


def test_an_owner_is_found_by_typing(open_case, carlas_case, orders, agent_role):
    for name in ("Dag Ek", "Eva Åström", "Finn Berg", "Gry Dahl", "Hugo Lind", "Ida Sand", "Jon Falk", "Kim Nord"):
        agent = make_agent(name.split()[0].lower(), agent_role, name=name)
        orders.members.add(agent)
    page = open_case()
    page.locator("[popovertarget=owner-menu]").click()
    page.keyboard.type("astrom")
    expect(page.locator("#owner-menu .menu-item:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("[popovertarget=owner-menu]")).to_contain_text("Eva Åström")
    carlas_case.refresh_from_db()
    assert carlas_case.owner.name == "Eva Åström"
