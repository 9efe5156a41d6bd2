"""What is promised about a case: which policy holds, how its clocks run, and what follows when it becomes late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from customers.models import Organisation
from foundation import bus
from foundation.calendar.models import OpenInterval, SpecialDay
from interactions.channel import ThreadHint
from interactions.domain.log import log_contact
from interactions.domain.move import set_queue
from interactions.domain.recipients import Recipients
from interactions.domain.reply import reply
from interactions.domain.sla_clocks import ring
from interactions.domain.status import set_priority, set_status
from interactions.domain.undo import take_back
from interactions.enums import (
    CaseStatus,
    ChangeKind,
    ChannelName,
    ClockKind,
    ClockOutcome,
    Direction,
    Disposition,
    Priority,
)
from interactions.models import Case, Change, SlaClock
from routing.domain.service_level import keep
from routing.models import SlaPolicy
from routing.tasks import ring_clocks
from tests.interactions.domain.test_receive import in_threads
from tests.paper_channel import paper_channel
from tests.people import A_TUESDAY

pytestmark = pytest.mark.django_db(transaction=True)
CARLA = Recipients(to=[{"name": "Carla", "address": "carla@post.example"}])


@pytest.fixture(autouse=True)
def paper():
    with paper_channel() as channel:
        yield channel


@pytest.fixture
def slow_paper(paper):
    paper.capabilities = replace(paper.capabilities, undo_seconds=10)
    return paper


@pytest.fixture
def everyone(db) -> SlaPolicy:
    """First answer in one hour, further ones in two, done in eight."""
    return SlaPolicy.objects.create(name="Everyone", first_response=60, next_response=120, resolution=480)


def clock_of(case: Case, kind: ClockKind) -> SlaClock:
    return SlaClock.objects.get(case=case, kind=kind)


def answer(case: Case, agent, status: CaseStatus | None = CaseStatus.WAITING_CUSTOMER):
    return reply(case.pk, channel="paper", recipients=CARLA, html="<p>It comes</p>", author=agent, status=status)


def changes(case: Case) -> list[str]:
    return list(Change.objects.filter(case=case, kind=ChangeKind.SERVICE_LEVEL).values_list("after", flat=True))


def test_a_strangers_mail_starts_the_clocks_of_the_first_answer_and_the_solution(tuesday, everyone, carlas_case):
    bus.drain()
    first, solution = clock_of(carlas_case, ClockKind.FIRST_RESPONSE), clock_of(carlas_case, ClockKind.RESOLUTION)
    assert first.due_at == A_TUESDAY + timedelta(hours=1)
    assert first.warn_at == A_TUESDAY + timedelta(minutes=48)
    assert solution.due_at == datetime(2026, 3, 11, 9, 0, tzinfo=UTC)  # seven hours today, one tomorrow
    assert SlaClock.objects.count() == 2


def test_without_a_policy_nothing_is_promised(tuesday, carlas_case):
    bus.drain()
    assert not SlaClock.objects.exists()


def test_an_answer_ends_the_clock_in_time_and_pauses_the_solution(tuesday, everyone, carlas_case, ana, writes):
    bus.drain()
    tuesday.advance(timedelta(minutes=30))
    answer(carlas_case, ana)
    tuesday.advance(timedelta(minutes=5))  # told late: what counts is when it happened
    bus.drain()
    first = clock_of(carlas_case, ClockKind.FIRST_RESPONSE)
    assert (first.outcome, first.ended_at) == (ClockOutcome.MET, A_TUESDAY + timedelta(minutes=30))
    solution = clock_of(carlas_case, ClockKind.RESOLUTION)
    assert (solution.due_at, solution.paused_since) == (None, A_TUESDAY + timedelta(minutes=30))

    tuesday.advance(timedelta(hours=2))
    again(writes, carlas_case)
    bus.drain()
    solution.refresh_from_db()
    assert solution.paused_since is None
    assert solution.due_at == datetime(2026, 3, 11, 9, 0, tzinfo=UTC) + timedelta(hours=2, minutes=5)
    following = clock_of(carlas_case, ClockKind.NEXT_RESPONSE)
    assert following.due_at == tuesday.moment + timedelta(hours=2)


def test_an_answer_after_the_time_is_late_whenever_it_is_told(tuesday, everyone, carlas_case, ana):
    bus.drain()
    tuesday.advance(timedelta(minutes=90))
    answer(carlas_case, ana)
    bus.drain()
    first = clock_of(carlas_case, ClockKind.FIRST_RESPONSE)
    assert (first.outcome, first.breached_at) == (ClockOutcome.BREACHED, A_TUESDAY + timedelta(hours=1))


def test_an_answer_that_was_taken_back_answered_nothing(tuesday, slow_paper, everyone, carlas_case, ana):
    bus.drain()
    tuesday.advance(timedelta(minutes=10))
    message = answer(carlas_case, ana)
    bus.drain()
    assert clock_of(carlas_case, ClockKind.FIRST_RESPONSE).outcome == ClockOutcome.MET
    take_back(message.delivery.pk, ana)
    bus.drain()
    first = clock_of(carlas_case, ClockKind.FIRST_RESPONSE)
    assert (first.ended_at, first.outcome) == (None, ClockOutcome.RUNNING)
    assert first.due_at == A_TUESDAY + timedelta(hours=1)


def test_a_finished_case_has_met_its_promises_and_one_opened_again_goes_on(tuesday, everyone, carlas_case, ana):
    bus.drain()
    tuesday.advance(timedelta(hours=1))
    set_status(carlas_case.pk, CaseStatus.RESOLVED, agent=ana)
    bus.drain()
    assert set(SlaClock.objects.values_list("outcome", flat=True)) == {ClockOutcome.MET}
    tuesday.advance(timedelta(hours=3))
    set_status(carlas_case.pk, CaseStatus.OPEN, agent=ana)
    bus.drain()
    solution = clock_of(carlas_case, ClockKind.RESOLUTION)
    assert solution.ended_at is None
    assert solution.due_at == datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


def test_the_first_policy_in_order_that_fits_holds(tuesday, everyone, carlas_case, returns, carla):
    SlaPolicy.objects.create(name="Returns", position=1, first_response=10).queues.add(returns)
    SlaPolicy.objects.create(name="Urgent", position=2, first_response=15, least_priority=Priority.URGENT)
    SlaPolicy.objects.create(name="Key accounts", position=3, first_response=20, key_accounts_only=True)
    bus.drain()
    assert clock_of(carlas_case, ClockKind.FIRST_RESPONSE).policy_name == "Everyone"

    carla.organisation = Organisation.objects.create(name="Hotel Astoria", key_account=True)
    carla.save()
    keep(carlas_case.pk)
    first = clock_of(carlas_case, ClockKind.FIRST_RESPONSE)
    assert (first.policy_name, first.due_at) == ("Key accounts", A_TUESDAY + timedelta(minutes=20))
    assert SlaClock.objects.running().count() == 1  # no solution is promised any more

    set_priority(carlas_case.pk, Priority.URGENT)
    bus.drain()
    assert clock_of(carlas_case, ClockKind.FIRST_RESPONSE).due_at == A_TUESDAY + timedelta(minutes=15)
    set_queue(carlas_case.pk, returns)
    bus.drain()
    assert clock_of(carlas_case, ClockKind.FIRST_RESPONSE).due_at == A_TUESDAY + timedelta(minutes=10)


def test_it_warns_then_breaks_once_each_and_the_priority_rises(tuesday, everyone, carlas_case):
    bus.drain()
    assert ring() == 0
    tuesday.advance(timedelta(minutes=50))
    for _ in range(2):
        ring()
        bus.drain()
    carlas_case.refresh_from_db()
    assert (changes(carlas_case), carlas_case.priority) == (["First answer: soon too late"], Priority.HIGH)

    tuesday.advance(timedelta(minutes=20))
    for _ in range(2):
        ring()
        bus.drain()
    carlas_case.refresh_from_db()
    assert changes(carlas_case) == ["First answer: soon too late", "First answer: too late"]
    assert carlas_case.priority == Priority.URGENT


def test_what_is_late_goes_to_the_queue_that_is_named(tuesday, everyone, carlas_case, returns):
    everyone.escalate_to, everyone.raise_on_breach = returns, False
    everyone.save()
    bus.drain()
    tuesday.advance(timedelta(minutes=61))
    ring()
    bus.drain()
    carlas_case.refresh_from_db()
    assert carlas_case.queue == returns
    assert Change.objects.get(case=carlas_case, kind=ChangeKind.QUEUE).reason == "late: Everyone"


def test_a_case_that_was_finished_meanwhile_is_left_alone(tuesday, everyone, carlas_case, returns, ana):
    everyone.escalate_to = returns
    everyone.save()
    bus.drain()
    tuesday.advance(timedelta(minutes=61))
    ring()
    set_status(carlas_case.pk, CaseStatus.RESOLVED, agent=ana)
    bus.drain()
    carlas_case.refresh_from_db()
    assert (carlas_case.queue_id != returns.pk, carlas_case.priority) == (True, Priority.NORMAL)


def test_an_edited_calendar_moves_what_is_due(tuesday, everyone, carlas_case, weekdays):
    bus.drain()
    tuesday.advance(timedelta(seconds=1))
    SpecialDay.objects.create(calendar=weekdays, date=A_TUESDAY.date(), name="Move to the new office")
    ring_clocks()
    assert clock_of(carlas_case, ClockKind.FIRST_RESPONSE).due_at == datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    tuesday.advance(timedelta(seconds=1))
    for interval in OpenInterval.objects.filter(calendar=weekdays):
        interval.delete()
    ring_clocks()
    assert clock_of(carlas_case, ClockKind.FIRST_RESPONSE).due_at is None  # never open: never due, nothing breaks
    tuesday.advance(timedelta(seconds=1))
    for weekday in range(5):
        OpenInterval.objects.create(calendar=weekdays, weekday=weekday, starts=time(12), ends=time(13))
    ring_clocks()
    assert clock_of(carlas_case, ClockKind.FIRST_RESPONSE).due_at == datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


def test_a_call_that_was_logged_is_an_answer(tuesday, everyone, carlas_case, ana):
    bus.drain()
    tuesday.advance(timedelta(minutes=20))
    log_contact(
        uuid4(),
        case=carlas_case.pk,
        channel=ChannelName.VOICE,
        direction=Direction.OUTBOUND,
        started_at=tuesday.moment,
        length=timedelta(minutes=3),
        text="Told her that it comes on Thursday.",
        disposition=Disposition.INFORMED,
        author=ana,
        answered=True,
    )
    bus.drain()
    assert clock_of(carlas_case, ClockKind.FIRST_RESPONSE).outcome == ClockOutcome.MET


def test_kept_by_many_at_once_there_is_one_clock_of_a_kind(everyone, carlas_case):
    _, errors = in_threads(6, lambda _: keep(carlas_case.pk))
    assert errors == []
    assert sorted(SlaClock.objects.values_list("kind", flat=True)) == ["first_response", "resolution"]


def test_two_that_ring_at_once_break_a_promise_once(everyone, carlas_case):
    bus.drain()
    SlaClock.objects.filter(kind=ClockKind.FIRST_RESPONSE).update(due_at=A_TUESDAY)
    rung, errors = in_threads(4, lambda _: ring())
    assert (errors, sum(rung)) == ([], 1)
    assert changes(carlas_case) == ["First answer: too late"]


def test_a_policy_that_promises_nothing_is_refused():
    with pytest.raises(ValidationError, match="at least one"):
        SlaPolicy(name="Nothing").full_clean()


def again(writes, case: Case) -> None:
    writes("carla@post.example", "And when?", thread=ThreadHint(case=case.pk, proven=True, by="token"))
