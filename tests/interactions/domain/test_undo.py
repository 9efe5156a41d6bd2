"""Taking an answer back gives back what the answer took, and nothing that somebody else has done meanwhile."""

from datetime import timedelta

import pytest

from foundation import storage
from interactions.channel import ThreadHint
from interactions.domain.assign import assign
from interactions.domain.draft import attach, own_draft
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.domain.status import set_status
from interactions.domain.undo import take_back
from interactions.domain.wait import wait
from interactions.enums import CaseStatus, DraftKind
from interactions.models import Segment
from tests.paper_channel import paper_channel

pytestmark = pytest.mark.django_db

TO_CARLA = Recipients(to=[{"name": "Carla", "address": "carla@post.example"}])


@pytest.fixture(autouse=True)
def slow_paper():
    with paper_channel(undo_seconds=10) as channel:
        yield channel


def answer(case, author, **fields):
    return reply(case.pk, channel="paper", author=author, recipients=TO_CARLA, html="<p>Soon</p>", **fields)


def test_a_customer_who_wrote_meanwhile_still_waits_when_an_answer_is_taken_back(tuesday, carlas_case, ana, writes):
    answer(carlas_case, ana)
    second = answer(carlas_case, ana)
    tuesday.advance(timedelta(seconds=5))
    again = writes(
        "carla@post.example", "And the legs?", thread=ThreadHint(case=carlas_case.pk, proven=True, by="reply address")
    ).message
    take_back(second.delivery.pk, ana)
    carlas_case.refresh_from_db()
    assert carlas_case.status == CaseStatus.OPEN
    assert carlas_case.unanswered_since == again.occurred_at


def test_a_case_that_a_colleague_has_closed_meanwhile_stays_closed(carlas_case, ana, ben):
    message = answer(carlas_case, ana)
    set_status(carlas_case.pk, CaseStatus.CLOSED, agent=ben)
    take_back(message.delivery.pk, ana)
    carlas_case.refresh_from_db()
    assert carlas_case.status == CaseStatus.CLOSED
    assert carlas_case.unanswered_since is None
    assert carlas_case.finished_at is not None


def test_a_second_answer_that_stands_still_answers_when_the_first_is_taken_back(carlas_case, ana):
    interaction = carlas_case.interactions.get()
    wait(interaction, carlas_case)
    assign(carlas_case.pk, ana)
    first, second = answer(carlas_case, ana), answer(carlas_case, ana)
    take_back(first.delivery.pk, ana)
    carlas_case.refresh_from_db()
    interaction.refresh_from_db()
    assert (carlas_case.status, carlas_case.unanswered_since) == (CaseStatus.WAITING_CUSTOMER, None)
    assert interaction.answered_at is not None
    take_back(second.delivery.pk, ana)
    carlas_case.refresh_from_db()
    interaction.refresh_from_db()
    assert carlas_case.status == CaseStatus.OPEN
    assert carlas_case.unanswered_since is not None
    assert interaction.answered_at is None
    assert Segment.objects.get(ended_at=None).agent == ana


def test_what_a_colleague_takes_back_can_be_sent_by_that_colleague_with_its_files(carlas_case, ana, ben):
    file = attach(own_draft(carlas_case, ana, DraftKind.REPLY), storage.store(b"Four of them."), "legs.txt")
    message = answer(carlas_case, ana, attachments=[file.pk])
    draft = take_back(message.delivery.pk, ben)
    sent = answer(carlas_case, ben, attachments=[file.pk], draft=draft.pk)
    assert [each.filename for each in sent.attachments.all()] == ["legs.txt"]
