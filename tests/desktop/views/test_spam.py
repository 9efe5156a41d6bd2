from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from channels_email.domain.held import list_spam
from channels_email.domain.process import process
from channels_email.domain.take_in import Origin, take_in
from channels_email.enums import Door, SpamFilter
from channels_email.models import SpamMail
from interactions.models import Case
from tests.desktop.conftest import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def marked(mailbox):
    """`marked("Lamp")`: a mail that the filter in front took for spam."""
    mailbox.spam_filter = SpamFilter.SPAMASSASSIN
    mailbox.save()

    def mark(subject: str = "Lamp", text: str = "It hums.") -> SpamMail:
        mail = (
            f"From: Carla <carla@post.example>\nTo: {mailbox.address}\nSubject: {subject}\nX-Spam-Flag: YES\n"
            f"Message-ID: <{subject}@post.example>\n\n{text}"
        )
        return process(take_in(mail.encode(), Origin(door=Door.SMTP), announce=False).pk).raw.spam

    return mark


def test_an_agent_finds_what_was_marked_wrongly_and_lets_it_through(at_anas_desk, marked):
    spam = marked("Lamp")
    marked("Cheap watches")
    listed = at_anas_desk.get(reverse("desktop:cases"), {"box": "queues"})
    assert listed.context["inbox"].spam == "2 mails held as spam this week"
    assert reverse("desktop:spam") in listed.content.decode()
    page = at_anas_desk.get(reverse("desktop:spam"))
    assert [line.subject for line in page.context["lines"]] == ["Cheap watches", "Lamp"]
    assert page.context["lines"][1].mark == "X-Spam-Flag: YES"
    passed = at_anas_desk.does(reverse("desktop:spam_passing", args=[spam.pk]))
    case = Case.objects.get()
    assert f"it is in #{case.number} now" in told(passed, "toast")
    assert reverse("desktop:case", args=[case.pk]) in passed.content.decode()
    assert [line.subject for line in at_anas_desk.get(reverse("desktop:spam")).context["lines"]] == ["Cheap watches"]


def test_other_lists_do_not_speak_of_spam_nor_does_an_empty_week(at_anas_desk, marked):
    queues, everything = ({"box": box} for box in ("queues", "all"))
    assert at_anas_desk.get(reverse("desktop:cases"), queues).context["inbox"].spam == ""
    marked()
    assert at_anas_desk.get(reverse("desktop:cases"), everything).context["inbox"].spam == ""
    assert at_anas_desk.get(reverse("desktop:cases"), {**queues, "q": "lamp"}).context["inbox"].spam == ""


def test_an_outsider_sees_and_lets_through_nothing(desk_of, cleo, marked):
    spam = marked("Between Carla and Orders")
    assert "Between Carla" not in desk_of(cleo).get(reverse("desktop:spam")).content.decode()
    assert desk_of(cleo).get(reverse("desktop:cases"), {"box": "queues"}).context["inbox"].spam == ""
    assert desk_of(cleo).does(reverse("desktop:spam_passing", args=[spam.pk])).status_code == 404
    assert not Case.objects.exists()


def test_strangers_text_is_text(at_anas_desk, marked):
    marked("<b>Win</b>", "<script>alert(1)</script>" * 20)
    page = at_anas_desk.get(reverse("desktop:spam")).content.decode()
    assert "<b>Win" not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_three_cost_as_many_queries_as_one(at_anas_desk, marked, django_assert_num_queries):
    marked("First")
    with CaptureQueriesContext(connection) as one:
        at_anas_desk.get(reverse("desktop:spam"))
    marked("Second")
    marked("Third")
    with django_assert_num_queries(len(one)):
        page = at_anas_desk.get(reverse("desktop:spam"))
    assert len(page.context["lines"]) == 3


def test_older_mails_come_when_they_are_asked_for(at_anas_desk, marked, monkeypatch):
    for number in range(3):
        marked(f"Mail {number}")
    monkeypatch.setattr("desktop.views.spam.list_spam", partial(list_spam, size=2))
    page = at_anas_desk.get(reverse("desktop:spam"))
    assert [line.subject for line in page.context["lines"]] == ["Mail 2", "Mail 1"]
    older = at_anas_desk.get(page.context["more_url"], headers={"HX-Request": "true"})
    assert "Mail 0" in older.content.decode()
    assert "<html" not in older.content.decode()


def test_where_no_mailbox_believes_a_filter_the_page_says_where_to_switch_it_on(desk_of, ana, ada, mailbox):
    page = reverse("desktop:spam")
    for_ana = desk_of(ana).get(page).content.decode()
    assert "No mailbox is set to believe a filter" in for_ana
    assert "Switch it on" not in for_ana
    assert "Switch it on" in desk_of(ada).get(page).content.decode()
    mailbox.spam_filter = SpamFilter.RSPAMD
    mailbox.save()
    assert "No mailbox is set" not in desk_of(ana).get(page).content.decode()
