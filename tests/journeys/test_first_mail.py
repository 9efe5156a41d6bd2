"""The main job on real input: a stranger's mail becomes a case on an agent's screen and is answered."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.running_demo import Demo, running_demo

pytestmark = pytest.mark.journey

CARLA = "Carla Nyström <carla.nystrom@post.example>"
SECONDS = 1000


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


def sign_in(page: Page, demo: Demo, role: str) -> None:
    person = demo.facts["users"][role]
    page.goto(demo.url)
    page.locator("[name=login]").fill(person["username"])
    page.get_by_label("Password").fill(person["password"])
    page.get_by_role("button", name="Sign in").click()


def test_a_strangers_mail_is_answered_and_the_answer_to_that_comes_back_into_the_same_case(demo, open_page):
    page = open_page()
    sign_in(page, demo, "agent")
    page.get_by_role("button", name="Change status").click()
    page.get_by_role("button", name="Available").click()

    first = demo.mail(
        CARLA, "Where is my sofa?", "Hello,\n\nmy sofa should have been here on Monday. Where is it?\n\nCarla"
    )
    offer = page.locator(".offer", has_text="Where is my sofa?")
    expect(offer).to_be_visible(timeout=15 * SECONDS)
    acknowledgement = demo.sink.next_letter("carla.nystrom@post.example")
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert acknowledgement["In-Reply-To"] == first["Message-ID"]
    assert "Carla" in acknowledgement.get_body(("plain",)).get_content()

    offer.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="Where is my sofa?")).to_be_visible(timeout=10 * SECONDS)
    expect(page.locator("#timeline")).to_contain_text("should have been here on Monday")
    page.locator(".composer-editor [contenteditable=true]").fill("Dear Carla, it leaves the warehouse today.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".undo-bar")).to_be_visible()

    answer = demo.sink.next_letter("carla.nystrom@post.example")
    assert "it leaves the warehouse today" in answer.get_body(("plain",)).get_content()
    assert answer["In-Reply-To"] == first["Message-ID"]
    assert first["Message-ID"] in answer["References"]
    assert answer["Subject"].startswith("Re: Where is my sofa?")

    demo.mail(
        CARLA,
        answer["Subject"],
        "Thank you, that is good news!",
        to=answer["Reply-To"] or answer["From"],
        In_Reply_To=answer["Message-ID"],
        References=f"{answer['References']} {answer['Message-ID']}",
    )
    expect(page.locator("#timeline")).to_contain_text("that is good news", timeout=15 * SECONDS)
