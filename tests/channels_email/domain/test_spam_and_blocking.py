"""Mallory is turned away, by a filter in front or by an agent; and let in again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.enums import Permission
from channels_email.domain.block import CannotBlock, block, blocking, unblock
from channels_email.domain.ledger import Narrowing
from channels_email.domain.process import process, take_up_again
from channels_email.domain.reprocess import reprocess_portion, start_reprocessing
from channels_email.enums import RawState, SpamFilter
from channels_email.models import Acknowledgement, BlockedSender
from customers.models import Customer, Identity
from foundation import clock
from interactions.errors import NotAllowed
from interactions.models import Case, Message, WaitingRecord
from tests.channels_email.letters import letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def guard(sol):
    """Sol, who may turn senders away."""
    role = sol.roles.get()
    role.permissions = [*role.permissions, Permission.BLOCK_SENDERS]
    role.save()
    return sol


def mallorys(text: str = "Cheap watches", **fields: str):
    return letter(text, sender="Mallory <mallory@evil.example>", **fields)


MARKS = [
    (SpamFilter.SPAMASSASSIN, "X-Spam-Flag", "YES"),
    (SpamFilter.SPAMASSASSIN, "X-Spam-Status", "Yes, score=9.1 required=5.0 tests=BAYES_99"),
    (SpamFilter.RSPAMD, "X-Spamd-Result", "default: True [17.00 / 15.00]"),
    (SpamFilter.RSPAMD, "X-Spam", "Yes"),
    (SpamFilter.MICROSOFT, "X-MS-Exchange-Organization-SCL", "6"),
    (SpamFilter.OTHER, "X-Our-Filter", "Spam: certainly"),
]


@pytest.mark.parametrize(("kind", "name", "value"), MARKS)
def test_what_the_filter_marks_waits_in_the_ledger_and_nobody_is_told(arrives, support, kind, name, value):
    support.spam_filter, support.spam_header, support.spam_value = kind, "X-Our-Filter", "spam:"
    support.save()

    marked = arrives(mallorys(**{name.replace("-", "_"): value}))

    assert (marked.raw.state, marked.received) == (RawState.SPAM, None)
    assert marked.raw.reason == f"marked as spam: {name}: {value}"
    for written in (Case, Customer, Acknowledgement, WaitingRecord):
        assert not written.objects.exists()


@pytest.mark.parametrize(
    ("kind", "value"), [(SpamFilter.SPAMASSASSIN, "NO"), (SpamFilter.NONE, "YES"), (SpamFilter.RSPAMD, "")]
)
def test_mail_without_the_mark_of_the_mailboxs_own_filter_passes(arrives, support, kind, value):
    support.spam_filter = kind
    support.save()

    assert arrives(mallorys(**({"x_spam_flag": value} if value else {}))).raw.state == RawState.MESSAGE


def test_what_the_sender_wrote_below_the_filters_field_does_not_count(arrives, support):
    support.spam_filter = SpamFilter.SPAMASSASSIN
    support.save()

    passed = arrives(b"X-Spam-Flag: NO\r\n" + mallorys(x_spam_flag="YES").as_bytes())

    assert passed.raw.state == RawState.MESSAGE


def test_what_was_no_spam_after_all_becomes_a_message_by_hand(arrives, support):
    support.spam_filter = SpamFilter.SPAMASSASSIN
    support.save()
    marked = arrives(mallorys(x_spam_flag="YES"))

    assert take_up_again(marked.raw.pk)
    again = process(marked.raw.pk)

    assert again.raw.state == RawState.MESSAGE
    assert Message.objects.get().sender_address == "mallory@evil.example"
    assert not take_up_again(marked.raw.pk)


def test_processing_all_again_lets_spam_in_only_where_spam_is_asked_for(arrives, support, ada, tuesday):
    support.spam_filter = SpamFilter.SPAMASSASSIN
    support.save()
    marked = arrives(mallorys(x_spam_flag="YES")).raw
    today = Narrowing(first=clock.now().date(), last=clock.now().date())

    for asked in (today, replace(today, state="ignored")):
        reprocess_portion(start_reprocessing(ada, asked).pk)
        marked.refresh_from_db()
        assert marked.state == RawState.SPAM

    reprocess_portion(start_reprocessing(ada, replace(today, state="spam")).pk)
    marked.refresh_from_db()
    assert marked.state == RawState.MESSAGE


def test_mail_from_a_blocked_address_is_kept_and_ignored_until_it_is_let_in_again(arrives, guard):
    first = arrives(mallorys())
    row = block("Mallory@Evil.example", guard, case=first.raw.case_id)

    turned_away = arrives(mallorys("More watches", message_id="<2@evil.example>"))
    assert (turned_away.raw.state, turned_away.raw.reason) == (RawState.IGNORED, "blocked: mallory@evil.example")
    assert bytes(turned_away.raw.content)
    assert Message.objects.count() == 1
    assert Identity.objects.get(value="mallory@evil.example").blocked_at is not None

    unblock(row.pk, guard)
    assert Identity.objects.get(value="mallory@evil.example").blocked_at is None
    assert take_up_again(turned_away.raw.pk)
    assert process(turned_away.raw.pk).raw.state == RawState.MESSAGE


def test_a_whole_domain_with_all_below_it_is_turned_away_and_no_other(arrives, guard):
    block("@evil.example", guard)

    assert arrives(letter(sender="x@news.evil.example")).raw.reason == "blocked: @evil.example"
    assert arrives(letter(sender="x@notevil.example", message_id="<3@x.example>")).raw.state == RawState.MESSAGE
    assert blocking("x@evil.example.org") is None


def test_who_has_no_right_to_blocks_nobody(ana):
    with pytest.raises(NotAllowed):
        block("mallory@evil.example", ana)
    assert not BlockedSender.objects.exists()


@pytest.mark.parametrize("value", ["support@nordhem.example", "support+x@nordhem.example", "@nordhem.example"])
def test_our_own_addresses_cannot_be_blocked(guard, support, value):
    with pytest.raises(CannotBlock):
        block(value, guard)
    assert not BlockedSender.objects.exists()


@pytest.mark.parametrize(
    "value", ["ana@nordhem.example", "nonsense", "@", "a b@c.example", "@example", "a@b.example\r\nx"]
)
def test_neither_colleagues_nor_nonsense_can_be_blocked(guard, ana, value):
    with pytest.raises(CannotBlock):
        block(value, guard)
    assert not BlockedSender.objects.exists()


def test_blocking_twice_is_once(guard):
    assert block("mallory@evil.example", guard) == block("mallory@evil.example", guard)
