"""Every page at two widths, light and dark: nothing scrolls sideways, no text is cut, console and axe are content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from agents.domain.presence import set_presence
from agents.enums import PresenceReason, PresenceStatus
from agents.models import Team
from channels_email.domain.block import block
from channels_email.domain.dkim_signing import new_private_key
from channels_email.domain.process import process
from channels_email.domain.take_in import Origin, refuse, take_in
from channels_email.enums import Door
from channels_email.models import Mailbox, MailboxTrial, RawEmail, Reprocessing, SigningKey
from customers.models import Organisation
from foundation import clock, storage
from interactions.channel import StoredAttachment, ThreadHint
from interactions.domain.assign import assign
from interactions.domain.note import add_note
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.domain.status import add_tag, set_priority, set_status
from interactions.domain.wait import wait
from interactions.enums import CaseStatus, DeliveryState, Priority
from interactions.models import Case, Delivery, Message
from routing.domain.offer import offer_all
from routing.domain.service_level import keep
from routing.models import SlaPolicy
from tests.people import PASSWORD, make_agent

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenaufbewahrungsschrank mit Spiegel, Lieferung vor Donnerstag"
HTML = (
    '<p>Two <b>more</b> things:</p><ul><li>The table is missing</li><li>Is the <a href="https://nordhem.example">lamp</a>'
    ' in stock?</li></ul><table style="border-collapse:collapse"><tr><td style="border:1px solid #ccc">Lamp</td></tr>'
    '</table><img data-remote-src="https://tracker.example/x.png" alt="logo">'
    '<div class="gmail_quote">On Friday Ana wrote: I am sorry about the wait.</div>'
)
# Text that a box cuts without an ellipsis, and text that lies outside the window where nothing scrolls to it.
CUT = """() => {
  const cut = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode.textContent.trim();
    const box = walker.currentNode.parentElement;
    if (!words || !box.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (box.closest('.unseen, .skip, option, datalist, title')) continue;
    const style = getComputedStyle(box);
    const ellipsis = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
    const wide = /hidden|clip/.test(style.overflowX) && box.scrollWidth > box.clientWidth + 1;
    const high = /hidden|clip/.test(style.overflowY) && box.scrollHeight > box.clientHeight + 2;
    if (!ellipsis && (wide || high)) cut.push('cut: ' + words);
    let scrolls = false;
    for (let up = box; up; up = up.parentElement) scrolls ||= /auto|scroll|hidden/.test(getComputedStyle(up).overflowX);
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const place = range.getBoundingClientRect();
    if (!scrolls && place.width && (place.left < -1 || place.right > innerWidth + 1)) cut.push('outside: ' + words);
  }
  return cut;
}"""


# Whatever moves has come to its end; what was taken off the page meanwhile never says so.
SETTLED = """() => Promise.race([
  Promise.allSettled(document.getAnimations().map((one) => one.finished)),
  new Promise((done) => setTimeout(done, 3000)),
])"""
# What an agent reads or presses in a case and on the rail, and cannot reach because something lies over it.
COVERED = """() => [...document.querySelectorAll(
  '.context-name h2, .case-head-top > *, .composer-tab, .composer-foot button, .composer-editor, .rail-item, .inbox h1'
)].filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.offsetWidth).filter((one) => {
  const box = one.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return !one.contains(top);
}).map((one) => one.outerHTML.slice(0, 80))"""


@dataclass(frozen=True)
class Look:
    width: int
    height: int


LOOKS = [Look(1440, 900), Look(390, 844)]


@pytest.fixture(params=LOOKS, ids=lambda look: str(look.width))
def look(request) -> Look:
    return request.param


@pytest.fixture
def inspect(axe, picture, look):
    """`inspect(page, "case")`: takes its pictures in the dark and in the light, and finds nothing wrong in either."""

    def check(page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLED)
            seen = f"{name}-{look.width}-{scheme}"
            picture(page, seen)
            assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, (
                f"{seen} scrolls sideways"
            )
            assert page.evaluate(CUT) == [], f"{seen} cuts text"
            assert axe(page, colours=scheme == "light") == [], f"axe on {seen}"

    return check


@pytest.fixture
def at_desk(house, open_page, look):
    """`at_desk(ana)`: a page of her browser, signed in."""

    def sit(agent) -> Page:
        client = Client()
        client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
        page = open_page(width=look.width, height=look.height)
        page.context.add_cookies(
            [{"name": name, "value": cookie.value, "url": house} for name, cookie in client.cookies.items()]
        )
        return page

    return sit


@pytest.fixture
def busy_day(ana, ben, carla, orders, writes, settings, tmp_path) -> Case:
    """Two dozen cases in every state; one of them long, with files, notes, failures and a stranger."""
    settings.MEDIA_ROOT = tmp_path
    Mailbox.objects.create(address="hello@nordhem.example", queue=orders)
    for number in range(24):
        with clock.stopped_at(clock.now() - timedelta(minutes=7 * number + 5)):
            subject = LONG if number % 5 == 0 else f"Order {9000 + number}"
            case = writes(
                f"customer{number}@post.example", name="Mária Kovács-Szentgyörgyi", subject=subject
            ).message.case
            if number % 3 == 0:
                assign(case.pk, ana if number % 2 else ben)
            if number % 4 == 1:
                set_priority(case.pk, Priority.URGENT, agent=ben)
            if number % 6 == 5:
                set_status(case.pk, CaseStatus.RESOLVED, agent=ben)
    return _long_case(ana, ben, carla, writes)


def _long_case(ana, ben, carla, writes) -> Case:
    carla.organisation = Organisation.objects.create(name="Nyström Inredning och Förvaltning AB", key_account=True)
    carla.language, carla.time_zone, carla.remarks = "sv", "Europe/Stockholm", "Call after four. Renovates three shops."
    carla.save()
    began = clock.now() - timedelta(days=2)
    with clock.stopped_at(began) as stopped:
        case = writes("carla@post.example", "Hello,\n\nwhere is it?\n\nCarla", name="Carla Nyström").message.case
        thread = ThreadHint(case=case.pk, proven=True, by="token")
        stopped.advance(timedelta(minutes=3))
        assign(case.pk, ana, reason="accepted the offer")
        add_tag(case.pk, "delivery", agent=ana)
        set_priority(case.pk, Priority.HIGH, agent=ana)
        to_carla = Recipients(to=[{"name": "", "address": "carla@post.example"}])
        answer = reply(
            case.pk, channel="email", recipients=to_carla, html="<p>It comes on <b>Thursday</b>.</p>", author=ana
        )
        stopped.advance(timedelta(hours=1))
        add_note(case.pk, author=ben, html="<p>Warehouse says Friday.</p>")
        stored = storage.store(b"%PDF-1.7 " + b"x" * 90_000)
        file = StoredAttachment(
            key=stored.key,
            filename="A very long name of a delivery note that goes on and on, as scanners like to write.pdf",
            content_type=stored.content_type,
            declared_type="",
            size=stored.size,
            sha256=stored.sha256,
        )
        writes("carla@post.example", "Two more things", html=HTML, thread=thread, attachments=(file,))
        stopped.advance(timedelta(hours=1))
        writes("mallory@evil.example", "Send it to me instead.", thread=thread)
        failed = reply(
            case.pk, channel="email", recipients=to_carla, html="<p>Second answer.</p>", author=ana, status=None
        )
    Delivery.objects.filter(message=answer).update(state=DeliveryState.SENT)
    said = "550 5.1.1 <carla@post.example>: Recipient address rejected: User unknown in virtual mailbox table"
    Delivery.objects.filter(message=failed).update(state=DeliveryState.FAILED, answer=said)
    writes("carla@post.example", "It came, without legs.", thread=thread)
    return case


def test_signing_in(open_page, look, house, inspect, ana):
    page = open_page(width=look.width, height=look.height)
    page.goto(house)
    inspect(page, "sign-in")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspect(page, "sign-in-wrong")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My cases")).to_be_visible()
    inspect(page, "nothing-yet")


def test_a_forgotten_password(open_page, look, house, inspect, ana):
    page = open_page(width=look.width, height=look.height)
    for name, address in (
        ("forgotten", reverse("account_reset_password")),
        ("forgotten-sent", reverse("account_reset_password_done")),
        ("new-password-too-late", reverse("account_reset_password_from_key", args=["0", "no-key"])),
        ("new-password-saved", reverse("account_reset_password_from_key_done")),
    ):
        page.goto(house + address)
        inspect(page, name)


def test_account_pages(at_desk, house, inspect, ana):
    page = at_desk(ana)
    for name, address in (
        ("two-steps", reverse("mfa_index")),
        ("password", reverse("account_change_password")),
        ("confirm-it-is-you", reverse("mfa_activate_totp")),
        ("sign-out", reverse("account_logout")),
    ):
        page.goto(house + address)
        inspect(page, name)


def test_the_desktop(at_desk, house, inspect, ana, busy_day, look):
    page = at_desk(ana)
    page.goto(house + reverse("desktop:cases") + "?box=queues")
    inspect(page, "queues")
    page.goto(house + reverse("desktop:cases") + "?box=all&q=nothing-has-this-word")
    inspect(page, "nothing-found")
    page.goto(house + reverse("desktop:case", args=[busy_day.pk]))
    expect(page.locator(".composer-editor .ProseMirror")).to_be_visible()
    inspect(page, "case")
    page.locator(".timeline-scroll").evaluate("box => { box.scrollTop = 0 }")
    inspect(page, "case-from-its-beginning")
    page.get_by_role("tab", name="Note").click()
    inspect(page, "case-note")
    if look.width < 900:
        page.get_by_role("button", name="Customer", exact=True).click()
        inspect(page, "customer")
    page.goto(house + reverse("desktop:settings"))
    inspect(page, "settings")


def test_set_away_and_back_again(at_desk, house, inspect, ana, busy_day):
    set_presence(ana, PresenceStatus.AWAY, PresenceReason.NOT_RESPONDING)
    page = at_desk(ana)
    page.goto(house + reverse("desktop:case", args=[busy_day.pk]))
    expect(page.locator(".composer-editor .ProseMirror")).to_be_visible()
    inspect(page, "set-away-case")
    page.goto(house + reverse("desktop:cases"))
    inspect(page, "set-away")
    page.get_by_role("button", name="Be available").click()
    expect(page.locator(".away .notice")).to_have_count(0)
    expect(page.locator(".rail-state")).to_have_text("Available")


def test_menus_and_an_offer(at_desk, house, inspect, ana, busy_day, writes, orders, look):
    set_presence(ana, PresenceStatus.AVAILABLE)
    page = at_desk(ana)
    page.goto(house + reverse("desktop:case", args=[busy_day.pk]))
    page.locator("[popovertarget=owner-menu]").click()
    inspect(page, "owner-menu")
    page.keyboard.press("Escape")
    if look.width >= 900:
        page.locator("[popovertarget=presence-menu]").click()
        inspect(page, "presence-menu")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        inspect(page, "keys")
        page.keyboard.press("Escape")
    waiting_for(writes, orders)
    page.reload()
    expect(page.locator(".offer")).to_be_visible()
    inspect(page, "offer")
    assert page.evaluate(COVERED) == []
    page.locator("[popovertarget=status-menu]").click()
    page.get_by_role("button", name="Waiting inside", exact=True).click()
    expect(page.get_by_text("waiting inside.")).to_be_visible()
    inspect(page, "toast")
    assert page.evaluate(COVERED) == []
    page.locator(".composer-editor .ProseMirror").click()
    page.keyboard.type("The legs leave today.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".undo-bar")).to_be_visible()
    inspect(page, "undo")


def test_a_phone_reaches_everything_under_more(at_desk, house, inspect, ada, busy_day, look):
    page = at_desk(ada)
    page.goto(house + reverse("desktop:cases"))
    more = page.get_by_role("button", name="More", exact=True)
    if look.width >= 900:  # where all of it stands on the rail
        expect(more).to_be_hidden()
        return
    more.focus()
    page.keyboard.press("Enter")
    inspect(page, "more")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("button", name="Keys")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    inspect(page, "keys")
    page.keyboard.press("Escape")
    for name, place in (("Write", "opening"), ("Administration", "mail_in")):
        more.click()
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(f"**{reverse(f'desktop:{place}')}")


def test_customers_found_by_a_search(at_desk, house, inspect, ana, writes):
    for number, name in enumerate((f"{LONG[:60]} Nyström", "Åsa Nyström", "Bo Nyström", "Cem Nyström-Öztürk")):
        writes(f"n{number}@post.example", name=name, subject="My table")
    page = at_desk(ana)
    page.goto(house + reverse("desktop:cases") + "?box=all&q=nystr%C3%B6m")
    expect(page.locator(".inbox-person")).not_to_have_count(0)
    inspect(page, "search-people")
    page.get_by_role("link", name="Bo Nyström").first.click()
    expect(page.locator(".chips .inbox-person")).to_contain_text("Bo")
    inspect(page, "search-person")


def test_spam_blocked_senders_and_keys(at_desk, house, inspect, ana, ada, orders):
    page = at_desk(ana)
    page.goto(house + reverse("desktop:spam"))
    inspect(page, "spam-empty")
    box = Mailbox.objects.create(address="hello@nordhem.example", queue=orders, spam_filter="spamassassin")
    for number, words in enumerate((LONG, "Cheap watches. " * 60, "")):
        mail = (
            f"From: {LONG[:90]} <m{number}@{'long-' * 11}name.example>\nTo: {box.address}\nSubject: {words[:200]}\n"
            f"X-Spam-Flag: YES\nMessage-ID: <s{number}@x>\n\n{words}"
        )
        process(take_in(mail.encode(), Origin(door=Door.SMTP), announce=False).pk)
    page.goto(house + reverse("desktop:cases") + "?box=queues")
    inspect(page, "queues-with-spam")
    page.get_by_role("link", name="3 mails held as spam this week").click()
    page.locator(".spam-text summary").first.click()
    inspect(page, "spam")
    page.get_by_role("button", name="Let through").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".spam-passed")).to_contain_text("Let through: it is in #")
    inspect(page, "spam-passed")
    page = at_desk(ada)
    for name in ("blocks", "keys"):
        page.goto(house + reverse(f"desktop:{name}"))
        inspect(page, f"{name}-empty")
    block("@cheap-watches.example", ada, reason=LONG)
    block(f"{'m' * 60}@{'long-' * 11}name.example", ada)
    for selector, active in (("a2026", True), ("b2026", False)):
        SigningKey.objects.create(
            domain="nordhem.example", selector=selector, private_key=new_private_key(), active=active
        )
    for name in ("blocks", "keys"):
        page.goto(house + reverse(f"desktop:{name}"))
        inspect(page, name)


def test_the_administration(at_desk, house, inspect, ada, busy_day, mail_of_a_day):
    """Alarms stand above all of it: nobody listens for mail here."""
    page = at_desk(ada)
    failed = Delivery.objects.get(state=DeliveryState.FAILED)
    for name, address in (
        ("mail-in", reverse("desktop:mail_in")),
        ("mail", reverse("desktop:mail", args=[mail_of_a_day.pk])),
        ("mail-out", reverse("desktop:mail_out")),
        ("delivery", reverse("desktop:delivery", args=[failed.pk])),
        ("mailboxes", reverse("desktop:mailboxes")),
        ("mailbox-trial", reverse("desktop:mailbox", args=[MailboxTrial.objects.get().mailbox_id])),
        ("mailbox-new", reverse("desktop:mailbox_new")),
        ("service-levels", reverse("desktop:service_levels")),
        ("service-level", reverse("desktop:service_level", args=[SlaPolicy.objects.first().pk])),
    ):
        page.goto(house + address)
        expect(page.get_by_text("The mail listener gives no sign of life")).to_be_visible()
        inspect(page, name)


@pytest.fixture
def mail_of_a_day(busy_day, orders) -> RawEmail:
    """Mails of every fate, a job that is over, a trial that failed, and promises that are late."""
    for name, minutes in ((LONG[:90], 30), ("Everyone", 240)):
        policy = SlaPolicy.objects.create(name=name, first_response=minutes, resolution=960, escalate_to=orders)
        policy.queues.add(orders)
    for case in Case.objects.unfinished():
        keep(case.pk)
    mailbox = Mailbox.objects.get()
    for number in range(3):
        mail = f"From: carla{number}@post.example\nTo: {mailbox.address}\nMessage-ID: <{number}@x>\n\n{LONG}"
        for _ in range(1 + number % 2):
            process(take_in(mail.encode(), Origin(door=Door.SMTP, sender="carla@post.example"), announce=False).pk)
    for content in (b"", f"From: {mailbox.address}\nMessage-ID: <y>\n\nloop".encode()):
        process(take_in(content, Origin(door=Door.CLI, source="a/file.eml"), announce=False).pk)
    refuse(Origin(door=Door.LMTP, sender=f"{'long' * 15}@mallory.example"), size=10**9, reason="larger than we take")
    RawEmail.objects.filter(state="duplicate").update(message=None)
    Reprocessing.objects.create(asked={}, total=3, done=3, became={"quarantined": 3}, finished_at=clock.now())
    words = "The server does not let us in: Invalid credentials for a-rather-long-name-of-an-account@nordhem.example"
    steps = [("Find the IMAP server", "ok", "imap.example is 203.0.113.7", ""), ("Sign in", "failed", words, LONG)]
    keys = ("title", "state", "words", "advice")
    MailboxTrial.objects.create(
        mailbox=mailbox, finished_at=clock.now(), steps=[dict(zip(keys, step, strict=True)) for step in steps]
    )
    Mailbox.objects.create(
        address="returns@nordhem.example", queue=orders, imap_host="imap.example", sign_in="google", trouble=words
    )
    return RawEmail.objects.filter(state="message").latest("received_at")


def waiting_for(writes, orders) -> None:
    """Somebody waits, and it is Ana's turn."""
    message = writes("nils@person.example", name="Nils Holgersson", subject=LONG).message
    wait(message.interaction, message.case)
    assert offer_all([orders], ["email"]) == 1


def test_an_answer_that_a_colleague_was_faster_with(at_desk, house, inspect, ana, ben, busy_day):
    page = at_desk(ana)
    page.goto(house + reverse("desktop:case", args=[busy_day.pk]))
    page.locator(".composer-editor .ProseMirror").click()
    page.keyboard.type("New legs leave today.")
    to_carla = Recipients(to=[{"name": "", "address": "carla@post.example"}])
    reply(busy_day.pk, channel="email", recipients=to_carla, html="<p>They left yesterday.</p>", author=ben)
    hers = Message.objects.filter(author=ana, reply_text__contains="New legs leave today.")
    page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(page.locator("[data-overtaken]")).to_contain_text("Ben")
    inspect(page, "overtaken")
    assert not hers.exists()
    page.get_by_role("button", name="Send anyway").dblclick()
    expect(page.locator(".undo-bar")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert hers.count() == 1


def test_a_mail_of_many_files(at_desk, house, inspect, ana, carla, orders, writes, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    stored = storage.store(b"%PDF-1.7 " + b"x" * 9_000)
    kinds = {"content_type": stored.content_type, "declared_type": "", "size": stored.size, "sha256": stored.sha256}
    files = tuple(
        StoredAttachment(key=stored.key, filename=f"Photo of the damage, number {number}.pdf", **kinds)
        for number in range(1, 24)
    )
    case = writes("carla@post.example", "All pictures", name="Carla Nyström", attachments=files).message.case
    page = at_desk(ana)
    page.goto(house + reverse("desktop:case", args=[case.pk]))
    more = page.get_by_role("button", name="Show all files")
    expect(more).to_be_visible()
    inspect(page, "some-files")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".entry-files .file-chip")).to_have_count(23)
    inspect(page, "all-files")


def test_finding_an_owner_among_many(at_desk, house, inspect, ana, agent_role, orders, carlas_case):
    for name in ("Amélie Dupont", "Björn Ek", "Chidi Obi", "Dana Levi", "Emil Novák", "Farah Aziz", "Gus Reyes"):
        orders.members.add(make_agent(name.split()[0].lower(), agent_role, name=name))
    page = at_desk(ana)
    page.goto(house + reverse("desktop:case", args=[carlas_case.pk]))
    page.locator("[popovertarget=owner-menu]").click()
    page.get_by_label("Find somebody").fill("amelie")
    expect(page.locator("#owner-menu .menu-item:visible")).to_have_count(1)
    inspect(page, "owner-found")
    page.keyboard.press("Enter")
    expect(page.locator("[popovertarget=owner-menu]")).to_contain_text("Amélie Dupont")


def test_the_teams_of_a_supervisor(at_desk, house, inspect, sol, ana, ben, cleo, agent_role, busy_day):
    Team.objects.get(name="Orders team").members.add(ben)
    others = Team.objects.create(name="Returns and complaints, northern countries")
    others.members.add(cleo, make_agent("max", agent_role, name="Maximilian Freiherr von Hohenstein-Wittgenstein"))
    others.supervisors.add(sol)
    set_presence(ana, PresenceStatus.AVAILABLE)
    set_presence(ben, PresenceStatus.AWAY, PresenceReason.NOT_RESPONDING)
    page = at_desk(sol)
    page.goto(house + reverse("desktop:cases"))
    page.get_by_role("link", name="Teams").click()
    expect(page.get_by_role("heading", name="My teams")).to_be_visible()
    inspect(page, "teams")
    page.locator("[popovertarget=inbox-teams]").click()
    inspect(page, "teams-menu")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Ben Okafor").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".team-member[aria-current=true]")).to_contain_text("Ben")
    assert f"member={ben.pk}" in page.url
    inspect(page, "teams-member")
