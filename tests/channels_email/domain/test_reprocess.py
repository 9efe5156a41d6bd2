"""What was put aside is taken in again: one mail, or all of them as a job that may die halfway."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import OperationalError

from channels_email.domain import process as module
from channels_email.domain import reprocess
from channels_email.domain.ledger import Narrowing
from channels_email.domain.reprocess import process_again, reprocess_portion, start_reprocessing
from channels_email.models import RawEmail, Reprocessing
from foundation import bus
from interactions.errors import NotAllowed
from interactions.models import Message
from tests.channels_email.letters import letter

pytestmark = pytest.mark.django_db
ASKED = Narrowing(first=date(2026, 3, 10), last=date(2026, 3, 10))


@pytest.fixture
def put_aside(tuesday, arrives, monkeypatch):
    """Seven mails that an error of ours has put into quarantine."""

    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError("of ours")

    with monkeypatch.context() as then:
        then.setattr(module, "parse", broken)
        for number in range(7):
            arrives(letter(f"Order {number}", message_id=f"<{number}@post.example>"))
    assert RawEmail.objects.filter(state="quarantined").count() == 7


def test_a_job_takes_all_of_them_in_again_portion_by_portion_and_counts(put_aside, ada, monkeypatch):
    monkeypatch.setattr(reprocess, "PORTION", 3)
    job = start_reprocessing(ada, ASKED)
    assert (job.total, job.done) == (7, 0)
    bus.drain()
    job.refresh_from_db()
    assert (job.done, job.became, job.finished_at is not None) == (7, {"message": 7}, True)
    assert Message.objects.filter(direction="in").count() == 7


def test_a_mail_that_ends_in_quarantine_again_is_met_once(put_aside, ada, monkeypatch):
    monkeypatch.setattr(reprocess, "PORTION", 2)

    def still_broken(*args: object, **kwargs: object) -> None:
        raise ValueError("still")

    monkeypatch.setattr(module, "parse", still_broken)
    job = start_reprocessing(ada, ASKED)
    bus.drain()
    job.refresh_from_db()
    assert (job.done, job.became) == (7, {"quarantined": 7})


def test_a_portion_that_dies_halfway_leaves_nothing_of_itself_and_is_done_later(put_aside, ada, monkeypatch):
    job = start_reprocessing(ada, ASKED)
    calls = []

    def dies(raw):
        calls.append(raw)
        if len(calls) == 4:
            raise OperationalError("server closed the connection unexpectedly")
        return process_again(raw)

    with monkeypatch.context() as dying:
        dying.setattr(reprocess, "process_again", dies)
        with pytest.raises(OperationalError):
            reprocess_portion(job.pk)
    assert Message.objects.filter(direction="in").count() == 0
    assert RawEmail.objects.filter(state="quarantined").count() == 7

    bus.drain()
    assert Reprocessing.objects.get().became == {"message": 7}
    assert reprocess_portion(job.pk) is None


def test_what_became_a_message_is_not_taken_in_again(arrives, ada):
    raw = arrives(letter()).raw
    assert process_again(raw.pk) is None
    assert Message.objects.filter(direction="in").count() == 1


def test_only_administrators_begin_one(put_aside, sol):
    with pytest.raises(NotAllowed):
        start_reprocessing(sol, ASKED)
    assert not Reprocessing.objects.exists()
