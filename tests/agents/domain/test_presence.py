from datetime import timedelta

import pytest

from agents.domain.capacity import capacity_limits
from agents.domain.presence import current_presence, is_available, set_presence, time_available
from agents.enums import Permission, PresenceReason, PresenceStatus
from agents.models import Capacity, Presence
from foundation import clock
from foundation.outbox.models import OutboxRow
from tests.interactions.domain.test_receive import in_threads

pytestmark = pytest.mark.django_db


def test_presence_is_a_chain_of_intervals(ana, tuesday):
    assert current_presence(ana) is None
    set_presence(ana, PresenceStatus.AVAILABLE)
    tuesday.advance(timedelta(hours=2))
    set_presence(ana, PresenceStatus.AWAY, PresenceReason.LUNCH, back_at=clock.now() + timedelta(minutes=30))
    tuesday.advance(timedelta(minutes=30))
    set_presence(ana, PresenceStatus.AVAILABLE)
    intervals = list(Presence.objects.filter(agent=ana).order_by("started_at"))
    assert [(row.status, row.reason) for row in intervals] == [
        ("available", ""),
        ("away", "lunch"),
        ("available", ""),
    ]
    assert intervals[0].ended_at == intervals[1].started_at
    assert intervals[2].ended_at is None
    assert is_available(ana.pk)


def test_the_same_presence_again_is_no_new_interval(ana, tuesday):
    first = set_presence(ana, PresenceStatus.AVAILABLE)
    rows = OutboxRow.objects.count()
    tuesday.advance(timedelta(minutes=5))
    assert set_presence(ana, PresenceStatus.AVAILABLE) == first
    assert OutboxRow.objects.count() == rows


def test_time_available_counts_only_what_lies_within(ana, ben, tuesday):
    set_presence(ana, PresenceStatus.AVAILABLE)
    start = tuesday.advance(timedelta(hours=1))
    tuesday.advance(timedelta(hours=1))
    set_presence(ana, PresenceStatus.AWAY, PresenceReason.BREAK)
    tuesday.advance(timedelta(hours=1))
    set_presence(ana, PresenceStatus.AVAILABLE)
    end = tuesday.advance(timedelta(hours=3))
    assert time_available([ana.pk, ben.pk], start, end) == {ana.pk: timedelta(hours=4)}


def test_capacity_is_ones_own_or_the_channels(ana, ben):
    Capacity.objects.create(agent=ana, channel="email", limit=7)
    assert capacity_limits([ana.pk, ben.pk], "email") == {ana.pk: 7, ben.pk: 3}


def test_permissions_come_from_roles_and_end_with_the_account(ana, ada):
    assert ana.may(Permission.WORK_CASES)
    assert not ana.may(Permission.ADMINISTER)
    assert ada.may(Permission.ADMINISTER)
    assert not ana.is_staff
    ada.is_active = False
    ada.__dict__.pop("permissions")
    assert not ada.may(Permission.ADMINISTER)


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_change_presence_at_once_leave_one_open_interval(ana):
    statuses = [PresenceStatus.AVAILABLE, PresenceStatus.AWAY, PresenceStatus.OFFLINE] * 4
    _, errors = in_threads(12, lambda number: set_presence(ana, statuses[number]))
    assert errors == []
    assert Presence.objects.filter(agent=ana, ended_at=None).count() == 1
