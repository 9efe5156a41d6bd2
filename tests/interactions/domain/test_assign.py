"""Whose case it is, and in whose hands."""

import pytest

from foundation import bus
from interactions.domain.assign import assign
from interactions.domain.handle import is_handling, open_load
from interactions.domain.status import set_status
from interactions.enums import CaseStatus, ChangeKind, SegmentOutcome
from interactions.errors import NotAllowed
from interactions.models import Change, Segment

pytestmark = pytest.mark.django_db


def test_who_is_given_a_colleagues_case_has_its_mail_in_hand_and_the_colleague_has_room(carlas_case, ana, ben):
    bus.drain()
    assign(carlas_case.pk, ana)
    assert open_load([ana.pk, ben.pk], "email") == {ana.pk: 1, ben.pk: 0}

    assign(carlas_case.pk, ben, by=ana)

    assert open_load([ana.pk, ben.pk], "email") == {ana.pk: 0, ben.pk: 1}
    assert is_handling(ben, carlas_case.pk)
    assert Segment.objects.get(agent=ana).outcome == SegmentOutcome.WITHDRAWN


def test_a_new_case_is_open_once_somebody_has_it_and_its_clock_goes_on(carlas_case, ana, ben):
    since = carlas_case.unanswered_since
    assert carlas_case.status == CaseStatus.NEW

    assign(carlas_case.pk, ana, reason="accepted the offer")
    assign(carlas_case.pk, ben, by=ana)

    carlas_case.refresh_from_db()
    assert (carlas_case.status, carlas_case.unanswered_since, carlas_case.finished_at) == ("open", since, None)
    assert since is not None
    changes = Change.objects.filter(case=carlas_case, kind=ChangeKind.STATUS)
    assert list(changes.values_list("before", "after")) == [("new", "open")]


def test_another_status_is_left_as_it_is(carlas_case, ana, ben):
    set_status(carlas_case.pk, CaseStatus.WAITING_INSIDE, agent=ben)
    assign(carlas_case.pk, ana)
    carlas_case.refresh_from_db()
    assert carlas_case.status == "waiting_inside"


def test_a_case_is_not_given_to_somebody_who_may_not_see_it(carlas_case, ana, cleo):
    assign(carlas_case.pk, ana)

    with pytest.raises(NotAllowed):
        assign(carlas_case.pk, cleo, by=ana)

    carlas_case.refresh_from_db()
    assert carlas_case.owner == ana
    assert not Segment.objects.filter(agent=cleo).exists()
