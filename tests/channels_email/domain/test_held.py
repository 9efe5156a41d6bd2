"""What was marked as spam is seen by those who would have had it, and let through once."""

from __future__ import annotations

import threading
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from channels_email.domain.access import access_spam, visible_spam
from channels_email.domain.held import count_lately, let_through, list_spam
from channels_email.enums import RawState, SpamFilter
from channels_email.models import Mailbox, SpamMail
from foundation import clock
from interactions.errors import NotAllowed
from interactions.models import Case, Message
from tests.channels_email.letters import letter


@pytest.fixture
def marked(arrives, support):
    """`marked()`: a mail of Carla's that the filter took for spam."""
    support.spam_filter = SpamFilter.SPAMASSASSIN
    support.save()

    def mark(text: str = "My lamp hums.", **fields: str) -> SpamMail:
        raw = arrives(letter(text, x_spam_flag="YES", **fields)).raw
        assert raw.state == RawState.SPAM
        return raw.spam

    return mark


@pytest.mark.django_db
class TestDoor:
    def test_it_is_seen_in_the_queue_that_it_was_for_and_nowhere_else(self, marked, ana, ada, cleo, orders):
        spam = marked(subject="Lamp")
        assert (spam.queue, spam.sender_address, spam.subject) == (orders, "carla@post.example", "Lamp")
        assert spam.text == "My lamp hums."
        assert list(visible_spam(ana)) == list(visible_spam(ada)) == [spam]
        assert list(visible_spam(cleo)) == []
        for look in (access_spam, let_through):
            with pytest.raises(NotAllowed):
                look(cleo, spam.pk)
        spam.raw.refresh_from_db()
        assert spam.raw.state == RawState.SPAM
        assert not Case.objects.exists()

    def test_let_through_it_is_a_message_of_its_queue_and_who_did_it_is_kept(self, marked, ana, orders):
        spam = marked()
        processed = let_through(ana, spam.pk)
        assert processed.raw.state == RawState.MESSAGE
        assert processed.raw.case.queue == orders
        spam.refresh_from_db()
        assert (spam.let_through_by, spam.let_through_at is not None) == (ana, True)
        assert list(visible_spam(ana)) == []
        with pytest.raises(NotAllowed):
            let_through(ana, spam.pk)
        assert Message.objects.count() == 1

    def test_pages_go_from_the_newest_back_and_the_count_is_of_the_last_week(self, marked, ana):
        with clock.stopped_at(clock.now() - timedelta(days=8)):
            old = marked(subject="Old")
        newer = [marked(subject=f"New {number}") for number in range(3)]
        first = list_spam(ana, size=2)
        assert list(first.mails) == [newer[2], newer[1]]
        rest = list_spam(ana, first.older, size=2)
        assert list(rest.mails) == [newer[0], old]
        assert rest.older is None
        assert count_lately(ana) == 3

    def test_an_alias_says_the_queue(self, marked, returns, ana, cleo, support):
        support.aliases.create(address="returns@nordhem.example", queue=returns)
        marked(to="returns@nordhem.example")
        assert (visible_spam(ana).count(), visible_spam(cleo).count()) == (0, 1)
        assert Mailbox.objects.count() == 1


@pytest.mark.django_db
def test_an_upgrade_shows_what_was_marked_before(marked, support, ana):
    spam, broken = marked(subject="=?utf-8?q?Lampe_f=C3=BCr?= Carla", to="Support@nordhem.example"), marked()
    broken.raw.content = b"\xff\xfe\x00 no mail at all"
    broken.raw.save()
    SpamMail.objects.all().delete()
    upgrade = import_module("channels_email.migrations.0005_spam_that_agents_see")
    for _ in range(2):
        upgrade.show_what_lies_there(apps, None)
    shown = visible_spam(ana).get(raw=spam.raw)
    assert (shown.sender_name, shown.sender_address) == ("Carla Nyström", "carla@post.example")
    assert shown.subject == "Lampe für Carla"
    assert visible_spam(ana).get(raw=broken.raw).queue == support.queue


@pytest.mark.django_db(transaction=True)
def test_two_who_let_it_through_at_once_make_one_message(marked, ana, ben):
    spam = marked()
    began = threading.Barrier(2)
    outcomes = []

    def press(agent) -> None:
        began.wait(10)
        try:
            outcomes.append(let_through(agent, spam.pk))
        except NotAllowed:
            outcomes.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(agent,)) for agent in (ana, ben)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sum(outcome is not None for outcome in outcomes) == 1
    assert Message.objects.count() == 1
    spam.refresh_from_db()
    assert spam.raw.let_through
