"""How an agent is now and what stands in their boxes: asked at once the same as one by one, and everybody's own."""

from __future__ import annotations

import pytest

from agents.domain.presence import set_presence
from agents.enums import PresenceReason, PresenceStatus
from agents.models import Agent
from desktop.domain.presently import presently, presently_with_counts
from desktop.presenters.shell import RAIL_BOXES
from interactions.domain.assign import assign
from interactions.domain.inbox import box_counts

pytestmark = pytest.mark.django_db


def test_of_two_with_the_same_rights_each_hears_their_own(ana, ben, sol, ada, at_work, carlas_case, writes):
    at_work(ana)
    set_presence(ben, PresenceStatus.AWAY, PresenceReason.LUNCH)
    assign(carlas_case.pk, ana)
    assign(writes("dev@mail.example").message.case_id, ben)
    assign(writes("eva@mail.example").message.case_id, ben)
    for agent in (ana, ben, sol, ada):
        assert presently_with_counts(agent, RAIL_BOXES) == (presently(agent), box_counts(agent, RAIL_BOXES))
    (of_ana, hers), (of_ben, his) = (presently_with_counts(agent, RAIL_BOXES) for agent in (ana, ben))
    assert (hers["mine"], his["mine"]) == (1, 2)
    assert of_ana.available
    assert of_ben.presence is not None
    assert (of_ben.presence.agent_id, of_ben.presence.reason) == (ben.pk, PresenceReason.LUNCH)


def test_who_was_never_there_has_nothing_before_them(ana, django_assert_num_queries):
    signed_in = Agent.objects.get(pk=ana.pk)  # comes with what she may
    with django_assert_num_queries(1):
        now, counts = presently_with_counts(signed_in, RAIL_BOXES)
    assert (now.presence, now.offered, now.held) == (None, False, 0)
    assert counts["mine"] == 0
