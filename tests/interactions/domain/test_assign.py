"""Whose case it is, and in whose hands."""

import pytest

from foundation import bus
from interactions.domain.assign import assign
from interactions.domain.handle import is_handling, open_load
from interactions.enums import SegmentOutcome
from interactions.errors import NotAllowed
from interactions.models import Segment

pytestmark = pytest.mark.django_db


def test_who_is_given_a_colleagues_case_has_its_mail_in_hand_and_the_colleague_has_room(carlas_case, ana, ben):
    bus.drain()
    assign(carlas_case.pk, ana)
    assert open_load([ana.pk, ben.pk], "email") == {ana.pk: 1, ben.pk: 0}

    assign(carlas_case.pk, ben, by=ana)

    assert open_load([ana.pk, ben.pk], "email") == {ana.pk: 0, ben.pk: 1}
    assert is_handling(ben, carlas_case.pk)
    assert Segment.objects.get(agent=ana).outcome == SegmentOutcome.WITHDRAWN


def test_a_case_is_not_given_to_somebody_who_may_not_see_it(carlas_case, ana, cleo):
    assign(carlas_case.pk, ana)

    with pytest.raises(NotAllowed):
        assign(carlas_case.pk, cleo, by=ana)

    carlas_case.refresh_from_db()
    assert carlas_case.owner == ana
    assert not Segment.objects.filter(agent=cleo).exists()
