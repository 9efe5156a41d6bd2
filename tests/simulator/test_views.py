import smtplib
from email import message_from_bytes, policy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from channels_email.models import Mailbox
from foundation import clock
from interactions.channel import own_addresses
from interactions.domain.recipients import derive_recipients, message_to_answer
from interactions.domain.reply import reply
from interactions.models import Case, Message
from simulator.enums import Folder
from simulator.mail import boxes
from simulator.models import DemoMail, World

ZOE = "zoe@home.example"
PAGES = ["/demo/", "/demo/mailbox/", f"/demo/mailbox/{ZOE}/", f"/demo/mailbox/{ZOE}/write/"]


def letter(subject: str = "Your order", text: str = "It is on its way.", html: str = "") -> bytes:
    content = f"<p>{text}</p>{html}"
    return (
        f"From: Nordhem <support@nordhem.example>\r\nTo: {ZOE}\r\nSubject: {subject}\r\n"
        "Message-ID: <1@nordhem.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"\r\n{content}"
    ).encode()


def arrived(number: int = 0, **facts: str) -> DemoMail:
    return boxes.keep(letter(**facts), "support@nordhem.example", [f"{number or ''}{ZOE}"])[0]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_there_in_a_demo_world_without_sign_in(client, world, page):
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_without_a_demo_world_there_is_no_page_and_nothing_can_be_written(client, db, page):
    mail = arrived()
    assert client.get(page).status_code == 404
    written = {"rate": 100, "to": "a@b.example", "subject": "x", "text": "y"}
    assert client.post(page, written).status_code in {404, 405}
    assert client.get(reverse("mail_html", args=[ZOE, mail.pk])).status_code == 404
    assert DemoMail.objects.count() == 1


def test_the_list_of_mailboxes_costs_as_many_queries_for_three_as_for_one(client, world, django_assert_num_queries):
    arrived(1)
    with django_assert_num_queries(4):
        client.get("/demo/mailbox/")
    arrived(2)
    arrived(3)
    with django_assert_num_queries(4):
        page = client.get("/demo/mailbox/").content.decode()
    assert all(f"{number}{ZOE}" in page for number in (1, 2, 3))


def test_a_mailbox_costs_as_many_queries_for_three_mails_as_for_one(client, world, django_assert_num_queries):
    arrived(subject="First")
    with django_assert_num_queries(2):
        client.get(f"/demo/mailbox/{ZOE}/")
    arrived(subject="Second")
    arrived(subject="Third")
    with django_assert_num_queries(2):
        page = client.get(f"/demo/mailbox/{ZOE}/").content.decode()
    assert page.index("Third") < page.index("Second") < page.index("First")


def test_any_address_opens_its_mailbox_and_what_is_none_is_said_to_be_none(client, world):
    assert client.get("/demo/mailbox/?address=New.One@Home.example").url == "/demo/mailbox/new.one@home.example/"
    wrong = client.get("/demo/mailbox/?address=nonsense")
    assert "valid email address" in wrong.content.decode()
    assert client.get("/demo/mailbox/nonsense/").status_code == 404


def test_reading_a_mail_marks_it_read(client, world):
    mail = arrived()
    client.get(reverse("mail", args=[ZOE, mail.pk]))
    mail.refresh_from_db()
    assert not mail.is_unread


def test_a_mail_lies_only_in_its_own_mailbox(client, world):
    mail = arrived()
    assert client.get(reverse("mail", args=["other@home.example", mail.pk])).status_code == 404
    assert client.post(reverse("mail", args=["other@home.example", mail.pk]), {"text": "Hi"}).status_code == 404
    assert DemoMail.objects.count() == 1


def test_a_mailbox_address_that_is_none_has_no_mails(client, world):
    mail = arrived()
    for page in ("mail", "mail_html"):
        assert client.get(reverse(page, args=["a\x00@home.example", mail.pk])).status_code == 404


@pytest.mark.parametrize("field", ["name", "subject"])
def test_a_second_line_in_a_header_is_refused(field, client, world):
    mail = {"name": "Zoe", "to": "support@nordhem.example", "subject": "Hi", "text": "Hello"}
    mail[field] = "Zoe\r\nBcc: all@home.example"
    assert client.post(f"/demo/mailbox/{ZOE}/write/", mail).status_code == 422
    assert DemoMail.objects.count() == 0


def test_html_is_shown_harmless_in_a_frame_of_its_own(client, world):
    mail = arrived(html='<script>alert(1)</script><img src="https://spy.example/p.gif" onerror="alert(2)">')
    page = client.get(reverse("mail", args=[ZOE, mail.pk])).content.decode()
    assert 'sandbox="allow-same-origin' in page
    assert "allow-scripts" not in page
    frame = client.get(reverse("mail_html", args=[ZOE, mail.pk]))
    content = frame.content.decode()
    assert "It is on its way." in content
    assert "alert" not in content
    assert 'src="https://spy' not in content.replace("data-remote-src", "")
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    assert "sandbox" in frame["Content-Security-Policy"]


def test_the_slider_changes_the_rate_and_refuses_what_is_out_of_reach(client, world):
    client.post("/demo/", {"rate": 120})
    assert World.objects.get().rate == 120
    assert client.post("/demo/", {"rate": 100_000}).status_code == 422
    assert World.objects.get().rate == 120


def test_with_the_simulated_people_switched_off_the_page_says_so(client, world, settings):
    settings.SIMULATOR = False
    page = client.get("/demo/").content.decode()
    assert "switched off" in page
    assert 'type="range"' not in page


def test_an_empty_mail_is_not_sent_and_what_was_written_stays(client, world):
    refused = client.post(f"/demo/mailbox/{ZOE}/write/", {"to": world.mailbox, "subject": "", "text": "My long text"})
    assert refused.status_code == 422
    assert "My long text" in refused.content.decode()
    assert not DemoMail.objects.exists()


def test_a_newcomer_reads_where_to_write_to(client, world):
    page = client.get("/demo/mailbox/").content.decode()
    assert all(address in page for address in Mailbox.objects.values_list("address", flat=True))
    assert world.mailbox in page


def test_files_go_along_with_a_new_mail_and_with_an_answer(client, world):
    def pictures():
        return [
            SimpleUploadedFile("torn.png", b"\x89PNG\r\n\x1a\n1", content_type="image/png"),
            SimpleUploadedFile("Brief für Sie.eml", b"From: a@b.example", content_type="message/rfc822"),
        ]

    written = {"to": world.mailbox, "subject": "Torn", "text": "See below.", "files": pictures()}
    assert client.post(f"/demo/mailbox/{ZOE}/write/", written).status_code == 302
    answered = {"text": "See this one.", "files": pictures()}
    assert client.post(reverse("mail", args=[ZOE, arrived().pk]), answered).status_code == 302
    for mail in DemoMail.objects.filter(folder=Folder.SENT):
        read = boxes.read(bytes(mail.raw))
        assert [file.filename for file in read.attachments] == ["torn.png", "Brief für Sie.eml"]
        assert [file.content for file in read.attachments] == [b"\x89PNG\r\n\x1a\n1", b"From: a@b.example"]


def test_files_too_large_for_a_mail_are_refused_and_what_was_written_stays(client, world, monkeypatch):
    monkeypatch.setattr("simulator.forms.LARGEST", 1024 * 1024)
    large = SimpleUploadedFile("film.mp4", b"x" * (1024 * 1024 + 1), content_type="video/mp4")
    refused = client.post(
        f"/demo/mailbox/{ZOE}/write/", {"to": world.mailbox, "subject": "Film", "text": "My long text", "files": large}
    )
    assert refused.status_code == 422
    assert "1 MB together" in refused.content.decode()
    assert "My long text" in refused.content.decode()
    assert not DemoMail.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestRound:
    def test_a_mail_from_the_page_becomes_a_case_and_the_answer_to_the_answer_lands_in_it(
        self, client, world, ana, mail_goes_round
    ):
        written = {"to": world.mailbox, "subject": "My lamp", "text": "It hums.", "name": "Zoë Ångström"}
        assert client.post(f"/demo/mailbox/{ZOE}/write/", written).status_code == 302
        mail_goes_round()
        case = Case.objects.get(subject="My lamp")
        assert case.customer.name == "Zoë Ångström"

        asked = message_to_answer(case)
        reply(
            case.pk,
            channel="email",
            recipients=derive_recipients(case, asked, own_addresses("email")),
            html="<p>We send a new one.</p>",
            author=ana,
            answers=asked,
            quotes=True,
            undo_seconds=0,
        )
        mail_goes_round()
        answer = DemoMail.objects.of(ZOE).get(folder=Folder.INBOX, snippet__contains="new one")

        client.post(reverse("mail", args=[ZOE, answer.pk]), {"text": "Great, thanks!", "name": "Zoë"})
        mail_goes_round()
        back = Message.objects.filter(case=case, direction="in").latest("occurred_at")
        assert back.reply_text == "Great, thanks!"
        assert Case.objects.filter(customer=case.customer).count() == 1
        sent = DemoMail.objects.of(ZOE).get(answers=answer)
        assert sent.posted_at is not None
        assert sent.by_hand
        headers = message_from_bytes(bytes(sent.raw), policy=policy.default)
        assert headers["In-Reply-To"].strip() == f"<{answer.message_id}>"
        assert headers["References"].split()[-1] == f"<{answer.message_id}>"
        assert headers["Subject"] == answer.subject

    def test_a_mail_to_an_address_that_nobody_reads_shows_the_refusal(self, client, world, mail_goes_round):
        client.post(
            f"/demo/mailbox/{ZOE}/write/", {"to": "nobody@nordhem.example", "subject": "Hello", "text": "Anybody?"}
        )
        mail_goes_round()
        assert DemoMail.objects.get(owner=ZOE).refusal.startswith("550")
        assert "550" in client.get(f"/demo/mailbox/{ZOE}/").content.decode()

    def test_while_the_mail_server_is_away_a_mail_waits_in_the_mailbox(self, client, world, mail_goes_round, settings):
        there, settings.SMTP_PORT = settings.SMTP_PORT, 1
        client.post(f"/demo/mailbox/{ZOE}/write/", {"to": world.mailbox, "subject": "Patience", "text": "I wait."})
        mail_goes_round()
        assert DemoMail.objects.to_post().count() == 1
        settings.SMTP_PORT = there
        mail_goes_round()
        assert Case.objects.filter(subject="Patience").count() == 1

    def test_a_mail_posted_again_after_a_crash_is_one_message(self, client, world, mail_goes_round):
        client.post(f"/demo/mailbox/{ZOE}/write/", {"to": world.mailbox, "subject": "Once", "text": "Only once."})
        mail_goes_round()
        DemoMail.objects.update(posted_at=None)
        mail_goes_round()
        assert Message.objects.filter(subject="Once", direction="in").count() == 1

    def test_the_sink_keeps_what_the_database_can_take_and_one_copy_for_each_recipient(self, settings, mail_goes_round):
        with smtplib.SMTP(settings.SMTP_OUT_HOST, settings.SMTP_OUT_PORT, timeout=10) as server:
            server.sendmail("support@nordhem.example", [ZOE, "Dev@Home.example"], letter())
        assert set(DemoMail.objects.values_list("owner", flat=True)) == {ZOE, "dev@home.example"}
        assert DemoMail.objects.filter(received_at__lte=clock.now(), message_id="1@nordhem.example").count() == 2
